"""Lists, as Relay connections with keyset cursors.

Every list is sorted by a time and, where times are equal, by an opaque id; a cursor names the last row seen by
those two. So a page costs the same wherever it lies, rows that arrive meanwhile move nothing, and a cursor holds
no personal data. Pages go forwards only (`first`, `after`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry

from graph_cdp.api.base64url import from_base64url, to_base64url
from graph_cdp.api.errors import BadCursor, BadPageSize
from graph_cdp.api.limits import PAGE_MAX
from graph_cdp.ids import Millis

Node = TypeVar("Node")
Row = TypeVar("Row")

_CURSOR = re.compile(r"(?P<list>[a-z_]+):(?P<at>-?\d{1,18}):(?P<id>[A-Za-z0-9-]{1,64})")

SMALLEST, LARGEST = -(2**63), 2**63 - 1
"""Before and after all times: Cypher's integers have 64 bits."""

First = Annotated[int, strawberry.argument(description=f"How many at most: 1 to {PAGE_MAX}.")]
After = Annotated[
    str | None,
    strawberry.argument(
        description="The cursor after which to go on: `pageInfo.endCursor` of the page before."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a row stands in its list: its time, and its opaque id among rows of the same time."""

    at: Millis
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows are asked for: `size` of them, after `after` (None: from the start)."""

    size: int
    after: Position | None


@strawberry.type(description="Where a page stands in its list (Relay).")
class PageInfo:
    """Relay's PageInfo, with the names that Relay prescribes."""

    has_next_page: bool = strawberry.field(
        name="hasNextPage", description="Whether more rows follow this page."
    )
    has_previous_page: bool = strawberry.field(
        name="hasPreviousPage",
        description="Whether this page was asked for with `after`, so that rows precede it.",
    )
    start_cursor: str | None = strawberry.field(
        name="startCursor", description="The cursor of the first row."
    )
    end_cursor: str | None = strawberry.field(
        name="endCursor", description="The cursor of the last row: pass it as `after` to get the next page."
    )


@strawberry.type(description="A row of a list, with its place.")
class Edge(Generic[Node]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="This row's place: pass it as `after` to go on behind it.")
    node: Node = strawberry.field(description="The row itself.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[Node]):
    """Relay's connection."""

    edges: list[Edge[Node]] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")
    total_count: int | None = strawberry.field(
        default=None,
        description="How many rows the whole list has: `42`. Counted only where it is asked for; null where it cannot be.",
    )


def encode_cursor(list_name: str, position: Position) -> str:
    """The cursor of a place in the list of that name: opaque to callers, without personal data."""
    text = f"{list_name}:{position.at}:{position.id}"
    return to_base64url(text.encode())


def decode_cursor(list_name: str, cursor: str) -> Position:
    """The place that a cursor of this list names.

    Raises:
        BadCursor: it is no cursor, or one of another list.
    """
    match = _CURSOR.fullmatch(from_base64url(cursor).decode("ascii", "replace"))
    if match is None or match["list"] != list_name:
        raise BadCursor(
            f"`after` is no cursor of the list `{list_name}`. Pass `pageInfo.endCursor` of its page before."
        )
    return Position(at=int(match["at"]), id=match["id"])


def parse_page(list_name: str, first: int, after: str | None) -> Page:
    """The page that the arguments of a connection ask for.

    Raises:
        BadPageSize: `first` is out of bounds.
        BadCursor: `after` is no cursor of this list.
    """
    if not 1 <= first <= PAGE_MAX:
        raise BadPageSize(
            f"`first` is {first}; it must be 1 to {PAGE_MAX}. For more rows, go on with `after`."
        )
    return Page(size=first, after=decode_cursor(list_name, after) if after else None)


def page_info(page: Page, cursors: Sequence[str], *, has_more: bool) -> PageInfo:
    """Where a page with these cursors stands."""
    return PageInfo(
        has_next_page=has_more,
        has_previous_page=page.after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def connect(
    list_name: str,
    page: Page,
    rows: Sequence[Row],
    *,
    node: Callable[[Row], Node],
    position: Callable[[Row], Position],
) -> Connection[Node]:
    """The connection of a page; `rows` holds one row more than the page where more follow."""
    shown = rows[: page.size]
    edges = [Edge(cursor=encode_cursor(list_name, position(row)), node=node(row)) for row in shown]
    return Connection(
        edges=edges,
        page_info=page_info(page, [edge.cursor for edge in edges], has_more=len(rows) > page.size),
    )
