"""Ids that last: what holds of the changes, whatever evidence comes and goes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_cdp.identity.assignment import (
    Attach,
    Change,
    Merge,
    Present,
    PresentPerson,
    Redirect,
    Split,
    assign,
)
from graph_cdp.identity.model import EvidenceRecord, Resolution
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.resolve import resolve
from graph_cdp.ids import PersonId, RecordKey
from tests.identity.strategies import Case, cases

FAST = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NOTHING_JOINS = Policy(rank_max=0)


@dataclass(slots=True)
class Graph:
    """A graph of records and people in memory, to which changes are applied as the statements would."""

    person_of: dict[RecordKey, PersonId] = field(default_factory=dict[RecordKey, PersonId])
    people: dict[PersonId, PresentPerson] = field(default_factory=dict[PersonId, PresentPerson])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def settle(self, resolution: Resolution) -> tuple[Change, ...]:
        """Make the graph say what was resolved; the changes that this took."""
        made: list[PersonId] = []

        def new_id() -> PersonId:
            made.append(PersonId(f"p{next(self.numbers)}"))
            return made[-1]

        changes = assign(resolution, self.present(resolution), new_id)
        for change in changes:
            self._apply(change)
        assert len([one for one in changes if not isinstance(one, Merge | Redirect) and one.is_new]) == len(
            made
        )
        for cluster in resolution.clusters:
            person_id = self.person_of[min(cluster.records)]
            self._set(person_id, known=cluster.known, merged_into=None)
        return changes

    def present(self, resolution: Resolution) -> Present:
        """What the graph says of the records of a resolution."""
        keys = {key for cluster in resolution.clusters for key in cluster.records}
        person_of = {key: self.person_of[key] for key in keys & self.person_of.keys()}
        people = [
            one
            for one in self.people.values()
            if one.id in person_of.values() or (one.merged_into and one.founded_by in keys)
        ]
        return Present(person_of=person_of, people=people)

    def answer(self, person_id: PersonId) -> PersonId:
        """The living person that an id answers with."""
        while (into := self.people[person_id].merged_into) is not None:
            person_id = into
        return person_id

    def _apply(self, change: Change) -> None:
        match change:
            case Attach():
                assert not change.record_keys or self.person_of.keys().isdisjoint(change.record_keys)
                self._make(change)
                self._move(change.record_keys, change.person_id)
            case Split():
                assert {self.person_of[key] for key in change.record_keys} == {change.from_person_id}
                if change.is_new:
                    self._make(change)
                elif change.is_revived:
                    assert self.people[change.person_id].merged_into is not None
                    self._set(change.person_id, known=False, merged_into=None)
                self._move(change.record_keys, change.person_id)
            case Merge():
                assert {self.person_of[key] for key in change.record_keys} == {change.absorbed}
                self._move(change.record_keys, change.into)
                self._set(change.absorbed, known=False, merged_into=change.into)
            case Redirect():
                assert self.people[change.person_id].merged_into not in {None, change.into}
                self._set(change.person_id, known=False, merged_into=change.into)

    def _make(self, change: Attach | Split) -> None:
        if change.is_new:
            assert change.person_id not in self.people
            self.people[change.person_id] = PresentPerson(
                id=change.person_id, created_at=len(self.people), known=False, founded_by=change.founded_by
            )
        assert self.people[change.person_id].merged_into is None or isinstance(change, Split)

    def _move(self, keys: tuple[RecordKey, ...], person_id: PersonId) -> None:
        assert keys
        self.person_of.update(dict.fromkeys(keys, person_id))

    def _set(self, person_id: PersonId, *, known: bool, merged_into: PersonId | None) -> None:
        one = self.people[person_id]
        self.people[person_id] = PresentPerson(
            id=one.id,
            created_at=one.created_at,
            known=known,
            founded_by=one.founded_by,
            merged_into=merged_into,
        )


def _resolutions(history: list[Case]) -> Iterator[Resolution]:
    """The resolutions of a history in which records come and their evidence changes; no record goes."""
    seen: dict[RecordKey, EvidenceRecord] = {}
    for case in history:
        seen |= {one.key: one for one in case.records}
        yield resolve(seen.values(), case.verdicts, case.edges, case.policy)


HISTORIES = st.lists(cases(records_max=6), min_size=1, max_size=4)


@FAST
@given(HISTORIES)
def test_each_cluster_is_one_living_person(history: list[Case]) -> None:
    graph = Graph()
    for resolution in _resolutions(history):
        graph.settle(resolution)
        people = [{graph.person_of[key] for key in cluster.records} for cluster in resolution.clusters]
        assert all(len(ids) == 1 for ids in people)
        assert len({next(iter(ids)) for ids in people}) == len(resolution.clusters)
        living = {one.id for one in graph.people.values() if one.merged_into is None}
        assert living == set(graph.person_of.values())


@FAST
@given(HISTORIES)
def test_the_same_resolution_again_changes_nothing(history: list[Case]) -> None:
    graph = Graph()
    for resolution in _resolutions(history):
        graph.settle(resolution)
        assert graph.settle(resolution) == ()


@FAST
@given(HISTORIES)
def test_every_id_answers_with_whoever_has_its_founding_record(history: list[Case]) -> None:
    graph = Graph()
    for resolution in _resolutions(history):
        graph.settle(resolution)
        for person in graph.people.values():
            assert graph.answer(person.id) == graph.person_of[person.founded_by]


@FAST
@given(HISTORIES)
def test_a_cluster_that_did_not_change_is_left_alone(history: list[Case]) -> None:
    graph = Graph()
    before: set[frozenset[RecordKey]] = set()
    for resolution in _resolutions(history):
        changes = graph.settle(resolution)
        touched = {key for one in changes if not isinstance(one, Redirect) for key in one.record_keys}
        for cluster in resolution.clusters:
            if cluster.records in before:
                assert touched.isdisjoint(cluster.records)
        before = {cluster.records for cluster in resolution.clusters}


@FAST
@given(cases(records_max=6))
def test_what_was_joined_and_parted_again_has_its_old_ids(case: Case) -> None:
    graph = Graph()
    graph.settle(resolve(case.records, policy=NOTHING_JOINS))
    before = dict(graph.person_of)
    graph.settle(resolve(case.records, case.verdicts, case.edges, case.policy))
    graph.settle(resolve(case.records, policy=NOTHING_JOINS))
    assert graph.person_of == before


@FAST
@given(cases(records_max=6))
def test_the_order_of_records_and_people_changes_nothing(case: Case) -> None:
    graph = Graph()
    graph.settle(resolve(case.records, policy=NOTHING_JOINS))
    resolution = resolve(case.records, case.verdicts, case.edges, case.policy)
    present = graph.present(resolution)
    turned = Present(
        person_of=dict(reversed(list(present.person_of.items()))), people=list(reversed(list(present.people)))
    )
    assert assign(resolution, present, lambda: PersonId("new")) == assign(
        resolution, turned, lambda: PersonId("new")
    )
