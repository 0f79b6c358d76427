"""Sources as they are declared, in a real graph: rules at every door, trust, units, golden records that follow."""

import io
import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, NewKey
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import Keyring, issue_key, system_clock
from graph_cdp.collect.batcher import Batcher
from graph_cdp.collect.dead_letters import bury_in
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.collect.importer import Import, Rejection, Tally, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.flows.declared import parse_declared, write_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.golden_record.service import golden_record_in_scope, recompute_golden_records
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import PersonId, new_id
from graph_cdp.intake.record import RowReceipt
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

TEXT = """
org_units:
  brand: {}
  lille: {part_of: brand}
  nice: {part_of: brand}
sources:
  web:
    trust: 10
    belongs_to: nice
    region: BE
    verified: {email: stated}
    rules:
      - {name: mailbox, field: email, required: true, otherwise: reject}
      - {name: postcode, field: postal_code, pattern: "[0-9]{4}", otherwise: flag}
      - {name: sex, field: gender, allowed: [m, f, x], otherwise: {repair: {values: {1: m, 2: f}}}}
      - {name: country, derive: country}
  crm:
    trust: 80
    belongs_to: lille
    date_formats: ["%d.%m.%Y"]
    rules:
      - {name: card, field: username, pattern: "C[0-9]{6}", otherwise: reject}
      - {name: split, derive: names}
      - {name: adults, field: birth_date, max: "2008-01-01", otherwise: {repair: leave_out}}
"""
DECLARED = parse_declared(TEXT)
CUSTOMERS = """
entity: record
record_id: id
timestamp: changed
traits: {email: mail, name: who, birth_date: born, username: card}
"""
RECORDS = "MATCH (r:SourceRecord) RETURN properties(r) AS record ORDER BY r.key"
FLAGGED = "MATCH (e:Flagged) RETURN e.message_id AS id, e.flags AS flags ORDER BY id"
GOLDEN = "MATCH (p:Person) WHERE NOT p:Merged RETURN properties(p) AS golden"


async def declare(graph: Graph, text: str = TEXT) -> list[str]:
    return await graph.write(write_declared, parse_declared(text), now=system_clock())


def ingest_into(graph: Graph) -> Ingest:
    return Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=DECLARED.survivorship)


@pytest.fixture
async def client(graph: Graph) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the write key of the source `web`, of a service that knows what is declared."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    new = NewKey(name="test", role="ingest", source="web")
    await graph.write(issue_key, new, key_id=KeyId(new_id()), secret=secret, now=system_clock())
    await declare(graph)
    async with Batcher(ingest_into(graph), messages_max=500, wait_ms=2, queue_max=10_000) as batcher:
        collection = Collection(
            keyring=Keyring(graph),
            submit=batcher.submit,
            bury=bury_in(graph),
            region="FR",
            sources=DECLARED.sources,
        )
        transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://collect", auth=(secret, ""), headers={"X-Strict-Mode": "1"}
        ) as client:
            yield client


async def load(graph: Graph, content: str) -> tuple[Tally, list[Rejection]]:
    rejections: list[Rejection] = []
    receipt = RowReceipt(
        source="crm", received_at=system_clock(), region="FR", rules=DECLARED.sources.rules("crm")
    )
    job = Import(mapping=parse_mapping(CUSTOMERS), receipt=receipt, ingest=ingest_into(graph))
    file = io.BytesIO(f"id,changed,mail,who,born,card\n{content}".encode())
    return await import_file(file, job, reject=rejections.extend), rejections


def identify(message_id: str, **traits: object) -> dict[str, object]:
    return {
        "type": "identify",
        "messageId": message_id,
        "userId": "u1",
        "timestamp": "2026-01-02T00:00:00Z",
        "traits": traits,
    }


async def test_a_message_that_a_rule_rejects_says_which_and_the_rest_is_stored(
    graph: Graph, client: httpx.AsyncClient
) -> None:
    batch = [identify("m1", phone="null"), identify("m2", email="a@x.fr")]

    answer = await client.post("/v1/batch", json={"batch": batch})

    said = "The rule 'mailbox' of this source rejects it: see its email."
    assert answer.status_code == 207
    first, second = answer.json()["results"]
    assert (first["code"], first["message"], second["result"]) == ("RULE_REJECTED", said, "accepted")
    letters = "MATCH (l:DeadLetter) RETURN l.code AS code, l.message AS message, l.message_id AS id"
    assert await query(graph, letters) == [{"code": "RULE_REJECTED", "message": said, "id": "m1"}]
    assert await query(graph, "MATCH (e:Event) RETURN e.message_id AS id") == [{"id": "m2"}]


