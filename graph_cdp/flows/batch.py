"""What a batch of messages changes, decided before anything is written: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_cdp.candidates.model import FIELDS_MIN, said_of
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.identity.model import EvidenceRecord, Holding
from graph_cdp.identity.repository import RecordRow, match_edges
from graph_cdp.ids import RecordKey
from graph_cdp.matching.full_names import names_of
from graph_cdp.source.difference import opened_holdings
from graph_cdp.source.model import IdentifierKey, Message
from graph_cdp.source.repository import LockedRecord
from graph_cdp.source.rules import RecordState, fold

IDENTITY_TRAITS = ("first_name", "last_name", "name", "birth_date")
"""The traits that can tell two people apart, and so change who is who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """A record that the batch touches, before and after."""

    key: RecordKey
    before: RecordState
    after: RecordState
    is_unresolved: bool

    @property
    def changes_identity(self) -> bool:
        """Whether people may have to be resolved again: it is new, or other identifiers or names are valid."""
        return self.is_unresolved or (
            not self._says_the_same and _evidence(self.before) != _evidence(self.after)
        )

    @property
    def changes_matching(self) -> bool:
        """Whether it has to be compared anew: it says something else than before, and said or says enough to be compared."""
        if self._says_the_same:
            return False
        before, after = _said(self.before), _said(self.after)
        return before != after and max(len(before), len(after)) >= FIELDS_MIN

    @property
    def _says_the_same(self) -> bool:
        """Whether it states the same traits and holds the same identifiers as before: most messages only tell what happened."""
        return self.before.traits == self.after.traits and _held(self.before) == _held(self.after)

    @property
    def identifiers(self) -> frozenset[IdentifierKey]:
        """All identifiers that it holds or has just given up: the ones whose holders this change concerns."""
        return _held(self.before) | _held(self.after)

    @property
    def opened(self) -> frozenset[IdentifierKey]:
        """The identifiers of intervals that begin: those of the past that a late message tells of, too."""
        return frozenset(
            IdentifierKey(str(kind), str(value))
            for kind, value, *_ in opened_holdings(self.before, self.after)
        )


def sort_out(
    messages: Sequence[Message], stored: Mapping[tuple[str, str], str]
) -> tuple[list[Outcome], list[Message]]:
    """The outcome of each message, in order, and the messages that are new.

    `stored` is the hash of the body by (source, message id) of those that the graph holds. Of two messages with
    one id the first is kept; an equal one is a duplicate, another one is refused.
    """
    seen = dict(stored)
    outcomes: list[Outcome] = []
    fresh: list[Message] = []
    for message in messages:
        key = (message.source, message.message_id)
        if key not in seen:
            seen[key] = message.body_hash
            fresh.append(message)
            outcomes.append(ACCEPTED)
        else:
            outcomes.append(DUPLICATE if seen[key] == message.body_hash else REUSED)
    return outcomes, fresh


def fold_records(
    locked: Mapping[RecordKey, LockedRecord], messages: Iterable[Message]
) -> dict[RecordKey, RecordChange]:
    """How the messages change the records that they are about."""
    by_record: dict[RecordKey, list[Message]] = {}
    for message in messages:
        if message.record_key is not None:
            by_record.setdefault(message.record_key, []).append(message)
    return {
        key: RecordChange(
            key=key,
            before=locked[key].state,
            after=fold(locked[key].state, about_it),
            is_unresolved=locked[key].person_id is None,
        )
        for key, about_it in sorted(by_record.items())
    }


def record_row(record: LockedRecord, state: RecordState) -> RecordRow:
    """A record as `resolve` judges it, in a state that is being written."""
    names = {name: value.value for name, value in state.traits.items() if name in IDENTITY_TRAITS}
    given_name, surname = names_of(*map(names.get, ("first_name", "last_name", "name")))
    evidence = EvidenceRecord(
        key=record.key,
        holdings=tuple(
            Holding(key, held.first_seen_at, held.last_seen_at)
            for key, held in state.held.items()
            if held.valid_to is None
        ),
        given_names=(given_name,) if given_name else (),
        surname=surname,
        birth_date=names.get("birth_date"),
        source=record.key.split(":", 1)[0],
    )
    return RecordRow(
        evidence=evidence,
        id=record.id,
        person_id=record.person_id,
        verdict_ids=record.verdict_ids,
        matches=match_edges(record.key, record.matches),
    )


def _held(state: RecordState) -> frozenset[IdentifierKey]:
    return frozenset(key for key, held in state.held.items() if held.valid_to is None)


def _evidence(state: RecordState) -> tuple[frozenset[IdentifierKey], list[str | None]]:
    names = [state.traits[name].value if name in state.traits else None for name in IDENTITY_TRAITS]
    return _held(state), names


def _said(state: RecordState) -> dict[str, str]:
    """What matching compares."""
    return said_of({name: value.value for name, value in state.traits.items()}, _held(state))
