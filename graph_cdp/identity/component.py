"""The affected component as it stands in the graph: what `resolve` judges, and what a change starts from."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from graph_cdp.graph.queries import Tx
from graph_cdp.identity.model import EvidenceRecord, MatchEdge, Verdict
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.repository import (
    PersonRow,
    RecordRow,
    StoredIdentifier,
    read_component_records,
    read_holders,
    read_people,
    read_verdicts,
)
from graph_cdp.ids import PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey

SAME_SPACE = ("alias", "user_id", "anonymous_id")
"""An alias names a user id or an anonymous id: the three are looked up together, so that a claim and what it
names are always in one component, whichever came first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Records, the identifiers and verdicts that connect them, and the people they resolve to now.

    `is_oversized`: reading stopped at the policy's limit, so neighbours are missing.
    """

    records: dict[RecordKey, RecordRow] = field(default_factory=dict[RecordKey, RecordRow])
    identifiers: dict[IdentifierKey, StoredIdentifier] = field(
        default_factory=dict[IdentifierKey, StoredIdentifier]
    )
    people: dict[PersonId, PersonRow] = field(default_factory=dict[PersonId, PersonRow])
    verdicts: dict[str, Verdict] = field(default_factory=dict[str, Verdict])
    is_oversized: bool = False

    @property
    def capped(self) -> frozenset[IdentifierKey]:
        """The identifiers of which too many people were found before."""
        return frozenset(key for key, one in self.identifiers.items() if one.capped)

    @property
    def contested(self) -> frozenset[IdentifierKey]:
        """The identifiers that were contested before."""
        return frozenset(key for key, one in self.identifiers.items() if one.contested)

    @property
    def outside(self) -> frozenset[RecordKey]:
        """The records beyond it that its own match, not strongly enough to join."""
        return frozenset(edge.right for edge in self.edges()) - self.records.keys()

    def edges(self) -> Iterator[MatchEdge]:
        """The matches of its records, each at both of its ends."""
        return chain.from_iterable(row.matches for row in self.records.values())

    def evidence(self) -> list[EvidenceRecord]:
        """The records as `resolve` takes them."""
        return [row.evidence for row in self.records.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Where a component begins. `records` are locked, as they are after the change, and so are `identifiers`: all
    that they hold or gave up, each with the records that held it before. `record_keys` are further records, which
    are read.
    """

    records: Mapping[RecordKey, RecordRow] = field(default_factory=dict[RecordKey, RecordRow])
    identifiers: Mapping[IdentifierKey, StoredIdentifier] = field(
        default_factory=dict[IdentifierKey, StoredIdentifier]
    )
    record_keys: frozenset[RecordKey] = frozenset()


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


def _known_namesakes(seeds: Seeds) -> frozenset[IdentifierKey]:
    """What an alias makes neighbours of the seeds' identifiers. An id that is new has no such neighbour beyond the seeds: to
    claim it would have made it (`to_lock`).
    """
    return with_namesakes(key for key, one in seeds.identifiers.items() if not one.is_new)


async def read_component(
    tx: Tx,
    *,
    seeds: Seeds,
    policy: Policy,
    records_max: int | None,
    locked: Mapping[PersonId, PersonRow] = MappingProxyType({}),
) -> Component:
    """Everything reachable from the seeds, breadth first, a few statements a round.

    Two records are neighbours if both hold an identifier now, contested ones included, if a verdict names both, if they
    match strongly enough to join, or if they resolve to one person. A match that only asks a human changes nobody's person, so it
    is not followed: kin would lead to kin of kin, and in the end to half of all records. What the seeds hold is locked, and so is
    not read again, nor are the people who are `locked`. Beyond `records_max` the reading ends, and the component says so.
    """
    component = Component(records=dict(seeds.records), identifiers=dict(seeds.identifiers))
    fresh: Collection[RecordRow] = seeds.records.values()
    keys = _known_namesakes(seeds) - component.identifiers.keys()
    reached = {key for stored in seeds.identifiers.values() for key in stored.record_keys} | seeds.record_keys
    while fresh or reached or keys:
        rows = await _read_records(tx, reached - component.records.keys())
        component.records.update({row.evidence.key: row for row in rows})
        if records_max is not None and len(component.records) > records_max:
            return replace(component, is_oversized=True)
        keys |= with_namesakes(holding.identifier for row in rows for holding in row.evidence.holdings)
        keys -= component.identifiers.keys()
        new = (*fresh, *rows)
        reached = await _read_neighbours(tx, component, new, keys, locked)
        strong = {
            edge.right
            for row in new
            for edge in row.matches
            if edge.probability >= policy.match_probability_join
        }
        reached |= strong - component.records.keys()
        fresh, keys = (), frozenset[IdentifierKey]()
    return component


async def _read_neighbours(
    tx: Tx,
    component: Component,
    rows: Collection[RecordRow],
    keys: Collection[IdentifierKey],
    locked: Mapping[PersonId, PersonRow],
) -> set[RecordKey]:
    """Add the identifiers, people and verdicts of new records; the records that these lead to and are not there."""
    stored = await read_holders(tx, identifiers=keys) if keys else {}
    component.identifiers.update(dict.fromkeys(keys, StoredIdentifier()) | stored)
    people = await _read_people(tx, {row.person_id for row in rows} - component.people.keys(), locked)
    component.people.update({row.person.id: row for row in people})
    verdicts = await _read_verdicts(
        tx, {id_ for row in rows for id_ in row.verdict_ids} - component.verdicts.keys()
    )
    component.verdicts.update({verdict.id: verdict for verdict in verdicts})
    reached = {key for one in (*stored.values(), *people) for key in one.record_keys}
    reached |= {key for verdict in verdicts for key in verdict.left | verdict.right}
    return reached - component.records.keys()


async def _read_records(tx: Tx, keys: Collection[RecordKey]) -> list[RecordRow]:
    return await read_component_records(tx, record_keys=keys) if keys else []


async def _read_people(
    tx: Tx, ids: Collection[PersonId | None], locked: Mapping[PersonId, PersonRow]
) -> list[PersonRow]:
    some = {id_ for id_ in ids if id_ is not None}
    read = await read_people(tx, person_ids=some - locked.keys()) if some - locked.keys() else []
    return [*(locked[id_] for id_ in some & locked.keys()), *read]


async def _read_verdicts(tx: Tx, ids: Collection[str]) -> list[Verdict]:
    return await read_verdicts(tx, verdict_ids=ids) if ids else []
