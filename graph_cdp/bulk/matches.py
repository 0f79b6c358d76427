"""Matching the records of the graph as a file of them would be. Pure."""

from collections.abc import Container, Iterable

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.labels import Label
from graph_cdp.bulk.match import Matched
from graph_cdp.candidates.model import MatchableRecord, Pair, Strength, pair_of
from graph_cdp.identity.model import Verdict
from graph_cdp.identity.verdicts import settle
from graph_cdp.ids import RecordKey


def as_table(records: Iterable[MatchableRecord], *, fields: Container[str] | None = None) -> Table:
    """The records that say enough, as a file of them would be; only these fields of them, where some are named."""
    some = [record for record in records if record.says_enough]
    said = sorted({name for record in some for name in record.said if fields is None or name in fields})
    columns: dict[str, list[str | None]] = {
        "record_id": [record.key for record in some],
        "source": [record.source for record in some],
    }
    return Table(name="graph", columns=columns | {name: [r.said.get(name) for r in some] for name in said})


def found_matches(matched: Matched) -> dict[Pair, Strength]:
    """The matches that were found, by pair."""
    keys = [RecordKey(id_) for id_ in matched.records.ids]
    return {
        pair_of(keys[edge.left], keys[edge.right]): Strength(edge.weight, edge.probability)
        for edge in matched.edges
    }


def as_labels(verdicts: Iterable[Verdict], records: Iterable[MatchableRecord]) -> list[Label]:
    """What verdicts say of pairs of records that say enough, as labels: of each pair the newest word."""
    keys = sorted(record.key for record in records if record.says_enough)
    settled = settle(verdicts, {key: number for number, key in enumerate(keys)})
    parted = {(one, other) for one, others in settled.parted.items() for other in others if one < other}
    said = dict.fromkeys(settled.same, True) | dict.fromkeys(parted, False)
    return [
        Label(left=keys[left], right=keys[right], same=same) for (left, right), same in sorted(said.items())
    ]
