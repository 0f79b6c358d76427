"""Rows that say the same of a person: a customer with hundreds of purchases is one, and strangers who say little are not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.matching.linkage.blocking import Cap, Part, Rule, find_blocks
from graph_cdp.matching.linkage.blocks import Blocks, Listed, Partners
from graph_cdp.matching.linkage.columns import Column, make_column
from graph_cdp.matching.linkage.duplicates import find_duplicates
from graph_cdp.matching.linkage.fields import field_of
from graph_cdp.matching.linkage.policy import MatchPolicy
from tests.matching.linkage.test_match_files import GIVEN

NAMES = ("order_id", "prenom", "nom", "email", "cp", "article", "montant")
SYLLABLES = ("mar", "du", "ber", "lo", "tin", "ric", "val", "mi", "cha", "ro")


def purchases(*, loyal: int, guests: int = 0) -> Table:
    """A file of purchases: 600 customers with one to three, two with very many of which some have another spelling, and guests."""
    chance = Random(7)
    rows: list[tuple[str, ...]] = []

    def buy(customer: str, *said: str) -> None:
        rows.append(
            (f"{customer}-{len(rows)}", *said, chance.choice(SYLLABLES), f"{chance.randrange(9_999)}")
        )

    for n in range(600):
        surname = "".join(chance.choice(SYLLABLES) for _ in range(3))
        given_name, town = chance.choice(GIVEN), f"{chance.randrange(1_000, 96_000):05}"
        for _ in range(chance.randint(1, 3)):
            buy(f"c{n}", given_name, surname, f"{surname}{n}@example.com", town)
    for n in range(loyal):
        buy("a", "Josephine", "Beauharnais", "josephine@example.com", "92500")
        buy("b", "Theodule", "Vergniaud" if n % 3 else "Vergnaud", "theo@example.com", "33000")
    for _ in range(guests):
        buy("g", "", "CLIENT", "", "75001")
    return Table(
        name="shop",
        columns={name: list(cells) for name, cells in zip(NAMES, zip(*rows, strict=True), strict=True)},
    )


def people_of(matched: Matched, customer: str) -> Counter[str]:
    """The clusters of somebody's rows."""
    both = zip(matched.records.ids, matched.clusters, strict=True)
    return Counter(cluster for id_, cluster in both if id_.split("-")[0] == customer)


def test_a_customer_of_hundreds_of_purchases_is_one_person() -> None:
    matched = match_tables([purchases(loyal=250)], MatchPolicy())
    for customer in ("a", "b"):
        assert list(people_of(matched, customer).values()) == [250]
    assert max(matched.sizes) == 250


def test_the_same_by_what_was_learned() -> None:
    table = purchases(loyal=250)
    first = match_tables([table], MatchPolicy())
    again = match_tables([table], replace(MatchPolicy(), learned=first.model))
    assert again.clusters == first.clusters


def test_guests_who_say_hardly_anything_are_not_one_person() -> None:
    matched = match_tables([purchases(loyal=3, guests=300)], MatchPolicy())
    assert max(people_of(matched, "g").values()) == 1


def test_where_records_are_compared_one_by_one_a_key_is_full_as_before() -> None:
    policy = MatchPolicy(columns={"article": "ignored", "montant": "ignored"}, duplicates_once=False)
    matched = match_tables([purchases(loyal=250)], policy)
    assert len(people_of(matched, "a")) == 250
    assert any(one.blocks_left_out for one in matched.blocked)


RULES: list[Rule] = [
    (Part(field="given_name"),),
    (Part(field="city"),),
    (Part(field="given_name"), Part(field="city")),
]
WORDS = st.sampled_from((None, "lyon", "pau"))


def column(name: str, cells: list[str | None]) -> Column:
    return make_column(field_of(name), cells, [""] * len(cells), region="FR")


@given(
    rows=st.lists(st.tuples(WORDS, WORDS, st.integers(0, 1)), min_size=1, max_size=20), most=st.integers(2, 5)
)
def test_of_a_block_that_is_too_large_the_different_ones_are_compared_and_the_others_tied_to_them(
    rows: list[tuple[str | None, str | None, int]], most: int
) -> None:
    columns = {
        "given_name": column("given_name", [row[0] for row in rows]),
        "city": column("city", [row[1] for row in rows]),
    }
    sources = np.array([row[2] for row in rows])
    plain = find_blocks(columns, RULES, Cap(records_max=most, candidates_max=100))
    once = find_blocks(
        columns,
        RULES,
        Cap(records_max=most, candidates_max=100, duplicates=find_duplicates(columns, sources)),
    )
    before, found = (pairs_of(one.blocks, len(rows)) for one in (plain, once))
    assert before <= found
    first = {row: rows.index(row) for row in rows}
    for members in blocks_of(rows):
        different = {first[rows[one]] for one in members}
        if most < len(members) and len(different) <= most:
            assert found.issuperset(combinations(sorted(different), 2))
            for one in different:
                same = [other for other in members if rows[other] == rows[one]]
                assert found.issuperset(pairwise(same))
        elif len(members) > most:
            assert any(blocked.blocks_left_out for blocked in once.of_rules)


def pairs_of(blocks: Sequence[Blocks | Listed], records: int) -> set[tuple[int, int]]:
    left, right = Partners(blocks, records).pairs(0, records)
    return set(zip(left.tolist(), right.tolist(), strict=True))


def blocks_of(rows: list[tuple[str | None, str | None, int]]) -> list[list[int]]:
    """The blocks of all rules."""
    found: dict[object, list[int]] = {}
    for place, (given_name, city, _) in enumerate(rows):
        for key in (("g", given_name), ("c", city), ("gc", given_name, city)):
            if None not in key:
                found.setdefault(key, []).append(place)
    return [members for members in found.values() if len(members) > 1]
