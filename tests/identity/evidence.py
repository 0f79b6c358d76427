"""Evidence records from messages as a client sends them, purely: the smallest model of what the graph accumulates."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from graph_cdp.identity.model import EvidenceRecord, Holding, Resolution, SharedIdentifier
from graph_cdp.identity.policy import DEFAULT_POLICY, Policy
from graph_cdp.identity.resolve import resolve
from graph_cdp.ids import Millis, RecordKey
from graph_cdp.matching.normalise import Normalised, normalise_identifier, normalise_trait
from graph_cdp.source.model import IdentifierKey
from tests.identity.scenario import Json, Observed

TIMELINE_TYPES = frozenset({"track", "page", "screen"})
SUBJECT_KINDS = {"user_id": "user", "email": "email", "phone": "phone", "anonymous_id": "anonymous"}


@dataclass(slots=True)
class _State:
    """What one record says so far. `version` is the newest row's; a row is the whole state of its record."""

    source: str
    holdings: dict[IdentifierKey, tuple[Millis, Millis]] = field(
        default_factory=dict[IdentifierKey, tuple[Millis, Millis]]
    )
    traits: dict[str, tuple[Millis, str]] = field(default_factory=dict[str, tuple[Millis, str]])
    version: tuple[Millis, str] | None = None


def evidence_of(messages: Iterable[Json]) -> list[EvidenceRecord]:
    """The evidence records behind messages, in whatever order they come; repeated messageIds count once."""
    states: dict[RecordKey, _State] = {}
    seen: set[tuple[str, str]] = set()
    for message in messages:
        if (message["source"], message["messageId"]) in seen:
            continue
        seen.add((message["source"], message["messageId"]))
        key, identifiers = subject_of(message)
        state = states.setdefault(key, _State(message["source"]))
        at = _millis(message["timestamp"])
        if message["type"] == "record":
            version = (at, json.dumps(message, sort_keys=True))
            if state.version is not None and version <= state.version:
                continue
            state.version = version
            state.holdings.clear()
            state.traits.clear()
        _add(state, message, identifiers, at)
    return [_record(key, state) for key, state in states.items()]


def _add(state: _State, message: Json, identifiers: Sequence[IdentifierKey], at: Millis) -> None:
    for identifier in identifiers:
        first, last = state.holdings.get(identifier, (at, at))
        state.holdings[identifier] = (min(first, at), max(last, at))
    for name, raw in message.get("traits", {}).items():
        value = normalise_trait(name, raw)
        if value is not None:
            state.traits[name] = max(state.traits.get(name, (at, value)), (at, value))


def _record(key: RecordKey, state: _State) -> EvidenceRecord:
    traits = {name: value for name, (_, value) in state.traits.items()}
    return EvidenceRecord(
        key=key,
        holdings=tuple(
            Holding(identifier=identifier, first_seen_at=first, last_seen_at=last)
            for identifier, (first, last) in state.holdings.items()
        ),
        given_names=(traits["first_name"],) if "first_name" in traits else (),
        surname=traits.get("last_name"),
        birth_date=traits.get("birth_date"),
        source=state.source,
    )


def subject_of(message: Json) -> tuple[RecordKey, list[IdentifierKey]]:
    """The record that a message is about, and the identifiers that it says this record holds."""
    source = message["source"]
    found = [
        IdentifierKey(kind=kind, value=result.value)
        for kind, raw in _raw_identifiers(message)
        if isinstance(result := normalise_identifier(kind, raw), Normalised)
    ]
    if message["type"] == "record":
        record_id = message["record_id"]
        customer = IdentifierKey(kind="customer_id", value=f"{source}:{record_id}")
        return RecordKey(f"{source}:row:{record_id}"), [customer, *found]
    for kind, spelling in SUBJECT_KINDS.items():
        for key in found:
            if key.kind == kind:
                return RecordKey(f"{source}:{spelling}:{key.value}"), found
    raise ValueError("A message of a scenario says nobody's name.")


def _raw_identifiers(message: Json) -> Iterator[tuple[str, object]]:
    yield "user_id", message.get("userId")
    yield "anonymous_id", message.get("anonymousId")
    yield "alias", message.get("previousId")
    for name, raw in message.get("traits", {}).items():
        kind = {"email_2": "email", "phone_2": "phone"}.get(name, name)
        if kind in {"email", "phone", "loyalty_card", "national_id"}:
            yield kind, raw
    for external in message.get("context", {}).get("externalIds", []):
        yield external["type"], external["id"]


def observe(messages: Sequence[Json], policy: Policy = DEFAULT_POLICY) -> Observed:
    """What the pure core makes of messages."""
    records = evidence_of(messages)
    resolution = resolve(records, policy=policy)
    person_of = {key: number for number, one in enumerate(resolution.clusters) for key in one.records}
    holders: dict[IdentifierKey, set[RecordKey]] = {}
    for record in records:
        for holding in record.holdings:
            if holding.identifier.kind != "alias":
                holders.setdefault(holding.identifier, set()).add(record.key)
    return Observed(
        person_of=person_of,
        holders={key: frozenset(held) for key, held in holders.items()},
        timeline=_timeline(messages, person_of),
        reviews=[frozenset[object](one.clusters) for one in resolution.refusals if one.asks_human],
        outcomes=_outcomes(resolution),
    )


def _timeline(messages: Iterable[Json], person_of: Mapping[RecordKey, int]) -> dict[object, int]:
    events = {
        (message["source"], message["messageId"]): subject_of(message)[0]
        for message in messages
        if message["type"] in TIMELINE_TYPES
    }
    counts: dict[object, int] = {}
    for key in events.values():
        counts[person_of[key]] = counts.get(person_of[key], 0) + 1
    return counts


def _outcomes(resolution: Resolution) -> dict[str, str]:
    return {
        refusal.evidence.identifier.kind: refusal.reason.code
        for refusal in resolution.refusals
        if isinstance(refusal.evidence, SharedIdentifier)
    }


def _millis(text: str) -> Millis:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
