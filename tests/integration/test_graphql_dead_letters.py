"""Dead letters in GraphQL: found, counted, replayed, mended and discarded, each once, by whoever may."""

from typing import Any

import httpx
import pytest

from graph_cdp.access.model import Role
from graph_cdp.dead_letters.model import DeadLetter, State
from graph_cdp.dead_letters.repository import store_dead_letters
from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import (
    DISCARD_DEAD_LETTERS,
    MEND_DEAD_LETTER,
    REPLAY_DEAD_LETTERS,
    Caller,
    caller,
)
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NOON = 1_790_000_000_000
LIST = """query ($first: Int!, $after: String, $filter: DeadLetterFilter) {
  dead_letters(first: $first, after: $after, filter: $filter) {
    edges { node { dead_letter_id } } pageInfo { hasNextPage endCursor } } }"""
ONE = """query ($id: ID!) { dead_letter(id: $id) {
  dead_letter_id source message_id code message rule door state is_whole received_at last_received_at settled_at body } }"""
COUNTS = """query ($filter: DeadLetterFilter) {
  dead_letter_counts(filter: $filter) { source code rule letters newest_received_at } }"""
READS: list[tuple[str, dict[str, object]]] = [
    (LIST, {"first": 1}),
    (ONE, {"id": "a" * 64}),
    (COUNTS, {}),
]


def letter(
    name: str, *, at: int = NOON, code: str = "NO_IDENTITY", rule: str | None = None, state: State = "waiting"
) -> DeadLetter:
    """A letter that says a purchase of the user of this name, whatever it was refused for."""
    return DeadLetter(
        id=name * 64,
        source="web",
        message_id=f"m-{name}",
        code=code,
        message="What was wrong.",
        rule=rule,
        payload=f'{{"type":"track","event":"Paid","messageId":"m-{name}","userId":"u-{name}"}}',
        received_at=at,
        state=state,
    )


async def bury(graph: Graph, *letters: DeadLetter) -> None:
    await graph.write(store_dead_letters, letters=letters)


async def listed(steward: Caller, **filter: object) -> str:
    """The first characters of the ids of the letters that fit, in order."""
    answer = await steward.ask(LIST, first=100, filter=filter)
    return "".join(edge["node"]["dead_letter_id"][0] for edge in answer["data"]["dead_letters"]["edges"])


def told(result: Any) -> list[tuple[str, str, str]]:
    return [
        (one["letter"]["dead_letter_id"][0], one["became"], one["letter"]["state"])
        for one in result["letters"]
    ]


async def events(graph: Graph) -> list[dict[str, object]]:
    return await query(
        graph,
        "MATCH (e:Event {source: 'web'}) RETURN e.message_id AS id, e.occurred_at AS at ORDER BY id",
    )


@pytest.mark.parametrize("role", ["admin", "app", "ingest", "steward"])
async def test_only_stewards_and_administrators_read_letters(
    service: httpx.AsyncClient, graph: Graph, role: Role
) -> None:
    await bury(graph, letter("a"))
    somebody = await caller(service, graph, role)
    for document, variables in READS:
        answer = await somebody.ask(document, **variables)
        if role in {"admin", "steward"}:
            assert "errors" not in answer
            assert None not in answer["data"].values()
        else:
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
            assert answer.get("data") is None or set(answer["data"].values()) == {None}


