"""Components beyond the declared size: new records join by user id only, and a durable mark leaves the rest to a job.

One transaction cannot read, lock and judge a component of any size and still answer in milliseconds. Until the job has
run, nobody is merged or split here; a new record joins whoever has its user id, and is a person of its own otherwise.
"""

from collections.abc import Callable
from dataclasses import replace

from graph_cdp.graph.queries import Tx
from graph_cdp.identity.assignment import Attach, Present, assign
from graph_cdp.identity.component import Seeds
from graph_cdp.identity.model import Resolution
from graph_cdp.identity.policy import USER_ID, Policy
from graph_cdp.identity.repository import (
    PersonRow,
    RecordRow,
    lock_people,
    read_component_records,
)
from graph_cdp.identity.resolve import resolve
from graph_cdp.ids import PersonId, RecordKey
from graph_cdp.source.model import IdentifierKey

Decision = tuple[Resolution, list[Attach], dict[PersonId, PersonRow], dict[RecordKey, RecordRow]]


def contested_meanwhile(seeds: Seeds) -> frozenset[IdentifierKey]:
    """What changed records hold together with others: until the job has judged it, it points at nobody."""
    held = {holding.identifier for row in seeds.records.values() for holding in row.evidence.holdings}
    return frozenset(
        key
        for key in held
        if key.kind != USER_ID.kind and key in seeds.identifiers and _is_shared(key, seeds)
    )


def _is_shared(key: IdentifierKey, seeds: Seeds) -> bool:
    holders = set(seeds.identifiers[key].record_keys)
    holders |= {
        row.evidence.key
        for row in seeds.records.values()
        if any(holding.identifier == key for holding in row.evidence.holdings)
    }
    return len(holders) > 1


async def join_by_user_id(
    tx: Tx, *, seeds: Seeds, policy: Policy, new_id: Callable[[], PersonId]
) -> Decision:
    """Give each new record the person of its user id, or one of its own: the decision, and what it was taken on."""
    unresolved = {key: row for key, row in seeds.records.items() if row.person_id is None}
    user_ids = [key for key in seeds.identifiers if key.kind == USER_ID.kind]
    holders = {key for user_id in user_ids for key in seeds.identifiers[user_id].record_keys}
    others = await read_component_records(tx, record_keys=holders - seeds.records.keys())
    resolved = [row for row in seeds.records.values() if row.person_id is not None]
    records = unresolved | {row.evidence.key: row for row in (*others, *resolved)}
    person_ids = {row.person_id for row in records.values() if row.person_id is not None}
    people = {row.person.id: row for row in await lock_people(tx, person_ids=person_ids)}
    resolution = resolve(
        [row.evidence for row in records.values()], policy=replace(policy, rank_max=USER_ID.rank)
    )
    present = Present(
        person_of={key: row.person_id for key, row in records.items() if row.person_id is not None},
        people=[row.person for row in people.values()],
    )
    changes = [change for change in assign(resolution, present, new_id) if isinstance(change, Attach)]
    return resolution, changes, people, records
