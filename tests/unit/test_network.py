"""The network of units stays a tree."""

import pytest

from graph_cdp.flows.write_org_units import BadNetwork, require_tree
from graph_cdp.source.business_rules.model import OrgUnit


def unit(id_: str, part_of: str | None = None) -> OrgUnit:
    return OrgUnit(id=id_, name=id_, part_of=part_of)


def chain(length: int) -> list[OrgUnit]:
    return [unit("0"), *(unit(str(number), str(number - 1)) for number in range(1, length))]


def test_a_tree_is_a_tree() -> None:
    require_tree([])
    require_tree([unit("lyon", "france"), unit("france"), unit("spain")])
    require_tree(chain(16))


def test_of_two_units_with_one_id_the_later_counts() -> None:
    require_tree([unit("a", "b"), unit("b"), unit("b", "c"), unit("c")])
    with pytest.raises(BadNetwork):
        require_tree([unit("a", "b"), unit("b"), unit("b", "a")])


@pytest.mark.parametrize(
    "units", [[unit("a", "a")], [unit("a", "b"), unit("b", "a")], [unit("a", "nowhere")], chain(17)]
)
def test_what_is_no_tree_is_refused(units: list[OrgUnit]) -> None:
    with pytest.raises(BadNetwork) as error:
        require_tree(units)
    assert error.value.code == "BAD_NETWORK"
