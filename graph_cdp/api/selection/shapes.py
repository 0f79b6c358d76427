"""What a selection makes of the rows of its statement, in two ways that must give the same answer.

`plain` makes rows by response key, which the GraphQL library then walks as it walks any object: it checks, serialises, and
puts each error in its place. `finish` writes what makes the finished answer at once (`writing`). Whatever is not plain sailing
(a refusal, a null where none may be, a value that is none of its type) is `Unfinished`: then the plain way tells what is wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph_cdp.api.connections import Page, Position, encode_cursor
from graph_cdp.api.selection.writing import Finish, Writer, called, give_up

Values: TypeAlias = Sequence[Any]


class Row:
    """An object on the plain way: the name of its type, and its values by response key. An error is raised where it is read."""

    __slots__ = ("typename", "values")

    def __init__(self, typename: str, values: dict[str, Any]) -> None:
        self.typename = typename
        self.values = values

    def value(self, key: str) -> Any:
        """The value under a response key."""
        found = self.values[key]
        if isinstance(found, Exception):
            raise found
        return found


class Run:
    """What one execution gave the statement: the page or the error of each list, by its number."""

    __slots__ = ("errors", "pages")

    def __init__(self) -> None:
        self.pages: dict[int, Page] = {}
        self.errors: dict[int, Exception] = {}


Way: TypeAlias = Callable[[Any, Run], Any]


class Shape:
    """How one value is made, plainly and finished. `at` is its place among the values of its row; None: it takes all of them.
    `finish` is None where the value is its own answer.
    """

    __slots__ = ("at", "finish", "plain")

    def __init__(self, at: int | None, plain: Way, finish: Finish | None) -> None:
        self.at = at
        self.plain = plain
        self.finish = finish

    def of(self, values: Any) -> Any:
        """What it takes of a row."""
        return values if self.at is None else values[self.at]

    def write(self, writer: Writer, row: str) -> str:
        """The expression of the finished value of a row."""
        read = row if self.at is None else f"{row}[{self.at}]"
        return read if self.finish is None else self.finish(writer, read)


Entries: TypeAlias = Sequence[tuple[str, Shape]]


def write_object(writer: Writer, entries: Entries, row: str) -> str:
    """The expression of the finished object of a row."""
    return f"{{{', '.join(f'{key!r}: {shape.write(writer, row)}' for key, shape in entries)}}}"


Answer: TypeAlias = Callable[[Values, Run], dict[str, Any]]
"""Makes the finished answer of the values of a statement, or raises Unfinished where the plain way must answer."""


def answer_function(entries: Entries) -> Answer:
    """What finishes answers that have these fields."""
    writer = Writer()
    return writer.function("values, run", write_object(writer, entries, "values"))


def object_shape(at: int | None, typename: str, entries: Entries, *, optional: bool = True) -> Shape:
    """An object: null where its values are."""
    plans = [(key, shape.at, shape.plain) for key, shape in entries]

    def plain(values: Any, run: Run) -> Any:
        if values is None:
            return None
        return Row(
            typename, {key: way(values if place is None else values[place], run) for key, place, way in plans}
        )

    def finish(writer: Writer, read: str) -> str:
        if at is None:  # it is made of the row of another, which is there
            return write_object(writer, entries, read)
        row = writer.variable()
        missing = "None" if optional else f"{writer.name(give_up)}()"
        return f"({missing} if ({row} := {read}) is None else {write_object(writer, entries, row)})"

    return Shape(at, plain, finish)


Derive: TypeAlias = Callable[[list[list[Any]]], list[list[Any]]]


def list_shape(at: int, item: Shape, derive: Derive | None = None) -> Shape:
    """A list of objects; `derive` makes of the rows that were read those that are shown."""

    def plain(values: Any, run: Run) -> Any:
        return [item.plain(value, run) for value in (derive(values) if derive else values)]

    def finish(writer: Writer, read: str) -> str:
        row = writer.variable()
        rows = f"{writer.name(derive)}({read})" if derive else read
        return f"[{item.write(writer, row)} for {row} in {rows}]"

    return Shape(at, plain, finish)


def constant_shape(value: str) -> Shape:
    """The same for every row: `__typename`. The library finds it by itself on the plain way."""
    return Shape(None, lambda _values, _run: value, lambda _writer, _read: repr(value))


def refused_shape(error: Exception) -> Shape:
    """A field that this role may not read: nothing is read for it."""
    return Shape(None, lambda _values, _run: error, lambda writer, _read: f"{writer.name(give_up)}()")


Places: TypeAlias = tuple[int, int]
"""Where a row holds its time and its id, of which its cursor is made."""


def cursor_shape(list_name: str, places: Places) -> Shape:
    """The cursor of a row."""

    def make(values: Any, _run: Run) -> Any:
        return _cursor(list_name, places, values)

    return Shape(None, make, called(make))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """What a connection is made of: the number of its page, the name of its list, and the place of its rows."""

    number: int
    list_name: str
    rows_at: int


def edges_shape(parts: PageParts, edge: Shape) -> Shape:
    """The rows of a page, without the one more that says whether others follow."""

    def plain(values: Any, run: Run) -> Any:
        return [edge.plain(row, run) for row in values[: run.pages[parts.number].size]]

    def finish(writer: Writer, read: str) -> str:
        row = writer.variable()
        return f"[{edge.write(writer, row)} for {row} in {read}[:run.pages[{parts.number}].size]]"

    return Shape(parts.rows_at, plain, finish)


def _cursor(list_name: str, places: Places, row: Values) -> str:
    at, id_ = places
    return encode_cursor(list_name, Position(at=row[at], id=row[id_]))


def page_flag_shape(parts: PageParts, name: str) -> Shape:
    """A field of `pageInfo` that says whether there is more, before or after."""

    def before(_rows: Values, run: Run) -> bool:
        return run.pages[parts.number].after is not None

    def after(rows: Values, run: Run) -> bool:
        return len(rows) > run.pages[parts.number].size

    way = after if name == "hasNextPage" else before
    return Shape(None, way, called(way))


def page_cursor_shape(parts: PageParts, name: str, places: Places) -> Shape:
    """A field of `pageInfo` that is the cursor of the first or the last row."""

    def way(rows: Values, run: Run) -> str | None:
        shown = rows[: run.pages[parts.number].size]
        return _cursor(parts.list_name, places, shown[0 if name == "startCursor" else -1]) if shown else None

    return Shape(None, way, called(way))


def page_shape(parts: PageParts, connection: Shape) -> Shape:
    """A connection, or the error of its arguments."""

    def plain(values: Any, run: Run) -> Any:
        return run.errors.get(parts.number) or connection.plain(values, run)

    return Shape(connection.at, plain, connection.finish)


def start_shape(at: int, number: int, item: Shape, several: Callable[[], Exception] | None) -> Shape:
    """The one object that a query starts from: null for none, an error for two."""

    def plain(values: Any, run: Run) -> Any:
        if number in run.errors:
            return run.errors[number]
        if len(values) > 1 and several:
            return several()
        return item.plain(values[0], run) if values else None

    def finish(writer: Writer, read: str) -> str:
        found, row = writer.variable(), writer.variable()
        several_found = f"len({found}) > 1 or ({row} := {found}[0]) is None"
        one = f"{writer.name(give_up)}() if {several_found} else {item.write(writer, row)}"
        return f"(None if not ({found} := {read}) else {one})"

    return Shape(at, plain, finish)
