"""Refused messages, kept with their reason: nothing that a source sent vanishes in silence."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from graph_cdp.collect.json_body import JsonValue, find_fault, write_json_text
from graph_cdp.collect.segment import OF_THE_DELIVERY, Receipt, Refused, read_message_id
from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query, run
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis

STORE_DEAD_LETTERS = load_query("collect/store_dead_letters")
LIST_DEAD_LETTERS = load_query("collect/list_dead_letters")
FIND_DEAD_LETTERS = load_query("collect/find_dead_letters")
SETTLE_DEAD_LETTERS = load_query("collect/settle_dead_letters")
FORGET_DEAD_LETTERS = load_query("collect/forget_dead_letters")

Door = Literal["http", "graphql"]
"""The way by which a message came."""

State = Literal["waiting", "replayed", "discarded"]

PAYLOAD_CHARACTERS_MAX = 64 * 1024
"""Twice the largest message that could be accepted; of a longer one the beginning is kept, to recognise it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A refused message. `payload` is JSON in ASCII, as received but for what no text can hold.

    The id is a function of source, reason and content, so that a client's retries make one letter. `place` is that in
    its request, which a message without an id is named by; `is_whole` says that the payload is all that was said: not cut
    off, and nothing in it that no JSON can hold.
    """

    id: str
    source: str
    message_id: str | None
    code: str
    message: str
    payload: str
    received_at: Millis
    door: Door = "http"
    place: int = 0
    is_whole: bool = True
    state: State = "waiting"
    org_unit: str | None = None


Bury: TypeAlias = Callable[[Sequence[DeadLetter]], Awaitable[None]]
"""Stores dead letters, and returns once they are committed."""


def make_dead_letter(
    body: JsonValue, *, refused: Refused, receipt: Receipt, door: Door = "http"
) -> DeadLetter:
    """The dead letter of a refused body."""
    kept = _without(body, frozenset({"writeKey"}))
    said = write_json_text(_without(body, OF_THE_DELIVERY))
    payload = write_json_text(kept)
    identity = f"{receipt.source}\n{refused.code}\n{said}"
    return DeadLetter(
        id=hashlib.sha256(identity.encode()).hexdigest(),
        source=receipt.source,
        message_id=read_message_id(body),
        code=refused.code,
        message=refused.message,
        payload=payload[:PAYLOAD_CHARACTERS_MAX],
        received_at=receipt.received_at,
        door=door,
        place=receipt.index,
        is_whole=len(payload) <= PAYLOAD_CHARACTERS_MAX and find_fault(body) is None,
        org_unit=receipt.org_unit,
    )


async def store_dead_letters(tx: Tx, *, letters: Sequence[DeadLetter]) -> None:
    """Store letters; those that are stored already stay as they are."""
    rows = [asdict(letter) for letter in sorted(letters, key=lambda letter: letter.id)]
    await run(tx, STORE_DEAD_LETTERS, letters=rows)


async def list_dead_letters(
    tx: Tx, *, state: State, source: str | None, code: str | None, row_limit: int
) -> list[DeadLetter]:
    """Letters in this state, the newest first."""
    rows = await fetch_all(tx, LIST_DEAD_LETTERS, state=state, source=source, code=code, row_limit=row_limit)
    return [DeadLetter(**row.data()) for row in rows]


async def find_dead_letters(tx: Tx, *, ids: Sequence[str]) -> list[DeadLetter]:
    """The letters whose ids begin so."""
    return [DeadLetter(**row.data()) for row in await fetch_all(tx, FIND_DEAD_LETTERS, ids=ids)]


async def settle_dead_letters(tx: Tx, *, letters: Sequence[DeadLetter], now: Millis) -> None:
    """Say what became of letters that were waiting; those that are settled already stay as they are."""
    rows = [
        {"id": letter.id, "state": letter.state, "code": letter.code, "message": letter.message}
        for letter in sorted(letters, key=lambda letter: letter.id)
    ]
    await run(tx, SETTLE_DEAD_LETTERS, letters=rows, now=now)


async def forget_dead_letters(tx: Tx, *, before: Millis, state: State, row_limit: int) -> int:
    """Delete letters of before this time, at most so many; how many these were."""
    row = await fetch_one(tx, FORGET_DEAD_LETTERS, before=before, state=state, row_limit=row_limit)
    return row["forgotten"]


def bury_in(graph: Graph) -> Bury:
    """How dead letters are stored in `graph`: returns once they are committed."""

    async def bury(letters: Sequence[DeadLetter]) -> None:
        await graph.write(store_dead_letters, letters=letters)

    return bury


def _without(body: JsonValue, names: frozenset[str]) -> JsonValue:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if name not in names}
