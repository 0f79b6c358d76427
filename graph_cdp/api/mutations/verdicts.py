"""`give_verdict`: a human says that records are the same person, or are not."""

import uuid
from dataclasses import replace
from enum import Enum
from typing import Annotated, Literal, cast

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.mutations.inputs import KEY
from graph_cdp.api.mutations.receiving import caller_source, read_idempotency_key, receive_by_flow
from graph_cdp.api.mutations.results import InputError
from graph_cdp.api.node import parse_id
from graph_cdp.api.reads.person import find_records
from graph_cdp.flows.give_verdict import NewVerdict
from graph_cdp.ids import RecordId
from graph_cdp.intake.identifiers import BadField
from graph_cdp.intake.values import read_line

VERDICTS = uuid.UUID("5a6b2d1e-7f0c-5c0e-9a55-1f6f0e3a9d47")
"""The namespace of the ids of verdicts that mutations give (RFC 9562, version 5): the key of the input makes the id."""


@strawberry.enum(description="What a human decided.")
class VerdictKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    SAME = strawberry.enum_value(
        "same", description="Every record on the left is the person of every one on the right."
    )
    NOT_SAME = strawberry.enum_value(
        "not_same", description="No record on the left is the person of any on the right."
    )


@strawberry.input(description="A verdict: every record on the left with every record on the right.")
class GiveVerdictInput:
    """A verdict."""

    idempotency_key: str = strawberry.field(description=KEY)
    kind: VerdictKind = strawberry.field(description="What was decided: `NOT_SAME`.")
    left: list[strawberry.ID] = strawberry.field(
        description="Source records of one side, by `id` or `record_id`; 1 to 100."
    )
    right: list[strawberry.ID] = strawberry.field(description="Source records of the other side, likewise.")
    reason: str = strawberry.field(
        description="Why, for whoever reads it later: `Father and son share a phone.`"
    )


@strawberry.type(description="Where one record of a verdict stands now.")
class VerdictRecord:
    """A record and its person."""

    record_id: strawberry.ID = strawberry.field(description="The own id of the source record.")
    person_id: strawberry.ID | None = strawberry.field(description="The person that it resolves to now.")


@strawberry.type(
    description="What became of a verdict. Without an `error` it is committed, and people are resolved by it."
)
class GiveVerdictResult:
    """The result."""

    idempotency_key: str = strawberry.field(description="The key of the input, as it was sent.")
    was_duplicate: bool = strawberry.field(
        description="Whether an equal verdict with this key was given before, so that nothing was done now."
    )
    verdict_id: strawberry.ID | None = strawberry.field(
        description="The own id of the verdict; null if refused."
    )
    records: list[VerdictRecord] = strawberry.field(
        description="The records of both sides, left first, with the person of each now; none if refused."
    )
    error: InputError | None = strawberry.field(description="Why it was refused; null where it was not.")


@strawberry.type
class VerdictMutations:
    """The mutation of this module."""

    @strawberry.mutation(
        description="Say that records are the same person, or are not. It outweighs every identifier and match until a newer "
        "verdict; people are resolved anew in the same transaction."
    )
    async def give_verdict(
        self,
        info: Info,
        input: Annotated[GiveVerdictInput, strawberry.argument(description="The verdict.")],
    ) -> GiveVerdictResult | None:
        """A verdict, by its flow."""
        outcome, error = await receive_by_flow(
            info,
            input,
            lambda message: info.context.require_writes().give_verdict.once(
                read_verdict(input, by=str(info.context.principal.key_id)),
                message=replace(message, name="verdict"),
            ),
        )
        if error:
            return GiveVerdictResult(
                idempotency_key=input.idempotency_key,
                was_duplicate=False,
                verdict_id=None,
                records=[],
                error=error,
            )
        return GiveVerdictResult(
            idempotency_key=input.idempotency_key,
            was_duplicate=outcome == "duplicate",
            verdict_id=strawberry.ID(verdict_id(input, by=str(info.context.principal.key_id))),
            records=await _records(info, input),
            error=None,
        )


def read_verdict(item: GiveVerdictInput, *, by: str) -> NewVerdict:
    """The verdict that is said.

    Raises:
        BadField: the reason is blank, or a text is not of its form.
        BadId: an id is none of a source record.
    """
    reason = read_line(item.reason, name="reason")
    if reason is None:
        raise BadField("reason is blank: whoever reads the verdict later needs it.")
    return NewVerdict(
        kind=cast('Literal["same", "not_same"]', item.kind.value),
        left=frozenset(_record_ids(item.left)),
        right=frozenset(_record_ids(item.right)),
        by=by,
        reason=reason,
        id=verdict_id(item, by=by),
    )


def verdict_id(item: GiveVerdictInput, *, by: str) -> str:
    """The id of the verdict of an input: the same for a retry, which is answered as the first was."""
    return str(uuid.uuid5(VERDICTS, f"{caller_source(by)}\n{read_idempotency_key(item.idempotency_key)}"))


async def _records(info: Info, item: GiveVerdictInput) -> list[VerdictRecord]:
    ids = [*_record_ids(item.left), *_record_ids(item.right)]
    found = {row.id: row.person_id for row in await info.context.graph.read(find_records, record_ids=ids)}
    return [
        VerdictRecord(record_id=strawberry.ID(id_), person_id=strawberry.ID(person_id) if person_id else None)
        for id_ in ids
        if id_ in found
        for person_id in (found[id_],)
    ]


def _record_ids(ids: list[strawberry.ID]) -> list[RecordId]:
    return [RecordId(parse_id("SourceRecord", str(id_))) for id_ in ids]
