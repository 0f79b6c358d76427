"""What can be changed: all mutations, of all their modules."""

import strawberry

from graph_cdp.api.mutations.catalogue import CatalogueMutations
from graph_cdp.api.mutations.consents import ConsentMutations
from graph_cdp.api.mutations.dead_letters import DeadLetterMutations
from graph_cdp.api.mutations.org_units import OrgUnitMutations
from graph_cdp.api.mutations.records import RecordMutations
from graph_cdp.api.mutations.transactions import TransactionMutations
from graph_cdp.api.mutations.verdicts import VerdictMutations


@strawberry.type(
    description="Where every change starts. Each input carries an `idempotency_key`, so that a retry is safe, for ever; what is "
    "answered without an error is committed."
)
class Mutation(
    RecordMutations,
    TransactionMutations,
    ConsentMutations,
    CatalogueMutations,
    OrgUnitMutations,
    VerdictMutations,
    DeadLetterMutations,
):
    """The root."""