async def test_letters_are_paged_newest_first_and_those_of_one_moment_by_their_ids(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    await bury(graph, letter("a"), letter("b"), letter("c", at=NOON + 1), letter("d", at=NOON - 1))
    steward = await caller(service, graph, "steward")
    seen, after = "", None
    for more in (True, True, True, False):
        page = (await steward.ask(LIST, first=1, after=after))["data"]["dead_letters"]
        seen += page["edges"][0]["node"]["dead_letter_id"][0]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is more
    assert seen == "cbad"


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, "dcba"),
        ({"state": None}, "edcba"),
        ({"state": "DISCARDED"}, "e"),
        ({"code": "RULE_REJECTED"}, "cb"),
        ({"rule": "country-known"}, "b"),
        ({"source": "web"}, "dcba"),
        ({"source": "crm"}, ""),
        ({"since": "2026-09-21T14:13:21.000Z", "until": "2026-09-21T14:13:22.000Z"}, "cb"),
    ],
)
async def test_letters_are_found_by_reason_rule_source_state_and_time(
    service: httpx.AsyncClient, graph: Graph, filter: dict[str, object], expected: str
) -> None:
    await bury(
        graph,
        letter("a"),
        letter("b", at=NOON + 1_000, code="RULE_REJECTED", rule="country-known"),
        letter("c", at=NOON + 2_000, code="RULE_REJECTED", rule="adult"),
        letter("d", at=NOON + 3_000),
        letter("e", at=NOON + 4_000, state="discarded"),
    )
    steward = await caller(service, graph, "steward")
    assert await listed(steward, **filter) == expected


async def test_letters_are_counted_by_reason_and_rule(service: httpx.AsyncClient, graph: Graph) -> None:
    await bury(
        graph, letter("a"), letter("b", at=NOON + 1), letter("c", code="RULE_REJECTED", rule="country-known")
    )
    steward = await caller(service, graph, "steward")
    counts = (await steward.ask(COUNTS))["data"]["dead_letter_counts"]
    assert counts == [
        {
            "source": "web",
            "code": "NO_IDENTITY",
            "rule": None,
            "letters": 2,
            "newest_received_at": "2026-09-21T14:13:20.001Z",
        },
        {
            "source": "web",
            "code": "RULE_REJECTED",
            "rule": "country-known",
            "letters": 1,
            "newest_received_at": "2026-09-21T14:13:20.000Z",
        },
    ]
    assert (await steward.ask(COUNTS, filter={"state": "DISCARDED"}))["data"] == {"dead_letter_counts": []}


async def test_one_letter_is_shown_as_it_was_received(service: httpx.AsyncClient, graph: Graph) -> None:
    await bury(graph, letter("b", code="RULE_REJECTED", rule="country-known"))
    steward = await caller(service, graph, "steward")
    assert (await steward.ask(ONE, id="b" * 64))["data"]["dead_letter"] == {
        "dead_letter_id": "b" * 64,
        "source": "web",
        "message_id": "m-b",
        "code": "RULE_REJECTED",
        "message": "What was wrong.",
        "rule": "country-known",
        "door": "HTTP",
        "state": "WAITING",
        "is_whole": True,
        "received_at": "2026-09-21T14:13:20.000Z",
        "last_received_at": "2026-09-21T14:13:20.000Z",
        "settled_at": None,
        "body": '{"type":"track","event":"Paid","messageId":"m-b","userId":"u-b"}',
    }
    assert (await steward.ask(ONE, id="f" * 64))["data"] == {"dead_letter": None}
    assert await steward.refusal(ONE, id="17") == "BAD_ID"


async def test_letters_are_replayed_by_their_ids_once_a_key(service: httpx.AsyncClient, graph: Graph) -> None:
    await bury(graph, letter("a"), letter("b"))
    steward = await caller(service, graph, "steward")
    said = {"idempotency_key": "r1", "ids": ["a" * 64]}

    first = await steward.call(REPLAY_DEAD_LETTERS, input=said)
    again = await steward.call(REPLAY_DEAD_LETTERS, input=said)
    other = await steward.call(REPLAY_DEAD_LETTERS, input={**said, "ids": ["b" * 64]})
    anew = await steward.call(REPLAY_DEAD_LETTERS, input={**said, "idempotency_key": "r2"})

    assert (first["was_duplicate"], told(first)) == (False, [("a", "REPLAYED", "REPLAYED")])
    assert (again["was_duplicate"], told(again)) == (True, [("a", "REPLAYED", "REPLAYED")])
    assert (other["letters"], other["error"]["code"]) == ([], "IDEMPOTENCY_KEY_REUSED")
    assert told(anew) == [("a", "SETTLED_BEFORE", "REPLAYED")]
    assert await events(graph) == [{"id": "m-a", "at": NOON}]


