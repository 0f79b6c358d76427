"""What a resolution changed, for whoever goes on from there: golden records, the journal's numbers, metrics. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph_cdp.identity.assignment import Attach, Change, Merge, Redirect
from graph_cdp.identity.model import Resolution, SharedIdentifier
from graph_cdp.ids import ChangeId, PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a resolution changed.

    `known`: the people that gained or lost records, or became known or anonymous, and which they are now;
    `person_of`: the person of each record that moved; `founded`: the new people of a single record, with its key;
    `change_ids`: the journal's entries, to be numbered last;
    `change_kinds`: the kind of each; `contested_codes`: why each identifier that was not contested before is now.
    """

    known: Mapping[PersonId, bool] = field(default_factory=dict[PersonId, bool])
    person_of: Mapping[RecordKey, PersonId] = field(default_factory=dict[RecordKey, PersonId])
    founded: Mapping[PersonId, RecordKey] = field(default_factory=dict[PersonId, RecordKey])
    change_ids: Sequence[ChangeId] = ()
    change_kinds: Sequence[str] = ()
    contested_codes: Sequence[str] = ()


def kinds(changes: Sequence[Change]) -> list[str]:
    """The kind of each change."""
    return [type(change).__name__.lower() for change in changes]


def newly_contested(before: Collection[IdentifierKey], resolution: Resolution) -> list[str]:
    """Why each identifier is contested now that is not among those that were before."""
    return [
        refusal.reason.code
        for refusal in resolution.refusals
        if isinstance(refusal.evidence, SharedIdentifier) and refusal.evidence.identifier not in before
    ]


def moved(changes: Sequence[Change]) -> Iterator[tuple[RecordKey, PersonId]]:
    """The records that move, each with its new person."""
    for change in changes:
        if not isinstance(change, Redirect):
            target = change.into if isinstance(change, Merge) else change.person_id
            yield from ((key, target) for key in change.record_keys)


def founded(changes: Sequence[Change]) -> dict[PersonId, RecordKey]:
    """The new people of a single record, with its key."""
    return {
        change.person_id: change.founded_by
        for change in changes
        if isinstance(change, Attach) and change.is_new and len(change.record_keys) == 1
    }


def known(
    before: Mapping[PersonId, bool],
    resolution: Resolution,
    people: Sequence[PersonId],
    changes: Sequence[Change],
) -> dict[PersonId, bool]:
    """The people that gained or lost records, or are known now and were not `before`, or the reverse: which they are now."""
    touched: set[PersonId] = set()
    for change in changes:
        match change:
            case Attach():
                touched.add(change.person_id)
            case Merge():
                touched.add(change.into)
            case Redirect():
                pass
            case _:
                touched |= {change.person_id, change.from_person_id}
    return {
        person_id: cluster.known
        for person_id, cluster in zip(people, resolution.clusters, strict=True)
        if person_id in touched or before.get(person_id) != cluster.known
    }
