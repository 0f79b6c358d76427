"""Blocking rules: which pairs are worth comparing. A rule is fields, or their beginnings, that must be equal.

What two records have in common under a rule is a match key: a hash of the rule and the values, so that it tells nothing of them and
is the same in every process. Records of one key are a block. A block with more records than the cap brings more pairs than it is worth; it is left out, and the report says so loudly, for
what is found only through it is not found (splink#2732: one block of a million records is 5 * 10^11 pairs).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from graph_cdp.ids import MatchKey
from graph_cdp.matching.linkage.blocks import Blocks, Keys, Listed, Numbers, Partners, blocks_of
from graph_cdp.matching.linkage.budget import CANDIDATES_MAX, UNLIMITED, limits_of, looking
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.crossed import Crossed, find_crossed
from graph_cdp.matching.linkage.duplicates import Duplicates

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
    where = by_kind.get("postal_code", []) + [name for name in by_kind.get("text", []) if name != "country"]
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
    """Which blocks are left out: those of more than `records_max`, and those of keys that were full before. A record is compared with at most
    `candidates_max` others.
    """

    records_max: int = BLOCK_RECORDS_MAX
    candidates_max: int = CANDIDATES_MAX
    full: frozenset[MatchKey] = frozenset()
    duplicates: Duplicates | None = None
    """Where exact duplicates are known, they count once in a block that is too large."""


def block(
    columns: Mapping[str, Column], rules: Sequence[Rule], cap: Cap = Cap()
) -> tuple[Codes, Codes, Sequence[Blocked]]:
    """All pairs that any rule brings, each once, the lower record left; and what each rule brought."""
    found = find_blocks(columns, rules, cap)
    records = len(next(iter(columns.values())).codes)
    return *Partners(found.blocks, records).pairs(0, records), found.of_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRule:
    """The blocks of a rule that are no larger than the cap, those that are without duplicates, and what it brought."""

    kept: Blocks
    with_duplicates: Blocks
    brought: Blocked


Each = Callable[[Callable[[Rule], OfRule], Iterable[Rule]], Iterable[OfRule]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Blocks that bring all pairs, what each rule brought, and the records that do not look for others by all of their keys."""

    blocks: Sequence[Blocks | Listed]
    of_rules: Sequence[Blocked]
    limited: NDArray[np.intp]


def find_blocks(
    columns: Mapping[str, Column], rules: Sequence[Rule], cap: Cap = Cap(), each: Each = map
) -> Blocking:
    """The blocks of every rule that bring pairs which no more general rule brings. `each` asks all rules, as `map` does it or on all cores.

    Who shares given name, surname and town shares given name and surname: where that block is no larger than the cap, it brings all
    pairs of the smaller one.
    """
    records = len(next(iter(columns.values())).codes)
    keys = Keys(columns)
    ordered = sorted(set(rules), key=_generality)
    told = dict(
        zip(ordered, each(lambda rule: _blocks_of_rule(columns, keys, rule, cap), ordered), strict=True)
    )
    kept = [one.kept for one in told.values()]
    found = _without_repetitions(ordered, kept, np.zeros(records, dtype=np.bool_))
    limits = limits_of(kept, found, records, cap.candidates_max)
    limited = limits < UNLIMITED
    if limited.any():
        found = _without_repetitions(ordered, [looking(one, limits) for one in kept], limited)
    crossed = [_blocked_across(one, cap) for one in find_crossed(columns)]
    repeated = _of_duplicates([one.with_duplicates for one in told.values()], cap.duplicates)
    return Blocking(
        blocks=[*found, *repeated, *(pairs for pairs, _ in crossed)],
        of_rules=[*(told[rule].brought for rule in rules), *(brought for _, brought in crossed)],
        limited=np.flatnonzero(limited),
    )


def _blocked_across(columns: Crossed, cap: Cap) -> tuple[Listed, Blocked]:
    """The pairs that agree across two columns of one meaning, and what that brought."""
    pairs, left_out = columns.pairs(cap.records_max)
    return pairs, Blocked(
        rule=" = ".join(columns.names),
        pairs=pairs.pairs,
        blocks_left_out=len(left_out),
        records_left_out=int(left_out.sum()),
    )


