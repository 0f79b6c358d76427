"""Refused messages: replayed by the rules of today, mended, discarded, forgotten; each counts once."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.collect.dead_letters import make_dead_letter
from graph_cdp.collect.forget import DAY_MS, Forget
from graph_cdp.collect.replay import Replay
from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.dead_letters.model import DeadLetter, Wanted
from graph_cdp.dead_letters.repository import list_dead_letters, store_dead_letters
from graph_cdp.flows.declared import parse_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.outcome import Outcome
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.json_body import JsonObject, read_json
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.model import Message
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NOON = 1_790_000_000_000
RULES = """
sources:
  web:
    rules:
      - {name: country-known, field: country, allowed: [FR], otherwise: reject}
"""
SAID: JsonObject = {"type": "identify", "userId": "u1", "traits": {"country": "DE"}}


def replay_on(graph: Graph, sources: DeclaredSources | None = None) -> Replay:
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOON + 9)
    return Replay(graph=graph, ingest=ingest, region="FR", sources=sources or DeclaredSources())


async def bury(graph: Graph, body: JsonObject, *, index: int = 0, rules: str = "") -> DeadLetter:
    """A letter as the door of HTTP makes it."""
    sources = parse_declared(rules).sources if rules else DeclaredSources()
    receipt = Receipt(source="web", received_at=NOON, region="FR", index=index, rules=sources.rules("web"))
    refused = parse_message(body, receipt=receipt)
    assert isinstance(refused, Refused)
    letter = make_dead_letter(body, refused=refused, receipt=receipt)
    await graph.write(store_dead_letters, letters=[letter])
    return letter


async def waiting(graph: Graph) -> list[DeadLetter]:
    return await graph.read(list_dead_letters, wanted=Wanted(state="waiting"), row_limit=100)


async def events(graph: Graph) -> list[dict[str, object]]:
    return await query(
        graph, "MATCH (e:Event) RETURN e.message_id AS id, e.occurred_at AS at, e.record_key AS record"
    )


async def test_a_letter_is_taken_by_the_rules_of_today_at_the_time_it_came_and_once(graph: Graph) -> None:
    letter = await bury(graph, SAID, index=3, rules=RULES)
    assert (letter.code, await waiting(graph)) == ("RULE_REJECTED", [letter])
    still = await replay_on(graph, parse_declared(RULES).sources)([letter], now=NOON + 5, by="me")
    assert ([one.letter.state for one in still], await events(graph)) == (["waiting"], [])
    settled = await replay_on(graph)([letter], now=NOON + 6, by="me")
    again = await replay_on(graph)([letter], now=NOON + 7, by="me")
    assert [one.became for one in (*settled, *again)] == ["replayed", "replayed"]
    said = parse_message(SAID, receipt=Receipt(source="web", received_at=NOON, region="FR", index=3))
    assert not isinstance(said, Refused)
    assert [(one.letter.rule, one.message) for one in still] == [
        ("country-known", "The rule 'country-known' of this source rejects it: see its country.")
    ]
    assert await events(graph) == [{"id": said.message_id, "at": NOON, "record": "web:user:u1"}]
    assert await waiting(graph) == []


async def test_a_mended_message_takes_the_place_of_the_refused_one(graph: Graph) -> None:
    letter = await bury(graph, {"type": "track", "messageId": "m1", "userId": "u1"})
    mended = b'{"type": "track", "messageId": "m1", "userId": "u1", "event": "Paid"}'
    settled = await replay_on(graph).mend(letter, mended, now=NOON + 5, by="me")
    assert settled.became == "replayed"
    stored = await query(
        graph, "MATCH (l:DeadLetter) RETURN l.state AS state, l.payload AS payload, l.settled_at AS at"
    )
    assert stored == [{"state": "replayed", "payload": letter.payload, "at": NOON + 5}]
    assert [one["id"] for one in await events(graph)] == ["m1"]
    again = await replay_on(graph).mend(settled.letter, mended, now=NOON + 6, by="me")
    assert again.became == "settled_before"


async def test_what_is_wrong_with_the_mended_message_is_the_reason_from_now_on(graph: Graph) -> None:
    letter = await bury(graph, {"type": "track", "messageId": "m1", "userId": "u1"})
    settled = await replay_on(graph).mend(
        letter, b'{"type": "track", "messageId": "m1", "event": "Paid"}', now=NOON, by="me"
    )
    assert [(one.id, one.code) for one in await waiting(graph)] == [(letter.id, "NO_IDENTITY")]
    assert settled.letter.code == "NO_IDENTITY"


async def test_what_no_json_can_hold_is_never_replayed_as_something_else(graph: Graph) -> None:
    body = read_json(b'{"type": "track", "userId": "u1", "event": "Paid", "properties": {"total": NaN}}')
    assert isinstance(body, dict)
    letter = await bury(graph, body)
    assert (letter.code, letter.is_whole) == ("INVALID_NUMBER", False)
    assert [one.letter.state for one in await replay_on(graph)([letter], now=NOON, by="me")] == ["waiting"]
    assert await events(graph) == []


@pytest.mark.parametrize(
    ("letter", "message"),
    [
        (
            {"is_whole": False},
            "Not all of it could be kept: it was too long, or no JSON. Mend it with a whole body.",
        ),
        ({"door": "graphql"}, "It came as a GraphQL input. Send the mutation again, corrected."),
        ({"state": "discarded"}, "The letter was discarded before; nothing was sent."),
    ],
)
async def test_what_cannot_be_sent_again_says_why(graph: Graph, letter: dict[str, str], message: str) -> None:
    one = replace(await bury(graph, {"type": "track", "userId": "u1"}), **letter)  # type: ignore[arg-type]
    assert [told.message for told in await replay_on(graph)([one], now=NOON, by="me")] == [message]
    assert await events(graph) == []


async def test_letters_are_forgotten_when_their_time_has_come(graph: Graph) -> None:
    await bury(graph, {"type": "track", "userId": "u1"})
    assert await Forget(graph=graph, clock=lambda: NOON + 90 * DAY_MS, days=90).once() == 0
    assert await Forget(graph=graph, clock=lambda: NOON + 90 * DAY_MS + 1, days=90).once() == 1
    assert await waiting(graph) == []


async def test_a_person_lists_shows_mends_and_discards_letters(
    graph: Graph, neo4j_target: Neo4jTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await bury(graph, {"type": "track", "messageId": "m1", "userId": "u1"})
    second = await bury(graph, {"type": "track", "messageId": "m2"})
    said = await asked(neo4j_target, monkeypatch, "list")
    assert first.id[:12] in said[1]
    assert second.id[:12] in said[1]
    assert "u1" not in said[1]
    code, shown = await asked(neo4j_target, monkeypatch, "show", first.id[:8])
    assert (code, json.loads(shown[shown.index("{") :])) == (
        0,
        {"type": "track", "messageId": "m1", "userId": "u1"},
    )
    body = tmp_path / "message.json"
    body.write_text('{"type": "track", "messageId": "m1", "userId": "u1", "event": "Paid"}')
    assert await asked(neo4j_target, monkeypatch, "mend", first.id[:8], str(body)) == (
        0,
        "1 replayed, 0 still waiting.\n",
    )
    code, said_again = await asked(neo4j_target, monkeypatch, "replay")
    assert (code, said_again.splitlines()[-1]) == (3, "0 replayed, 1 still waiting.")
    assert await asked(neo4j_target, monkeypatch, "discard", second.id) == (0, "1 discarded.\n")
    assert await asked(neo4j_target, monkeypatch, "discard", first.id) == (
        0,
        "0 discarded. 1 settled before.\n",
    )
    assert [one["id"] for one in await events(graph)] == ["m1"]
    assert await waiting(graph) == []


async def asked(target: Neo4jTarget, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """The exit code of `graph-cdp dead-letters ...`, and what it says; in a thread, for it has a loop of its own."""
    monkeypatch.setenv("GRAPH_CDP_NEO4J_URI", target.uri)
    monkeypatch.setenv("GRAPH_CDP_NEO4J_PASSWORD", target.password)
    monkeypatch.setenv("COLUMNS", "200")
    result = await asyncio.to_thread(CliRunner().invoke, app, ["dead-letters", *words])
    return result.exit_code, result.output


async def test_letters_are_sent_again_in_batches_and_one_that_is_refused_holds_up_none(graph: Graph) -> None:
    letters = [
        await bury(graph, {**SAID, "messageId": f"m{n}", "userId": f"u{n}"}, rules=RULES) for n in range(7)
    ]
    nobody = await bury(graph, {"type": "track", "messageId": "m7", "event": "Paid"})
    sizes: list[int] = []
    replay = replay_on(graph)

    async def ingest(messages: Sequence[Message]) -> list[Outcome]:
        sizes.append(len(messages))
        return await replay.ingest(messages)

    attempts = await replace(replay, ingest=ingest)([*letters, nobody], now=NOON + 5, by="me")

    assert [one.became for one in attempts] == ["replayed"] * 7 + ["refused_again"]
    assert sizes == [7]
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 7}]
    assert [one.id for one in await waiting(graph)] == [nobody.id]
