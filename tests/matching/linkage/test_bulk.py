"""What is done for whole columns at once is what the plain functions do one by one; and pairs that do not fit in memory lie in a file."""

import collections
import resource
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk import compared as comparing
from graph_cdp.bulk.compared import compare_pairs
from graph_cdp.bulk.cores import on_all_cores
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.bulk.pairs import NoRoom, PairFile, Pairs, all_of
from graph_cdp.matching.emails import plain_addresses
from graph_cdp.matching.linkage import patterns as counting
from graph_cdp.matching.linkage.blocking import Cap, Part, Rule, block, find_blocks
from graph_cdp.matching.linkage.blocks import Partners
from graph_cdp.matching.linkage.cleaning import clean, clean_all
from graph_cdp.matching.linkage.columns import Column, make_column
from graph_cdp.matching.linkage.comparisons import Comparer, Comparers
from graph_cdp.matching.linkage.fields import field_of
from graph_cdp.matching.linkage.learned import write_model
from graph_cdp.matching.linkage.patterns import Counter, patterns_of
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import judge
from graph_cdp.matching.phones import e164, plain_e164
from tests.matching.linkage.test_match_files import febrl

FIELDS = (
    "given_name",
    "surname",
    "birth_date",
    "birth_year",
    "gender",
    "postal_code",
    "email",
    "phone",
    "device",
    "city",
)
WORDS = st.one_of(
    st.sampled_from(
        ("Jean-Pierre", "jean pierre", " D'Œuvre ", "Null", "-", "N/A", "Bob", "Robert", "Rob", "Anna", "anne", "ANNÉ",
         "Marie Anne", "a", "A.", "12/03/1980", "1980-03-12", "1980-12-03", "1981-03-12", "75 002", "75003", "lea@x.fr",
         "Lea@X.fr", "leo@x.fr", "test@test.com", "noreply@x.fr", "0611111112", "+33611111112", "06 11 11 11 13",
         "0111111111", "+33111111111", "12 rue de Lyon", "12, rue de lyon", "rue de Lyon 12", "line\nfeed", "\u200bzero")
    ),
    st.text(max_size=9),
    st.text(alphabet="ab e", max_size=7),
    st.from_regex(r"0[0-9]{9}", fullmatch=True),
)  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
@given(cells=st.lists(WORDS, max_size=12))
def test_cells_are_cleaned_together_as_one_by_one(name: str, cells: list[str]) -> None:
    field = field_of(name)
    assert clean_all(field, cells, region="FR") == [clean(field, cell, region="FR") for cell in cells]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("birth_date", "32997", "1990-05-04"),  # the number behind a date in a spreadsheet
        ("birth_date", "32997.0", "1990-05-04"),
        ("birth_date", "1990", None),
        ("birth_date", "19900504.0", "1990-05-04"),
        ("postal_code", "75002.0", "75002"),
    ],
)
def test_what_spreadsheets_make_of_a_cell_is_read(name: str, cell: str, value: str | None) -> None:
    assert clean(field_of(name), cell) == value


@given(
    st.lists(
        st.one_of(
            st.from_regex(r"(\+33|0033|33|0)?[0-9]{8,10}\n?", fullmatch=True), st.just(""), st.just("\n")
        )
    )
)
def test_plain_numbers_are_what_the_library_makes_of_them(texts: list[str]) -> None:
    found = plain_e164(texts, "FR")
    assert len(found) == len(texts)
    assert all(plain in (None, e164(text, region="FR")) for plain, text in zip(found, texts, strict=True))


@given(
    st.lists(
        st.sampled_from(
            ("Lea@X.fr", "", "\n", "a@x.fr\nb@x.fr", "a@b.local", "\u212aim@x.fr", 70 * "a" + "@x.fr")
        )
    )
)
def test_plain_addresses_are_what_the_library_makes_of_them(texts: list[str]) -> None:
    plain = {"Lea@X.fr": "lea@x.fr"}
    assert plain_addresses(texts) == [plain.get(text) for text in texts]


def column(name: str, cells: Sequence[str | None]) -> Column:
    return make_column(field_of(name), cells, [""] * len(cells), region="FR")


