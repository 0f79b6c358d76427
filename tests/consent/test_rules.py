"""Which consent holds, by example and in any order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.consent.model import ContactPoint, StatedConsent
from graph_cdp.consent.rules import effective_consents

MAIL: ContactPoint = ("email", "marie@example.com")
OTHER: ContactPoint = ("email", "m.dupont@example.com")


def said(state: str, at: int, about: ContactPoint | None = MAIL, *, own: bool = True) -> StatedConsent:
    return StatedConsent(
        id=f"{at}{state}{about}{own}",
        purpose="newsletter",
        channel="email",
        state=state,
        at=at,
        about=about,
        is_own=own,
    )


def allowed(*statements: StatedConsent) -> dict[ContactPoint | None, bool]:
    return {one.about: one.is_allowed for one in effective_consents(statements)}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], {}),
        ([said("given", 1)], {MAIL: True}),
        ([said("given", 1), said("withdrawn", 2)], {MAIL: False}),
        ([said("withdrawn", 1), said("given", 2)], {MAIL: True}),
        ([said("given", 1), said("refused", 1)], {MAIL: False}),
        ([said("given", 1, own=False)], {MAIL: True}),
        ([said("given", 1), said("refused", 2, own=False)], {MAIL: False}),
        ([said("given", 1, OTHER), said("refused", 1)], {MAIL: False, OTHER: True}),
        ([said("given", 1), said("refused", 2, None)], {None: False, MAIL: False}),
        ([said("refused", 1, None), said("given", 2)], {None: False, MAIL: True}),
        ([said("refused", 1, None), said("given", 2, own=False)], {None: False, MAIL: False}),
        (
            [said("refused", 1, None), said("given", 2, OTHER), said("given", 0)],
            {None: False, MAIL: False, OTHER: True},
        ),
        ([said("given", 1, None)], {None: False}),
        ([said("given", 1), said("expired", 2)], {MAIL: False}),
    ],
)
def test_what_is_allowed(statements: list[StatedConsent], expected: dict[ContactPoint | None, bool]) -> None:
    assert allowed(*statements) == expected


def test_each_purpose_and_channel_is_decided_by_itself() -> None:
    one = said("given", 1)
    other = StatedConsent(
        id="x", purpose="newsletter", channel="sms", state="refused", at=9, about=None, is_own=True
    )

    assert [(e.decided_by.channel, e.is_allowed) for e in effective_consents([other, one])] == [
        ("email", True),
        ("sms", False),
    ]


STATEMENTS = st.lists(
    st.builds(
        said,
        st.sampled_from(["given", "refused", "withdrawn", "expired"]),
        st.integers(0, 4),
        st.sampled_from([None, MAIL, OTHER]),
        own=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_statements_are_read_does_not_matter(
    statements: list[StatedConsent], chance: random.Random
) -> None:
    shuffled = list(statements)
    chance.shuffle(shuffled)

    assert effective_consents(shuffled) == effective_consents(statements)


@given(STATEMENTS)
def test_nothing_is_allowed_that_nobody_gave_for_that_contact_point(statements: list[StatedConsent]) -> None:
    given_for = {one.about for one in statements if one.state == "given"}

    assert {one.about for one in effective_consents(statements) if one.is_allowed} <= given_for - {None}


@given(STATEMENTS)
def test_an_objection_that_comes_last_ends_all(statements: list[StatedConsent]) -> None:
    assert not any(one.is_allowed for one in effective_consents([*statements, said("withdrawn", 9, None)]))
