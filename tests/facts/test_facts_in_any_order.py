"""Whatever the order in which facts arrive, and however they are batched, the graph says the same."""

import itertools
from collections.abc import Callable, Sequence

import pytest
from neo4j import AsyncDriver

from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.source.facts.model import (
    Case,
    Company,
    Consent,
    ConsentState,
    Device,
    Interaction,
    Line,
    Product,
    Store,
    Transaction,
    TransactionStatus,
)
from graph_cdp.source.facts.rows import DAY_MS
from graph_cdp.source.model import Message
from tests.facts.stating import everything, message, tell
from tests.graph import empty

pytestmark = pytest.mark.neo4j


def order(
    number: int, amount: float, *lines: Line, at: int = 0, user: str = "u1", store: str | None = None
) -> Message:
    fact = Transaction(
        key="shop:o1", kind="order", amount=amount, status="completed", lines=lines, store=store
    )
    return message(number, fact, at=at, user=user)


def stamp(state: ConsentState) -> Consent:
    return Consent(purpose="ads", channel="web", state=state, about=("anonymous_id", "a1"), repeats=True)


HISTORIES: dict[str, Callable[[], Sequence[Message]]] = {
    "an order that is corrected, moved and cancelled": lambda: [
        order(1, 10, Line(sku="a", quantity=2, unit_price=5.0), store="paris"),
        order(2, 12, Line(sku="b"), Line(sku="a"), at=5, store="lyon"),
        message(3, TransactionStatus(key="shop:o1", kind="order", status="cancelled"), at=9),
    ],
    "two statements of one moment": lambda: [
        order(1, 10, Line(sku="a")),
        order(2, 20),
        order(3, 30, Line(sku="b")),
    ],
    "a return before its order": lambda: [
        message(1, Transaction(key="shop:r1", kind="return", amount=-5, returns="shop:o1"), at=7),
        order(2, 10),
        message(3, Transaction(key="shop:r1", kind="return", amount=-6, returns="shop:o1"), at=8),
    ],
    "an order of two records": lambda: [order(1, 10, user="u1"), order(2, 11, at=1, user="u2")],
    "a feed and mentions of a product": lambda: [
        message(1, Product(sku="a", name="Mug", introduces=True)),
        message(2, Product(sku="a", name="Mug, blue", price=9.5, stock=3, size="M", season="SS26"), at=1),
        message(3, Product(sku="a", name="Mug, blue", price=8.5, stock=0), at=2),
    ],
    "mentions of a product that no feed tells of": lambda: [
        message(1, Product(sku="a", name="Cap", category="Mugs", price=8.0, currency="USD", introduces=True)),
        message(2, Product(sku="a", name="Cup", price=8.0, currency="EUR", introduces=True), at=7),
        order(3, 10, Line(sku="a", name="Bowl"), at=3 * DAY_MS),
    ],
    "a store that moves between units": lambda: [
        message(1, Store(code="paris", name="Paris 2", org_unit="north")),
        message(2, Store(code="paris", name="Paris II", city="Paris"), at=3),
        order(3, 10, store="paris"),
    ],
    "a firm told of in parts": lambda: [
        message(1, Company(key="shop:acme", fields={"name": "Acme", "industry": "Mugs"})),
        message(2, Company(key="shop:acme", fields={"name": "Acme SA"}), at=2),
        message(3, Company(key="shop:acme", fields={"industry": "Cups", "employees": "12"}), at=1, user="u2"),
    ],
    "a case that is opened, answered and closed": lambda: [
        message(1, Case(key="shop:c1", kind="complaint", status="open", subject="Broken", store="paris")),
        message(
            2, Case(key="shop:c1", kind="complaint", status="closed", satisfaction=0.75, closed_at=9), at=2
        ),
        message(3, Case(key="shop:c1", kind="complaint", status="answered"), at=1, user="u2"),
    ],
    "a device that is updated": lambda: [
        message(
            1, Device(identifier=("anonymous_id", "a1"), platform="ios", os_version="17"), anonymous="a1"
        ),
        message(
            2, Device(identifier=("anonymous_id", "a1"), platform="ios", model="X"), at=2, anonymous="a1"
        ),
        message(3, Device(identifier=("anonymous_id", "a1"), platform="android"), at=1, anonymous="a1"),
    ],
    "a choice that every page repeats, and that is taken back": lambda: [
        *(message(n, stamp("given"), at=n * 1000, anonymous="a1") for n in (1, 2)),
        message(3, stamp("refused"), at=3_000, anonymous="a1"),
        message(4, stamp("given"), at=4_000, anonymous="a1"),
    ],
    "a mailing, and consent withdrawn": lambda: [
        message(1, Interaction(campaign_key="shop:spring", kind="opened")),
        message(2, Interaction(campaign_key="shop:spring", kind="clicked", link="https://x.fr/"), at=1),
        message(
            3,
            Interaction(campaign_key="shop:spring", kind="unsubscribed"),
            Consent(purpose="marketing", channel="email", state="withdrawn", about=("email", "lea@x.fr")),
            Consent(purpose="profiling", channel="web", state="refused"),
            at=2,
        ),
    ],
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
async def test_every_order_and_every_batching_of_facts_gives_one_state(
    history: Callable[[], Sequence[Message]], graph: Graph, driver: AsyncDriver
) -> None:
    states: list[list[str]] = []
    for some in itertools.permutations(history()):
        for batches in ([some], [[one] for one in some], [some[:1], some]):
            await empty(driver)
            await tell(graph, *batches)
            assert await find_violations(graph) == []
            states.append(await everything(graph))
    assert states == [states[0]] * len(states)


async def test_facts_are_written_whole(graph: Graph) -> None:
    history = [one for make in HISTORIES.values() for one in make()]
    numbered = [message(n, *one.facts, at=n, anonymous="a1") for n, one in enumerate(history)]
    await tell(graph, numbered)
    state = await everything(graph)
    kinds = sorted({line.split("]")[0].strip("[") for line in state if line.startswith("[")})
    assert kinds == [
        "'Campaign'", "'Case'", "'Company'", "'ConsentRecord'", "'Device', 'Identifier'", "'Event', 'Interaction'",
        "'Product'", "'Store'", "'Transaction'",
    ]  # fmt: skip
