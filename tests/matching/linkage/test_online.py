"""A few records compared by a policy that learned have the edges that they have among all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk.match import match_tables
from graph_cdp.bulk.matches import as_table, found_matches
from graph_cdp.candidates.compare import find_matches, keys_of
from graph_cdp.candidates.model import MatchableRecord, Pair, Strength, pair_of
from graph_cdp.ids import MatchKey, RecordKey
from graph_cdp.matching.linkage.policy import MatchPolicy, read_learned_policy, write_learned_policy
from tests.matching.linkage.test_match_files import febrl

Known = tuple[list[MatchableRecord], MatchPolicy, dict[Pair, Strength]]
FIELDS = ("given_name", "surname", "date_of_birth", "address_1", "suburb", "postcode", "soc_sec_id")
FIELD_OF = {"date_of_birth": "birth_date", "address_1": "address", "suburb": "city", "postcode": "postal_code", "soc_sec_id": "national_id"}  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Known:
    """Records, a policy that learned from them all, and their matches in bulk, with no more than two records a key."""
    (table,) = febrl(1)
    columns = {FIELD_OF.get(name, name): table.columns[name] for name in FIELDS}
    records = [
        MatchableRecord(
            key=RecordKey(f"crm:row:{place}"),
            source="crm",
            said={name: cell for name, cells in columns.items() if (cell := cells[place])},
            matches={},
        )
        for place in range(table.records)
    ]
    untrained = MatchPolicy(block_records_max=2, probability_join=0.5, duplicates_once=False)
    first = match_tables([as_table(records)], untrained)
    assert first.model
    policy = read_learned_policy(write_learned_policy(untrained, first.model, frozenset()))
    again = match_tables([as_table(records)], policy)
    assert found_matches(again) == found_matches(first)
    assert sum(one.blocks_left_out for one in again.blocked) > 0
    return records, policy, found_matches(again)


@pytest.fixture(scope="module")
def holders(known: Known) -> dict[MatchKey, list[RecordKey]]:
    """Who has each match key that few have."""
    records, policy, _ = known
    found: dict[MatchKey, list[RecordKey]] = {}
    for key, match_keys in keys_of(records, policy).items():
        for match_key in match_keys:
            found.setdefault(match_key, []).append(key)
    return {one: of_key for one, of_key in found.items() if len(of_key) <= policy.block_records_max}


@given(st.data())
def test_a_few_records_match_as_among_all(
    known: Known, holders: dict[MatchKey, list[RecordKey]], data: st.DataObject
) -> None:
    records, policy, in_bulk = known
    by_key = {record.key: record for record in records}
    some = data.draw(
        st.lists(st.sampled_from(records), min_size=1, max_size=12, unique_by=lambda one: one.key)
    )
    keys = keys_of(some, policy)
    pairs = {
        pair_of(one.key, other)
        for one in some
        for match_key in keys[one.key]
        for other in holders.get(match_key, ())
        if other != one.key
    }
    concerned = data.draw(st.permutations(sorted({key for pair in pairs for key in pair})))
    found = find_matches([by_key[key] for key in concerned], sorted(pairs), policy)
    arrived = {one.key for one in some}
    assert found == {pair: strength for pair, strength in in_bulk.items() if arrived & set(pair)}


def test_the_keys_of_a_record_are_the_same_alone(known: Known) -> None:
    records, policy, _ = known
    together = keys_of(records, policy)
    for record in records[::25]:
        assert keys_of([record], policy) == {record.key: together[record.key]}


def test_who_says_too_little_has_no_key(known: Known) -> None:
    records, policy, _ = known
    silent = MatchableRecord(key=RecordKey("crm:row:x"), source="crm", said={"surname": "green"}, matches={})
    assert keys_of([silent], policy) == {silent.key: frozenset()}
    assert find_matches([silent, records[0]], [pair_of(silent.key, records[0].key)], policy) == {}
