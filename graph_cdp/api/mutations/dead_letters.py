"""`replay_dead_letters`, `mend_dead_letter`, `discard_dead_letters`: what becomes of what was refused."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Annotated, Self

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.dead_letter import DeadLetter, DeadLetterFilter, read_filter
from graph_cdp.api.mutations.inputs import KEY
from graph_cdp.api.mutations.receiving import caller_source, receive_by_flow
from graph_cdp.api.mutations.results import InputError
from graph_cdp.api.node import parse_id
from graph_cdp.dead_letters import model
from graph_cdp.dead_letters.model import Attempt
from graph_cdp.dead_letters.repository import (
    find_dead_letters,
    find_tried_letters,
    list_dead_letters,
    settle_dead_letters,
)
from graph_cdp.errors import NotFound
from graph_cdp.flows.outcome import Outcome
from graph_cdp.ids import Millis
from graph_cdp.intake.identifiers import BadField
from graph_cdp.source.model import Message

LETTERS_MAX = 100
"""Letters in one call: as many as inputs; a command line takes more."""

Try = Callable[[Sequence[model.DeadLetter], str], Awaitable[list[Attempt]]]
"""Tries to settle letters, for the call of this name."""


@strawberry.enum(description="What came of an attempt to settle a dead letter.")
class DeadLetterBecame(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    REPLAYED = strawberry.enum_value("replayed", description="Its message is stored.")
    DISCARDED = strawberry.enum_value("discarded", description="Nothing will become of it.")
    REFUSED_AGAIN = strawberry.enum_value(
        "refused_again", description="It was refused again, and waits; its `code` is the reason of now."
    )
    NOT_REPLAYABLE = strawberry.enum_value(
        "not_replayable", description="It cannot be sent as it is, and waits; `message` says why."
    )
    SETTLED_BEFORE = strawberry.enum_value(
        "settled_before", description="It was replayed or discarded before; nothing was done now."
    )


@strawberry.input(description="Letters to send again, as they were received: by `ids` or by `filter`.")
class ReplayDeadLettersInput:
    """A replay."""

    idempotency_key: str = strawberry.field(description=KEY)
    ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="The letters, by `id` or `dead_letter_id`; 1 to 100."
    )
    filter: DeadLetterFilter | None = strawberry.field(
        default=strawberry.UNSET,
        description='All that wait and fit, the newest first: `{rule: "country-known"}`; its `state` is WAITING.',
    )
    limit: int = strawberry.field(
        default=LETTERS_MAX, description="With `filter`: how many at most, 1 to 100. Call again for more."
    )


@strawberry.input(description="A corrected message, sent in the place of a refused one.")
class MendDeadLetterInput:
    """A mended letter."""

    idempotency_key: str = strawberry.field(description=KEY)
    id: strawberry.ID = strawberry.field(description="The letter, by `id` or `dead_letter_id`.")
    body: str = strawberry.field(
        description='The whole message, corrected, as JSON: `{"type": "track", "userId": "u1", "event": "Paid"}`.'
    )


@strawberry.input(description="Letters of which nothing is to become.")
class DiscardDeadLettersInput:
    """What is discarded."""

    idempotency_key: str = strawberry.field(description=KEY)
    ids: list[strawberry.ID] = strawberry.field(
        description="The letters, by `id` or `dead_letter_id`; 1 to 100."
    )


@strawberry.type(description="What came of the attempt to settle one letter.")
class SettledDeadLetter:
    """A letter, after the attempt."""

    became: DeadLetterBecame = strawberry.field(description="What came of it.")
    message: str | None = strawberry.field(description="For people: why it waits, or why nothing was done.")
    letter: DeadLetter = strawberry.field(description="The letter as it stands now.")

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """The type's object for an attempt."""
        return cls(
            became=DeadLetterBecame(attempt.became),
            message=attempt.message,
            letter=DeadLetter.of(attempt.letter),
        )


@strawberry.type(description="What became of dead letters. Each is settled by itself.")
class SettleDeadLettersResult:
    """The result."""

    idempotency_key: str = strawberry.field(description="The key of the input, as it was sent.")
    was_duplicate: bool = strawberry.field(
        description="Whether an equal input with this key was done before: nothing was done now, and the letters are shown "
        "as they stand."
    )
    letters: list[SettledDeadLetter] = strawberry.field(
        description="One result a letter, the newest first; none if the input was refused."
    )
    error: InputError | None = strawberry.field(
        description="Why the whole input was refused; null where it was not."
    )


