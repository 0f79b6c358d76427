"""Blocking rules: which pairs are worth comparing. A rule is fields, or their beginnings, that must be equal.

A block with more records than the cap brings more pairs than it is worth; it is left out, and the report says so loudly, for
what is found only through it is not found (splink#2732: one block of a million records is 5 * 10^11 pairs).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

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
    """What a rule brought: pairs, and the blocks that were left out with their records."""

    rule: str
    pairs: int
    blocks_left_out: int
    records_left_out: int


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


def block(
    columns: Mapping[str, Column], rules: Sequence[Rule], *, records_max: int = BLOCK_RECORDS_MAX
) -> tuple[Codes, Codes, list[Blocked]]:
    """All pairs that any rule brings, each once, the lower record left; and what each rule brought."""
    records = len(next(iter(columns.values())).codes)
    found: list[NDArray[np.int64]] = []
    report: list[Blocked] = []
    for rule in rules:
        keys = _keys(columns, rule)
        pairs, left_out = _pairs(keys, records_max)
        found.append(pairs[0] * records + pairs[1])
        report.append(
            Blocked(
                rule=" + ".join(map(str, rule)),
                pairs=len(found[-1]),
                blocks_left_out=len(left_out),
                records_left_out=int(left_out.sum()),
            )
        )
    unique = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return unique // records, unique % records, report


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


def _pairs(keys: Codes, records_max: int) -> tuple[tuple[Codes, Codes], NDArray[np.int64]]:
    """The pairs within blocks, and the sizes of the blocks that are too large."""
    some = np.flatnonzero(keys >= 0)
    order = some[np.argsort(keys[some], kind="stable")]
    _, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    parts = list(_of_each_size(order, starts, sizes, records_max))
    left = np.concatenate([one for one, _ in parts]) if parts else np.empty(0, dtype=np.int64)
    right = np.concatenate([one for _, one in parts]) if parts else np.empty(0, dtype=np.int64)
    return (left, right), sizes[sizes > records_max]


def _of_each_size(
    order: Codes, starts: NDArray[np.int64], sizes: NDArray[np.int64], records_max: int
) -> Iterator[tuple[Codes, Codes]]:
    for size in np.unique(sizes):
        if 1 < size <= records_max:
            members = order[starts[sizes == size][:, None] + np.arange(size)]
            low, high = np.triu_indices(int(size), k=1)
            yield members[:, low].ravel(), members[:, high].ravel()
