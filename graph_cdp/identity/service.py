"""Resolve the people whom changed records concern, and apply what differs.

    read the component ─ lock its people ─ read the rest of it again ─ resolve (pure) ─ assign (pure) ─ apply

The records and identifiers that changed are locked already. The second reading is what makes two writers safe: each
waits for the people of the other's component, and then sees what the other committed. If the component has grown
meanwhile, its new people are not locked in order, so the transaction starts again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_cdp.errors import Conflict
from graph_cdp.graph.queries import Tx
from graph_cdp.identity.assignment import Present, assign
from graph_cdp.identity.changes import Journal, apply_changes
from graph_cdp.identity.component import Component, Seeds, read_component
from graph_cdp.identity.marks import mark_unresolved
from graph_cdp.identity.model import RecordMatch, Refusal, Resolution, SharedIdentifier
from graph_cdp.identity.oversized import contested_meanwhile, join_by_user_id
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.repository import (
    MatchTask,
    PersonRow,
    Place,
    RecordRow,
    ReviewTask,
    lock_people,
    mark_contested,
    read_places,
    write_match_tasks,
    write_review_tasks,
)
from graph_cdp.identity.resolve import resolve
from graph_cdp.identity.resolved import Resolved, founded, kinds, known, moved, newly_contested
from graph_cdp.ids import IdentifierId, Millis, PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey

POSSIBLE_MATCH = "POSSIBLE_MATCH"
"""Why a human is asked about a match that is too weak to join."""


class ComponentGrew(Conflict):
    """Another transaction reached into the component between reading and locking it: start again."""

    code = "COMPONENT_GREW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """What a resolution needs beside the graph: the policy, the time, and a source of ids.

    A component of more than `records_max` records is left to the job, which itself has no limit (None).
    """

    policy: Policy
    now: Millis
    new_id: Callable[[], str]
    records_max: int | None

    async def resolve_around(self, tx: Tx, *, seeds: Seeds) -> Resolved:
        """Resolve everybody whom these records, and the holders of these identifiers, may concern.

        Raises:
            ComponentGrew: another transaction reached in; nothing may be kept of this one.
        """
        component = await self._locked_component(tx, seeds)
        if component.is_oversized:
            return await self._leave_to_job(tx, seeds)
        resolution = resolve(
            component.evidence(),
            component.verdicts.values(),
            component.edges(),
            policy=self.policy,
            capped=component.capped,
        )
        present = _present(component)
        changes = assign(resolution, present, self._new_person_id)
        change_ids = await apply_changes(tx, changes=changes, journal=self._journal(component))
        person_of = dict(present.person_of) | dict(moved(changes))
        people = [person_of[next(iter(cluster.records))] for cluster in resolution.clusters]
        await self._note_contested(tx, component, resolution, people)
        await self._note_possible(tx, component, resolution, people)
        were_known = {person_id: row.person.known for person_id, row in component.people.items()}
        return Resolved(
            known=known(were_known, resolution, people, changes),
            person_of=person_of,
            founded=founded(changes),
            change_ids=change_ids,
            change_kinds=kinds(changes),
            contested_codes=newly_contested(component.contested, resolution),
        )

    async def _locked_component(self, tx: Tx, seeds: Seeds) -> Component:
        seen = await read_component(tx, seeds=seeds, policy=self.policy, records_max=self.records_max)
        if seen.is_oversized or not seen.people:
            return seen
        locked = {row.person.id: row for row in await lock_people(tx, person_ids=seen.people)}
        _require_unmoved(seeds.records, locked)
        if _is_locked(seen, seeds, locked):
            return replace(seen, people=locked)
        component = await read_component(
            tx, seeds=seeds, policy=self.policy, records_max=self.records_max, locked=locked
        )
        if not component.people.keys() <= seen.people.keys():
            raise ComponentGrew("The people concerned changed meanwhile; start again.")
        return component

    async def _leave_to_job(self, tx: Tx, seeds: Seeds) -> Resolved:
        resolution, changes, people, records = await join_by_user_id(
            tx, seeds=seeds, policy=self.policy, new_id=self._new_person_id
        )
        _require_unmoved(records, people)
        component = Component(records=records, identifiers=dict(seeds.identifiers), people=people)
        change_ids = await apply_changes(tx, changes=changes, journal=self._journal(component))
        contested = contested_meanwhile(seeds)
        if contested:
            await mark_contested(tx, contested=dict.fromkeys(contested, True))
        await mark_unresolved(tx, record_keys=seeds.records, now=self.now)
        person_of = dict(moved(changes))
        cluster_of = {key: cluster for cluster in resolution.clusters for key in cluster.records}
        known = {
            person_id: cluster_of[key].known or (person_id in people and people[person_id].person.known)
            for key, person_id in person_of.items()
        }
        return Resolved(known=known, person_of=person_of, change_ids=change_ids, change_kinds=kinds(changes))

    def _new_person_id(self) -> PersonId:
        return PersonId(self.new_id())

    def _journal(self, component: Component) -> Journal:
        return Journal(
            at=self.now,
            by=f"policy {self.policy.version}",
            new_id=self.new_id,
            identifier_ids={key: one.id for key, one in component.identifiers.items() if one.id},
            record_ids={key: row.id for key, row in component.records.items()},
        )

    def _is_capped_by(self, refusal: Refusal) -> bool:
        too_many = refusal.reason.code == "HELD_BY_TOO_MANY"
        return too_many and len(refusal.clusters) >= self.policy.people_capped

    async def _note_contested(
        self, tx: Tx, component: Component, resolution: Resolution, people: Sequence[PersonId]
    ) -> None:
        """Mark what is contested now, and ask or stop asking a human about it."""
        refused = {
            one.evidence.identifier: one
            for one in resolution.refusals
            if isinstance(one.evidence, SharedIdentifier)
        }
        before = component.contested - component.capped
        capped = {key for key, refusal in refused.items() if self._is_capped_by(refusal)}
        marks = {key: key in refused for key in (before ^ refused.keys()) | capped}
        if marks:
            await mark_contested(tx, contested=marks, capped=capped)
        if before or refused:
            tasks = [
                _task(component, key, refused.get(key), people) for key in sorted(before | refused.keys())
            ]
            await write_review_tasks(
                tx, tasks=[one for one in tasks if one], now=self.now, new_id=self.new_id
            )

    async def _note_possible(
        self, tx: Tx, component: Component, resolution: Resolution, people: Sequence[PersonId]
    ) -> None:
        """Ask a human about matches that are too weak to join, or that something speaks against; no longer about those that
        settled.
        """
        asked: dict[tuple[RecordKey, RecordKey], tuple[str, tuple[int, ...]]] = {
            one.edge.pair: (POSSIBLE_MATCH, one.clusters) for one in resolution.possible
        }
        for one in resolution.refusals:
            if isinstance(one.evidence, RecordMatch) and one.asks_human:
                asked[one.evidence.edge.pair] = (str(one.reason), one.clusters)
        id_of = {key: row.id for key, row in component.records.items()}
        tasks = [
            MatchTask(
                record_ids=(id_of[pair[0]], id_of[pair[1]]),
                reason=reason,
                person_ids=tuple(people[number] for number in clusters),
            )
            for pair in sorted({edge.pair for edge in component.edges() if edge.right in id_of})
            for reason, clusters in (asked.get(pair, (None, ())),)
        ]
        tasks += await self._asked_outside(tx, component, resolution, people)
        if tasks:
            await write_match_tasks(tx, tasks=tasks, now=self.now, new_id=self.new_id)

    async def _asked_outside(
        self, tx: Tx, component: Component, resolution: Resolution, people: Sequence[PersonId]
    ) -> list[MatchTask]:
        """What a human is asked about matches with records of other components, which are other people."""
        outside = component.outside
        if not outside:
            return []
        places = await read_places(tx, record_keys=outside)
        places |= {
            key: Place(component.records[key].id, people[number])
            for number, cluster in enumerate(resolution.clusters)
            for key in cluster.records
        }
        pairs = sorted({edge.pair for edge in component.edges() if edge.right in outside})
        both = [(places[left], places[right]) for left, right in pairs if {left, right} <= places.keys()]
        return [
            MatchTask(
                record_ids=(one.record_id, other.record_id),
                reason=POSSIBLE_MATCH,
                person_ids=(one.person_id, other.person_id),
            )
            for one, other in both
        ]


def _require_unmoved(records: Mapping[RecordKey, RecordRow], locked: Mapping[PersonId, PersonRow]) -> None:
    """The lock of a record, or of what it holds, keeps its identifiers and verdicts, but not its person.

    Raises:
        ComponentGrew: one of these records was moved to somebody else before its person was locked.
    """
    person_of = {key: person_id for person_id, row in locked.items() for key in row.record_keys}
    if any(person_of.get(key) != row.person_id for key, row in records.items()):
        raise ComponentGrew("A record resolves to somebody else by now; start again.")


def _is_locked(seen: Component, seeds: Seeds, locked: Mapping[PersonId, PersonRow]) -> bool:
    """Whether all that was read has been locked since before: its records are the seeds, whose identifiers and verdicts change
    under their locks only, and to its people resolve no others. Then a second reading would find the same.
    """
    resolve_there = {key for row in locked.values() for key in row.record_keys}
    return resolve_there <= seen.records.keys() <= seeds.records.keys()


def _present(component: Component) -> Present:
    absorbed = [one for row in component.people.values() for one in row.absorbed]
    return Present(
        person_of={key: row.person_id for key, row in component.records.items() if row.person_id},
        people=[*(row.person for row in component.people.values()), *absorbed],
    )


def _task(
    component: Component, key: IdentifierKey, refusal: Refusal | None, people: Sequence[PersonId]
) -> ReviewTask | None:
    identifier_id: IdentifierId | None = component.identifiers[key].id
    if identifier_id is None:
        return None
    if refusal is None or not refusal.asks_human:
        return ReviewTask(identifier_id=identifier_id, reason=None)
    touched = sorted(people[number] for number in refusal.clusters)
    return ReviewTask(identifier_id=identifier_id, reason=str(refusal.reason), person_ids=tuple(touched))