@strawberry.type
class DeadLetterMutations:
    """The mutations of this module."""

    @strawberry.mutation(
        description="Send up to 100 refused messages again, as they were received, by the rules of today. A message counts once, "
        "however often it is sent."
    )
    async def replay_dead_letters(
        self, info: Info, input: Annotated[ReplayDeadLettersInput, strawberry.argument(description="Which.")]
    ) -> SettleDeadLettersResult | None:
        """A replay, in batches."""
        letters = info.context.require_writes().letters
        return await _settle(info, input, lambda found, by: letters.replay(found, now=_now(info), by=by))

    @strawberry.mutation(
        description="Send a corrected message in the place of a refused one, at the time at which that was received."
    )
    async def mend_dead_letter(
        self,
        info: Info,
        input: Annotated[MendDeadLetterInput, strawberry.argument(description="The message.")],
    ) -> SettleDeadLettersResult | None:
        """A corrected body; the letter keeps what was received."""
        letters = info.context.require_writes().letters

        async def mend(found: Sequence[model.DeadLetter], by: str) -> list[Attempt]:
            body = input.body.encode("utf-8", "surrogatepass")
            return [await letters.replay.mend(one, body, now=_now(info), by=by) for one in found]

        return await _settle(info, input, mend)

    @strawberry.mutation(
        description="Say of up to 100 refused messages that nothing is to become of them. They are deleted when their time has "
        "come."
    )
    async def discard_dead_letters(
        self, info: Info, input: Annotated[DiscardDeadLettersInput, strawberry.argument(description="Which.")]
    ) -> SettleDeadLettersResult | None:
        """Letters that are settled without being sent."""
        graph = info.context.require_writes().letters.graph

        async def discard(found: Sequence[model.DeadLetter], by: str) -> list[Attempt]:
            attempts = [_discard(letter) for letter in found]
            tried = [one.letter for one in attempts if one.became == "discarded"]
            await graph.write(settle_dead_letters, letters=tried, now=_now(info), by=by)
            return attempts

        return await _settle(info, input, discard)


AnyInput = ReplayDeadLettersInput | MendDeadLetterInput | DiscardDeadLettersInput


async def _settle(info: Info, item: AnyInput, attempt: Try) -> SettleDeadLettersResult:
    """Do once, by its idempotency key, what an input asks for."""
    writes = info.context.require_writes()
    attempts: list[Attempt] = []

    async def flow(message: Message) -> Outcome:
        by = f"{message.source}/{message.message_id}"

        async def work() -> None:
            attempts.extend(await attempt(await _find(info, item), by))

        return await writes.letters.do(replace(message, name=info.field_name), work)

    status, error = await receive_by_flow(info, item, flow)
    if status == "duplicate":
        attempts = [_as_it_stands(letter) for letter in await _find_tried(info, item)]
    return SettleDeadLettersResult(
        idempotency_key=item.idempotency_key,
        was_duplicate=status == "duplicate",
        letters=[SettledDeadLetter.of(one) for one in attempts] if error is None else [],
        error=error,
    )


async def _find(info: Info, item: AnyInput) -> list[model.DeadLetter]:
    """The letters that an input means.

    Raises:
        BadField: it names none or too many, or both ways of naming them.
        BadId: an id is none of a dead letter.
        NotFound: there is no such letter.
    """
    graph = info.context.require_writes().letters.graph
    if isinstance(item, ReplayDeadLettersInput) and item.filter is not None:
        if item.ids is not None or not 1 <= item.limit <= LETTERS_MAX:
            raise BadField(f"Pass `ids`, or a `filter` with a limit of 1 to {LETTERS_MAX}.")
        wanted = replace(read_filter(item.filter), state="waiting")
        return await graph.read(list_dead_letters, wanted=wanted, row_limit=item.limit)
    ids = _ids(item)
    found = await graph.read(find_dead_letters, ids=sorted(ids))
    if len(found) < len(ids):
        raise NotFound("There is no dead letter with one of these ids; it may have been forgotten.")
    return found


async def _find_tried(info: Info, item: AnyInput) -> list[model.DeadLetter]:
    """The letters that an input meant when it was done."""
    graph = info.context.require_writes().letters.graph
    if isinstance(item, ReplayDeadLettersInput) and item.filter is not None:
        by = f"{caller_source(str(info.context.principal.key_id))}/{item.idempotency_key.strip()}"
        return await graph.read(find_tried_letters, tried_by=by)
    return await graph.read(find_dead_letters, ids=sorted(_ids(item)))


def _ids(item: AnyInput) -> set[str]:
    named = [item.id] if isinstance(item, MendDeadLetterInput) else item.ids or []
    if not 1 <= len(named) <= LETTERS_MAX:
        raise BadField(f"Name 1 to {LETTERS_MAX} letters.")
    return {parse_id("DeadLetter", str(one)) for one in named}


def _discard(letter: model.DeadLetter) -> Attempt:
    if letter.state != "waiting":
        return Attempt(
            letter=letter, became="settled_before", message=f"The letter was {letter.state} before."
        )
    return Attempt(letter=replace(letter, state="discarded"), became="discarded")


def _as_it_stands(letter: model.DeadLetter) -> Attempt:
    """What came of a letter by an earlier call."""
    if letter.state == "waiting":
        return Attempt(letter=letter, became="refused_again", message=letter.message)
    return Attempt(letter=letter, became=letter.state)


def _now(info: Info) -> Millis:
    return info.context.require_writes().clock()
