"""`write_org_units`: the network of brands, regions, franchises and stores."""

from dataclasses import replace
from typing import Annotated

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.mutations.inputs import KEY
from graph_cdp.api.mutations.receiving import receive_by_flow
from graph_cdp.api.mutations.results import InputError
from graph_cdp.intake.identifiers import BadField
from graph_cdp.intake.values import read_key, read_line, read_optional_key
from graph_cdp.source.business_rules.model import OrgUnit

UNITS_MAX = 100
"""Units in one call; a larger network is written from the top, part by part."""


@strawberry.input(description="A brand, region, franchise or store of the network.")
class OrgUnitInput:
    """A unit."""

    id: str = strawberry.field(description="Its id, as sources and stores name it: `lyon`.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Its name: `Lyon Part-Dieu`; its id if left out."
    )
    part_of: str | None = strawberry.field(
        default=strawberry.UNSET, description="The id of the unit above it: `france`; none if left out."
    )


@strawberry.input(description="Units that are written together: all of them or none.")
class WriteOrgUnitsInput:
    """Units of one change."""

    idempotency_key: str = strawberry.field(description=KEY)
    org_units: list[OrgUnitInput] = strawberry.field(
        description='The units, 1 to 100: `[{id: "lyon", part_of: "france"}]`. Others stay as they are.'
    )


@strawberry.type(description="What became of a change of the network.")
class WriteOrgUnitsResult:
    """The result."""

    idempotency_key: str = strawberry.field(description="The key of the input, as it was sent.")
    was_duplicate: bool = strawberry.field(
        description="Whether an equal input with this key was done before, so that nothing was done now."
    )
    error: InputError | None = strawberry.field(description="Why it was refused; null where it was not.")


@strawberry.type
class OrgUnitMutations:
    """The mutation of this module."""

    @strawberry.mutation(
        description="Write units of the network, all or none. Units of the file that declares sources are written again when the "
        "service starts."
    )
    async def write_org_units(
        self,
        info: Info,
        input: Annotated[WriteOrgUnitsInput, strawberry.argument(description="The units.")],
    ) -> WriteOrgUnitsResult | None:
        """Units, by the flow that keeps the network a tree."""
        outcome, error = await receive_by_flow(
            info,
            input,
            lambda message: info.context.require_writes().write_org_units(
                read_units(input), message=replace(message, name="org_units")
            ),
        )
        return WriteOrgUnitsResult(
            idempotency_key=input.idempotency_key,
            was_duplicate=outcome == "duplicate",
            error=error,
        )


def read_units(item: WriteOrgUnitsInput) -> list[OrgUnit]:
    """The units that are said.

    Raises:
        BadField: there are none or too many, two have one id, or a text is not of its form.
    """
    if not 1 <= len(item.org_units) <= UNITS_MAX:
        raise BadField(f"org_units must be 1 to {UNITS_MAX}.")
    units = [
        OrgUnit(
            id=(id_ := read_key(unit.id, name="org_units.id")),
            name=read_line(unit.name, name="org_units.name") or id_,
            part_of=read_optional_key(unit.part_of, name="org_units.part_of"),
        )
        for unit in item.org_units
    ]
    if len({unit.id for unit in units}) < len(units):
        raise BadField("Two of the org_units have one id.")
    return units
