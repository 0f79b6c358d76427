"""Refused messages, kept with their reason: nothing that a source sent vanishes in silence."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from graph_cdp.collect.segment import OF_THE_DELIVERY, Receipt, Refused, read_message_id
from graph_cdp.dead_letters.model import DeadLetter, Door
from graph_cdp.dead_letters.repository import store_dead_letters
from graph_cdp.graph.transactions import Graph
from graph_cdp.intake.json_body import JsonValue, find_fault, write_json_text

PAYLOAD_CHARACTERS_MAX = 64 * 1024
"""Twice the largest message that could be accepted; of a longer one the beginning is kept, to recognise it by."""

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
        rule=refused.rule,
        payload=payload[:PAYLOAD_CHARACTERS_MAX],
        received_at=receipt.received_at,
        door=door,
        place=receipt.index,
        is_whole=len(payload) <= PAYLOAD_CHARACTERS_MAX and find_fault(body) is None,
        org_unit=receipt.org_unit,
    )


def bury_in(graph: Graph) -> Bury:
    """How dead letters are stored in `graph`: returns once they are committed."""

    async def bury(letters: Sequence[DeadLetter]) -> None:
        await graph.write(store_dead_letters, letters=letters)

    return bury


def _without(body: JsonValue, names: frozenset[str]) -> JsonValue:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if name not in names}
