"""Apply what was decided: each kind of change by one statement, the file that stewards may call, too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_cdp.graph.queries import Query, Tx, load_query, run
from graph_cdp.identity.assignment import Attach, Change, Merge, Redirect, Split
from graph_cdp.identity.journal import EVIDENCE_MAX, describe
from graph_cdp.identity.model import Evidence
from graph_cdp.ids import ChangeId, IdentifierId, Millis, RecordId, RecordKey
from graph_cdp.source.model import IdentifierKey

STATEMENTS: Mapping[type[Change], Query] = {
    Split: load_query("procedures/split"),
    Attach: load_query("procedures/attach"),
    Merge: load_query("procedures/merge"),
    Redirect: load_query("procedures/redirect"),
}
"""In the order in which they are applied."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What every entry of the journal says: when, by which policy, and how evidence is named without values."""

    at: Millis
    by: str
    new_id: Callable[[], str]
    identifier_ids: Mapping[IdentifierKey, IdentifierId]
    record_ids: Mapping[RecordKey, RecordId]

    def entry(self, evidence: Iterable[Evidence]) -> Row:
        """The part of a row that becomes the journal's entry."""
        lines = [
            describe(one, identifier_ids=self.identifier_ids, record_ids=self.record_ids)
            for one in list(evidence)[:EVIDENCE_MAX]
        ]
        return {"change_id": self.new_id(), "at": self.at, "by": self.by, "evidence": lines}


async def apply_changes(tx: Tx, *, changes: Sequence[Change], journal: Journal) -> list[ChangeId]:
    """Apply the changes, and journal each; the ids of the entries, to be numbered last."""
    change_ids: list[ChangeId] = []
    for kind, query in STATEMENTS.items():
        rows = [_row(change, journal) for change in changes if isinstance(change, kind)]
        if rows:
            await run(tx, query, changes=rows)
            change_ids.extend(ChangeId(str(row["change_id"])) for row in rows)
    return change_ids


def _row(change: Change, journal: Journal) -> Row:
    match change:
        case Attach():
            what: Row = {
                "person_id": change.person_id,
                "record_keys": list(change.record_keys),
                "founded_by": change.founded_by,
            }
        case Merge():
            what = {"person_id": change.into, "absorbed_person_id": change.absorbed}
        case Split():
            what = {
                "person_id": change.person_id,
                "from_person_id": change.from_person_id,
                "record_keys": list(change.record_keys),
                "founded_by": change.founded_by,
            }
        case Redirect():
            what = {"person_id": change.person_id, "into_person_id": change.into}
    return what | journal.entry(() if isinstance(change, Redirect) else change.evidence)
