"""What the compiler builds: objects with their rows, and fragments with its variables and numbers."""

import re
from contextlib import suppress
from dataclasses import dataclass

from graphql import FieldNode, GraphQLField, ListValueNode, ObjectValueNode, ValueNode, VariableNode

from graph_cdp.api.connections import Page
from graph_cdp.api.selection.arguments import read_arguments
from graph_cdp.api.selection.fields import AFTER, FIRST, Params, Rows, Start
from graph_cdp.errors import GraphCdpError

_NAME = re.compile(r"\$(?P<param>\w+)|\b(?P<word>it|parent)\b")
_OF_ONE = re.compile(r"\$(?!row_limit_)(?P<param>\w+)")
_CALL = re.compile(r"CALL \((?P<given>[^)]*)\)")


class NotCompiled(Exception):
    """The selection holds a field that is not read from the graph in this way; it is resolved as any other field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A field whose arguments become parameters with its number. `fixed` is its page and these parameters where no variable
    can change them. A list `peeks` where somebody asks whether rows follow its page.
    """

    number: int
    reads: Rows | Start
    definition: GraphQLField
    node: FieldNode
    peeks: bool = False
    fixed: tuple[Page, Params] | None = None

    @property
    def is_first(self) -> bool:
        """Whether a list is asked for from its beginning, and all of it: nothing is said but how many."""
        return self.named <= {FIRST.name}

    @property
    def named(self) -> frozenset[str]:
        """The arguments that the document names."""
        return frozenset(argument.name.value for argument in self.node.arguments or ())


def bound_page(number: int, reads: Rows, definition: GraphQLField, node: FieldNode, *, peeks: bool) -> Bound:
    """A list, with its page where the document alone says which."""
    fixed = None
    if not any(_has_variable(argument.value) for argument in node.arguments or ()):
        with suppress(GraphCdpError):  # told by whoever asks
            page, params = reads.bind(read_arguments(definition, node, {}), peeks=peeks)
            fixed = page, {f"{name}_{number}": value for name, value in params.items()}
    return Bound(number=number, reads=reads, definition=definition, node=node, peeks=peeks, fixed=fixed)


def _has_variable(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode(values=values):
            return any(_has_variable(one) for one in values)
        case ObjectValueNode(fields=fields):
            return any(_has_variable(field.value) for field in fields)
        case _:
            return False


class Block:
    """An object that is being compiled: its variable, the expressions of its row, and the subqueries that they need. It is `alone` where the
    query starts from it.
    """

    def __init__(self, it: str, *, carried: tuple[str, ...] = (), alone: bool = False) -> None:
        self.it = it
        self.carried = carried
        self.alone = alone
        self.columns: list[str] = []
        self.calls: list[str] = []

    def add(self, expression: str) -> int:
        """The place of an expression in the row."""
        if expression not in self.columns:
            self.columns.append(expression)
        return self.columns.index(expression)

    def row(self) -> str:
        """The row as Cypher."""
        return f"[{', '.join(self.columns)}]"


def place(fragment: str, it: str, parent: str = "", number: int = 0) -> str:
    """A fragment with the compiler's variables, and the number of its parameters."""

    def put(found: re.Match[str]) -> str:
        if found["param"]:
            return f"${found['param']}_{number}"
        return it if found["word"] == "it" else parent

    return _NAME.sub(put, fragment)


def page_text(reads: Rows, parent: Block, inner: Block, bound: Bound) -> str:
    """The subquery of a page."""
    number = bound.number
    kept = "".join(f", {name}" for name in reads.carried)
    at, id_ = place(reads.at, inner.it), place(reads.id, inner.it)
    first = ((parent.alone and reads.alone) or reads.first) if bound.is_first else None
    return "\n".join(
        [
            f"CALL ({parent.it}) {{",
            place(first or reads.match, inner.it, parent.it, number),
            f"WITH {inner.it}{kept}, {at} AS at{number}, {id_} AS id{number}",
            *([] if first else [_behind(reads, bound)]),
            f"WITH * ORDER BY at{number} {reads.order}, id{number} {reads.order} LIMIT $row_limit_{number}",
            *inner.calls,
            f"RETURN collect({inner.row()}) AS r{number}",
            "}",
        ]
    )


def _behind(reads: Rows, bound: Bound) -> str:
    """Which rows lie behind the cursor; all that have a time, where the document has no cursor."""
    number = bound.number
    if AFTER.name not in bound.named:
        return f"WHERE at{number} IS NOT NULL"
    sign = ">" if reads.order == "ASC" else "<"
    return f"WHERE at{number} {sign} $at_{number} OR (at{number} = $at_{number} AND id{number} {sign} $id_{number})"


def count_text(reads: Rows, parent: str, number: int) -> str:
    """The subquery that counts a whole list."""
    match = place(reads.count or reads.match, f"x{number}", parent, number)
    return f"CALL ({parent}) {{\n{match}\nRETURN count(DISTINCT x{number}) AS c{number}\n}}"


def for_several(text: str) -> str:
    """A statement for requests that differ in their parameters only: the first `$count` of `$requests` are those of each;
    `$row_limit_1` and so on stay, since Cypher lets no row say a LIMIT. Its one value is a list of [number of the request, its answer].
    """
    inner = _CALL.sub(lambda found: f"CALL ({', '.join(filter(None, ('request', found['given'])))})", text)
    return "\n".join(
        [
            "UNWIND range(0, $count - 1) AS number",
            "WITH number, $requests[number] AS request",
            "CALL (request) {",
            _OF_ONE.sub(lambda found: f"request.{found['param']}", inner),
            "}",
            "RETURN collect([number, answer]) AS answers",
        ]
    )
