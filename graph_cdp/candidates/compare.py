"""The records that changed, compared with their candidates by the policy that learned from all: pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from graph_cdp.candidates.model import KeyChanges, MatchableRecord, Pair, Strength
from graph_cdp.ids import MatchKey, RecordKey
from graph_cdp.matching.linkage.blocking import default_rules, match_keys
from graph_cdp.matching.linkage.columns import Column, date_orders, make_columns
from graph_cdp.matching.linkage.edges import find_edges
from graph_cdp.matching.linkage.policy import MatchPolicy


def keys_of(records: Sequence[MatchableRecord], policy: MatchPolicy) -> dict[RecordKey, frozenset[MatchKey]]:
    """The match keys of each record; none of one that says too little."""
    some = [record for record in records if record.says_enough]
    columns = _columns(some, policy)
    keys = match_keys(columns, default_rules(list(columns.values())))
    of_some = {record.key: frozenset(found) for record, found in zip(some, keys, strict=bool(columns))}
    return {record.key: of_some.get(record.key, frozenset()) for record in records}


def key_changes(
    records: Iterable[MatchableRecord], policy: MatchPolicy, *, full: frozenset[MatchKey] = frozenset()
) -> KeyChanges:
    """The match keys that are gone and those that are new, of each record of which any are; a key that is known to be full is not
    given.
    """
    held = list(records)
    wanted = keys_of(held, policy)
    changes = {
        record.key: (record.match_keys - wanted[record.key], wanted[record.key] - record.match_keys - full)
        for record in held
    }
    return {key: change for key, change in changes.items() if any(change)}


def find_matches(
    records: Sequence[MatchableRecord], pairs: Iterable[Pair], policy: MatchPolicy
) -> dict[Pair, Strength]:
    """Which of these pairs are worth keeping, as matching all records would find them."""
    place_of = {record.key: place for place, record in enumerate(records)}
    places = np.array([[place_of[pair.left], place_of[pair.right]] for pair in pairs], dtype=np.int64)
    columns = _columns(records, policy)
    if not len(places) or not columns:
        return {}
    sources = [record.source for record in records]
    edges = find_edges(columns, sources, (places[:, 0], places[:, 1]), policy)
    return {
        Pair(records[edge.left].key, records[edge.right].key): Strength(edge.weight, edge.probability)
        for edge in edges
    }


def _columns(records: Sequence[MatchableRecord], policy: MatchPolicy) -> Mapping[str, Column]:
    """What the records say of the fields that the policy learned; a field of which they say nothing is no column."""
    known = policy.learned.m.keys() if policy.learned else frozenset[str]()
    fields = sorted({name for record in records for name in record.said if name in known})
    cells = {name: [record.said.get(name) for record in records] for name in fields}
    sources = [record.source for record in records]
    day_first = date_orders(cells, sources, known=policy.day_first)
    columns = make_columns(cells, sources, region=policy.region, day_first=day_first)
    return {column.field.name: column for column in columns if column.values}
