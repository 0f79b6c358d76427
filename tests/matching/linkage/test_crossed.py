"""Columns of one meaning: a phone is found in whichever column it stands."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.matching.evaluation import evaluate
from graph_cdp.matching.linkage.blocking import Cap, default_rules, find_blocks
from graph_cdp.matching.linkage.blocks import Partners
from graph_cdp.matching.linkage.columns import Column, make_columns
from graph_cdp.matching.linkage.comparisons import compare_all
from graph_cdp.matching.linkage.policy import MatchPolicy
from tests.matching.linkage.test_duplicates import SYLLABLES
from tests.matching.linkage.test_match_files import GIVEN

PHONES = st.sampled_from((None, "0612345678", "0698765432", "0145454545"))
ELSE, EQUAL = 0, 2


def columns_of(rows: list[tuple[str | None, ...]]) -> dict[str, Column]:
    names = ("phone", "phone 2", "phone 3")[: len(rows[0])]
    cells = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return {one.field.name: one for one in make_columns(cells, [""] * len(rows), region="FR")}


@pytest.mark.parametrize(
    ("one", "other", "levels"),
    [
        (("0612345678", "0145454545"), ("0145454545", "0612345678"), (EQUAL, EQUAL)),
        (("0612345678", "0145454545"), ("0145454545", None), (EQUAL, -1)),
        (("0612345678", None), (None, "0612345678"), (EQUAL, -1)),
        (("0612345678", "0145454545"), ("0145454545", "0698765432"), (EQUAL, ELSE)),
        (("0612345678", "0145454545"), ("0612345678", "0698765432"), (EQUAL, ELSE)),
        (("0612345678", "0612345678"), ("0612345678", None), (EQUAL, -1)),
        (("0612345678", None), ("0698765432", "0145454545"), (ELSE, -1)),
    ],
)
def test_what_is_equal_across_columns_is_equal(
    one: tuple[str | None, ...], other: tuple[str | None, ...], levels: tuple[int, int]
) -> None:
    found = compare_all(columns_of([one, other]), np.array([0, 1]), np.array([1, 0]))
    assert [found[name].tolist() for name in ("phone", "phone 2")] == [[level] * 2 for level in levels]


@given(rows=st.lists(st.tuples(PHONES, PHONES, PHONES), min_size=2, max_size=8))
def test_levels_are_symmetric_and_tell_every_phone_in_common(rows: list[tuple[str | None, ...]]) -> None:
    columns = columns_of(rows)
    pairs = list(combinations(range(len(rows)), 2))
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    levels, turned = compare_all(columns, left, right), compare_all(columns, right, left)
    for name, of_field in levels.items():
        assert of_field.tolist() == turned[name].tolist()
    for place, (one, other) in enumerate(pairs):
        common = (set(rows[one]) & set(rows[other])) - {None}
        assert any(levels[name][place] == EQUAL for name in levels) == bool(common)


@given(rows=st.lists(st.tuples(PHONES, PHONES), min_size=2, max_size=12), most=st.integers(2, 8))
def test_who_have_a_phone_in_common_are_compared_unless_too_many_have_it(
    rows: list[tuple[str | None, ...]], most: int
) -> None:
    columns = columns_of(rows)
    found = find_blocks(columns, default_rules(list(columns.values())), Cap(records_max=most))
    left, right = Partners(found.blocks, len(rows)).pairs(0, len(rows))
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    for phone in {cell for row in rows for cell in row if cell}:
        one, other = ([n for n, row in enumerate(rows) if row[place] == phone] for place in (0, 1))
        across = {(min(a, b), max(a, b)) for a in one for b in other if a != b}
        if len(one) + len(other) <= most:
            assert across <= set(pairs)
        elif across:
            assert any(blocked.blocks_left_out for blocked in found.of_rules)


def contacts() -> Matched:
    """Half of the customers are twice: by an initial, and with their addresses and phones in other columns."""
    chance = Random(3)
    rows: list[tuple[str, ...]] = []
    for n in range(800):
        given_name = chance.choice(GIVEN)
        surname = "".join(chance.choice(SYLLABLES) for _ in range(3))
        mobile, landline = f"06{chance.randrange(10**8):08}", f"01{chance.randrange(10**8):08}"
        private, of_firm = f"{given_name}.{surname}{n}@example.com", f"{surname}@firm{n % 200}.example.com"
        rows.append((f"{n}-1", given_name, surname, mobile, landline, private, of_firm))
        if n % 2:
            phones = (landline, mobile) if n % 3 else (mobile, "")
            rows.append((f"{n}-2", f"{given_name[0]}.", surname, *phones, of_firm, private))
    chance.shuffle(rows)
    names = ("id", "prenom", "nom", "telephone", "mobile", "email", "email pro")
    columns = {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
    return match_tables([Table(name="crm", columns=columns)], MatchPolicy())


def test_customers_are_found_whichever_column_has_their_addresses_and_phones() -> None:
    matched = contacts()
    result = evaluate(matched.clusters, [id_.split("-")[0] for id_ in matched.records.ids])
    assert result.pairwise.precision >= 0.99
    assert result.pairwise.recall >= 0.99
