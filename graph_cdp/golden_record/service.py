"""Golden records beyond the one that is stored: in the scope of an organisational unit, and all of them anew."""

from collections.abc import Callable

from graph_cdp.golden_record.model import Survivor, Survivorship
from graph_cdp.golden_record.repository import (
    Concerned,
    compute_golden_records,
    list_people,
    list_statements_in_scope,
)
from graph_cdp.golden_record.rules import survive
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import PersonId

PEOPLE_BATCH_MAX = 500
"""People whose golden records are computed in one transaction: they are locked until its commit."""


async def golden_record_in_scope(
    graph: Graph, person_id: PersonId, org_unit_id: str, *, survivorship: Survivorship
) -> dict[str, Survivor] | None:
    """The golden record that a franchise or a store may see: from the records of its own sources, and those below it.

    Computed on reading, never stored. None where no record of the person is in scope: to this unit, there is no
    such person.
    """
    records = await graph.read(list_statements_in_scope, person_id=person_id, org_unit_id=org_unit_id)
    return survive(records, survivorship) if records else None


async def recompute_golden_records(
    graph: Graph, *, survivorship: Survivorship, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Compute every golden record again, after the rules or the trust of a source changed; how many people.

    In small transactions, beside the service, which may go on. Safe to run again; `progress` is told how many people
    are done.
    """

    async def next_batch(tx: Tx, after_id: str) -> list[PersonId]:
        people = await list_people(tx, after_id=after_id, row_limit=PEOPLE_BATCH_MAX)
        if people:
            await compute_golden_records(
                tx, people=dict.fromkeys(people, Concerned()), survivorship=survivorship
            )
        return people

    done, after_id = 0, ""
    while batch := await graph.write(next_batch, after_id):
        done, after_id = done + len(batch), batch[-1]
        progress(done)
    return done
