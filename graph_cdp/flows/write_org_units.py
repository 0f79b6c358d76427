"""Changing the network of organisational units: brands, regions, franchises, stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ConstraintError

from graph_cdp.errors import Conflict
from graph_cdp.flows.once import store_once
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id
from graph_cdp.source.business_rules.declared import ORG_UNIT_DEPTH_MAX
from graph_cdp.source.business_rules.model import OrgUnit
from graph_cdp.source.model import Message
from graph_cdp.source.repository import declare_org_units, lock_org_units


class BadNetwork(Conflict):
    """The network would not be a tree any more, or a unit would hang on one that there is not."""

    code = "BAD_NETWORK"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOrgUnits:
    """The flow: what it needs beside the units."""

    graph: Graph
    new_id: Callable[[], str] = new_id

    async def __call__(self, units: Sequence[OrgUnit], *, message: Message) -> Outcome:
        """Write units, all or none, once for this message; other units stay as they are.

        Raises:
            BadNetwork: a unit would be part of itself, or of one that there is not.
            Unavailable: other writers kept changing the network; try again.
        """
        return await self.graph.write_anew(ConstraintError, self._in_transaction, units, message)

    async def _in_transaction(
        self, tx: AsyncManagedTransaction, units: Sequence[OrgUnit], message: Message
    ) -> Outcome:
        outcome = await store_once(tx, message=message, new_id=self.new_id)
        if outcome is not ACCEPTED:
            return outcome
        require_tree([*await lock_org_units(tx), *units])
        await declare_org_units(tx, org_units=units)
        return outcome


def require_tree(units: Sequence[OrgUnit]) -> None:
    """Go on only if each unit stands below another one of them, or below none. Of two with one id the later counts.

    Raises:
        BadNetwork: they do not; the message names the unit.
    """
    above = {unit.id: unit.part_of for unit in units}
    for id_ in above:
        top = id_
        for _ in range(ORG_UNIT_DEPTH_MAX):
            over = above[top]
            if over is None:
                break
            if over not in above:
                raise BadNetwork(
                    f"{id_} would hang on a unit that there is not: write that first, or with it."
                )
            top = over
        else:
            raise BadNetwork(
                f"{id_} would be part of itself, or have more than {ORG_UNIT_DEPTH_MAX} units above it."
            )
