"""Recognising a visitor from a page: known or not, by what, and nothing about who it is."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from neo4j import AsyncDriver
from starlette.applications import Starlette

from graph_cdp.access.service import Keyring
from graph_cdp.api.recognition.links import LINK_MS
from graph_cdp.api.recognition.recognise import Recognition, recognise_routes
from graph_cdp.graph.transactions import Graph, P, T, Work
from tests.integration.asking import make_key
from tests.integration.people import NEW_YEAR
from tests.integration.rich import seed_rich

pytestmark = pytest.mark.neo4j

UNKNOWN = {"is_known": False, "recognised_by": None}


class Clock:
    """A clock that is set by hand."""

    now = NEW_YEAR

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def page(graph: Graph, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """A page of a shop, with the public key of its source."""
    await seed_rich(graph)
    recognition = Recognition(
        graph=graph, keyring=Keyring(graph), secret=b"s" * 32, clock=clock, seconds_max=5.0
    )
    app = Starlette(routes=recognise_routes(recognition))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        client.headers["X-API-Key"] = await make_key(graph, "ingest")
        yield client


async def post(page: httpx.AsyncClient, path: str, **body: object) -> object:
    response = await page.post(path, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "no-store"
    return response.json()


async def code(page: httpx.AsyncClient, path: str, **body: object) -> tuple[int, str]:
    response = await page.post(path, json=body)
    assert response.headers["access-control-allow-origin"] == "*"
    return response.status_code, response.json()["code"]


async def test_a_known_device_is_recognised_and_nothing_says_whose_it_is(page: httpx.AsyncClient) -> None:
    known = await post(page, "/recognise", anonymous_id="a-7f3c")
    unknown = await post(page, "/recognise", anonymous_id="b-0000")

    assert known == {"is_known": True, "recognised_by": "device", "anonymous_id": "a-7f3c"}
    assert unknown == {**UNKNOWN, "anonymous_id": "b-0000"}


async def test_a_link_makes_a_visitor_known_on_another_domain(page: httpx.AsyncClient, clock: Clock) -> None:
    token = (await page.post("/recognise/link", json={"anonymous_id": "a-7f3c"})).json()["link"]

    followed = await post(page, "/recognise", link=token)
    clock.now += LINK_MS + 1
    too_late = await code(page, "/recognise", link=token)

    assert followed == {"is_known": True, "recognised_by": "link", "anonymous_id": "a-7f3c"}
    assert too_late == (400, "BAD_LINK")


async def test_what_is_no_call_of_a_page_is_refused(page: httpx.AsyncClient, graph: Graph) -> None:
    assert await code(page, "/recognise") == (400, "BAD_REQUEST")
    assert await code(page, "/recognise", anonymous_id="undefined") == (400, "BAD_REQUEST")
    assert await code(page, "/recognise", link="made up") == (400, "BAD_LINK")
    page.headers["X-API-Key"] = await make_key(graph, "steward")
    assert await code(page, "/recognise", anonymous_id="a-7f3c") == (403, "FORBIDDEN")
    del page.headers["X-API-Key"]
    assert await code(page, "/recognise", anonymous_id="a-7f3c") == (401, "UNAUTHENTICATED")


class SilentGraph(Graph):
    """A database that does not answer."""

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        await asyncio.sleep(60)
        return await super().read(work, *args, **kwargs)


async def test_a_page_does_not_wait_for_a_database_that_does_not_answer(
    page: httpx.AsyncClient, graph: Graph, driver: AsyncDriver
) -> None:
    silent = SilentGraph(driver, database="neo4j", timeout_s=60)
    recognition = Recognition(
        graph=silent, keyring=Keyring(graph), secret=b"s" * 32, clock=Clock(), seconds_max=0.2
    )
    app = Starlette(routes=recognise_routes(recognition))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as other:
        other.headers.update(page.headers)
        assert await code(other, "/recognise", anonymous_id="a-7f3c") == (503, "TIMED_OUT")


async def test_a_page_of_any_domain_may_ask(page: httpx.AsyncClient) -> None:
    preflight = await page.options("/recognise")
    script = await page.get("/recognise.js")

    assert preflight.status_code == 204
    assert "X-API-Key" in preflight.headers["access-control-allow-headers"]
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
