"""Rows of both kinds go each their way, and are answered in their order."""

from collections.abc import Sequence

import pytest

from graph_cdp.errors import Misconfigured
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.flows.state_facts import IngestRows, state_nowhere
from graph_cdp.ids import RecordKey
from graph_cdp.source.facts.model import Product, Statement
from graph_cdp.source.model import Message


def message(message_id: str) -> Message:
    return Message(
        source="crm", message_id=message_id, type="fact", record_key=RecordKey("crm:row:1"), occurred_at=1,
        received_at=1, payload="{}", body_hash=message_id,
    )  # fmt: skip


def statement(sku: str) -> Statement:
    return Statement(fact=Product(sku=sku), source="crm", message_id=sku, occurred_at=1, body_hash=sku)


async def test_each_row_is_answered_by_the_flow_that_it_is_for() -> None:
    asked: list[list[str]] = []

    async def store(messages: Sequence[Message]) -> list[Outcome]:
        asked.append([one.message_id for one in messages])
        return [DUPLICATE, REUSED]

    async def state(statements: Sequence[Statement]) -> list[Outcome]:
        asked.append([one.message_id for one in statements])
        return [ACCEPTED] * len(statements)

    rows = [statement("s1"), message("m1"), statement("s2"), message("m2")]
    assert await IngestRows(messages=store, statements=state)(rows) == [ACCEPTED, DUPLICATE, ACCEPTED, REUSED]
    assert asked == [["m1", "m2"], ["s1", "s2"]]
    assert await IngestRows(messages=store, statements=state_nowhere)(rows[1:2] + rows[3:]) == [
        DUPLICATE,
        REUSED,
    ]


async def test_statements_that_go_nowhere_are_an_error() -> None:
    with pytest.raises(Misconfigured, match="2 rows are about nobody"):
        await state_nowhere([statement("s1"), statement("s2")])
