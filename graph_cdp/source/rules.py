"""How messages change the state of the record that they are about: a pure fold, the same in every order of arrival.

A Segment message adds: each trait keeps its newest value, identifiers accumulate. A row is the state of its record:
what its newest version no longer says is gone, and what was said before that version by other messages, too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graph_cdp.ids import Millis
from graph_cdp.source.model import IdentifierKey, Message


class TraitValue(NamedTuple):
    """A value, the time at which the source said it, and whether it said then that the value is verified.

    A tuple and no dataclass, since every message makes some: in C.
    """

    value: str
    at: Millis
    verified: bool = False


class Held(NamedTuple):
    """One interval in which a record holds an identifier; `valid_to` is None while it still does. A tuple, as above."""

    first_seen_at: Millis
    last_seen_at: Millis
    valid_to: Millis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """What a record says now. `version` is (time, hash) of the newest row, None where no row has told of it."""

    traits: Mapping[str, TraitValue] = field(default_factory=dict[str, TraitValue])
    held: Mapping[IdentifierKey, Held] = field(default_factory=dict[IdentifierKey, Held])
    version: tuple[Millis, str] | None = None


def fold(state: RecordState, messages: Iterable[Message]) -> RecordState:
    """The state of a record after these messages, in whatever order they and earlier ones came."""
    for message in messages:
        state = _apply_version(state, message) if message.complete else _add(state, message)
    return state


def _apply_version(state: RecordState, message: Message) -> RecordState:
    version = (message.occurred_at, message.body_hash)
    if state.version is not None and version <= state.version:
        return state
    at = message.occurred_at
    traits = {name: value for name, value in state.traits.items() if value.at > at}
    for name, value in message.traits.items():
        traits.setdefault(name, TraitValue(value=value, at=at, verified=name in message.verified))
    held = {
        key: _close(interval, at) if key not in message.identifiers else interval
        for key, interval in state.held.items()
    }
    for key in message.identifiers:
        held[key] = _see(held.get(key), at)
    return RecordState(traits=traits, held=held, version=version)


def _add(state: RecordState, message: Message) -> RecordState:
    at = message.occurred_at
    overruled = state.version is not None and at <= state.version[0]
    held = dict(state.held)
    for key in message.identifiers:
        before = held.get(key)
        if not overruled or (before is not None and before.valid_to is None):
            held[key] = _see(before, at)
    traits = state.traits if overruled or not message.traits else _newest(state.traits, message)
    return RecordState(traits=traits, held=held, version=state.version)


def _newest(traits: Mapping[str, TraitValue], message: Message) -> dict[str, TraitValue]:
    newest = dict(traits)
    for name, value in message.traits.items():
        said = TraitValue(value=value, at=message.occurred_at, verified=name in message.verified)
        if name not in newest or _order(said) > _order(newest[name]):
            newest[name] = said
    return newest


def _order(said: TraitValue) -> tuple[Millis, str, bool]:
    return said.at, said.value, said.verified


def _see(before: Held | None, at: Millis) -> Held:
    if before is None or before.valid_to is not None:
        return Held(first_seen_at=at, last_seen_at=at)
    return Held(first_seen_at=min(before.first_seen_at, at), last_seen_at=max(before.last_seen_at, at))


def _close(interval: Held, at: Millis) -> Held:
    still_holds = interval.valid_to is not None or interval.last_seen_at > at
    return interval if still_holds else interval._replace(valid_to=at)