def _of_duplicates(blocks: Sequence[Blocks], duplicates: Duplicates | None) -> list[Blocks | Listed]:
    """Of blocks that are too large with duplicates: the first of each, and duplicates tied to each other."""
    some = [one for one in blocks if len(one.starts)]
    if duplicates is None or not some:
        return []
    firsts = [one.of_members(duplicates.only_first(one)) for one in some]
    return [*(one for one in firsts if len(one.starts)), duplicates.chained(some)]


def _without_repetitions(
    rules: Sequence[Rule], blocks: Sequence[Blocks], limited: NDArray[np.bool_]
) -> list[Blocks]:
    """Of rules, the more general first, the blocks that bring pairs which no more general rule brings."""
    found: dict[Rule, Blocks] = {}
    for rule, one in zip(rules, blocks, strict=True):
        more_general = [found[other] for other in found if implies(rule, other)]
        found[rule] = one.without(more_general, limited)
    return list(found.values())


def _blocks_of_rule(columns: Mapping[str, Column], keys: Keys, rule: Rule, cap: Cap) -> OfRule:
    all_of_rule = blocks_of(keys.of(_parts(rule)))
    small = all_of_rule.sizes <= cap.records_max
    large = ~small
    if cap.full:
        of_blocks = _keys_of(columns, rule, all_of_rule.order[all_of_rule.starts])
        never_full = np.array([key not in cap.full for key in of_blocks], dtype=np.bool_)
        small &= never_full
        large &= never_full
    once = _fitting_once(all_of_rule, large, cap)
    kept, left_out = all_of_rule.only(small), ~(small | once)
    return OfRule(
        kept=kept,
        with_duplicates=all_of_rule.only(once),
        brought=Blocked(
            rule=" + ".join(map(str, rule)),
            pairs=kept.pairs,
            blocks_left_out=int(np.count_nonzero(left_out)),
            records_left_out=int(all_of_rule.sizes[left_out].sum()),
            full=_keys_of(columns, rule, all_of_rule.order[all_of_rule.starts[left_out]]),
        ),
    )


def _fitting_once(blocks: Blocks, large: NDArray[np.bool_], cap: Cap) -> NDArray[np.bool_]:
    """Which of the large blocks are no larger than the cap where exact duplicates count once."""
    fitting = np.zeros_like(large)
    if cap.duplicates is not None and large.any():
        some = blocks.only(large)
        different = np.add.reduceat(cap.duplicates.only_first(some), some.starts, dtype=np.int64)
        fitting[large] = different <= cap.records_max
    return fitting


def implies(special: Rule, general: Rule) -> bool:
    """Whether all records that agree under the one rule agree under the other."""
    return all(any(_implies(part, other) for part in special) for other in general)


def _implies(part: Part, other: Part) -> bool:
    enough = part.characters is None or (other.characters is not None and part.characters >= other.characters)
    return part.field == other.field and enough


def _parts(rule: Rule) -> list[tuple[str, int | None]]:
    return [(part.field, part.characters) for part in rule]


def _generality(rule: Rule) -> tuple[int, int, str]:
    """Sorts a rule behind those that are more general."""
    whole = sum(part.characters is None for part in rule)
    return len(rule), whole, " + ".join(map(str, rule))


def match_keys(columns: Mapping[str, Column], rules: Sequence[Rule]) -> list[list[MatchKey]]:
    """The keys of each record, in order."""
    keys: list[set[MatchKey]] = [set() for _ in next(iter(columns.values())).codes] if columns else []
    of_rule = Keys(columns)
    for rule in rules:
        some = np.flatnonzero(of_rule.of(_parts(rule)) >= 0)
        for record, key in zip(some.tolist(), _keys_of(columns, rule, some), strict=True):
            keys[record].add(key)
    return [sorted(of_record) for of_record in keys]


def _keys_of(columns: Mapping[str, Column], rule: Rule, records: Numbers | Codes) -> list[MatchKey]:
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
