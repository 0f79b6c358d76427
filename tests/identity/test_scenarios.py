"""Identity, case by case: the conformance suite of `scenarios.yaml` through the pure core."""

import pytest

from tests.identity.evidence import observe
from tests.identity.scenario import Scenario, load_scenarios, orders, problems

SCENARIOS = load_scenarios()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_holds_in_every_order_with_every_message_repeated(scenario: Scenario) -> None:
    for arrival in orders(scenario):
        assert problems(scenario, observe(arrival)) == [], [message["messageId"] for message in arrival]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_message_comes_twice_and_first_in_some_order(scenario: Scenario) -> None:
    arrivals = list(orders(scenario))
    assert {len(arrival) for arrival in arrivals} == {2 * len(scenario.messages)}
    if len(scenario.messages) <= 6:
        assert {arrival[0]["messageId"] for arrival in arrivals} == {
            one["messageId"] for one in scenario.messages
        }


def test_a_scenario_that_does_not_hold_is_found_out() -> None:
    scenario = next(one for one in SCENARIOS if one.name == "one person, two devices")
    apart = observe(scenario.messages[:1] + scenario.messages[2:])
    assert problems(scenario, apart) == [
        "anonymous_id:a1, anonymous_id:a2, user_id:u1 resolve to 2 people",
        "user_id:u1 has 0 events on the timeline, not 1",
    ]
