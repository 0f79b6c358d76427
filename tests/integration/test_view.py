"""The whole 360 view, with exact values: what Marie bought, was sent, said and allowed, and how she is found."""

import pytest
from neo4j import AsyncDriver

from graph_cdp.api.node import global_id
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from tests.integration.asking import ask, refusal
from tests.integration.people import MARIE, PAUL, transaction_id
from tests.integration.rich import CONSENT_GIVEN, CONSENT_OBJECTION, CONSENT_REFUSED, seed_rich

pytestmark = pytest.mark.neo4j


async def person(graph: Graph, selection: str, *, id: str = MARIE) -> object:
    """What a selection of a person answers."""
    answer = await ask(graph, f"query ($id: ID!) {{ person(id: $id) {{ {selection} }} }}", "steward", id=id)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["person"]


async def test_basics_count_what_was_not_cancelled(graph: Graph) -> None:
    """10.5 and 100.25 bought, 4.5 brought back; 42 was cancelled."""
    await seed_rich(graph)
    selection = "basics { orders returns first_order_at last_order_at money { currency spent returned average_basket } }"

    assert await person(graph, selection) == {
        "basics": {
            "orders": 2,
            "returns": 1,
            "first_order_at": "2026-01-01T00:00:00.000Z",
            "last_order_at": "2026-01-03T00:00:00.000Z",
            "money": [{"currency": "EUR", "spent": 110.75, "returned": 4.5, "average_basket": 55.38}],
        }
    }
    assert await person(graph, selection, id=PAUL) == {
        "basics": {"orders": 0, "returns": 0, "first_order_at": None, "last_order_at": None, "money": []}
    }


NOTHING: dict[str, object] = {"returns": None, "returned_by": [], "store": None, "lines": []}
SHIRT: dict[str, object] = {
    "position": 1,
    "quantity": 1.0,
    "unit_price": 59.9,
    "name": "Shirt",
    "product": {"sku": "SKU-1", "stock": 12},
}
SOCKS: dict[str, object] = {
    "position": 2,
    "quantity": 2.0,
    "unit_price": 4.5,
    "name": "Socks",
    "product": {"sku": "SKU 2/é", "stock": None},
}
ORDER: dict[str, object] = {
    "key": "shop:1", "returns": None, "returned_by": [{"key": "shop:2"}], "store": {"city": "Lyon"}, "lines": [SHIRT, SOCKS],
}  # fmt: skip


async def test_a_transaction_has_its_lines_its_store_and_its_return(graph: Graph) -> None:
    await seed_rich(graph)

    found = await person(
        graph,
        """transactions(first: 1, after: null, kinds: [ORDER]) { total_count }
        timeline(kinds: [TRANSACTION]) { edges { node { kind event { name } transaction {
          key returns { key } returned_by { key } store { city } lines { position quantity unit_price name product { sku stock } }
        } } } }""",
    )

    assert found == {
        "transactions": {"total_count": 3},
        "timeline": {
            "edges": [
                {"node": {"kind": "TRANSACTION", "event": None, "transaction": one}}
                for one in (
                    {"key": "shop:4", **NOTHING},
                    {"key": "shop:3", **NOTHING},
                    {"key": "shop:2", **NOTHING, "returns": {"key": "shop:1"}},
                    ORDER,
                )
            ]
        },
    }


async def test_the_timeline_has_facts_of_all_kinds_page_by_page(graph: Graph) -> None:
    """8 events, 4 transactions, 3 statements of consent and a case, none twice, newest first."""
    await seed_rich(graph)
    query = """query ($id: ID!, $after: String) { person(id: $id) { timeline(first: 5, after: $after) {
      total_count pageInfo { hasNextPage endCursor } edges { node {
        kind occurred_at event { event_id } transaction { transaction_id } case { case_id } consent_record { consent_id } } } } } }"""
    seen: list[dict[str, object]] = []
    after = None
    while True:
        answer = await ask(graph, query, "steward", id=MARIE, after=after)
        page = answer["data"]["person"]["timeline"]
        assert page["total_count"] == 16
        seen += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    kinds = [str(one["kind"]) for one in seen]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "TRANSACTION": 4,
        "CONSENT": 3,
        "CASE": 1,
        "EVENT": 8,
    }
    times = [str(one["occurred_at"]) for one in seen]
    assert times == sorted(times, reverse=True)


