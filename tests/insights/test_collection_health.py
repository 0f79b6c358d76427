"""The report on collection: what each source sent day by day, and which of it is an alarm."""

from dataclasses import replace
from datetime import date

import httpx
import pytest

from graph_cdp.app import create_app
from graph_cdp.collect.dead_letters import bury_in, make_dead_letter
from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.insights.collection import DAY_MS, Counted, make_report
from graph_cdp.insights.model import CollectionHealth, DayOfMessages, SourceHealth
from graph_cdp.insights.service import measure_collection
from graph_cdp.intake.json_body import JsonValue
from graph_cdp.settings import Settings
from tests.identity.teller import ingest_on
from tests.integration.asking import make_key

NOW = 1_790_000_000_000
"""2026-09-21, 14:13 UTC."""

TODAY = NOW // DAY_MS
NOTHING = Counted(records={}, messages={}, refused={}, waiting={}, newest={})


async def send(graph: Graph, source: str, *received_at: int) -> None:
    """Collect a message that was received at each of these moments."""
    for number, moment in enumerate(received_at):
        body: JsonValue = {
            "type": "identify",
            "messageId": f"{source}{moment}{number}",
            "userId": f"u{number}",
        }
        message = parse_message(body, receipt=Receipt(source=source, received_at=moment, region="FR"))
        assert not isinstance(message, Refused)
        (outcome,) = await ingest_on(graph)([message])
        assert outcome.status == "accepted"


def days(*counted: tuple[int, int]) -> tuple[DayOfMessages, ...]:
    """The seven days until NOW, with (messages, refused) of the last ones."""
    padded = [(0, 0)] * (7 - len(counted)) + list(counted)
    return tuple(
        DayOfMessages(day=date(2026, 9, 15 + number), messages=messages, refused=refused)
        for number, (messages, refused) in enumerate(padded)
    )


@pytest.mark.neo4j
async def test_messages_and_refusals_are_counted_by_source_and_day(graph: Graph) -> None:
    await send(graph, "web", NOW - 40 * DAY_MS, NOW - 2 * DAY_MS, NOW - 5, NOW)
    await send(graph, "crm", NOW - 40 * DAY_MS)
    receipt = Receipt(source="app", received_at=NOW - DAY_MS, region="FR")
    refused = parse_message({"type": "identify"}, receipt=receipt)
    assert isinstance(refused, Refused)
    letter = make_dead_letter({"type": "identify"}, refused=refused, receipt=receipt, door="http")
    await bury_in(graph)([letter])

    health = await measure_collection(graph, now=NOW)

    assert health == CollectionHealth(
        measured_at=NOW,
        sources=(
            SourceHealth(
                source="app",
                records=0,
                waiting_dead_letters=1,
                last_received_at=None,
                days=days((0, 1), (0, 0)),
            ),
            SourceHealth(source="crm", records=1, waiting_dead_letters=0, last_received_at=None, days=days()),
            SourceHealth(
                source="web",
                records=4,
                waiting_dead_letters=0,
                last_received_at=NOW,
                days=days((1, 0), (0, 0), (2, 0)),
            ),
        ),
    )


@pytest.mark.neo4j
async def test_stewards_read_it_by_graphql_and_others_do_not(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    await send(graph, "crm", 1)
    document = "{ collection_health { sources { source records last_received_at days { messages } } alarms { code } } }"
    app = create_app(Settings(warm_up_s=0), neo4j_target)
    keys = [await make_key(graph, "steward"), await make_key(graph, "marketer")]
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        steward, marketer = [
            (await client.post("/graphql", json={"query": document}, headers={"X-API-Key": key})).json()
            for key in keys
        ]

    (source,) = steward["data"]["collection_health"].pop("sources")
    assert steward == {"data": {"collection_health": {"alarms": []}}}
    assert source == {"source": "crm", "records": 1, "last_received_at": None, "days": [{"messages": 0}] * 7}
    assert marketer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("refused", "messages", "codes"),
    [(19, 0, []), (20, 381, []), (20, 380, []), (20, 379, ["MANY_REFUSED"])],
)
def test_much_that_is_refused_is_an_alarm(refused: int, messages: int, codes: list[str]) -> None:
    key = ("web", TODAY)
    counted = replace(NOTHING, messages={key: messages}, refused={key: refused}, newest={"web": NOW})

    assert [alarm.code for alarm in make_report(counted, now=NOW).alarms] == codes


@pytest.mark.parametrize(
    ("busy", "silent_ms", "codes"),
    [(3, DAY_MS + 1, ["SILENT_SOURCE"]), (3, DAY_MS, []), (2, DAY_MS + 1, [])],
)
def test_a_source_that_sent_every_day_and_fell_silent_is_an_alarm(
    busy: int, silent_ms: int, codes: list[str]
) -> None:
    messages = {("web", TODAY - 1 - number): 5 for number in range(busy)}
    counted = replace(NOTHING, messages=messages, newest={"web": NOW - silent_ms})

    report = make_report(counted, now=NOW)

    assert [alarm.code for alarm in report.alarms] == codes
    assert all("2026-09-20 14:13 UTC" in alarm.text for alarm in report.alarms)
