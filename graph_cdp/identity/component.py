"""The affected component as it stands in the graph: what `resolve` judges, and what a change starts from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from graph_cdp.graph.queries import Tx
from graph_cdp.identity.model import EvidenceRecord
from graph_cdp.identity.repository import (
    PersonRow,
    RecordRow,
    StoredIdentifier,
    read_component_records,
    read_holders,
    read_people,
)
from graph_cdp.ids import PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey

SAME_SPACE = ("alias", "user_id", "anonymous_id")
"""An alias names a user id or an anonymous id: the three are looked up together, so that a claim and what it
names are always in one component, whichever came first."""


@dataclass(slots=True, kw_only=True)
class Component:
    """Records, the identifiers that connect them, and the people they resolve to now."""

    records: dict[RecordKey, RecordRow] = field(default_factory=dict[RecordKey, RecordRow])
    identifiers: dict[IdentifierKey, StoredIdentifier] = field(
        default_factory=dict[IdentifierKey, StoredIdentifier]
    )
    people: dict[PersonId, PersonRow] = field(default_factory=dict[PersonId, PersonRow])

    def evidence(self) -> list[EvidenceRecord]:
        """The records as `resolve` takes them."""
        return [row.evidence for row in self.records.values()]


def with_namesakes(identifiers: Iterable[IdentifierKey]) -> frozenset[IdentifierKey]:
    """The identifiers, and those of the same value that an alias makes neighbours of them."""
    return frozenset(
        IdentifierKey(kind=kind, value=identifier.value)
        for identifier in identifiers
        for kind in (SAME_SPACE if identifier.kind in SAME_SPACE else (identifier.kind,))
    )


def to_lock(identifiers: Iterable[IdentifierKey]) -> frozenset[IdentifierKey]:
    """The identifiers, and what an alias among them may name: whoever claims an id and whoever brings it into
    being meet at its lock.
    """
    some = frozenset(identifiers)
    return some | with_namesakes(identifier for identifier in some if identifier.kind == "alias")


async def read_component(
    tx: Tx, *, record_keys: Collection[RecordKey], identifiers: Collection[IdentifierKey]
) -> Component:
    """Everything reachable from these records and identifiers, breadth first, a few statements a round.

    Two records are neighbours if both hold an identifier now, contested ones included, or resolve to one person.
    """
    component = Component()
    records, keys = set(record_keys), set(with_namesakes(identifiers))
    while records or keys:
        rows = await read_component_records(tx, record_keys=records) if records else []
        component.records |= {row.evidence.key: row for row in rows}
        keys |= with_namesakes(holding.identifier for row in rows for holding in row.evidence.holdings)
        keys.difference_update(component.identifiers)
        stored = await read_holders(tx, identifiers=keys) if keys else []
        component.identifiers |= dict.fromkeys(keys, StoredIdentifier()) | {
            one.key: one for one in stored if one.key
        }
        person_ids = {row.person_id for row in rows if row.person_id} - component.people.keys()
        people = await read_people(tx, person_ids=person_ids) if person_ids else []
        component.people |= {row.person.id: row for row in people}
        neighbours = [one.record_keys for one in stored] + [row.record_keys for row in people]
        records = {key for some in neighbours for key in some} - component.records.keys()
        keys.clear()
    return component
