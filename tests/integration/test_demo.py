"""The demo's loading, by the code of the demo, on the beginning of its data: what comes out is known exactly."""

import os
import stat
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from graph_cdp.access.service import list_keys, revoke_key, system_clock
from graph_cdp.app import create_app
from graph_cdp.demo.data import SAMPLE_PURCHASES, fetch_files, take_sample
from graph_cdp.demo.keys import DemoKeys, ensure_keys
from graph_cdp.demo.load import Loader, load_file, send_story
from graph_cdp.demo.measure import Resolved, measure
from graph_cdp.demo.report import QUERY
from graph_cdp.demo.repository import GraphCounts
from graph_cdp.demo.serving import PortTaken, listen, serving
from graph_cdp.demo.sources import DemoSource, demo_sources, read_story
from graph_cdp.demo.story import SMALL_CAST, Story
from graph_cdp.demo.truth import LinkQuality
from graph_cdp.demo.web import Door
from graph_cdp.errors import Unavailable
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

pytestmark = pytest.mark.neo4j

DATA = Path(__file__).resolve().parents[2] / ".graph-cdp" / "data"

# 185 of the 200 people have one national id in both files. 177 customers made the 700 purchases; the 22 visitors
# who sign in are among both. Nobody knows the 10 nameless, the 3 browsers after a log-out, the 2 tablets.
PURCHASERS = 177
ANONYMOUS_RECORDS = 10 + 2 * 12 + 2 + 3 + 3
LOADED = Resolved(
    counts=GraphCounts(
        records=400 + PURCHASERS + 22 + ANONYMOUS_RECORDS,
        people=(400 - 185) + PURCHASERS - 22 + (10 + 3 + 2),
        known=(400 - 185) + PURCHASERS - 22,
        events=400 + SAMPLE_PURCHASES + 301,
        transactions=700 + 12,  # rows of the shop, and orders of the web site
        merges=0,
        contested=2,
        reviews=0,
        dead_letters=0,
    ),
    links=LinkQuality(found=185, true=200, right=185),
    visitors=22,
    joined=22,
    apart=22,
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoSource, ...]:
    return demo_sources(take_sample(fetch_files(DATA, say=lambda _: None), tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def story(sources: tuple[DemoSource, ...]) -> Story:
    return read_story(sources, cast=SMALL_CAST)


@pytest.fixture
async def keys(graph: Graph, tmp_path: Path) -> DemoKeys:
    return await ensure_keys(graph, tmp_path / "keys.json", now=system_clock(), random=os.urandom)


@pytest.fixture
def door(keys: DemoKeys, neo4j_target: Neo4jTarget) -> Generator[Door]:
    """The service on a port of its own, as the demo serves it."""
    settings = Settings(warm_up_s=0)
    with listen("127.0.0.1", 0) as listener, serving(create_app(settings, neo4j_target), listener):
        yield Door(url=f"http://127.0.0.1:{listener.getsockname()[1]}", write_key=keys.write)


class Watcher:
    """Remembers what it was told of the loading; breaks off the part that it is to break off, once."""

    def __init__(self, *, break_off: str | None = None) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.break_off = break_off

    def __call__(self, part: str, done: int, total: int) -> None:
        self.told.append((part, done, total))
        if part == self.break_off:
            raise KeyboardInterrupt


async def load(
    graph: Graph, sources: tuple[DemoSource, ...], story: Story, door: Door, told: Watcher
) -> list[int]:
    """Load all; how many messages of each part were sent."""
    loader = Loader(graph=graph, clock=system_clock, region="FR", told=told)
    rows = [await load_file(loader, source) for source in sources]
    return [*rows, await send_story(loader, story, door)]


async def test_loading_finds_the_known_pairs_and_visitors_and_a_second_time_changes_nothing(
    graph: Graph, sources: tuple[DemoSource, ...], story: Story, door: Door
) -> None:
    assert await load(graph, sources, story, door, Watcher()) == [200, 200, 700, 301]
    first = await measure(graph, sources, story)
    # How many people were absorbed depends on which messages share a transaction: the partition does not.
    assert replace(first, counts=replace(first.counts, merges=0)) == LOADED

    again = Watcher()
    assert await load(graph, sources, story, door, again) == [0, 0, 0, 0]
    assert await measure(graph, sources, story) == first
    assert again.told == [("crm", 200, 200), ("pos", 200, 200), ("shop", 700, 700), ("web", 301, 301)]


async def test_visitors_whose_records_are_several_people_are_not_counted_as_joined(
    graph: Graph, sources: tuple[DemoSource, ...], story: Story, door: Door
) -> None:
    await load(graph, sources, story, door, Watcher())
    others = (*story.visitors[1:], story.visitors[0])
    mixed = [replace(v, shop_id=other.shop_id) for v, other in zip(story.visitors, others, strict=True)]
    same = [replace(v, user_id=story.example.user_id) for v in story.visitors]

    wrong_shop = await measure(graph, sources, replace(story, visitors=tuple(mixed)))
    one_account = await measure(graph, sources, replace(story, visitors=tuple(same)))

    assert (wrong_shop.joined, wrong_shop.apart) == (0, 22)
    assert (one_account.joined, one_account.apart) == (1, 1)


async def test_a_load_that_was_broken_off_goes_on(
    graph: Graph, sources: tuple[DemoSource, ...], story: Story, door: Door
) -> None:
    with pytest.raises(KeyboardInterrupt):
        await load(graph, sources, story, door, Watcher(break_off="shop"))
    half = await measure(graph, sources, story)
    assert (half.counts.transactions, half.joined, half.links) == (700, 0, LOADED.links)

    assert await load(graph, sources, story, door, Watcher()) == [0, 0, 0, 301]
    whole = await measure(graph, sources, story)
    assert replace(whole, counts=replace(whole.counts, merges=0)) == LOADED


async def test_the_printed_query_shows_the_example_through_all_four_sources(
    graph: Graph, sources: tuple[DemoSource, ...], story: Story, door: Door, keys: DemoKeys
) -> None:
    await load(graph, sources, story, door, Watcher())

    async with httpx.AsyncClient(
        base_url=door.url, headers={"Authorization": f"Bearer {keys.admin}"}
    ) as client:
        answer = await client.post("/graphql", json={"query": QUERY % story.example.national_id})

    person = answer.json()["data"]["person"]
    assert sorted(edge["node"]["source"] for edge in person["records"]["edges"]) == [
        "crm", "pos", "shop", "web", "web", "web",
    ]  # fmt: skip
    assert person["golden_record"] == {
        "first_name": "Alessandra",
        "last_name": "Stanley",
        "email": "alessandra.stanley@example.net",
        "city": "avoca",
    }
    assert [edge["node"]["amount"] for edge in person["transactions"]["edges"]] == [11.99, 37.47, 40.47]


async def test_web_events_with_a_wrong_key_are_an_error(graph: Graph, story: Story, door: Door) -> None:
    watcher = Watcher()
    wrong = Door(url=door.url, write_key="gcdp_" + "x" * 43)

    with pytest.raises(Unavailable, match="4 batches of web events were not accepted"):
        await send_story(Loader(graph=graph, clock=system_clock, region="FR", told=watcher), story, wrong)

    assert ("web", 301, 301) not in watcher.told


async def test_keys_are_kept_for_their_owner_only_and_are_the_same_at_each_start(
    graph: Graph, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"

    first = await ensure_keys(graph, path, now=1, random=os.urandom)
    second = await ensure_keys(graph, path, now=2, random=os.urandom)

    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {(key.role, key.source, key.created_at) for key in await graph.read(list_keys)} == {
        ("admin", None, 1),
        ("ingest", "web", 1),
        ("ingest", "boutique", 1),
    }


async def test_a_key_that_was_revoked_is_replaced(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = await ensure_keys(graph, path, now=1, random=os.urandom)
    await graph.write(revoke_key, key_id=(await graph.read(list_keys))[0].id, now=2)

    second = await ensure_keys(graph, path, now=3, random=os.urandom)

    assert {first.admin, first.write}.isdisjoint({second.admin, second.write})
    assert await ensure_keys(graph, path, now=4, random=os.urandom) == second


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"Port {port} .* GRAPH_CDP_PORT={port + 1}"):
            listen("127.0.0.1", port)