async def test_campaigns_cases_companies_and_devices_are_shown(graph: Graph) -> None:
    await seed_rich(graph)

    found = await person(
        graph,
        """interactions { edges { node { kind link campaign { name } } } }
        cases(kinds: [COMPLAINT]) { edges { node { subject satisfaction store { code } record { key } } } }
        companies { total_count edges { since node { name } } }
        devices { total_count edges { last_seen_at node { value platform } } }""",
    )

    case = {
        "subject": "Parcel arrived open",
        "satisfaction": 0.2,
        "store": {"code": "LYON-2"},
        "record": {"key": "crm:row:1"},
    }
    clicked = {"kind": "CLICKED", "link": "https://shop.example/", "campaign": {"name": "Spring sale"}}
    assert found == {
        "interactions": {"edges": [{"node": clicked}]},
        "cases": {"edges": [{"node": case}]},
        "companies": {
            "total_count": 1,
            "edges": [{"since": "2026-01-01T00:00:00.000Z", "node": {"name": "Acme"}}],
        },
        "devices": {
            "total_count": 1,
            "edges": [
                {"last_seen_at": "2026-01-02T00:00:00.000Z", "node": {"value": "a-7f3c", "platform": "web"}}
            ],
        },
    }


async def test_consents_say_what_holds_and_which_statement_decides(graph: Graph) -> None:
    """Given, refused a day later, and then an objection to all: the objection decides for the e-mail address, too."""
    await seed_rich(graph)

    found = await person(
        graph,
        """consents { purpose channel is_allowed contact_kind contact_value decided_by { consent_id state contact_point { value } } }
        consent_records { total_count edges { node { consent_id state record { key } evidence } } }""",
    )

    decided = {"consent_id": CONSENT_OBJECTION, "state": "WITHDRAWN", "contact_point": None}
    effective = {"purpose": "newsletter", "channel": "EMAIL", "is_allowed": False, "decided_by": decided}
    records = [
        (CONSENT_OBJECTION, "WITHDRAWN", "crm"),
        (CONSENT_REFUSED, "REFUSED", "web"),
        (CONSENT_GIVEN, "GIVEN", "crm"),
    ]
    keys = {"crm": "crm:row:1", "web": "web:user:u1"}
    assert found == {
        "consents": [
            {**effective, "contact_kind": None, "contact_value": None},
            {**effective, "contact_kind": "email", "contact_value": "marie@example.com"},
        ],
        "consent_records": {
            "total_count": 3,
            "edges": [
                {
                    "node": {
                        "consent_id": id_,
                        "state": state,
                        "record": {"key": keys[by]},
                        "evidence": "form 17",
                    }
                }
                for id_, state, by in records
            ],
        },
    }


SEARCH = "query ($search: String!) { people(search: $search) { total_count edges { matched node { person_id } } } }"


@pytest.mark.parametrize(
    ("search", "matched"),
    [
        ("dupont", ["last_name"]),
        ("Mari Dupond", ["first_name (beginning)", "last_name (close)", "email (beginning)"]),
        ("DÜPONT paris", ["last_name", "city"]),
        ("Marie@Example.com", ["email", "first_name"]),
    ],
)
async def test_people_are_found_by_words_and_it_is_said_why(
    graph: Graph, driver: AsyncDriver, search: str, matched: list[str]
) -> None:
    await seed_rich(graph)
    async with open_session(driver, database="neo4j") as session:
        await (await session.run("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")).consume()

    answer = await ask(graph, SEARCH, "steward", search=search)

    assert answer == {
        "data": {"people": {"total_count": 1, "edges": [{"matched": matched, "node": {"person_id": MARIE}}]}}
    }


async def test_people_are_found_by_an_identifier_of_any_kind(graph: Graph) -> None:
    await seed_rich(graph)

    by_phone = await ask(graph, SEARCH, "steward", search="06 12 34 56 78")
    by_user = await ask(graph, SEARCH, "steward", search="u1")

    found = [edge["node"]["person_id"] for edge in by_phone["data"]["people"]["edges"]]
    assert sorted(found) == [MARIE, PAUL]
    assert by_user["data"]["people"]["edges"] == [{"matched": ["user_id"], "node": {"person_id": MARIE}}]


async def test_a_search_without_a_word_is_refused(graph: Graph) -> None:
    code, _ = await refusal(graph, SEARCH, "steward", search="  * ~ ")

    assert code == "BAD_SEARCH"


async def test_products_stores_and_any_node_are_found(graph: Graph) -> None:
    await seed_rich(graph)
    sku = global_id("Product", "SKU 2/é")

    answer = await ask(
        graph,
        """query ($sku: ID!, $sold: ID!) { product(sku: "SKU-1") { name price introduced } store(code: "LYON-2") { name }
        nobody: store(code: "PARIS-1") { name } a: node(id: $sku) { ... on Product { id sku introduced } }
        b: node(id: $sold) { __typename ... on Transaction { key } } }""",
        "steward",
        sku=sku,
        sold=global_id("Transaction", transaction_id(1)),
    )

    assert answer == {
        "data": {
            "product": {"name": "Linen shirt", "price": 59.9, "introduced": False},
            "store": {"name": "Lyon Part-Dieu"},
            "nobody": None,
            "a": {"id": sku, "sku": "SKU 2/é", "introduced": True},
            "b": {"__typename": "Transaction", "key": "shop:1"},
        }
    }
