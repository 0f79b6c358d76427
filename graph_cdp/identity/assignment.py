"""From clusters to people with ids that last: the smallest change that makes the graph say what was resolved.

A person's id is a promise to whoever stored it. So a cluster keeps the id that its records have; of several,
the known person's, then the oldest; what is split off gets back the id that its records founded before they
were absorbed, and only then a new one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph_cdp.identity.model import Cluster, Evidence, Resolution
from graph_cdp.ids import Millis, PersonId, RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentPerson:
    """A person as the graph has it now.

    `known`: some record of it holds an identifier that makes known. `founded_by` is the record it was made
    for. `sequence` decides between people made in one millisecond. `merged_into` is the person that absorbed
    it; None while it lives.
    """

    id: PersonId
    created_at: Millis
    known: bool
    founded_by: RecordKey
    sequence: int = 0
    merged_into: PersonId | None = None

    @property
    def age(self) -> tuple[Millis, int, PersonId]:
        """Sorts the oldest first."""
        return self.created_at, self.sequence, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the graph says now of the records that were resolved.

    `person_of` has the person of every record that has one. `people` are these people with, of the absorbed,
    all that a record among these founded. Every person's records are all here.
    """

    person_of: Mapping[RecordKey, PersonId] = field(default_factory=dict[RecordKey, PersonId])
    people: Sequence[PresentPerson] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """Records that had no person get one: one that exists, or a new one founded by `founded_by`."""

    person_id: PersonId
    record_keys: tuple[RecordKey, ...]
    is_new: bool
    founded_by: RecordKey
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """`absorbed` becomes a redirect to `into`, and those of its records that are in the cluster move there."""

    into: PersonId
    absorbed: PersonId
    record_keys: tuple[RecordKey, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Records leave a person that lives on: for a new one, one that an old id is given back to, or another.

    `is_new` and `is_revived` are both false where `person_id` lives already, or comes to life by another change.
    """

    from_person_id: PersonId
    person_id: PersonId
    record_keys: tuple[RecordKey, ...]
    is_new: bool
    is_revived: bool
    founded_by: RecordKey
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """An absorbed person's id answers with another person from now on: the one that has its founding record."""

    person_id: PersonId
    into: PersonId


Change = Attach | Merge | Split | Redirect


def assign(resolution: Resolution, present: Present, new_id: Callable[[], PersonId]) -> tuple[Change, ...]:
    """The changes that turn the present people into the resolved clusters; none where they say the same.

    In an order in which they can be applied: splits (the first into a person makes it or brings it back), then
    attachments, merges, redirects. Applied, the same resolution yields no change. `new_id` is called once for
    each person that is made, in the order of clusters.
    """
    clusters = resolution.clusters
    cluster_of = {key: number for number, cluster in enumerate(clusters) for key in cluster.records}
    owned = _owned(cluster_of, present)
    revivable = _revivable(cluster_of, present)
    evidence = _EvidenceIndex(resolution, cluster_of)
    ids: list[PersonId] = []
    changes: list[Change] = []
    for number, cluster in enumerate(clusters):
        person, origin = _choose(owned.get(number, ()), revivable.get(number, ()), new_id)
        ids.append(person)
        target = _Target(number=number, cluster=cluster, person_id=person, origin=origin)
        changes.extend(_moves(target, present, owned.get(number, ()), evidence))
    changes.sort(key=lambda change: _TURNS.index(type(change)))
    return (*changes, *_redirects(present, cluster_of, ids, changes))


_TURNS = (Split, Attach, Merge)

Origin = Literal["living", "revived", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """A cluster and the person that it becomes."""

    number: int
    cluster: Cluster
    person_id: PersonId
    origin: Origin


def _owned(cluster_of: Mapping[RecordKey, int], present: Present) -> dict[int, list[PresentPerson]]:
    """The living people of each cluster: a person goes where its founding record went.

    Should that be gone (erased), it goes where most of its records went, the first of such clusters.
    """
    records_in: dict[PersonId, dict[int, int]] = {}
    for key, person_id in present.person_of.items():
        if key in cluster_of:
            counts = records_in.setdefault(person_id, {})
            counts[cluster_of[key]] = counts.get(cluster_of[key], 0) + 1
    owned: dict[int, list[PresentPerson]] = {}
    for person in present.people:
        counts = records_in.get(person.id)
        if person.merged_into is None and counts:
            owner = min((-count, number) for number, count in counts.items())[1]
            if present.person_of.get(person.founded_by) == person.id:
                owner = cluster_of.get(person.founded_by, owner)
            owned.setdefault(owner, []).append(person)
    return owned


def _revivable(cluster_of: Mapping[RecordKey, int], present: Present) -> dict[int, list[PresentPerson]]:
    """The absorbed people whose founding record is in each cluster."""
    found: dict[int, list[PresentPerson]] = {}
    for person in present.people:
        if person.merged_into is not None and person.founded_by in cluster_of:
            found.setdefault(cluster_of[person.founded_by], []).append(person)
    return found


def _choose(
    owned: Iterable[PresentPerson], revivable: Iterable[PresentPerson], new_id: Callable[[], PersonId]
) -> tuple[PersonId, Origin]:
    living = min(owned, key=lambda person: (not person.known, person.age), default=None)
    if living:
        return living.id, "living"
    revived = min(revivable, key=lambda person: person.age, default=None)
    return (revived.id, "revived") if revived else (new_id(), "new")


def _moves(
    target: _Target, present: Present, owned: Iterable[PresentPerson], evidence: "_EvidenceIndex"
) -> Iterator[Change]:
    """What brings the records of a cluster to its person, from each person that has some of them now."""
    coming: dict[PersonId | None, list[RecordKey]] = {}
    for key in sorted(target.cluster.records):
        person_id = present.person_of.get(key)
        if person_id != target.person_id:
            coming.setdefault(person_id, []).append(key)
    absorbed = {person.id for person in owned}
    origin = target.origin
    for person_id in sorted(one for one in coming if one is not None and one not in absorbed):
        yield _split(target, origin, person_id, coming[person_id], evidence)
        origin = "living"
    if None in coming:
        yield Attach(
            person_id=target.person_id,
            record_keys=tuple(coming[None]),
            is_new=origin == "new",
            founded_by=target.cluster.founder,
            evidence=evidence.joining(target.number, coming[None]),
        )
    for person_id in sorted(one for one in coming if one is not None and one in absorbed):
        yield Merge(
            into=target.person_id,
            absorbed=person_id,
            record_keys=tuple(coming[person_id]),
            evidence=evidence.joining(target.number, coming[person_id]),
        )


def _split(
    target: _Target, origin: Origin, person_id: PersonId, keys: list[RecordKey], evidence: "_EvidenceIndex"
) -> Split:
    return Split(
        from_person_id=person_id,
        person_id=target.person_id,
        record_keys=tuple(keys),
        is_new=origin == "new",
        is_revived=origin == "revived",
        founded_by=target.cluster.founder,
        evidence=evidence.joining(target.number, keys) + evidence.parting(target.number, keys),
    )


class _EvidenceIndex:
    """The evidence of a resolution by cluster, so that a change can say what it rests on."""

    def __init__(self, resolution: Resolution, cluster_of: Mapping[RecordKey, int]) -> None:
        self._joins: dict[int, list[Evidence]] = {}
        for join in resolution.joins:
            self._joins.setdefault(cluster_of[join.parts[0]], []).append(join.evidence)
        self._refusals: dict[int, list[Evidence]] = {}
        for refusal in resolution.refusals:
            for number in refusal.clusters:
                self._refusals.setdefault(number, []).append(refusal.evidence)

    def joining(self, cluster: int, keys: Sequence[RecordKey]) -> tuple[Evidence, ...]:
        """The evidence that joins these records to others of their cluster."""
        return _reaching_out(self._joins.get(cluster, ()), keys)

    def parting(self, cluster: int, keys: Sequence[RecordKey]) -> tuple[Evidence, ...]:
        """The evidence that would join these records to other people, and is refused."""
        return _reaching_out(self._refusals.get(cluster, ()), keys)


def _reaching_out(evidence: Iterable[Evidence], keys: Sequence[RecordKey]) -> tuple[Evidence, ...]:
    moved = frozenset(keys)
    return tuple(one for one in evidence if not moved.isdisjoint(one.holders) and not one.holders <= moved)


def _redirects(
    present: Present, cluster_of: Mapping[RecordKey, int], ids: Sequence[PersonId], changes: Iterable[Change]
) -> Iterator[Redirect]:
    """An absorbed id answers with whoever has its founding record; those that would not are pointed there."""
    living = frozenset(ids)
    points_to = {
        person.id: person.merged_into
        for person in present.people
        if person.merged_into and person.id not in living
    }
    points_to |= {change.absorbed: change.into for change in changes if isinstance(change, Merge)}
    absorbed = [person for person in present.people if person.merged_into and person.id in points_to]
    for person in sorted(absorbed, key=lambda one: (len(_chain(one.id, points_to)), one.id)):
        number = cluster_of.get(person.founded_by)
        if number is not None and _chain(person.id, points_to)[-1] != ids[number]:
            points_to[person.id] = ids[number]
            yield Redirect(person_id=person.id, into=ids[number])


def _chain(person_id: PersonId, points_to: Mapping[PersonId, PersonId]) -> list[PersonId]:
    """A person and those whom it redirects to, one after the other; ends before a cycle would begin."""
    chain = [person_id]
    while (following := points_to.get(chain[-1])) is not None and following not in chain:
        chain.append(following)
    return chain