async def test_a_replay_by_filter_is_bounded_and_its_retry_goes_no_further(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    await bury(graph, *(letter(name, code="RULE_REJECTED", rule="adult") for name in "abc"), letter("d"))
    steward = await caller(service, graph, "steward")
    said = {"idempotency_key": "r1", "filter": {"rule": "adult"}, "limit": 2}

    first = await steward.call(REPLAY_DEAD_LETTERS, input=said)
    again = await steward.call(REPLAY_DEAD_LETTERS, input=said)

    expected = [("c", "REPLAYED", "REPLAYED"), ("b", "REPLAYED", "REPLAYED")]
    assert (told(first), first["was_duplicate"]) == (expected, False)
    assert (told(again), again["was_duplicate"]) == (expected, True)
    assert await listed(steward) == "da"
    rest = await steward.call(REPLAY_DEAD_LETTERS, input={**said, "idempotency_key": "r2"})
    assert told(rest) == [("a", "REPLAYED", "REPLAYED")]
    assert [one["id"] for one in await events(graph)] == ["m-a", "m-b", "m-c"]


async def test_a_mended_letter_is_stored_at_the_time_it_came_and_one_that_is_still_wrong_waits(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    await bury(graph, letter("a"))
    steward = await caller(service, graph, "steward")

    async def mend(key: str, body: str) -> Any:
        return await steward.call(
            MEND_DEAD_LETTER, input={"idempotency_key": key, "id": "a" * 64, "body": body}
        )

    assert (await mend("r1", "[1]"))["error"]["code"] == "INVALID_FIELD"
    wrong = await mend("r2", '{"type": "track", "event": "Paid"}')
    assert told(wrong) == [("a", "REFUSED_AGAIN", "WAITING")]
    assert await events(graph) == []
    good = await mend("r3", '{"type": "track", "event": "Paid", "userId": "u1", "messageId": "mended"}')
    assert (told(good), good["error"]) == ([("a", "REPLAYED", "REPLAYED")], None)
    assert await events(graph) == [{"id": "mended", "at": NOON}]
    late = await mend("r4", '{"type": "track", "event": "Paid", "userId": "u2", "messageId": "late"}')
    assert told(late) == [("a", "SETTLED_BEFORE", "REPLAYED")]
    assert len(await events(graph)) == 1


async def test_letters_are_discarded_all_that_are_named_or_none(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    await bury(graph, letter("a"), letter("b"))
    steward = await caller(service, graph, "steward")

    async def discard(key: str, *ids: str) -> Any:
        return await steward.call(
            DISCARD_DEAD_LETTERS, input={"idempotency_key": key, "ids": [one * 64 for one in ids]}
        )

    assert (await discard("r1", "a", "f"))["error"]["code"] == "NOT_FOUND"
    assert await listed(steward) == "ba"
    assert told(await discard("r2", "a")) == [("a", "DISCARDED", "DISCARDED")]
    assert told(await discard("r3", "a")) == [("a", "SETTLED_BEFORE", "DISCARDED")]
    assert await listed(steward) == "b"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"ids": []},
        {"ids": ["a" * 64] * 101},
        {"ids": ["a" * 64], "filter": {}},
        {"filter": {}, "limit": 101},
        {"filter": {}, "limit": 0},
        {"ids": ["a" * 63]},
    ],
)
async def test_a_replay_of_nothing_or_of_too_much_is_refused(
    service: httpx.AsyncClient, graph: Graph, said: dict[str, object]
) -> None:
    await bury(graph, letter("a"))
    steward = await caller(service, graph, "steward")
    result = await steward.call(REPLAY_DEAD_LETTERS, input={"idempotency_key": "r1", **said})
    assert (result["error"]["code"], result["letters"]) == ("INVALID_FIELD", [])
    assert await events(graph) == []
