"""Dead letters: what was refused, why, and what became of it. For the roles admin and steward."""

from enum import Enum
from typing import Annotated, Self, cast

import strawberry

from graph_cdp.api.connections import After, Connection, First, Position, connect, parse_page
from graph_cdp.api.context import Context, Info
from graph_cdp.api.limits import PAGE_DEFAULT
from graph_cdp.api.node import Timestamp, global_id, parse_id
from graph_cdp.api.reads.keyset import descending
from graph_cdp.dead_letters import model
from graph_cdp.dead_letters.model import LetterCount, Wanted
from graph_cdp.dead_letters.repository import count_dead_letters, find_dead_letters, list_dead_letters
from graph_cdp.intake.times import parse_iso
from graph_cdp.intake.values import read_line

LIST = "dead_letters"


@strawberry.enum(description="How a dead letter stands.")
class DeadLetterState(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    WAITING = strawberry.enum_value("waiting", description="Nothing became of it yet.")
    REPLAYED = strawberry.enum_value("replayed", description="It was sent again, mended or not, and stored.")
    DISCARDED = strawberry.enum_value(
        "discarded", description="Somebody said that nothing is to become of it."
    )


@strawberry.enum(description="The way by which a message came.")
class Door(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    HTTP = strawberry.enum_value("http", description="A call of `/v1/*`.")
    GRAPHQL = strawberry.enum_value("graphql", description="An input of a mutation.")
    FILE = strawberry.enum_value("file", description="A row of a file that was imported.")


@strawberry.input(description="Which dead letters are meant: all that fit every field that is said.")
class DeadLetterFilter:
    """The filter of the list, of the counts, and of a replay."""

    state: DeadLetterState | None = strawberry.field(
        default=DeadLetterState.WAITING, description="How they stand; null: however."
    )
    source: str | None = strawberry.field(default=strawberry.UNSET, description="Their source: `web`.")
    code: str | None = strawberry.field(
        default=strawberry.UNSET, description="The reason, for programs: `NO_IDENTITY`."
    )
    rule: str | None = strawberry.field(
        default=strawberry.UNSET, description="The business rule that rejected them: `country-known`."
    )
    since: str | None = strawberry.field(
        default=strawberry.UNSET, description="First received then or later: `2026-01-31T00:00:00Z`."
    )
    until: str | None = strawberry.field(
        default=strawberry.UNSET, description="First received then or earlier: `2026-01-31T12:00:00Z`."
    )


@strawberry.type(
    description="A message that was refused, with the reason, which can be mended and sent again."
)
class DeadLetter:
    """A dead letter."""

    id: strawberry.ID = strawberry.field(description="A global id, for `dead_letter(id:)`.")
    dead_letter_id: strawberry.ID = strawberry.field(description="Its own id: opaque, of 64 characters.")
    source: str = strawberry.field(description="The name of the source that sent it.")
    message_id: str | None = strawberry.field(description="The id that its source gave it, where it has one.")
    code: str = strawberry.field(description="Why it was refused, for programs: `NO_IDENTITY`.")
    message: str = strawberry.field(description="Why, for people: what is wrong, and what to do.")
    rule: str | None = strawberry.field(
        description="The business rule of its source that rejected it; null where none did."
    )
    door: Door = strawberry.field(description="The way by which it came.")
    line: int | None = strawberry.field(
        description="Of a row of a file: the number of the line on which it ends; else null."
    )
    state: DeadLetterState = strawberry.field(description="How it stands.")
    is_whole: bool = strawberry.field(
        description="Whether `body` is all that was said. If not it cannot be replayed, only mended."
    )
    org_unit: str | None = strawberry.field(
        description="The unit of the network that its write key was bound to."
    )
    received_at: Timestamp = strawberry.field(description="When it came first; its facts keep this time.")
    last_received_at: Timestamp = strawberry.field(
        description="When it came last: a retry makes no new letter."
    )
    settled_at: Timestamp | None = strawberry.field(
        description="When it was replayed or discarded; null while it waits."
    )
    body: str = strawberry.field(
        description="The message as it was received: JSON, the beginning of it where it was longer than 64 KiB; of a row of a "
        "file its cells by column. It holds personal data."
    )

    @classmethod
    def of(cls, letter: model.DeadLetter) -> Self:
        """The type's object for a letter."""
        return cls(
            id=global_id("DeadLetter", letter.id),
            dead_letter_id=strawberry.ID(letter.id),
            source=letter.source,
            message_id=letter.message_id,
            code=letter.code,
            message=letter.message,
            rule=letter.rule,
            door=Door(letter.door),
            line=letter.place if letter.door == "file" else None,
            state=DeadLetterState(letter.state),
            is_whole=letter.is_whole,
            org_unit=letter.org_unit,
            received_at=Timestamp(letter.received_at),
            last_received_at=Timestamp(letter.last_received_at or letter.received_at),
            settled_at=None if letter.settled_at is None else Timestamp(letter.settled_at),
            body=letter.payload,
        )


@strawberry.type(description="How many dead letters a source has of one reason, and of one business rule.")
class DeadLetterCount:
    """A row of the counts."""

    source: str = strawberry.field(description="The name of the source.")
    code: str = strawberry.field(description="The reason, for programs.")
    rule: str | None = strawberry.field(description="The business rule; null where none rejected them.")
    letters: int = strawberry.field(description="How many there are.")
    newest_received_at: Timestamp = strawberry.field(description="When the newest of them came first.")

    @classmethod
    def of(cls, count: LetterCount) -> Self:
        """The type's object for a count."""
        return cls(
            source=count.source,
            code=count.code,
            rule=count.rule,
            letters=count.letters,
            newest_received_at=Timestamp(count.newest_received_at),
        )


Filter = Annotated[
    DeadLetterFilter | None,
    strawberry.argument(description="Which letters; those that wait if left out."),
]


@strawberry.type
class DeadLetterQueries:
    """What can be asked of dead letters."""

    @strawberry.field(
        description="Messages that were refused, the newest first. For the roles admin and steward."
    )
    async def dead_letters(
        self, info: Info, first: First = PAGE_DEFAULT, after: After = None, filter: Filter = None
    ) -> Connection[DeadLetter]:
        """A page of letters.

        Raises:
            Forbidden: the key's role may not read them.
            BadPageSize, BadCursor, BadTime: an argument is not of its form.
        """
        require_reader(info.context)
        page = parse_page(LIST, first, after)
        letters = await info.context.graph.read(
            list_dead_letters, wanted=read_filter(filter), **descending(page)
        )
        return connect(
            LIST,
            page,
            letters,
            node=DeadLetter.of,
            position=lambda letter: Position(at=letter.received_at, id=letter.id),
        )

    @strawberry.field(
        description="How many messages were refused, by source, reason and rule: the 200 largest counts, the largest "
        "first. For the roles admin and steward."
    )
    async def dead_letter_counts(self, info: Info, filter: Filter = None) -> list[DeadLetterCount]:
        """The counts.

        Raises:
            Forbidden: the key's role may not read them.
            BadTime: a time cannot be read.
        """
        require_reader(info.context)
        counts = await info.context.graph.read(count_dead_letters, wanted=read_filter(filter))
        return [DeadLetterCount.of(count) for count in counts]

    @strawberry.field(
        description="One dead letter, with its body as it was received; null if there is none. For the roles admin and "
        "steward."
    )
    async def dead_letter(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its `id` or `dead_letter_id`.")],
    ) -> DeadLetter | None:
        """The letter.

        Raises:
            Forbidden: the key's role may not read it.
            BadId: it is no id of a dead letter.
        """
        return await find_dead_letter(info, parse_id("DeadLetter", str(id)))


def require_reader(context: Context) -> None:
    """Go on only for whoever may read what was refused.

    Raises:
        Forbidden: the key has another role.
    """
    context.require("admin", "steward")


async def find_dead_letter(info: Info, id: str) -> DeadLetter | None:
    """The letter of an id.

    Raises:
        Forbidden: the key's role may not read it.
    """
    require_reader(info.context)
    letters = await info.context.graph.read(find_dead_letters, ids=[id])
    return DeadLetter.of(letters[0]) if letters else None


def read_filter(filter: DeadLetterFilter | None) -> Wanted:
    """The letters that a filter means.

    Raises:
        BadText: a text is not Unicode.
        BadTime: a time cannot be read.
    """
    said = filter or DeadLetterFilter()
    return Wanted(
        state=cast("model.State", said.state.value) if said.state else None,
        source=read_line(said.source or None, name="source"),
        code=read_line(said.code or None, name="code"),
        rule=read_line(said.rule or None, name="rule"),
        since=parse_iso(said.since, field="since") if said.since else None,
        until=parse_iso(said.until, field="until") if said.until else None,
    )
