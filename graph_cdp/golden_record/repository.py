"""The statement that computes golden records."""

from collections.abc import Mapping

from graph_cdp.graph.queries import Tx, load_query, run
from graph_cdp.ids import PersonId
from graph_cdp.source.model import TRAITS

COMPUTE_GOLDEN_RECORDS = load_query("procedures/compute_golden_records")


async def compute_golden_records(tx: Tx, *, people: Mapping[PersonId, bool | None]) -> None:
    """The values that survive for these people, each with its source.

    `people` says of each whether it is known (holds more than a device), None where that stays as it is.
    """
    rows = [{"person_id": person_id, "known": known} for person_id, known in sorted(people.items())]
    await run(tx, COMPUTE_GOLDEN_RECORDS, people=rows, fields=list(TRAITS))
