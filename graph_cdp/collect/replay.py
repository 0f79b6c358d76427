"""Dead letters sent again: as they were received, or mended, by the way of every fresh message.

A letter keeps the time at which it was received, so that its facts do not move to today. Its message has the id that it
would have had then, and counts once: whatever fails between storing and settling, a replay may be repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph_cdp.collect.dead_letters import DeadLetter, settle_dead_letters
from graph_cdp.collect.isolation import Ingest, ingest_apart
from graph_cdp.collect.json_body import JsonValue, read_json
from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.errors import Conflict, Invalid
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.model import Message


class NotReplayable(Conflict):
    """A letter that cannot be sent again as it is."""

    code = "NOT_REPLAYABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What sending letters again needs: where messages go, how they are read, and where letters are settled."""

    graph: Graph
    ingest: Ingest
    region: str
    sources: DeclaredSources

    async def __call__(self, letters: Sequence[DeadLetter], *, now: Millis) -> list[DeadLetter]:
        """The letters as they stand after being sent again: replayed, or waiting for the reason that was found now.

        Raises:
            Unavailable: the database does not answer. Some may be stored; replaying all again is safe.
        """
        return [await self._settle(letter, self._stored_body(letter), now) for letter in letters]

    async def mend(self, letter: DeadLetter, body: JsonValue, *, now: Millis) -> DeadLetter:
        """The letter after a corrected body was sent in its place; what was received stays in the letter.

        Raises:
            NotReplayable: it is settled already, or came as a GraphQL input.
            Unavailable: as for a replay.
        """
        stored = self._stored_body(replace(letter, is_whole=True))
        if isinstance(stored, NotReplayable):
            raise stored
        return await self._settle(letter, body, now)

    def _stored_body(self, letter: DeadLetter) -> "JsonValue | NotReplayable":
        if letter.state != "waiting":
            return NotReplayable(f"The letter was {letter.state} before; nothing was sent.")
        if not letter.is_whole:
            return NotReplayable(
                "Not all of it could be kept: it was too long, or no JSON. Mend it with a whole body."
            )
        if letter.door != "http":
            return NotReplayable("It came as a GraphQL input. Send the mutation again, corrected.")
        return read_json(letter.payload.encode())

    async def _settle(self, letter: DeadLetter, body: "JsonValue | NotReplayable", now: Millis) -> DeadLetter:
        if isinstance(body, NotReplayable):
            return replace(letter, message=body.message)
        settled = await self._send(letter, body)
        await self.graph.write(settle_dead_letters, letters=[settled], now=now)
        return settled

    async def _send(self, letter: DeadLetter, body: JsonValue) -> DeadLetter:
        parsed = parse_message(body, receipt=self._receipt(letter))
        if isinstance(parsed, Message):
            outcome = (await ingest_apart(self.ingest, [parsed]))[0]
            if outcome.status != "refused":
                return replace(letter, state="replayed")
            parsed = Refused(code=outcome.code or "REFUSED", message=outcome.message or "")
        return replace(letter, code=parsed.code, message=parsed.message)

    def _receipt(self, letter: DeadLetter) -> Receipt:
        return Receipt(
            source=letter.source,
            received_at=letter.received_at,
            region=self.region,
            index=letter.place,
            rules=self.sources.rules(letter.source),
            org_unit=letter.org_unit,
        )


def read_mended(text: bytes) -> JsonValue:
    """A corrected body.

    Raises:
        Invalid: it is no JSON object.
    """
    body = read_json(text)
    if not isinstance(body, dict):
        raise Invalid("A mended message must be one JSON object, as `graph-cdp dead-letters show` prints it.")
    return body
