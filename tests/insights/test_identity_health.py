"""The health report of a real graph: by the command, by GraphQL, in /metrics and in the doctor's findings."""

import asyncio
import dataclasses
import json
import re

import httpx
import pytest
from neo4j import AsyncDriver
from typer.testing import CliRunner

from graph_cdp.app import create_app
from graph_cdp.cli import app as cli
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import PersonId
from graph_cdp.insights.model import Counts, IdentityHealth, OverLimit, SizeClass
from graph_cdp.insights.service import measure_identity
from graph_cdp.settings import Settings
from tests.identity.teller import Teller
from tests.integration.asking import ask, make_key, refusal

pytestmark = pytest.mark.neo4j

NOW = 1_790_000_000_000


@pytest.fixture
async def teller(graph: Graph, driver: AsyncDriver) -> Teller:
    """A graph with a person of three records, a contested e-mail, and somebody with six e-mails."""
    teller = Teller(graph=graph, driver=driver)
    await teller.tell_apart(
        teller.row("1", email="ann@x.fr"),
        teller.row("2", email="ann@x.fr"),
        *(
            teller.make(type="identify", userId=user, traits={"email": email})
            for user, email in (("u1", "ann@x.fr"), ("u2", "both@x.fr"), ("u3", "both@x.fr"))
        ),
        *(
            teller.make(type="identify", userId="u4", traits={"email": f"many{number}@x.fr"})
            for number in range(6)
        ),
    )
    return teller


async def measure(graph: Graph) -> IdentityHealth:
    return await measure_identity(graph, policy=DEFAULT_POLICY, now=NOW)


async def test_the_report_counts_what_is_there(teller: Teller) -> None:
    health = await measure(teller.graph)
    assert health.counts == Counts(
        people=4,
        known_people=4,
        absorbed_people=0,
        records=6,
        identifiers=14,
        contested_identifiers=1,
        review_tasks=1,
        pending_marks=0,
        oldest_mark_at=None,
    )
    assert health.sizes == (
        SizeClass(records_min=1, records_max=1, people=3),
        SizeClass(records_min=3, records_max=3, people=1),
    )
    ann = await teller.person_id("crm:row:1")
    assert [(one.person_id, one.records, one.sources) for one in health.biggest] == [(ann, 3, 2)]
    assert [(one.kind, one.holdings, one.contested, one.capped) for one in health.hottest] == [
        ("email", 3, False, False),
        ("email", 2, True, False),
    ]
    many = PersonId(await teller.person_id("web:user:u4"))
    assert health.over_limits == (OverLimit(person_id=many, kind="email", held=6, held_max=5),)
    assert [alarm.code for alarm in health.alarms] == ["OVER_LIMIT"]


async def test_an_empty_graph_is_well(graph: Graph) -> None:
    health = await measure(graph)
    assert (health.counts.people, health.sizes, health.biggest, health.alarms) == (0, (), (), ())


async def test_the_report_holds_no_personal_data(teller: Teller) -> None:
    text = json.dumps(dataclasses.asdict(await measure(teller.graph)))
    assert not re.search(r"x\.fr|ann|crm:|web:|u4", text)


async def test_stewards_read_it_by_graphql(teller: Teller, neo4j_target: Neo4jTarget) -> None:
    document = """{ identity_health {
        people contested_identifiers sizes { records_min records_max people } biggest { records sources }
        over_limits { kind held held_max } alarms { code } } }"""
    app = create_app(Settings(warm_up_s=0), neo4j_target)
    steward, frontend = await make_key(teller.graph, "steward"), await make_key(teller.graph, "app")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        answers = [
            await client.post("/graphql", json={"query": document}, headers={"X-API-Key": key})
            for key in (steward, frontend)
        ]
    assert answers[0].json() == {
        "data": {
            "identity_health": {
                "people": 4,
                "contested_identifiers": 1,
                "sizes": [
                    {"records_min": 1, "records_max": 1, "people": 3},
                    {"records_min": 3, "records_max": 3, "people": 1},
                ],
                "biggest": [{"records": 3, "sources": 2}],
                "over_limits": [{"kind": "email", "held": 6, "held_max": 5}],
                "alarms": [{"code": "OVER_LIMIT"}],
            }
        }
    }
    assert answers[1].json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_service_without_a_report_says_so(graph: Graph) -> None:
    document = "{ identity_health { people } }"
    assert (await refusal(graph, document, "steward"))[0] == "UNAVAILABLE"
    assert (await ask(graph, document, "app"))["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_the_service_measures_by_itself_and_tells_prometheus(
    teller: Teller, neo4j_target: Neo4jTarget
) -> None:
    app = create_app(Settings(warm_up_s=0, metrics_open=True, health_interval_s=0.05), neo4j_target)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        text = ""
        while not re.search(r"^graph_cdp_people 4\.0$", text, re.MULTILINE):
            text = (await client.get("/metrics")).text
            await asyncio.sleep(0.05)
    told = dict(re.findall(r"^graph_cdp_(\w+) (\S+)$", text, re.MULTILINE))
    expected = {
        "people": 4,
        "known_people": 4,
        "records": 6,
        "identifiers": 14,
        "contested_identifiers": 1,
        "review_tasks": 1,
        "biggest_person_records": 3,
        "hottest_identifier_holdings": 3,
        "identity_alarms": 1,
    }
    assert {name: float(told[name]) for name in expected} == expected
    assert float(told["identity_measured_timestamp_seconds"]) > 1_700_000_000
    assert teller.graph is not None


def test_the_command_prints_the_report_and_fails_on_an_alarm(
    teller: Teller, neo4j_target: Neo4jTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert teller.graph is not None
    for name, value in (
        ("URI", neo4j_target.uri),
        ("USER", neo4j_target.user),
        ("PASSWORD", neo4j_target.password),
    ):
        monkeypatch.setenv(f"GRAPH_CDP_NEO4J_{name}", value)
    printed = CliRunner().invoke(cli, ["health"])
    assert printed.exit_code == 1
    assert "4 people (4 known, 0 more absorbed), 6 records, 14 identifiers (1 contested)" in printed.stdout
    assert "OVER_LIMIT" in printed.stdout
    as_json = CliRunner().invoke(cli, ["health", "--json"])
    assert json.loads(as_json.stdout)["counts"]["people"] == 4
