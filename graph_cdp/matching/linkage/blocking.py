"""Blocking rules: which pairs are worth comparing. A rule is fields, or their beginnings, that must be equal.

What two records have in common under a rule is a match key: a hash of the rule and the values, so that it tells nothing of them and
is the same in every process. Records of one key are a block. A block with more records than the cap brings more pairs than it is worth; it is left out, and the report says so loudly, for
what is found only through it is not found (splink#2732: one block of a million records is 5 * 10^11 pairs).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from graph_cdp.ids import MatchKey
from graph_cdp.matching.linkage.columns import NOTHING, Codes, Column

BLOCK_RECORDS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field that must be equal, or its first `characters`."""

    field: str
    characters: int | None = None

    def __str__(self) -> str:
        return self.field if self.characters is None else f"{self.field}[:{self.characters}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """What a rule brought: pairs, and the blocks that were left out with their records; `full` are the keys of these blocks."""

    rule: str
    pairs: int
    blocks_left_out: int
    records_left_out: int
    full: Sequence[MatchKey] = ()


Rule = tuple[Part, ...]


def default_rules(columns: Sequence[Column]) -> list[Rule]:
    """Rules for the fields that there are: every identifier, and pairs of what says who somebody is, and where."""
    by_kind: dict[str, list[str]] = {}
    for column in columns:
        by_kind.setdefault(column.field.kind, []).append(column.field.name)
    alone = [(Part(field=name),) for kind in ("identifier", "device") for name in by_kind.get(kind, [])]
    given, surname = by_kind.get("given_name", []), by_kind.get("surname", [])
    when = by_kind.get("birth_date", []) + by_kind.get("year", [])
    where = by_kind.get("postal_code", []) + by_kind.get("text", [])
    named = [Part(field=name) for name in given + surname]
    begun = [Part(field=name, characters=3) for name in given + surname]
    placed = [Part(field=name) for name in where]
    dated = [Part(field=name) for name in when]
    rules: list[Rule] = [*alone, *combinations(named, 2)]
    rules += [(one, other) for one in dated for other in (*begun, *placed)]
    rules += [(one, other) for one in named for other in placed]
    rules += [(one, other) for one, other in combinations(placed, 2)]
    rules += [(*some, Part(field=name, characters=4)) for some in combinations(begun, 2) for name in when]
    rules += [(one, other) for one in begun for other in placed]
    rules += [(*some, other) for some in combinations(begun, 2) for other in placed]
    rules += list(combinations(begun, 2))
    return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Which blocks are left out: those of more than `records_max`, and those of keys that were full before."""

    records_max: int = BLOCK_RECORDS_MAX
    full: frozenset[MatchKey] = frozenset()


def block(
    columns: Mapping[str, Column], rules: Sequence[Rule], cap: Cap = Cap()
) -> tuple[Codes, Codes, list[Blocked]]:
    """All pairs that any rule brings, each once, the lower record left; and what each rule brought."""
    records = len(next(iter(columns.values())).codes)
    found: list[NDArray[np.int64]] = []
    report: list[Blocked] = []
    for rule in rules:
        blocks = _blocks(_keys(columns, rule))
        wanted = blocks.sizes <= cap.records_max
        if cap.full:
            keys = _keys_of(columns, rule, blocks.order[blocks.starts])
            wanted &= np.array([key not in cap.full for key in keys], dtype=np.bool_)
        pairs = _pairs(blocks, wanted)
        found.append(pairs[0] * records + pairs[1])
        report.append(
            Blocked(
                rule=" + ".join(map(str, rule)),
                pairs=len(found[-1]),
                blocks_left_out=int(np.count_nonzero(~wanted)),
                records_left_out=int(blocks.sizes[~wanted].sum()),
                full=_keys_of(columns, rule, blocks.order[blocks.starts[~wanted]]),
            )
        )
    unique = _each_once(found)
    return unique // records, unique % records, report


def _each_once(found: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Every number once, in order. By sorting: `np.unique` hashes millions of numbers ten times as long."""
    if not found:
        return np.empty(0, dtype=np.int64)
    numbers = np.sort(np.concatenate(found))
    return numbers[np.append(True, numbers[1:] != numbers[:-1])] if len(numbers) else numbers


def match_keys(columns: Mapping[str, Column], rules: Sequence[Rule]) -> list[list[MatchKey]]:
    """The keys of each record, in order."""
    keys: list[set[MatchKey]] = [set() for _ in next(iter(columns.values())).codes] if columns else []
    for rule in rules:
        some = np.flatnonzero(_keys(columns, rule) >= 0)
        for record, key in zip(some.tolist(), _keys_of(columns, rule, some), strict=True):
            keys[record].add(key)
    return [sorted(of_record) for of_record in keys]


def _keys_of(columns: Mapping[str, Column], rule: Rule, records: Codes) -> list[MatchKey]:
    """The key of each of these records, of which each says what the rule asks for."""
    parts = [
        [
            columns[part.field].values[code][: part.characters]
            for code in columns[part.field].codes[records].tolist()
        ]
        for part in rule
    ]
    name = "\x1f".join(map(str, rule))
    return [_hash("\x1f".join((name, *values))) for values in zip(*parts, strict=True)]


def _hash(text: str) -> MatchKey:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _keys(columns: Mapping[str, Column], rule: Rule) -> Codes:
    """The block of each record, NOTHING where a field says nothing."""
    keys: Codes | None = None
    for part in rule:
        codes = _cut(columns[part.field], part.characters)
        if keys is None:
            keys = codes
            continue
        together = keys * (int(codes.max(initial=0)) + 1) + codes
        missing = (keys < 0) | (codes < 0)
        _, dense = np.unique(together, return_inverse=True)
        keys = np.where(missing, NOTHING, dense)
    if keys is None:
        raise ValueError("A blocking rule names at least one field.")
    return keys


def _cut(column: Column, characters: int | None) -> Codes:
    if characters is None:
        return column.codes
    starts = {value[:characters] for value in column.values}
    number = {start: place for place, start in enumerate(sorted(starts))}
    mapped = np.array([number[value[:characters]] for value in column.values], dtype=np.int64)
    return np.where(column.codes < 0, NOTHING, mapped[column.codes] if len(mapped) else NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """Blocks of more than one record: the records, one block after the other, and where each begins, with its size."""

    order: Codes
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def _blocks(keys: Codes) -> _Blocks:
    some = np.flatnonzero(keys >= 0)
    order = some[np.argsort(keys[some], kind="stable")]
    _, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    several = sizes > 1
    return _Blocks(order=order, starts=starts[several], sizes=sizes[several])


def _pairs(blocks: _Blocks, wanted: NDArray[np.bool_]) -> tuple[Codes, Codes]:
    """The pairs within the blocks that are wanted."""
    parts = list(_of_each_size(blocks.order, blocks.starts[wanted], blocks.sizes[wanted]))
    left = np.concatenate([one for one, _ in parts]) if parts else np.empty(0, dtype=np.int64)
    right = np.concatenate([one for _, one in parts]) if parts else np.empty(0, dtype=np.int64)
    return left, right


def _of_each_size(
    order: Codes, starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> Iterator[tuple[Codes, Codes]]:
    for size in np.unique(sizes):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        low, high = np.triu_indices(int(size), k=1)
        yield members[:, low].ravel(), members[:, high].ravel()
