"""The finished way and the plain way give the same answer, or the finished way gives up: whatever the graph holds, of any type."""

import math
from collections.abc import Mapping
from typing import Any, cast

import orjson
import pytest

from graph_cdp.access.model import KeyId, Principal
from graph_cdp.api.context import Context
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.documents import Asked, Documents
from graph_cdp.graph.transactions import Graph

MARIE = "00000000-0000-4000-8000-000000000001"

QUERY = f"""{{ person(id: "{MARIE}") {{ id person_id is_known created_at changes {{ edges {{ node {{ evidence at }} }} }}
  transactions {{ edges {{ cursor node {{ kind amount quantity currency occurred_at record {{ key }} }} }} }} }} }}"""

SOLD = (1_767_225_600_000, "t-1", "order", 10.5, 3, "EUR", 1_767_225_600_000, ["crm:row:1"])
"""A transaction, after the time and the id of which its cursor is made."""

PERSON = (MARIE, True, 1_767_225_600_123, ([["email 5f0c"], 1],), (SOLD,))

DOCUMENTS = Documents(schema.core)

ODD: tuple[object, ...] = (
    None, True, False, 0, -1, 3, 2**31, -(2**31), 10**18, 2**63, 1.5, -0.0, math.nan, math.inf, 1.7e308, "", "order", "x",
    [], ["order"], [None], [1], {}, b"order",
)  # fmt: skip


class OfValues(Graph):
    """A graph whose every statement reads these values."""

    def __init__(self, values: Any) -> None:
        self.values = values

    async def read_record(self, text: str, params: Mapping[str, Any]) -> Any:
        del text, params
        return [self.values]


async def both(values: Any) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What the finished way answers, and the plain way where it has no error."""
    graph = OfValues(values)
    asked = Asked(query=QUERY, variables={}, operation_name=None, role="app", region="FR")
    context = Context(principal=Principal(key_id=KeyId("key"), role="app"), graph=graph, default_region="FR")
    finished = await DOCUMENTS.answer(asked, graph)
    plain = await schema.execute(QUERY, context_value=context)
    return finished, None if plain.errors else plain.data


def changed(values: Any, path: tuple[int, ...], odd: Any) -> Any:
    """The values with another one at a place."""
    if not path:
        return odd
    return [changed(one, path[1:], odd) if number == path[0] else one for number, one in enumerate(values)]


def places(values: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Where there is a value."""
    if not isinstance(values, list | tuple):
        return [path]
    items = enumerate(cast("list[Any]", values))
    return [place for number, one in items for place in places(one, (*path, number))]


LEAVES = [place for place in places(PERSON) if place not in {(4, 0, 0), (4, 0, 1)}]


async def test_usual_values_are_finished() -> None:
    finished, plain = await both([[list(PERSON)]])

    assert finished is not None
    assert finished == plain
    assert finished["person"]["transactions"]["edges"][0]["node"]["kind"] == "ORDER"
    assert finished["person"]["created_at"] == "2026-01-01T00:00:00.123Z"


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_odd_values_are_as_the_plain_way_has_them(odd: Any) -> None:
    """At each place in turn. What is compared is what they are written as, since `1 == True`."""
    for place in LEAVES:
        finished, plain = await both([[changed(PERSON, place, odd)]])

        assert finished is None or repr(finished) == repr(plain), place


async def test_an_object_that_is_not_there_is_null() -> None:
    finished, plain = await both([[changed(PERSON, (4, 0, 7), None)]])

    assert finished is not None
    assert finished == plain
    assert finished["person"]["transactions"]["edges"][0]["node"]["record"] is None


async def test_nobody_is_null_and_two_are_left_to_the_plain_way() -> None:
    assert await both([[]]) == ({"person": None}, {"person": None})
    assert await both([[list(PERSON), list(PERSON)]]) == (None, None)


async def test_what_is_answered_is_json() -> None:
    finished, _ = await both([[list(PERSON)]])

    assert orjson.loads(orjson.dumps(finished)) == finished
