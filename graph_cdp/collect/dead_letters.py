"""Refused messages, kept with their reason: nothing that a source sent vanishes in silence."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from graph_cdp.collect.json_body import JsonValue, write_json_text
from graph_cdp.collect.segment import OF_THE_DELIVERY, Receipt, Refused, read_message_id
from graph_cdp.graph.queries import Tx, load_query, run
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis

STORE_DEAD_LETTERS = load_query("collect/store_dead_letters")

PAYLOAD_CHARACTERS_MAX = 64 * 1024
"""Twice the largest message that could be accepted; of a longer one the beginning is kept, to recognise it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A refused message. `payload` is JSON in ASCII, as received but for what no text can hold.

    The id is a function of source, reason and content, so that a client's retries make one letter.
    """

    id: str
    source: str
    message_id: str | None
    code: str
    message: str
    payload: str
    received_at: Millis


Bury: TypeAlias = Callable[[Sequence[DeadLetter]], Awaitable[None]]
"""Stores dead letters, and returns once they are committed."""


def make_dead_letter(body: JsonValue, *, refused: Refused, receipt: Receipt) -> DeadLetter:
    """The dead letter of a refused body."""
    kept = _without(body, frozenset({"writeKey"}))
    said = write_json_text(_without(body, OF_THE_DELIVERY))
    identity = f"{receipt.source}\n{refused.code}\n{said}"
    return DeadLetter(
        id=hashlib.sha256(identity.encode()).hexdigest(),
        source=receipt.source,
        message_id=read_message_id(body),
        code=refused.code,
        message=refused.message,
        payload=write_json_text(kept)[:PAYLOAD_CHARACTERS_MAX],
        received_at=receipt.received_at,
    )


async def store_dead_letters(tx: Tx, *, letters: Sequence[DeadLetter]) -> None:
    """Store letters; those that are stored already stay as they are."""
    rows = [asdict(letter) for letter in sorted(letters, key=lambda letter: letter.id)]
    await run(tx, STORE_DEAD_LETTERS, letters=rows)


def bury_in(graph: Graph) -> Bury:
    """How dead letters are stored in `graph`: returns once they are committed."""

    async def bury(letters: Sequence[DeadLetter]) -> None:
        await graph.write(store_dead_letters, letters=letters)

    return bury


def _without(body: JsonValue, names: frozenset[str]) -> JsonValue:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if name not in names}
