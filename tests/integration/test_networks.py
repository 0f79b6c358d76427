"""A network of franchises in a real graph: keys that are bound to a unit, records that belong to one, what each may see."""

import io
import itertools
import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from neo4j import AsyncDriver
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, NewKey, Principal, Role
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import Keyring, issue_key, list_keys, system_clock
from graph_cdp.collect.dead_letters import bury_in
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.collect.importer import Import, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.errors import NotFound
from graph_cdp.flows.declared import parse_declared, write_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.service import golden_record_in_scope
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import PersonId, RecordKey
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.model import IdentifierKey, Message
from tests.graph import empty
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NETWORK = parse_declared("""
org_units:
  brand: {}
  lille: {part_of: brand}
  nice: {part_of: brand}
sources:
  pos: {belongs_to: nice}
""")
CUSTOMERS = """
entity: record
record_id: id
timestamp: at
org_unit: {column: shop, values: {L: lille, N: nice, X: unheard-of}}
traits: {email: mail, city: city}
"""
PLACES = (
    "MATCH (r:SourceRecord) OPTIONAL MATCH (r)-[:BELONGS_TO]->(u:OrgUnit) "
    "RETURN r.key AS key, u.id AS unit ORDER BY key"
)
NOW = system_clock()


@pytest.fixture
async def network(graph: Graph) -> Graph:
    await graph.write(write_declared, NETWORK, now=NOW)
    return graph


def ingest_into(graph: Graph) -> Ingest:
    return Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock)


async def make_key(graph: Graph, org_unit: str | None, *, role: Role = "ingest") -> str:
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    new = NewKey(name="x", role=role, source="web" if role == "ingest" else None, org_unit=org_unit)
    await graph.write(issue_key, new, key_id=KeyId(f"{role} {org_unit}"), secret=secret, now=NOW)
    return secret


@pytest.fixture
async def client(network: Graph) -> AsyncIterator[httpx.AsyncClient]:
    collection = Collection(
        keyring=Keyring(network), submit=ingest_into(network), bury=bury_in(network), region="FR"
    )
    transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
    async with httpx.AsyncClient(transport=transport, base_url="http://collect") as client:
        yield client


async def load(graph: Graph, *rows: str) -> None:
    job = Import(
        mapping=parse_mapping(CUSTOMERS),
        receipt=RowReceipt(source="pos", received_at=NOW, region="FR"),
        ingest=ingest_into(graph),
    )
    content = "\n".join(["id,at,shop,mail,city", *rows])
    tally = await import_file(io.BytesIO(content.encode()), job, reject=lambda _: None)
    assert tally.accepted == len(rows)


def said(at: int, org_unit: str | None, *, body_hash: str = "") -> Message:
    body_hash = body_hash or f"{at}"
    return Message(
        source="web", message_id=body_hash, type="identify", record_key=RecordKey("web:user:u1"), occurred_at=at,
        received_at=at, payload="{}", body_hash=body_hash, org_unit=org_unit,
        identifiers=(IdentifierKey(kind="user_id", value="u1"),),
    )  # fmt: skip


async def test_a_key_is_bound_to_a_unit_of_the_network(network: Graph) -> None:
    secret = await make_key(network, "lille", role="app")

    principal = await Keyring(network).authenticate(secret)

    assert principal == Principal(key_id=KeyId("app lille"), role="app", org_unit="lille")
    assert [key.org_unit for key in await network.read(list_keys)] == ["lille"]


async def test_a_key_of_a_unit_that_nobody_declared_is_refused(network: Graph) -> None:
    with pytest.raises(NotFound, match="The network has no unit of that id"):
        await make_key(network, "lile")

    assert await network.read(list_keys) == []


async def test_what_a_bound_write_key_sends_belongs_to_its_unit(
    client: httpx.AsyncClient, network: Graph
) -> None:
    bound, free = await make_key(network, "lille"), await make_key(network, None)
    in_body = {"type": "track", "event": "x", "userId": "u3", "writeKey": bound}
    for secret, user in ((bound, "u1"), (free, "u2"), (free, "u1")):
        answer = await client.post("/v1/identify", json={"userId": user}, auth=(secret, ""))
        assert answer.status_code == 200
    assert (await client.post("/v1/batch", json={"batch": [in_body], "writeKey": bound})).status_code == 200

    assert await query(network, PLACES) == [
        {"key": "web:user:u1", "unit": "lille"},
        {"key": "web:user:u2", "unit": None},
        {"key": "web:user:u3", "unit": "lille"},
    ]


