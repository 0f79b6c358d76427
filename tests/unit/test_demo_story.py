from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from graph_cdp.demo.scenes import DAY, STORY_BEGINS, STORY_DAYS, Call
from graph_cdp.demo.story import EXAMPLE_NATIONAL_ID, Cast, Customer, Story, tell_story
from graph_cdp.errors import Invalid

SMALL = Cast(prefix="tiny-", nameless=3, on_two_devices=4, tablets=2, with_an_alias=2, logged_out=2)

CUSTOMERS = [
    Customer(
        row_id=f"rec-{number}-org",
        national_id=EXAMPLE_NATIONAL_ID if number == 7 else f"10000{number:02d}",
        first_name="ann" if number % 2 else "bob",
        last_name="lee",
    )
    for number in range(20)
]
PURCHASES = {f"{number:05d}": number for number in range(1, 20)}


def small_story(seed: int = 1) -> Story:
    return tell_story(CUSTOMERS, PURCHASES, cast=SMALL, seed=seed)


def anonymous_ids(calls: Iterable[Call]) -> set[str]:
    return {call.anonymous_id for call in calls if call.anonymous_id}


def test_one_seed_tells_one_story() -> None:
    assert small_story() == small_story()
    assert small_story(1) != small_story(2)


def test_the_example_comes_first_with_a_page_of_purchases() -> None:
    example = small_story().example

    assert (example.user_id, example.national_id, example.row_id) == (
        f"user-{EXAMPLE_NATIONAL_ID}",
        EXAMPLE_NATIONAL_ID,
        "rec-7-org",
    )
    assert example.shop_id == "00008"


def test_everyone_who_signs_in_has_ids_and_an_address_of_their_own() -> None:
    visitors = small_story().visitors

    assert len(visitors) == SMALL.customers == 12
    for values in zip(
        *((v.user_id, v.row_id, v.national_id, v.shop_id, v.email) for v in visitors), strict=True
    ):
        assert len(set(values)) == 12


def test_message_ids_number_the_calls_in_the_order_of_their_times() -> None:
    calls = small_story().calls

    assert [call.message_id for call in calls] == [f"tiny-{n:05d}" for n in range(1, len(calls) + 1)]
    assert [call.at for call in calls] == sorted(call.at for call in calls)


def test_the_story_plays_in_the_month_after_the_last_purchase() -> None:
    calls = small_story().calls

    assert calls[0].at >= STORY_BEGINS
    assert calls[-1].at < STORY_BEGINS + (STORY_DAYS + 1) * DAY


def test_each_scene_leaves_the_devices_that_it_should() -> None:
    calls = small_story().calls
    devices: Counter[int] = Counter()
    for device in anonymous_ids(calls):
        users = {call.user_id for call in calls if call.anonymous_id == device} - {None}
        devices[len(users)] += 1

    # No user: 3 nameless, 2 old visits, 2 after a log-out. One: 4 × 2, 2 of an alias, 2 before a log-out. Two: tablets.
    assert devices == {0: 7, 1: 12, 2: 2}


def test_an_alias_names_an_earlier_visit_of_someone_who_signed_in() -> None:
    calls = small_story().calls
    aliases = [call for call in calls if call.type == "alias"]

    assert len(aliases) == 2
    for alias in aliases:
        visit = [call for call in calls if call.anonymous_id == alias.previous_id]
        assert visit
        assert all(call.at < alias.at and call.user_id is None for call in visit)
        assert any(call.type == "identify" and call.user_id == alias.user_id for call in calls)


def test_a_sign_in_names_the_national_id_and_the_customer_number() -> None:
    story = small_story()
    sign_in = next(c for c in story.calls if c.type == "identify" and c.user_id == story.example.user_id)

    assert sign_in.context["externalIds"] == [
        {"id": EXAMPLE_NATIONAL_ID, "type": "national_id", "collection": "users", "encoding": "none"},
        {"id": "00008", "type": "customer_id", "collection": "shop", "encoding": "none"},
    ]


def test_too_few_customers_for_the_cast_are_refused() -> None:
    with pytest.raises(Invalid, match="12 customers"):
        tell_story(CUSTOMERS[:10], PURCHASES, cast=SMALL)


def test_a_story_without_its_example_is_refused() -> None:
    others = [replace(c, national_id="1") if c.national_id == EXAMPLE_NATIONAL_ID else c for c in CUSTOMERS]

    with pytest.raises(Invalid, match="its example"):
        tell_story(others, PURCHASES, cast=SMALL)