@pytest.mark.parametrize("name", FIELDS)
@given(cells=st.lists(WORDS, min_size=2, max_size=9))
def test_letters_rule_out_only_what_is_nothing_alike(name: str, cells: list[str]) -> None:
    of_cells = column(name, cells)
    left, right = np.divmod(np.arange(len(cells) ** 2), len(cells))
    by_letters, plainly = (Comparer(of_cells, pairs).levels(left, right) for pairs in (10**6, -1))
    assert by_letters.tolist() == plainly.tolist()


A, B, A1, B1 = Part(field="given_name"), Part(field="city"), Part(field="given_name", characters=1), Part(field="city", characters=1)  # fmt: skip
RULES: list[Rule] = [(A,), (A, B), (A1, B), (A, B1), (A1, B1), (B1,)]
NAMED = st.lists(
    st.tuples(*[st.sampled_from((None, "lyon", "lille", "paris", "pau"))] * 2), min_size=1, max_size=14
)


@given(
    cells=NAMED, most=st.integers(2, 6), candidates_max=st.integers(1, 12), pairs_at_once=st.integers(1, 9)
)
def test_pairs_are_those_of_the_blocks_within_the_cap_whichever_range_they_are_of(
    cells: list[tuple[str | None, str | None]], most: int, candidates_max: int, pairs_at_once: int
) -> None:
    named, city = zip(*cells, strict=True)
    columns = {"given_name": column("given_name", named), "city": column("city", city)}
    blocking = find_blocks(columns, RULES, Cap(records_max=most, candidates_max=candidates_max))
    partners = Partners(blocking.blocks, len(cells))
    ranges = [partners.pairs(*one) for one in partners.ranges(pairs_at_once)]
    found = [pair for left, right in ranges for pair in zip(left.tolist(), right.tolist(), strict=True)]
    by_rule = [plain_blocks(cells, rule, most) for rule in RULES]
    kept = [block for blocks in by_rule for block in blocks]
    looks = plain_looks(kept, candidates_max)
    assert found == sorted(
        {
            pair
            for members in kept
            for pair in combinations(members, 2)
            if all(len(members) < looks.get(one, len(members) + 1) for one in pair)
        }
    )
    pairs = [sum(1 for block in blocks for _ in combinations(block, 2)) for blocks in by_rule]
    assert [one.pairs for one in blocking.of_rules] == pairs
    assert set(blocking.limited.tolist()) == looks.keys()
    partners_of = collections.Counter(record for pair in found for record in pair)
    assert max(partners_of.values(), default=0) <= candidates_max
    left, right, _ = block(columns, RULES, Cap(records_max=most, candidates_max=candidates_max))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == found


def plain_looks(blocks: list[list[int]], candidates_max: int) -> dict[int, int]:
    """Of each record that has too many candidates the size of blocks by which it does not look."""
    looks: dict[int, int] = {}
    for record in {record for members in blocks for record in members}:
        own = [members for members in blocks if record in members]
        others = {other for members in own for other in members if other != record}
        rarest = sorted(min(len(members) for members in own if other in members) for other in others)
        if len(rarest) > candidates_max:
            looks[record] = rarest[candidates_max]
    return looks


def plain_blocks(cells: list[tuple[str | None, str | None]], rule: Rule, most: int) -> list[list[int]]:
    """The blocks of a rule that are no larger than the cap."""
    blocks: dict[tuple[str, ...], list[int]] = {}
    for record, (given_name, city) in enumerate(cells):
        said = {"given_name": given_name, "city": city}
        key = tuple((said[part.field] or "")[: part.characters] for part in rule)
        if all(key):
            blocks.setdefault(key, []).append(record)
    return [members for members in blocks.values() if len(members) <= most]


