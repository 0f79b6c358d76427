"""Segment's `name` is all that many sources say of a name: it tells people apart, and joins them, as given names do."""

from itertools import permutations

import pytest
from neo4j import AsyncDriver

from graph_cdp.graph.transactions import Graph
from tests.graph import empty
from tests.identity.scenario import Json
from tests.identity.teller import Teller

pytestmark = pytest.mark.neo4j

PHONE = "0612000001"


def with_phone(teller: Teller) -> list[Json]:
    """Hugo in the CRM, and Léa on the web and at the till, who gave the same phone."""
    till = {"phone": PHONE, "first_name": "Lea", "last_name": "Roux"}
    return [
        teller.make(
            type="record", source="crm", record_id="1", traits={"phone": PHONE, "name": "ROUX, Hugo"}
        ),
        teller.make(type="identify", userId="u1", traits={"phone": PHONE, "name": "Léa Roux"}),
        teller.make(type="record", source="pos", record_id="7", traits=till),
    ]


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ((0, 1), [["crm:row:1"], ["web:user:u1"]]),
        ((0, 2), [["crm:row:1"], ["pos:row:7"]]),
        ((1, 2), [["pos:row:7", "web:user:u1"]]),
    ],
)
async def test_a_family_that_shares_a_phone_is_not_one_person(
    graph: Graph, driver: AsyncDriver, said: tuple[int, ...], people: list[list[str]]
) -> None:
    for order in permutations(said):
        await empty(driver)
        teller = Teller(graph=graph, driver=driver)
        messages = with_phone(teller)
        await teller.tell_apart(*(messages[place] for place in order))
        assert await teller.people() == people


async def test_who_corrects_a_name_is_judged_anew(graph: Graph, driver: AsyncDriver) -> None:
    teller = Teller(graph=graph, driver=driver)
    await teller.tell_apart(*with_phone(teller)[:2])
    assert await teller.people() == [["crm:row:1"], ["web:user:u1"]]
    await teller.tell_apart(teller.row("1", at="2026-01-02T00:00:00Z", phone=PHONE, name="Léa Roux"))
    assert await teller.people() == [["crm:row:1", "web:user:u1"]]


async def test_a_handle_and_a_firm_tell_nobody_apart(graph: Graph, driver: AsyncDriver) -> None:
    teller = Teller(graph=graph, driver=driver)
    for number, name in enumerate(("Léa Roux", "lea92", "Roux Frères SARL")):
        await teller.tell_apart(teller.row(str(number), phone=PHONE, name=name))
    assert len(await teller.people()) == 1
