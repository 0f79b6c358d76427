"""What a batch of messages changes, decided before anything is written: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_cdp.candidates.model import FIELDS_MIN, said_of
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.identity.model import EvidenceRecord, Holding
from graph_cdp.identity.repository import RecordRow, match_edges
from graph_cdp.ids import RecordKey
from graph_cdp.matching.full_names import NAME_TRAITS, names_of
from graph_cdp.source.difference import opened_holdings
from graph_cdp.source.model import IdentifierKey, Message
from graph_cdp.source.repository import LockedRecord
from graph_cdp.source.rules import RecordState, fold


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
    given_name, surname, birth_date = _names_and_birth(state)
    evidence = EvidenceRecord(
        key=record.key,
        holdings=tuple(
            Holding(key, held.first_seen_at, held.last_seen_at)
            for key, held in state.held.items()
            if held.valid_to is None
        ),
        given_names=(given_name,) if given_name else (),
        surname=surname,
        birth_date=birth_date,
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


def _evidence(state: RecordState) -> tuple[frozenset[IdentifierKey], tuple[str | None, ...]]:
    """What can tell two people apart, and so changes who is who."""
    return _held(state), _names_and_birth(state)


def _names_and_birth(state: RecordState) -> tuple[str | None, str | None, str | None]:
    """Given name, surname and date of birth."""
    said = {name: one.value for name, one in state.traits.items()}
    return *names_of(*map(said.get, NAME_TRAITS)), said.get("birth_date")


def _said(state: RecordState) -> dict[str, str]:
    """What matching compares."""
    return said_of({name: value.value for name, value in state.traits.items()}, _held(state))
