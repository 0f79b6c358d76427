"""Matching the records of files: which of them are one person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph_cdp.bulk.compared import Wanted, compare_pairs
from graph_cdp.bulk.cores import on_all_cores
from graph_cdp.bulk.files import Table
from graph_cdp.bulk.judged import Judge, Scored
from graph_cdp.bulk.labels import BadLabels, Label, Lesson, Used, place_labels, prepare
from graph_cdp.bulk.records import Records, read_records
from graph_cdp.matching.linkage.blocking import Blocked, Cap, default_rules, find_blocks
from graph_cdp.matching.linkage.cells import NOTHING, Cells
from graph_cdp.matching.linkage.clustering import Doubt, Edge, Refused
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.components import Said, cluster_records
from graph_cdp.matching.linkage.crossed import of_one_meaning
from graph_cdp.matching.linkage.duplicates import find_duplicates
from graph_cdp.matching.linkage.edges import needed, needed_least
from graph_cdp.matching.linkage.labels import Labels
from graph_cdp.matching.linkage.learned import rounded, untrained
from graph_cdp.matching.linkage.patterns import Counted, patterns_of
from graph_cdp.matching.linkage.policy import MatchPolicy, require_fields
from graph_cdp.matching.linkage.sources import Possible, count_possible, find_duplicate_free, may_be_one
from graph_cdp.matching.linkage.training import Model, train

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What came out: the cluster of each record by its lowest record's id, how many clusters have how many records (`sizes`), the edges that
    joined or were refused, and how. Levels that are `untrained` are told of all pairs, so not where some were not compared.
    `limited` are records that had more candidates than they are compared with.
    """

    records: Records
    clusters: Sequence[str]
    sizes: Mapping[int, int]
    edges: Sequence[Edge]
    refused: Sequence[Refused]
    blocked: Sequence[Blocked]
    model: Model | None
    scored: Scored | None = None
    duplicate_free_sources: frozenset[str] = frozenset()
    untrained: Sequence[str] = ()
    labels: Used | None = None
    limited: Sequence[str] = ()


def match_tables(
    tables: Sequence[Table],
    policy: MatchPolicy,
    *,
    labels: Sequence[Label] = (),
    all_pairs: bool = False,
    progress: Progress = lambda _: None,
) -> Matched:
    """Which records are one person. Deterministic: the same records, labels and policy, the same clusters.

    By a policy that has learned, pairs that cannot be edges are not compared, and nothing is told of them; `all_pairs` compares them
    nevertheless.

    Raises:
        BadRecords: two records have one id.
        BadLabels: there is no record of a label's id, or the policy has learned already.
        BadPolicy: the policy learned nothing of a field that there is.
        TooManyFields: the policy declares more columns than can be compared at once.
    """
    if labels and policy.learned:
        raise BadLabels(
            "Labels teach training, and by this policy nothing is trained. Leave the labels out, or train anew (remove version and "
            "learned)."
        )
    progress("cleaning values")
    records = read_records(tables, policy)
    placed = place_labels(labels, records.ids)
    if not records.columns or len(records.ids) < 2:  # noqa: PLR2004 - a pair
        alone = {1: len(records.ids)} if records.ids else {}
        return Matched(
            records=records, clusters=records.ids, sizes=alone, edges=(), refused=(), blocked=(), model=None
        )
    if policy.learned:
        require_fields(policy.learned, records.columns)
    patterns_of(records.columns)  # before the work, for it refuses too many
    wanted = None if all_pairs else _wanted(policy)
    return _match(records, policy, placed, wanted, progress)


def tell_limited(matched: Matched, policy: MatchPolicy) -> str:
    """How many records had more candidates than they are compared with; empty where none had."""
    if not matched.limited:
        return ""
    return (
        f"{len(matched.limited):,} records have more than {policy.candidates_max:,} candidates; they were compared with those by their "
        "rarest values (candidates_max)."
    )


def _wanted(policy: MatchPolicy) -> Wanted | None:
    """How probable a pair must be to be worth comparing; None where all are: to learn, or to find sources without duplicates."""
    if policy.learned is None or policy.find_duplicate_free_sources:
        return None
    return policy.learned, needed_least(policy)