async def test_a_row_says_which_unit_its_record_belongs_to_and_the_newest_wins(network: Graph) -> None:
    await load(network, "1,2026-01-02,L,,", "2,2026-01-01,N,,", "3,2026-01-01,,,", "4,2026-01-01,X,,")
    await load(network, "1,2026-01-01,N,,", "2,2026-01-02,L,,", "4,2026-01-02,,,")

    assert await query(network, PLACES) == [
        {"key": "pos:row:1", "unit": "lille"},
        {"key": "pos:row:2", "unit": "lille"},
        {"key": "pos:row:3", "unit": None},
        {"key": "pos:row:4", "unit": "unheard-of"},
    ]


@pytest.mark.parametrize("together", [True, False])
async def test_the_newest_message_decides_in_whatever_order_they_come(
    network: Graph, driver: AsyncDriver, together: bool
) -> None:
    messages = [said(1, "lille"), said(3, "nice"), said(3, "brand", body_hash="2")]
    for order in itertools.permutations(messages):
        await empty(driver)
        all_of_them = [*order, said(4, None)]
        for batch in [all_of_them] if together else [[one] for one in all_of_them]:
            await ingest_into(network)(batch)

        assert await query(network, PLACES) == [{"key": "web:user:u1", "unit": "nice"}]


async def test_a_unit_said_again_stays_against_what_came_between(network: Graph) -> None:
    for message in (said(1, "lille"), said(3, "lille"), said(2, "nice")):
        await ingest_into(network)([message])

    assert await query(network, PLACES) == [{"key": "web:user:u1", "unit": "lille"}]


async def test_a_franchise_sees_the_records_of_its_own_and_not_all_of_a_shared_source(network: Graph) -> None:
    await load(network, "1,2026-01-02,L,a@x.fr,Lille", "2,2026-01-01,,a@x.fr,Nice")
    [person] = await query(network, "MATCH (p:Person) WHERE NOT p:Merged RETURN p.id AS id")

    async def city(org_unit: str) -> str | None:
        golden = await golden_record_in_scope(
            network, PersonId(person["id"]), org_unit, survivorship=DEFAULT_SURVIVORSHIP
        )
        return golden["city"].value if golden else None

    assert [await city(unit) for unit in ("lille", "nice", "brand", "elsewhere")] == [
        "Lille",
        "Nice",
        "Lille",
        None,
    ]


async def test_a_network_that_is_none_is_found(network: Graph, driver: AsyncDriver) -> None:
    async with open_session(driver, database="neo4j") as session:
        planted = (
            "MATCH (brand:OrgUnit {id: 'brand'}) MATCH (lille:OrgUnit {id: 'lille'}) MATCH (nice:OrgUnit {id: 'nice'}) "
            "CREATE (brand)-[:PART_OF]->(lille) CREATE (nice)-[:PART_OF]->(lille)"
        )
        await (await session.run(planted)).consume()

    violations = await find_violations(network)
    await empty(driver)

    assert {(one.check, one.row["org_unit_id"], one.row["above_count"]) for one in violations} == {
        ("org_unit_is_below_itself", "brand", 1),
        ("org_unit_is_below_itself", "lille", 1),
        ("org_unit_is_below_itself", "nice", 2),
    }


async def test_a_record_of_two_units_is_found(network: Graph, driver: AsyncDriver) -> None:
    await ingest_into(network)([said(1, "lille")])
    async with open_session(driver, database="neo4j") as session:
        planted = "MATCH (r:SourceRecord) MATCH (nice:OrgUnit {id: 'nice'}) CREATE (r)-[:BELONGS_TO]->(nice)"
        await (await session.run(planted)).consume()

    violations = await find_violations(network)
    await empty(driver)

    assert [(one.check, one.row["org_unit_count"]) for one in violations] == [
        ("record_belongs_to_one_org_unit", 2)
    ]
