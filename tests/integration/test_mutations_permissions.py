"""Who may call which mutation: each cell of the table, and that a refusal changes nothing."""

from collections.abc import Mapping

import httpx
import pytest

from graph_cdp.access.model import Role
from graph_cdp.api.mutations.permissions import MUTATION_ROLES
from graph_cdp.api.schema import schema
from graph_cdp.graph.transactions import Graph
from tests.integration import mutating
from tests.integration.mutating import IDENTIFY, caller
from tests.integration.people import NOBODY
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

ABOUT = {"about": {"user_id": "u1"}}
VERDICT = {"kind": "SAME", "left": [NOBODY], "right": [NOBODY], "reason": "r"}
STATEMENT = {"purpose": "newsletter", "channel": "EMAIL", "state": "REFUSED"}
NO_LETTER = "a" * 64
ORDER = {**ABOUT, "number": "1", "occurred_at": "2026-01-01T00:00:00Z"}


def of(name: str, **said: object) -> dict[str, object]:
    """An input with a key of its mutation's own, since the keys of a source meet."""
    return {"idempotency_key": name, **said}


CALLS: Mapping[str, tuple[str, dict[str, object]]] = {
    "write_records": (mutating.WRITE_RECORDS, {"records": [of("write_records", row_id="1")]}),
    "identify": (mutating.IDENTIFY, {"input": of("identify", **ABOUT)}),
    "track": (mutating.TRACK, {"input": of("track", event="Viewed", **ABOUT)}),
    "write_transactions": (
        mutating.WRITE_TRANSACTIONS,
        {"transactions": [of("write_transactions", **ORDER)]},
    ),
    "record_consent": (
        mutating.RECORD_CONSENT,
        {"input": of("record_consent", statements=[STATEMENT], **ABOUT)},
    ),
    "write_products": (mutating.WRITE_PRODUCTS, {"products": [of("write_products", sku="1")]}),
    "write_companies": (mutating.WRITE_COMPANIES, {"companies": [of("write_companies", number="1")]}),
    "write_stores": (mutating.WRITE_STORES, {"stores": [of("write_stores", code="1")]}),
    "write_org_units": (mutating.WRITE_ORG_UNITS, {"input": of("write_org_units", org_units=[{"id": "1"}])}),
    "give_verdict": (mutating.GIVE_VERDICT, {"input": of("give_verdict", **VERDICT)}),
    "replay_dead_letters": (
        mutating.REPLAY_DEAD_LETTERS,
        {"input": of("replay_dead_letters", ids=[NO_LETTER])},
    ),
    "mend_dead_letter": (
        mutating.MEND_DEAD_LETTER,
        {"input": of("mend_dead_letter", id=NO_LETTER, body="{}")},
    ),
    "discard_dead_letters": (
        mutating.DISCARD_DEAD_LETTERS,
        {"input": of("discard_dead_letters", ids=[NO_LETTER])},
    ),
}
"""A document and its variables, by the mutation."""

OF_NOTHING = frozenset({"give_verdict", "replay_dead_letters", "mend_dead_letter", "discard_dead_letters"})
"""Mutations whose call above names what there is not."""

EXPECTED: Mapping[Role, frozenset[str]] = {
    "app": frozenset(),
    "ingest": frozenset(CALLS) - {"write_org_units"} - OF_NOTHING,
    "steward": frozenset(CALLS),
    "admin": frozenset(CALLS),
}


def test_every_mutation_has_its_row() -> None:
    mutation_type = schema.core.mutation_type
    assert mutation_type is not None

    assert set(mutation_type.fields) == set(MUTATION_ROLES) == set(CALLS)


@pytest.mark.parametrize("role", ["admin", "app", "ingest", "steward"])
async def test_a_role_may_call_exactly_its_mutations(
    service: httpx.AsyncClient, graph: Graph, role: Role
) -> None:
    somebody = await caller(service, graph, role)

    may: set[str] = set()
    for name, (document, variables) in CALLS.items():
        named = {"source": "crm"} if role != "ingest" and "$source" in document else {}
        answer = await somebody.ask(document, **variables, **named)
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert codes in ([], ["FORBIDDEN"])
        if not codes:
            may.add(name)

    assert may == EXPECTED[role]
    # Nothing but what names records or letters that there are not was refused: each other call left its message.
    stored = len(EXPECTED[role] - OF_NOTHING)
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": stored}]


async def test_a_write_key_reads_nothing(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")

    for document in ("{ __typename }", "{ __schema { types { name } } }", 'query { node(id: "x") { id } }'):
        response = await service.post("/graphql", json={"query": document}, headers=web.headers)
        assert (response.status_code, response.json()["code"]) == (403, "FORBIDDEN")


async def test_a_write_key_writes_for_its_own_source_only(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest", source="web")
    item = {"idempotency_key": "k1", "about": {"user_id": "u1"}}

    assert await web.refusal(IDENTIFY, source="crm", input=item) == "FORBIDDEN"
    assert (await web.call(IDENTIFY, source="web", input=item))["error"] is None
    assert await query(graph, "MATCH (e:Event) RETURN e.source AS source") == [{"source": "web"}]


async def test_whoever_is_no_source_names_one(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    item = {"idempotency_key": "k1", "about": {"user_id": "u1"}}

    assert await steward.refusal(IDENTIFY, input=item) == "SOURCE_REQUIRED"
    assert await steward.refusal(IDENTIFY, source="The CRM", input=item) == "INVALID_SOURCE"
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


TRACK_AND = "mutation ($i: TrackInput!, $o: WriteOrgUnitsInput!) { track(input: $i) { record_id }"
UNITS = "write_org_units(input: $o) { was_duplicate }"


@pytest.mark.parametrize(
    "rest",
    [
        f"{UNITS} }}",
        f"...more }} fragment more on Mutation {{ {UNITS} }}",
        f"... on Mutation {{ ... {{ mine: {UNITS} }} }} }}",
    ],
)
async def test_an_operation_with_one_forbidden_mutation_does_nothing(
    service: httpx.AsyncClient, graph: Graph, rest: str
) -> None:
    web = await caller(service, graph, "ingest")
    viewed = {"idempotency_key": "k1", **ABOUT, "event": "Viewed"}
    units = {"idempotency_key": "k2", "org_units": [{"id": "1"}]}

    assert await web.refusal(f"{TRACK_AND} {rest}", i=viewed, o=units) == "FORBIDDEN"
    assert await query(graph, "MATCH (n) WHERE n:Event OR n:OrgUnit RETURN count(n) AS nodes") == [
        {"nodes": 0}
    ]


async def test_two_mutations_of_one_operation_are_both_answered(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")
    document = """mutation ($i: TrackInput!, $r: [RecordInput!]!) { __typename
      track(input: $i) { error { code } } write_records(source: "crm", records: $r) { results { record_id } } }"""

    answer = await web.ask(
        document,
        i={"idempotency_key": "k1", **ABOUT, "event": "Viewed"},
        r=[{"idempotency_key": "k2", "row_id": "1"}],
    )

    assert answer["data"] == {"__typename": "Mutation", "track": {"error": None}, "write_records": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
