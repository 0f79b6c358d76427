"""How a field of the schema says where it is in the graph: as fixed fragments of Cypher.

A fragment names the object that it belongs to `it`, and the one that a relation starts from `parent`; the compiler puts
its own variables in their place, and numbers the parameters. Nothing that a caller sends ever becomes part of a statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from graph_cdp.access.model import Role
from graph_cdp.api.connections import LARGEST, SMALLEST, Page, parse_page
from graph_cdp.api.limits import PAGE_DEFAULT, PAGE_MAX
from graph_cdp.api.permissions import MASKED_ROLES

READS = "graph_cdp.reads"
"""The key of a field's metadata under which its declaration stands."""

Params: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A value: an expression on `it`. `carries` names a variable that only some ways to the object carry; reached
    otherwise, the value is `otherwise`. `shown` makes of the graph's value the one that the schema's type expects.
    """

    cypher: str
    carries: str | None = None
    otherwise: str = "null"
    shown: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalId:
    """The global id of `it`, whatever its type is; of the property that is its own id."""

    cypher: str = "it.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object that is made of the same row as the one that it is part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """Another object, at most one: `match` finds `it` from `parent`. `missing` is the error where it finds none; without it,
    null.
    """

    match: str
    missing: Callable[[], Exception] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A list that the schema itself bounds: `match` finds each `it` from `parent`, in order."""

    match: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A list that a pure rule makes of rows: each begins with the expressions `columns`, and `derive` chooses and changes them."""

    match: str
    columns: tuple[str, ...]
    derive: Callable[[list[list[Any]]], list[list[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """An argument of a list: its name is that of its parameter. `bind` makes of what was given the parameter's value."""

    name: str
    type: object
    description: str
    default: object = strawberry.UNSET
    bind: Callable[[Any], Any] = lambda given: given


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A list with pages, sorted by a time and an id.

    `match` finds each `it` from `parent`; it may use `$at`, `$id` and `$row_limit`, with which a page is read that lies
    anywhere in an index. `first` does the same where nothing is asked for but the beginning of the whole list: it compares with no
    cursor and no filter, and finds no `it` without a time. `alone` does the same for the one object that a query starts from. `carried`
    are variables of `match` that edges show. `count` finds each `it` for `total_count`, where `match` would stop at the page. `masked` is
    the same list for those to whom values are masked, where the filters would tell them.
    """

    name: str
    match: str
    at: str
    id: str = "it.id"
    order: Literal["ASC", "DESC"] = "DESC"
    first: str | None = None
    alone: str | None = None
    carried: tuple[str, ...] = ()
    count: str | None = None
    filters: tuple[Filter, ...] = ()
    masked: "Rows | None" = None

    def read_by(self, role: Role) -> "Rows":
        """The list as somebody of this role reads it."""
        return self.masked if self.masked and role in MASKED_ROLES else self

    def bind(self, arguments: Mapping[str, Any], *, peeks: bool) -> tuple[Page, Params]:
        """The page that is asked for, and the parameters of the statement. One that `peeks` reads a row more, which says whether
        others follow.

        Raises:
            Invalid: an argument is wrong.
        """
        page = parse_page(self.name, arguments.get("first", PAGE_DEFAULT), arguments.get("after"))
        at, id_ = (page.after.at, page.after.id) if page.after else _start(self.order)
        params: Params = {"at": at, "id": id_, "row_limit": page.size + peeks}
        for one in self.filters:
            given = arguments.get(one.name)
            params[one.name] = None if given is None else one.bind(given)
        return page, params


def _start(order: Literal["ASC", "DESC"]) -> tuple[int, str]:
    return (SMALLEST, "") if order == "ASC" else (LARGEST, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a query starts: `match` finds `it` by the parameters that `bind` makes of the arguments.

    `match` finds two where the arguments point at several; `several` is the error that says so. `match_by` does the same where
    the document names one argument only: other ways are not looked at. `parameters` are the names that `bind` gives values to.
    """

    match: str
    bind: Callable[[Mapping[str, Any], str], Params]
    parameters: tuple[str, ...]
    arguments: tuple[Filter, ...] = ()
    carried: tuple[str, ...] = ()
    several: Callable[[], Exception] | None = None
    match_by: Mapping[str, str] = field(default_factory=dict[str, str])

    def match_for(self, named: frozenset[str]) -> str:
        """What finds `it` where the document names these arguments."""
        ways = [self.match_by.get(name, self.match) for name in named]
        return ways[0] if len(ways) == 1 else self.match


@dataclass(frozen=True, slots=True, kw_only=True)
class ByType:
    """Where a query starts that does not say of which type the answer is: the arguments do. `choose` names the type, and says
    how it is found.
    """

    choose: Callable[[Mapping[str, Any]], tuple[str, Start]]
    arguments: tuple[Filter, ...]


Reads: TypeAlias = Column | GlobalId | Part | One | Many | Derived | Rows | Start | ByType


def declared(
    description: str, reads: Reads, arguments: Sequence[Filter] = (), *, name: str | None = None
) -> Any:
    """A field that the compiler reads."""
    declaration = strawberry.field(description=description, name=name, metadata={READS: reads})
    declaration.arguments = [
        StrawberryArgument(
            python_name=one.name,
            graphql_name=None,
            type_annotation=StrawberryAnnotation(one.type),
            description=one.description,
            default=one.default,
        )
        for one in arguments
    ]
    return declaration


def column(
    cypher: str,
    description: str,
    *,
    shown: Callable[[Any], Any] | None = None,
    carries: str | None = None,
    otherwise: str = "null",
) -> Any:
    """A field that shows an expression on `it`."""
    return declared(description, Column(cypher=cypher, shown=shown, carries=carries, otherwise=otherwise))


def part(description: str) -> Any:
    """A field that shows an object made of the same row."""
    return declared(description, Part())


def one(match: str, description: str, *, missing: Callable[[], Exception] | None = None) -> Any:
    """A field that shows another object, or null, or an error where it is missing."""
    return declared(description, One(match=match, missing=missing))


def many(match: str, description: str) -> Any:
    """A field that shows a list which the schema itself bounds."""
    return declared(description, Many(match=match))


FIRST = Filter(
    name="first", type=int, default=PAGE_DEFAULT, description=f"How many at most: 1 to {PAGE_MAX}."
)
AFTER = Filter(
    name="after",
    type=str | None,
    description="The cursor after which to go on: `pageInfo.endCursor` of the page before.",
)


def pages(rows: Rows, description: str) -> Any:
    """A field that shows a list as a connection."""
    return declared(description, rows, (FIRST, AFTER, *rows.filters))


def derived(rows: Derived, description: str) -> Any:
    """A field that shows what a rule makes of rows."""
    return declared(description, rows)


def start(start: Start | ByType, description: str) -> Any:
    """A field of the root."""
    return declared(description, start, start.arguments)
