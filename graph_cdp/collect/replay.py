"""Dead letters sent again: as they were received, or mended, by the way of every fresh message.

A letter keeps the time at which it was received, so that its facts do not move to today. Its message has the id that it
would have had then, and counts once: whatever fails between storing and settling, a replay may be repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph_cdp.collect.isolation import Ingest, ingest_apart
from graph_cdp.collect.json_body import JsonValue, read_json
from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.dead_letters.model import Attempt, DeadLetter
from graph_cdp.dead_letters.repository import settle_dead_letters
from graph_cdp.errors import Conflict, Invalid
from graph_cdp.flows.outcome import Outcome
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.model import Message

LETTERS_BATCH_MAX = 500
"""Letters sent in one transaction: as many as a batch of messages or rows."""


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

    async def __call__(self, letters: Sequence[DeadLetter], *, now: Millis, by: str) -> list[Attempt]:
        """What came of sending letters again: each is replayed, or waits for the reason that was found now.

        Raises:
            Unavailable: the database does not answer. Some may be stored; replaying all again is safe.
        """
        attempts: list[Attempt] = []
        for start in range(0, len(letters), LETTERS_BATCH_MAX):
            batch = letters[start : start + LETTERS_BATCH_MAX]
            attempts += await self._send(batch, [self._read(letter) for letter in batch], now=now, by=by)
        return attempts

    async def mend(self, letter: DeadLetter, text: bytes, *, now: Millis, by: str) -> Attempt:
        """What came of sending a corrected body in a letter's place; what was received stays in the letter.

        Raises:
            Invalid: the text is no JSON object.
            Unavailable: as for a replay.
        """
        body = read_mended(text)
        parsed = self._why_not(replace(letter, is_whole=True)) or self._parse(letter, body)
        return (await self._send([letter], [parsed], now=now, by=by))[0]

    def _read(self, letter: DeadLetter) -> "Message | Refused | NotReplayable":
        return self._why_not(letter) or self._parse(letter, read_json(letter.payload.encode()))

    def _why_not(self, letter: DeadLetter) -> "NotReplayable | None":
        if letter.state != "waiting":
            return NotReplayable(f"The letter was {letter.state} before; nothing was sent.")
        if not letter.is_whole:
            return NotReplayable(
                "Not all of it could be kept: it was too long, or no JSON. Mend it with a whole body."
            )
        if letter.door != "http":
            return NotReplayable("It came as a GraphQL input. Send the mutation again, corrected.")
        return None

    def _parse(self, letter: DeadLetter, body: JsonValue) -> Message | Refused:
        return parse_message(body, receipt=self._receipt(letter))

    async def _send(
        self,
        letters: Sequence[DeadLetter],
        read: "Sequence[Message | Refused | NotReplayable]",
        *,
        now: Millis,
        by: str,
    ) -> list[Attempt]:
        """Store what can be stored in one transaction, and settle all in another."""
        messages = [one for one in read if isinstance(one, Message)]
        stored = iter(await ingest_apart(self.ingest, messages) if messages else ())
        attempts = [
            _attempt(letter, next(stored) if isinstance(one, Message) else one)
            for letter, one in zip(letters, read, strict=True)
        ]
        tried = [one.letter for one in attempts if one.became != "settled_before"]
        await self.graph.write(settle_dead_letters, letters=tried, now=now, by=by)
        return attempts

    def _receipt(self, letter: DeadLetter) -> Receipt:
        return Receipt(
            source=letter.source,
            received_at=letter.received_at,
            region=self.region,
            index=letter.place,
            rules=self.sources.rules(letter.source),
            org_unit=letter.org_unit,
        )


def _attempt(letter: DeadLetter, result: Outcome | Refused | NotReplayable) -> Attempt:
    match result:
        case NotReplayable():
            became = "not_replayable" if letter.state == "waiting" else "settled_before"
            return Attempt(letter=letter, became=became, message=result.message)
        case Outcome(status="accepted" | "duplicate"):
            return Attempt(letter=replace(letter, state="replayed"), became="replayed")
        case Outcome() | Refused():
            message = result.message or ""
            tried = replace(letter, code=result.code or "REFUSED", message=message, rule=result.rule)
            return Attempt(letter=tried, became="refused_again", message=message)


def read_mended(text: bytes) -> JsonValue:
    """A corrected body.

    Raises:
        Invalid: it is no JSON object.
    """
    body = read_json(text)
    if not isinstance(body, dict):
        raise Invalid("A mended message must be one JSON object, as `graph-cdp dead-letters show` prints it.")
    return body