@pytest.mark.parametrize("table_max", [0, counting.TABLE_MAX])
@given(cells=NAMED)
def test_patterns_are_counted_and_say_their_levels(
    table_max: int, cells: list[tuple[str | None, str | None]]
) -> None:
    named, city = zip(*cells, strict=True)
    columns = {"city": column("city", city), "given_name": column("given_name", named)}
    left, right = np.divmod(np.arange(len(cells) ** 2), len(cells))
    levels = Comparers(columns, len(left)).levels(left, right)
    patterns = patterns_of(list(columns.values()))
    numbers = patterns.of(levels)
    assert {name: found.tolist() for name, found in patterns.levels(numbers).items()} == {
        name: found.tolist() for name, found in levels.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "TABLE_MAX", table_max)
        counter = Counter(patterns)
        counter.add(numbers[:3])
        counter.add(numbers[3:])
        counted = counter.counted()
    expected, pairs = np.unique(numbers, return_counts=True)
    assert (counted.numbers.tolist(), counted.pairs.tolist()) == (expected.tolist(), pairs.tolist())
    assert counted.numbers[counted.place(numbers)].tolist() == numbers.tolist()
    assert counted.having("city", 3) == np.count_nonzero(levels["city"] == 3)


def test_more_fields_than_a_pattern_holds_are_refused() -> None:
    with pytest.raises(counting.TooManyFields, match="ignored"):
        patterns_of([column(f"column {number}", ["a"]) for number in range(30)])


@pytest.fixture(scope="module")
def matched() -> Matched:
    return match_tables(febrl(1), MatchPolicy())


def test_pairs_are_judged_by_pattern_as_by_their_levels(matched: Matched) -> None:
    scored, model = matched.scored, matched.model
    assert scored is not None
    assert model is not None
    weight, likely = judge(matched.records.columns, scored.levels, model, scored.left)
    assert weight.tobytes() == scored.weight.tobytes()
    assert likely.tobytes() == scored.probability.tobytes()
    joined = likely >= MatchPolicy().probability_join
    assert [(edge.left, edge.right, edge.weight) for edge in matched.edges] == list(
        zip(scored.left[joined].tolist(), scored.right[joined].tolist(), weight[joined].tolist(), strict=True)
    )


def test_the_size_of_ranges_changes_nothing(matched: Matched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "PAIRS_AT_ONCE", 300)
    again = match_tables(febrl(1), MatchPolicy())
    assert (again.clusters, list(again.edges), again.refused) == (
        matched.clusters,
        list(matched.edges),
        matched.refused,
    )
    assert again.model is not None
    assert matched.model is not None
    assert write_model(again.model) == write_model(matched.model)


def pairs_from(start: int, count: int) -> Pairs:
    numbers = np.arange(start, start + count, dtype=np.int64)
    return Pairs(left=numbers, right=numbers + 1, patterns=numbers * 7)


@pytest.mark.parametrize("possible", [100, 1 << 40])
def test_parts_are_read_in_order_whenever_they_were_written(possible: int) -> None:
    file = PairFile(possible)
    for number, start, count in ((1, 5, 3), (2, 8, 0), (0, 0, 5)):
        file.write(number, pairs_from(start, count))
    everything, expected = all_of(list(file.parts())), pairs_from(0, 8)
    assert len(file) == 8
    assert everything.left.tolist() == expected.left.tolist()
    assert everything.right.tolist() == expected.right.tolist()
    assert everything.patterns.tolist() == expected.patterns.tolist()


def test_without_room_for_temporary_files_it_says_what_to_do() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, hard))
    try:
        with pytest.raises(NoRoom, match="TMPDIR"):
            PairFile(100).write(0, pairs_from(0, 1_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_work_on_all_cores_comes_back_in_order_and_fails_loudly() -> None:
    assert list(on_all_cores(lambda number: number * number, range(50))) == [n * n for n in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(on_all_cores(lambda number: 1 / number, [1, 0]))


def test_pairs_that_agree_in_names_and_birth_are_told_apart() -> None:
    columns = {
        "given_name": column("given_name", ["Anne", "anne", "Paul"]),
        "surname": column("surname", ["Martin"] * 3),
        "birth_date": column("birth_date", ["1980-01-01"] * 3),
    }
    found = find_blocks(columns, [(Part(field="surname"),)])
    compared = compare_pairs(columns, found.blocks)
    assert len(compared.pairs) == 3
    assert [side.tolist() for side in compared.agreeing] == [[0], [1]]
    kept = compared.only(lambda pairs: pairs.right == 1)
    assert (len(kept.pairs), kept.counted.pairs.tolist()) == (1, [1])
