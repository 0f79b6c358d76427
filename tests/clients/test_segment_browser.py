"""Segment's own analytics.js in a real browser, on a shop's page of another origin: everything arrives, exactly once."""

import asyncio
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph_cdp.graph.transactions import Graph
from tests.clients.browser import CHROMIUM, Page, open_page
from tests.clients.conftest import Server
from tests.clients.stored import PEOPLE, count_events, count_letters
from tests.clients.test_segment_node import HERE, install_sdks
from tests.integration.querying import query

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
]

PAGE = """<!doctype html><meta charset="utf-8"><title>Shop</title><script src="/index.js"></script><script>
const host = new URLSearchParams(location.search).get("host"), writeKey = location.hash.slice(1);
window.failed = [];
const segment = {apiHost: host + "/v1", protocol: "http", deliveryStrategy: %s};
const settings = {integrations: {"Segment.io": {apiKey: writeKey, ...segment}}, plan: {}, edgeFunction: {}};
const [analytics] = [AnalyticsNext.AnalyticsBrowser.load({writeKey, cdnSettings: settings}, {integrations: {"Segment.io": segment}})];
analytics.on("error", (error) => failed.push(String(error)));
window.visit = async () => {
  await analytics.setAnonymousId("a1");
  await analytics.page("Home");
  await analytics.track("Product Viewed", {sku: "é1", price: 12.5});
  await analytics.identify("u1", {email: "Jean@Martin.fr"});
  await analytics.alias("u1", "a0");
  await analytics.group("g1", {name: "Acme"});
  await analytics.track("Order Completed", {order_id: "o1", revenue: 12.5, currency: "EUR", products: [{sku: "é1", quantity: 1, price: 12.5}]});
  return true;
};
</script>"""

BATCHED = {"strategy": "batching", "config": {"size": 3, "timeout": 200}}
TYPES = "MATCH (e:Event) RETURN e.type AS type, count(*) AS events ORDER BY type"


class Quiet(SimpleHTTPRequestHandler):
    """A static server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def shop(tmp_path: Path) -> Generator[str]:
    """A shop's site of its own origin, with Segment's SDK from its package."""
    install_sdks()
    site = tmp_path / "site"
    site.mkdir()
    for file in (HERE / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd").glob("*.js"):
        (site / file.name).write_bytes(file.read_bytes())
    for name, strategy in (("each", {"strategy": "standard"}), ("batched", BATCHED)):
        (site / f"{name}.html").write_text(PAGE % json.dumps(strategy))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdk:
    """A shop whose pages send to a service, with a write key."""

    shop: str
    server: Server
    key: str


@pytest.fixture
def sdk(shop: str, server: Server, write_key: str) -> Sdk:
    return Sdk(shop=shop, server=server, key=write_key)


def visit(page: Page, sdk: Sdk, name: str) -> None:
    host = sdk.server.url.removeprefix("http://")
    page.call("Page.navigate", url=f"{sdk.shop}/{name}.html?host={host}#{sdk.key}")
    page.wait_for("window.visit && document.readyState === 'complete'")
    assert page.evaluate("visit()") is True
    assert page.evaluate("failed") == []


@pytest.mark.parametrize("name", ["each", "batched"])
async def test_every_call_of_a_page_arrives_once(sdk: Sdk, graph: Graph, tmp_path: Path, name: str) -> None:
    with open_page(tmp_path / "profile") as page:
        await asyncio.to_thread(visit, page, sdk, name)
        for _ in range(100):
            if await count_events(graph) + await count_letters(graph) == 6:
                break
            await asyncio.sleep(0.1)
        complaints = [one for one in page.complaints if sdk.server.url in one]

    assert complaints == []
    assert await query(graph, TYPES) == [
        {"type": "alias", "events": 1},
        {"type": "group", "events": 1},
        {"type": "identify", "events": 1},
        {"type": "page", "events": 1},
        {"type": "track", "events": 2},
    ]
    assert await query(graph, PEOPLE) == [
        {"identifiers": ["anonymous_id:a1", "email:jean@martin.fr", "user_id:u1"]}
    ]
    assert await query(
        graph, "MATCH (t:Transaction)-[:CONTAINS]->(p:Product) RETURN t.kind AS kind, p.sku AS sku"
    ) == [{"kind": "order", "sku": "é1"}]
    assert await count_letters(graph) == 0