async def test_a_message_is_flagged_repaired_and_completed_as_its_source_declares(
    graph: Graph, client: httpx.AsyncClient
) -> None:
    traits = {"email": "a@x.fr", "phone": "0470 12 34 56", "postalCode": "75011", "gender": "2"}

    await client.post("/v1/identify", json=identify("m1", **traits))
    await client.post("/v1/track", json={"event": "A", "userId": "u1", "messageId": "m2"})

    record = (await query(graph, RECORDS))[0]["record"]
    assert {name: record[name] for name in ("phone", "postal_code", "gender", "country")} == {
        "phone": "+32470123456",
        "postal_code": "75011",
        "gender": "f",
        "country": "BE",
    }
    assert await query(graph, FLAGGED) == [{"id": "m1", "flags": ["postcode", "sex"]}]
    phones = "MATCH (i:Identifier {kind: 'phone'}) RETURN i.value AS value"
    assert await query(graph, phones) == [{"value": "+32470123456"}]


async def test_rows_of_a_file_keep_the_rules_of_their_source(graph: Graph) -> None:
    await declare(graph)
    rows = "1,2026-01-01,a@x.fr,Marie Curie,07.11.1967,C000001\n2,2026-01-01,b@x.fr,Cher,01.02.2010,C000002\n"

    tally, rejections = await load(graph, f"{rows}3,2026-01-01,c@x.fr,,,X\n")

    said = "The rule 'card' of this source rejects it: see its username."
    assert (tally.accepted, rejections) == (2, [Rejection(line=4, code="RULE_REJECTED", message=said)])
    first, second = (row["record"] for row in await query(graph, RECORDS))
    assert (first["first_name"], first["last_name"], first["birth_date"]) == ("Marie", "Curie", "1967-11-07")
    assert (second.get("first_name"), second["name"], second.get("birth_date")) == (None, "Cher", None)
    flags = "MATCH (e:Flagged) RETURN e.record_key AS record, e.flags AS flags ORDER BY record"
    assert await query(graph, flags) == [
        {"record": "crm:row:2", "flags": ["split", "adults"]},
    ]


async def test_a_verified_value_survives_a_newer_one(graph: Graph, client: httpx.AsyncClient) -> None:
    await load(graph, "1,2026-01-05,new@x.fr,,,\n")
    newer_of_web = {**identify("m1", email="new@x.fr"), "timestamp": "2026-01-03T00:00:00Z"}
    await client.post("/v1/identify", json=newer_of_web)
    assert (await query(graph, GOLDEN))[0]["golden"]["email"] == "new@x.fr"

    old = {**identify("m2", email="old@x.fr", email_verified=True), "timestamp": "2026-01-04T00:00:00Z"}
    await client.post("/v1/identify", json=old)

    golden = (await query(graph, GOLDEN))[0]["golden"]
    assert (golden["email"], golden["email_at"]) == ("old@x.fr", 1_767_484_800_000)


async def test_a_source_that_may_not_state_it_verifies_nothing(graph: Graph) -> None:
    await declare(graph)
    await load(graph, "1,2026-01-01,a@x.fr,,,\n")
    assert [row["record"].get("verified") for row in await query(graph, RECORDS)] == [None]


async def test_a_change_of_trust_is_told_and_golden_records_follow(
    graph: Graph, client: httpx.AsyncClient
) -> None:
    assert await declare(graph) == []
    await load(graph, "1,2026-01-01,a@x.fr,Marie Curie,,\n")
    await client.post("/v1/identify", json=identify("m1", email="a@x.fr", firstName="Mimi", lastName="Curie"))
    assert (await query(graph, GOLDEN))[0]["golden"]["first_name"] == "Marie"

    assert await declare(graph, TEXT.replace("trust: 10", "trust: 90")) == ["web"]
    assert await recompute_golden_records(graph, survivorship=DECLARED.survivorship) == 1

    assert (await query(graph, GOLDEN))[0]["golden"]["first_name"] == "Mimi"


async def test_units_scope_the_sources_that_belong_to_them_and_may_move(
    graph: Graph, client: httpx.AsyncClient
) -> None:
    await load(graph, "1,2026-01-01,a@x.fr,Marie Curie,,\n")
    await client.post("/v1/identify", json=identify("m1", email="a@x.fr", phone="0470 12 34 56"))
    person_id = PersonId((await query(graph, GOLDEN))[0]["golden"]["id"])

    async def seen(unit: str) -> list[str] | None:
        golden = await golden_record_in_scope(graph, person_id, unit, survivorship=DECLARED.survivorship)
        return None if golden is None else sorted(golden)

    names = ["email", "first_name", "last_name", "name"]
    assert (await seen("lille"), await seen("nice")) == (names, ["country", "email", "phone"])
    assert await seen("brand") == sorted({*names, "country", "phone"})

    await declare(
        graph,
        TEXT.replace("belongs_to: nice", "belongs_to: lille").replace("lille: {part_of: brand}", "lille: {}"),
    )
    assert (await seen("lille"), await seen("nice"), await seen("brand")) == (
        sorted({*names, "country", "phone"}),
        None,
        None,
    )
