"""The scenarios of `scenarios.yaml`: loading them, every order in which their messages may arrive, and the verdict.

The messages stay dictionaries as a client would send them, so that the same scenario runs through the pure core
(`observe` in evidence.py) and through the database, which makes an `Observed` of its own.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import yaml

from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey

Json = dict[str, Any]

FILE = Path(__file__).with_name("scenarios.yaml")
TIMESTAMP = "2026-01-01T00:00:00Z"
MESSAGES_PERMUTED_MAX = 6
ORDERS_SAMPLED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A case: messages as sent (each with its messageId and timestamp), and what must come out."""

    name: str
    messages: tuple[Json, ...]
    persons: tuple[frozenset[IdentifierKey], ...] | None = None
    together: IdentifierKey | None = None
    timeline: Mapping[IdentifierKey, int] = field(default_factory=dict[IdentifierKey, int])
    review: tuple[frozenset[IdentifierKey], ...] = ()
    outcome: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What came out, by whichever way: people are any hashable name, reviews are the people that a task names.

    `outcomes` has the reason code for each refused message type that the case asks about.
    """

    person_of: Mapping[RecordKey, object]
    holders: Mapping[IdentifierKey, frozenset[RecordKey]]
    timeline: Mapping[object, int]
    reviews: Sequence[frozenset[object]]
    outcomes: Mapping[str, str]


def load_scenarios() -> tuple[Scenario, ...]:
    """All scenarios of the file, repetitions written out."""
    return tuple(_scenario(raw) for raw in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _scenario(raw: Json) -> Scenario:
    messages = [
        {"messageId": f"m{number}", "timestamp": TIMESTAMP, **message}
        for number, message in enumerate(_repeated(raw["messages"]))
    ]
    persons = _repeated(raw["persons"]) if "persons" in raw else None
    return Scenario(
        name=raw["name"],
        messages=tuple(messages),
        persons=None if persons is None else tuple(_keys(person) for person in persons),
        together=_key(raw["together"]) if "together" in raw else None,
        timeline={_key(text): count for text, count in raw.get("timeline", {}).items()},
        review=tuple(_keys(people) for people in raw.get("review", [])),
        outcome=raw.get("outcome", {}),
    )


def _repeated(raw: Any) -> list[Any]:
    if not isinstance(raw, dict):
        return list(raw)
    repeat = cast("Json", raw)
    template = json.dumps(repeat["with"])
    return [json.loads(template.replace("{n}", str(n))) for n in range(1, repeat["repeat"] + 1)]


def _keys(texts: Iterable[str]) -> frozenset[IdentifierKey]:
    return frozenset(map(_key, texts))


def _key(text: str) -> IdentifierKey:
    kind, _, value = text.partition(":")
    return IdentifierKey(kind=kind, value=value)


def orders(scenario: Scenario, *, seed: int = 0, orders_max: int | None = None) -> Iterator[list[Json]]:
    """Every order of up to six messages, a hundred seeded ones of more; each message again at a later place."""
    chance = random.Random(f"{seed} {scenario.name}")
    messages = scenario.messages
    if len(messages) <= MESSAGES_PERMUTED_MAX:
        arrivals = list(permutations(messages))
    else:
        arrivals = [tuple(chance.sample(messages, len(messages))) for _ in range(ORDERS_SAMPLED)]
    if orders_max is not None and len(arrivals) > orders_max:
        arrivals = chance.sample(arrivals, orders_max)
    for arrival in arrivals:
        yield _with_repetitions(arrival, chance)


def _with_repetitions(arrival: Sequence[Json], chance: random.Random) -> list[Json]:
    queue = list(arrival)
    for message in arrival:
        first = next(place for place, other in enumerate(queue) if other is message)
        queue.insert(chance.randint(first + 1, len(queue)), message)
    return queue


def problems(scenario: Scenario, observed: Observed) -> list[str]:
    """What does not hold, in words; empty when the scenario passes."""
    found = list(_persons(scenario, observed))
    if scenario.together:
        people = set(observed.person_of.values())
        if len(people) != 1 or not observed.holders.get(scenario.together):
            found.append(f"{len(people)} people where all belong together")
    for key, count in scenario.timeline.items():
        people = _people_of(key, observed)
        events = sum(observed.timeline.get(person, 0) for person in people)
        if events != count:
            found.append(f"{key.kind}:{key.value} has {events} events on the timeline, not {count}")
    for named in scenario.review:
        people = {person for key in named for person in _people_of(key, observed)}
        if not any(people <= review for review in observed.reviews):
            found.append(f"no review names {_named(named)}")
    found.extend(
        f"{kind} came out as {observed.outcomes.get(kind)}, not {code}"
        for kind, code in scenario.outcome.items()
        if observed.outcomes.get(kind) != code
    )
    return found


def _persons(scenario: Scenario, observed: Observed) -> Iterator[str]:
    if scenario.persons is None:
        return
    resolved: list[object] = []
    for keys in scenario.persons:
        people = {person for key in keys for person in _people_of(key, observed)}
        if len(people) != 1 or not all(observed.holders.get(key) for key in keys):
            yield f"{_named(keys)} resolve to {len(people)} people"
        resolved.extend(people)
    if len(set(resolved)) != len(resolved):
        yield "two people of the scenario are one"
    listed = {key for keys in scenario.persons for key in keys}
    for key in observed.holders.keys() - listed:
        if len(_people_of(key, observed)) != len(observed.holders[key]):
            yield f"{_named([key])} joins records, and should not"
    sizes: dict[object, int] = {}
    for person in observed.person_of.values():
        sizes[person] = sizes.get(person, 0) + 1
    for person in sizes.keys() - set(resolved):
        if sizes[person] > 1:
            yield "records that only have identifiers which join no one are one person"


def _named(keys: Iterable[IdentifierKey]) -> str:
    return ", ".join(sorted(f"{key.kind}:{key.value}" for key in keys))


def _people_of(key: IdentifierKey, observed: Observed) -> set[object]:
    return {observed.person_of[record] for record in observed.holders.get(key, ())}
