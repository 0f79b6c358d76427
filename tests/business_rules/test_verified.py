"""Whether a value is verified is part of the statement, so the order of arrival does not matter."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.ids import RecordKey
from graph_cdp.source.model import Message
from graph_cdp.source.rules import RecordState, TraitValue, fold


@st.composite
def statements(draw: st.DrawFn) -> Message:
    value, at = draw(st.sampled_from(("a@x.fr", "b@x.fr"))), draw(st.integers(1, 3))
    return Message(
        source="crm",
        message_id="m",
        type="identify",
        record_key=RecordKey("crm:row:1"),
        occurred_at=at,
        received_at=at,
        payload="{}",
        body_hash=f"{value} {at} {draw(st.booleans())}",
        traits={"email": value},
        verified=frozenset({"email"} if draw(st.booleans()) else ()),
    )


@given(messages=st.lists(statements(), max_size=6), seed=st.integers(0, 2**32))
@settings(max_examples=500, deadline=None)
def test_any_order_gives_one_state(messages: list[Message], seed: int) -> None:
    shuffled = random.Random(seed).sample(messages, len(messages))

    assert fold(RecordState(), shuffled) == fold(RecordState(), messages)


def test_a_newer_statement_that_does_not_say_so_is_not_verified() -> None:
    def stated(at: int, verified: frozenset[str]) -> Message:
        return Message(
            source="crm", message_id=f"m{at}", type="record", record_key=RecordKey("crm:row:1"), occurred_at=at,
            received_at=at, payload="{}", body_hash=str(at), traits={"email": "a@x.fr"}, verified=verified, complete=True,
        )  # fmt: skip

    first = fold(RecordState(), [stated(1, frozenset({"email"}))])
    second = fold(first, [stated(2, frozenset())])

    assert first.traits["email"] == TraitValue(value="a@x.fr", at=1, verified=True)
    assert second.traits["email"] == TraitValue(value="a@x.fr", at=2, verified=False)
