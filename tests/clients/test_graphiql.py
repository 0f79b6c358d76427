"""GraphiQL as a person uses it: in a real browser, without any other host, under the strict policy."""

import json
from pathlib import Path

import pytest

from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.transactions import Graph
from tests.clients.browser import CHROMIUM, open_page
from tests.clients.conftest import Server
from tests.integration.people import MARIE, seed_people

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
]

RESULT = 'JSON.parse(document.querySelector(".result-window .CodeMirror").CodeMirror.getValue() || "null")'


async def test_an_example_is_run_in_a_browser_that_reaches_nothing_else(
    server: Server, graph: Graph, tmp_path: Path
) -> None:
    await seed_people(graph)
    _, secret = await create_key(graph, NewKey(name="me", role="steward"), now=system_clock())

    with open_page(tmp_path / "profile") as page:
        page.call(
            "Page.navigate", url=f"{server.url}/graphiql#key={secret}&kind=email&value=marie@example.com"
        )
        page.wait_for('document.querySelectorAll(".graphiql-tab").length === 7')
        tabs = page.evaluate(
            '[...document.querySelectorAll(".graphiql-tab-button")].map((t) => t.textContent)'
        )
        page.evaluate('document.querySelector(".graphiql-execute-button").click()')
        page.wait_for(f"({RESULT} || {{}}).data")
        answer = page.evaluate(RESULT)
        address = page.evaluate("location.href")
        state = page.evaluate('document.getElementById("key-state").textContent')

    assert tabs == ["GoldenRecord", "Records", "Timeline", "Purchases", "Consents", "Search", "Write"]
    assert answer["data"]["person"]["person_id"] == MARIE
    assert "errors" not in answer, json.dumps(answer)
    assert (address, state) == (f"{server.url}/graphiql", f"using {secret[:11]}…")
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith((f"{server.url}/", "data:"))] == []
