"""How messages change a record: the same result in every order of arrival."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey, Message
from graph_cdp.source.rules import Held, RecordState, TraitValue, fold

ONE = IdentifierKey(kind="email", value="one@x.fr")
TWO = IdentifierKey(kind="email", value="two@x.fr")


def said(
    at: int, *identifiers: IdentifierKey, complete: bool = False, body_hash: str = "", **traits: str
) -> Message:
    """A message about one record."""
    return Message(
        source="crm",
        message_id=f"{at}{body_hash}{complete}",
        type="record" if complete else "identify",
        record_key=RecordKey("crm:row:1"),
        occurred_at=at,
        received_at=at,
        payload="{}",
        body_hash=body_hash,
        traits=traits,
        identifiers=identifiers,
        complete=complete,
    )


def test_messages_add_and_the_newest_value_stays() -> None:
    state = fold(RecordState(), [said(20, TWO, city="Lyon"), said(10, ONE, city="Paris", gender="f")])

    assert state.traits == {"city": TraitValue(value="Lyon", at=20), "gender": TraitValue(value="f", at=10)}
    assert state.held == {
        TWO: Held(first_seen_at=20, last_seen_at=20),
        ONE: Held(first_seen_at=10, last_seen_at=10),
    }


def test_of_two_values_of_one_time_the_greater_stays() -> None:
    both = [said(10, city="Paris"), said(10, city="Lyon")]
    assert fold(RecordState(), both).traits == fold(RecordState(), both[::-1]).traits
    assert fold(RecordState(), both).traits["city"].value == "Paris"


def test_newest_row_is_the_state_of_its_record() -> None:
    state = fold(RecordState(), [said(10, ONE, complete=True, city="Paris"), said(20, TWO, complete=True)])

    assert state.traits == {}
    assert state.held == {
        ONE: Held(first_seen_at=10, last_seen_at=10, valid_to=20),
        TWO: Held(first_seen_at=20, last_seen_at=20),
    }
    assert state.version == (20, "")


def test_older_row_that_arrives_late_changes_nothing() -> None:
    newest = fold(RecordState(), [said(20, TWO, complete=True)])
    assert fold(newest, [said(10, ONE, complete=True, city="Paris")]) == newest


def test_what_is_said_after_the_newest_row_counts() -> None:
    state = fold(RecordState(), [said(20, TWO, complete=True), said(30, ONE, city="Lyon")])

    assert state.traits == {"city": TraitValue(value="Lyon", at=30)}
    assert state.held[ONE] == Held(first_seen_at=30, last_seen_at=30)


def test_identifier_that_a_row_has_again_is_held_from_then_on() -> None:
    rows = [said(10, ONE, complete=True), said(20, complete=True), said(30, ONE, complete=True)]
    assert fold(RecordState(), rows).held == {ONE: Held(first_seen_at=30, last_seen_at=30)}


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A message about the record, of few times and values, so that they meet."""
    return said(
        draw(st.integers(1, 4)),
        *draw(st.lists(st.sampled_from([ONE, TWO]), unique=True)),
        complete=draw(st.booleans()),
        body_hash=draw(st.sampled_from(["a", "b"])),
        **draw(st.dictionaries(st.sampled_from(["city", "gender"]), st.sampled_from(["x", "y"]))),
    )


def valid(state: RecordState) -> tuple[object, ...]:
    """What counts of a state: closed intervals are history, which depends on when it was learnt."""
    held = frozenset(key for key, interval in state.held.items() if interval.valid_to is None)
    return frozenset(state.traits.items()), held, state.version


@given(
    st.lists(
        messages(),
        max_size=4,
        unique_by=lambda message: (message.occurred_at, message.body_hash, message.complete),
    )
)
def test_order_of_arrival_does_not_matter(some: list[Message]) -> None:
    assert len({valid(fold(RecordState(), order)) for order in itertools.permutations(some)}) == 1


@given(st.lists(messages(), max_size=4), st.data())
def test_a_message_again_changes_nothing(some: list[Message], data: st.DataObject) -> None:
    if some:
        again = data.draw(st.sampled_from(some))
        assert valid(fold(fold(RecordState(), some), [again])) == valid(fold(RecordState(), some))
