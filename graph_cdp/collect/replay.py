"""Dead letters sent again: as they were received, or mended, by the way of every fresh message.

A letter keeps the time at which it was received, so that its facts do not move to today. Its message has the id that it
would have had then, and counts once: whatever fails between storing and settling, a replay may be repeated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from graph_cdp.collect.file_letters import parse_row_letter
from graph_cdp.collect.import_jobs import list_import_mappings
from graph_cdp.collect.isolation import Ingest, ingest_apart
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.dead_letters.model import Attempt, DeadLetter
from graph_cdp.dead_letters.repository import settle_dead_letters
from graph_cdp.errors import Conflict, Invalid
from graph_cdp.flows.outcome import Outcome
from graph_cdp.flows.state_facts import IngestRows, state_nowhere
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.intake.json_body import JsonValue, read_json
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.model import Message

LETTERS_BATCH_MAX = 500
"""Letters sent in one transaction: as many as a batch of messages or rows."""


class NotReplayable(Conflict):
    """A letter that cannot be sent again as it is."""

    code = "NOT_REPLAYABLE"


Parsed: TypeAlias = Message | Statement | Refused | NotReplayable
"""What a letter says now, or why nothing comes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What sending letters again needs: where messages and statements about nobody go, how they are read, and where
    letters are settled.
    """

    graph: Graph
    ingest: Ingest
    region: str
    sources: DeclaredSources
    state: Callable[[Sequence[Statement]], Awaitable[list[Outcome]]] = state_nowhere

    async def __call__(self, letters: Sequence[DeadLetter], *, now: Millis, by: str) -> list[Attempt]:
        """What came of sending letters again: each is replayed, or waits for the reason that was found now.

        Raises:
            Unavailable: the database does not answer. Some may be stored; replaying all again is safe.
        """
        attempts: list[Attempt] = []
        for start in range(0, len(letters), LETTERS_BATCH_MAX):
            batch = letters[start : start + LETTERS_BATCH_MAX]
            mappings = await self._mappings(batch)
            read = [self._read(letter, mappings) for letter in batch]
            attempts += await self._send(batch, read, now=now, by=by)
        return attempts

    async def mend(self, letter: DeadLetter, text: bytes, *, now: Millis, by: str) -> Attempt:
        """What came of sending a corrected body in a letter's place; what was received stays in the letter.

        Raises:
            Invalid: the text is no JSON object; nor, for lines of a file's transaction, a list of them.
            Unavailable: as for a replay.
        """
        body = read_mended(text, of_file=letter.door == "file")
        why_not = self._why_not(replace(letter, is_whole=True))
        parsed = why_not or self._parse(letter, body, await self._mappings([letter]))
        return (await self._send([letter], [parsed], now=now, by=by))[0]

    async def _mappings(self, letters: Sequence[DeadLetter]) -> dict[str, FileMapping]:
        """What the columns of the letters' files meant."""
        ids = sorted({letter.import_id for letter in letters if letter.import_id})
        return await self.graph.read(list_import_mappings, ids=ids) if ids else {}

    def _read(self, letter: DeadLetter, mappings: Mapping[str, FileMapping]) -> Parsed:
        return self._why_not(letter) or self._parse(letter, read_json(letter.payload.encode()), mappings)

    def _why_not(self, letter: DeadLetter) -> "NotReplayable | None":
        if letter.state != "waiting":
            return NotReplayable(f"The letter was {letter.state} before; nothing was sent.")
        if not letter.is_whole:
            return NotReplayable(
                "Not all of it could be kept: it was too long, or no JSON. Mend it with a whole body."
            )
        if letter.door == "graphql":
            return NotReplayable("It came as a GraphQL input. Send the mutation again, corrected.")
        return None

    def _parse(self, letter: DeadLetter, body: JsonValue, mappings: Mapping[str, FileMapping]) -> Parsed:
        if letter.door != "file":
            return parse_message(body, receipt=self._receipt(letter))
        mapping = mappings.get(letter.import_id or "")
        if mapping is None:
            return NotReplayable("The mapping of its file is not known any more; import the file again.")
        return parse_row_letter(body, mapping, receipt=self._row_receipt(letter), line=letter.place)

    async def _send(
        self,
        letters: Sequence[DeadLetter],
        read: Sequence[Parsed],
        *,
        now: Millis,
        by: str,
    ) -> list[Attempt]:
        """Store what can be stored in one transaction, and settle all in another."""
        said = [one for one in read if isinstance(one, Message | Statement)]
        rows = IngestRows(messages=self.ingest, statements=self.state)
        stored = iter(await ingest_apart(rows, said) if said else ())
        attempts = [
            _attempt(letter, next(stored) if isinstance(one, Message | Statement) else one)
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

    def _row_receipt(self, letter: DeadLetter) -> RowReceipt:
        return RowReceipt(
            source=letter.source,
            received_at=letter.received_at,
            region=self.region,
            rules=self.sources.rules(letter.source),
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


def read_mended(text: bytes, *, of_file: bool = False) -> JsonValue:
    """A corrected body; of a row of a file its numbers keep their digits, and it may be the list of a transaction's lines.

    Raises:
        Invalid: it is no JSON object.
    """
    body = read_json(text, exact=of_file)
    if not isinstance(body, dict) and not (of_file and isinstance(body, list)):
        raise Invalid("A mended message must be one JSON object, as `graph-cdp dead-letters show` prints it.")
    return body
