"""Which person keeps its id: by exact changes."""

from collections.abc import Callable, Sequence
from itertools import count

from graph_cdp.identity.assignment import Attach, Merge, Present, PresentPerson, Redirect, Split, assign
from graph_cdp.identity.model import Cluster, EvidenceRecord, Holding, Resolution, SharedIdentifier
from graph_cdp.identity.resolve import resolve
from graph_cdp.ids import PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey


def clusters(*groups: str) -> Resolution:
    """A resolution of known clusters, each written as the letters of its records, founded by the first."""
    return Resolution(
        clusters=tuple(
            Cluster(records=frozenset(map(RecordKey, group)), known=True, founder=RecordKey(group[0]))
            for group in groups
        )
    )


def person(
    name: str, founded_by: str, *, at: int = 0, known: bool = True, into: str | None = None
) -> PresentPerson:
    """A person as the graph has it."""
    return PresentPerson(
        id=PersonId(name),
        created_at=at,
        known=known,
        founded_by=RecordKey(founded_by),
        merged_into=PersonId(into) if into else None,
    )


def present(people: Sequence[PresentPerson], **records: str) -> Present:
    """What the graph says: `p="ab"` are the records of person p."""
    return Present(
        person_of={RecordKey(key): PersonId(name) for name, keys in records.items() for key in keys},
        people=people,
    )


def ids() -> Callable[[], PersonId]:
    """New ids: new1, new2, and so on."""
    numbers = count(1)
    return lambda: PersonId(f"new{next(numbers)}")


def test_records_without_a_person_get_a_new_one_each_cluster() -> None:
    assert assign(clusters("ab", "c"), Present(), ids()) == (
        Attach(
            person_id=PersonId("new1"),
            record_keys=(RecordKey("a"), RecordKey("b")),
            is_new=True,
            founded_by=RecordKey("a"),
        ),
        Attach(
            person_id=PersonId("new2"), record_keys=(RecordKey("c"),), is_new=True, founded_by=RecordKey("c")
        ),
    )


def test_a_new_record_is_attached_to_who_is_there() -> None:
    there = present([person("p", "a")], p="a")
    assert assign(clusters("ab"), there, ids()) == (
        Attach(
            person_id=PersonId("p"), record_keys=(RecordKey("b"),), is_new=False, founded_by=RecordKey("a")
        ),
    )


def test_what_is_as_resolved_is_left_alone() -> None:
    there = present([person("p", "a"), person("q", "c")], p="ab", q="c")
    assert assign(clusters("ab", "c"), there, ids()) == ()


def test_the_oldest_known_person_keeps_its_id() -> None:
    there = present(
        [person("p", "a", at=2), person("q", "b", at=1), person("r", "c", at=3)], p="a", q="b", r="c"
    )
    assert assign(clusters("abc"), there, ids()) == (
        Merge(into=PersonId("q"), absorbed=PersonId("p"), record_keys=(RecordKey("a"),)),
        Merge(into=PersonId("q"), absorbed=PersonId("r"), record_keys=(RecordKey("c"),)),
    )


def test_known_beats_anonymous_however_old() -> None:
    there = present([person("p", "a", at=1, known=False), person("q", "b", at=2)], p="a", q="b")
    assert assign(clusters("ab"), there, ids()) == (
        Merge(into=PersonId("q"), absorbed=PersonId("p"), record_keys=(RecordKey("a"),)),
    )


def test_people_made_in_one_millisecond_are_told_apart_by_sequence() -> None:
    first = PresentPerson(id=PersonId("q"), created_at=1, sequence=1, known=True, founded_by=RecordKey("b"))
    second = PresentPerson(id=PersonId("p"), created_at=1, sequence=2, known=True, founded_by=RecordKey("a"))
    (merge,) = assign(clusters("ab"), present([first, second], p="a", q="b"), ids())
    assert merge == Merge(into=PersonId("q"), absorbed=PersonId("p"), record_keys=(RecordKey("a"),))


def test_the_part_with_the_founding_record_keeps_the_id() -> None:
    there = present([person("p", "b")], p="abc")
    assert assign(clusters("a", "bc"), there, ids()) == (
        Split(
            from_person_id=PersonId("p"),
            person_id=PersonId("new1"),
            record_keys=(RecordKey("a"),),
            is_new=True,
            is_revived=False,
            founded_by=RecordKey("a"),
        ),
    )


def test_a_part_takes_back_the_oldest_id_that_its_records_founded() -> None:
    there = present(
        [person("p", "a"), person("q", "b", at=2, into="p"), person("r", "c", at=1, into="p")], p="abc"
    )
    assert assign(clusters("a", "bc"), there, ids()) == (
        Split(
            from_person_id=PersonId("p"),
            person_id=PersonId("r"),
            record_keys=(RecordKey("b"), RecordKey("c")),
            is_new=False,
            is_revived=True,
            founded_by=RecordKey("b"),
        ),
        Redirect(person_id=PersonId("q"), into=PersonId("r")),
    )


def test_a_chain_of_redirects_is_pointed_past_a_revived_person() -> None:
    there = present([person("p", "a"), person("q", "b", into="p"), person("r", "c", into="q")], p="abc")
    changes = assign(clusters("ac", "b"), there, ids())
    assert [change for change in changes if isinstance(change, Redirect)] == [
        Redirect(person_id=PersonId("r"), into=PersonId("p"))
    ]


def test_a_record_moves_from_one_person_to_another() -> None:
    there = present([person("p", "a"), person("q", "c")], p="ab", q="c")
    assert assign(clusters("a", "bc"), there, ids()) == (
        Split(
            from_person_id=PersonId("p"),
            person_id=PersonId("q"),
            record_keys=(RecordKey("b"),),
            is_new=False,
            is_revived=False,
            founded_by=RecordKey("b"),
        ),
    )


def test_without_its_founding_record_a_person_stays_with_most_of_its_records() -> None:
    there = present([person("p", "erased")], p="abc")
    (split,) = assign(clusters("a", "bc"), there, ids())
    assert isinstance(split, Split)
    assert split.record_keys == (RecordKey("a"),)


def test_a_change_tells_its_evidence() -> None:
    email = IdentifierKey(kind="email", value="1")
    records = [EvidenceRecord(key=RecordKey(key), holdings=(Holding(identifier=email),)) for key in "ab"]
    there = present([person("p", "a"), person("q", "b", at=1)], p="a", q="b")
    (merge,) = assign(resolve(records), there, ids())
    assert isinstance(merge, Merge)
    assert merge.evidence == (SharedIdentifier(identifier=email, holders=frozenset(map(RecordKey, "ab"))),)