def _match(
    records: Records,
    policy: MatchPolicy,
    labels: tuple[Labels, int],
    wanted: Wanted | None,
    progress: Progress,
) -> Matched:
    progress("finding pairs")
    columns, sources = {column.field.name: column for column in records.columns}, records.sources
    found = find_blocks(columns, default_rules(records.columns), _cap(policy, columns, sources), on_all_cores)
    progress(f"comparing up to {sum(one.pairs for one in found.of_rules):,} pairs")
    compared = compare_pairs(columns, found.blocks, wanted)
    progress("training")
    unique = policy.duplicate_free_sources
    if policy.find_duplicate_free_sources:
        unique |= find_duplicate_free(columns, compared.agreeing, sources)
        policy = replace(policy, duplicate_free_sources=unique)
    if unique:
        compared = compared.only(lambda pairs: may_be_one((pairs.left, pairs.right), sources, unique))
    lesson = prepare(labels, columns, sources, unique)
    model = policy.learned or _learn(records, compared.counted, count_possible(sources, unique), lesson)
    progress("judging pairs")
    scored = Scored(compared, Judge(records.columns, compared.counted, model))
    edges, likely = scored.find_edges(lambda pairs: needed(pairs, sources, policy))
    progress(f"clustering {len(edges):,} edges")
    lowest, refused = cluster_records(edges, _said(columns, sources, unique), _doubt(columns, model, policy))
    return Matched(
        records=records,
        clusters=list(map(records.ids.__getitem__, lowest.tolist())),
        sizes=_sizes(lowest),
        edges=edges,
        refused=refused,
        blocked=found.of_rules,
        limited=list(map(records.ids.__getitem__, found.limited.tolist())),
        model=model,
        scored=scored,
        duplicate_free_sources=unique,
        untrained=() if wanted else untrained(records.columns, compared.counted.levels, likely),
        labels=lesson and lesson.used(columns, model, sources, policy),
    )


def _cap(policy: MatchPolicy, columns: Mapping[str, Column], sources: Cells) -> Cap:
    return Cap(
        records_max=policy.block_records_max,
        candidates_max=policy.candidates_max,
        full=policy.full_keys,
        duplicates=find_duplicates(columns, sources.codes) if policy.duplicates_once else None,
    )


def _sizes(clusters: Codes) -> dict[int, int]:
    records = np.bincount(clusters)
    sizes, counts = np.unique(records[records > 0], return_counts=True)
    return dict(zip(sizes.tolist(), counts.tolist(), strict=True))


def _learn(records: Records, counted: Counted, possible: Possible, lesson: Lesson | None) -> Model:
    return rounded(
        train(
            records.columns,
            counted,
            records=len(records.ids),
            possible=possible,
            taught=lesson.taught if lesson else None,
        )
    )


def _said(columns: Mapping[str, Column], sources: Cells, unique: frozenset[str]) -> Said:
    numbers = [number if name in unique else NOTHING for number, name in enumerate(sources.values)]
    return Said(
        given_names=columns.get("given_name"),
        birth_dates=columns.get("birth_date"),
        identifiers=_identifiers(columns),
        sources=np.array(numbers, dtype=np.int64)[sources.codes],
    )


def _doubt(columns: Mapping[str, Column], model: Model, policy: MatchPolicy) -> Doubt:
    """What different identifiers cost: what their lowest level weighs, against strangers or kin, whichever is milder."""
    bits = [
        min(0.0, max(float(model.weights(name)[0]), float(model.household_weights(name)[0])))
        for name in (column.field.name for column in _identifiers(columns))
    ]
    return Doubt(bits=bits, probability_join=policy.probability_join)


def _identifiers(columns: Mapping[str, Column]) -> list[Column]:
    """The identifiers that tell records apart: not those of which there are several columns, for one of two phones may be in either."""
    several = {column.field.name for both in of_one_meaning(columns) for column in both}
    return [
        column
        for name, column in columns.items()
        if column.field.kind == "identifier" and name not in several
    ]
