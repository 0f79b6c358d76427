"""What the graph made of the demo's data, against what is known to be true. Measured, never assumed."""

from dataclasses import dataclass

from graph_cdp.demo.keys import WEB_SOURCE
from graph_cdp.demo.repository import GraphCounts, count_graph, resolve_records
from graph_cdp.demo.scenes import Visitor
from graph_cdp.demo.sources import DemoSource
from graph_cdp.demo.story import Story
from graph_cdp.demo.truth import LinkQuality, measure_links
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import PersonId, RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Who is who: the size of the graph, how well the two files of customers were joined, and the visitors.

    `joined` counts the visitors whose account, row of the CRM and purchases are one person; `apart` the people
    whom the visitors are: fewer than there are visitors if two were taken for one.
    """

    counts: GraphCounts
    links: LinkQuality
    visitors: int
    joined: int
    apart: int


async def measure(graph: Graph, sources: tuple[DemoSource, ...], story: Story) -> Resolved:
    """What was resolved until now; a source that is not loaded yet lowers the recall and the joined visitors."""
    crm, pos, _ = sources
    rows = {
        _row_key(source.name, row.cells["rec_id"]): row.cells["rec_id"]
        for source in (crm, pos)
        for row in source.rows()
    }
    visitors = {visitor: _keys_of(visitor) for visitor in story.visitors}
    wanted = [*rows, *(key for keys in visitors.values() for key in keys)]
    person_of = await graph.read(resolve_records, record_keys=wanted)
    # A row without a person is a person of its own: it is true that it belongs to another, and it was not found.
    links = measure_links({row_id: person_of.get(key, key) for key, row_id in rows.items()})
    return Resolved(
        counts=await graph.read(count_graph),
        links=links,
        visitors=len(visitors),
        joined=sum(1 for keys in visitors.values() if _are_one(keys, person_of)),
        apart=len({person_of[keys[0]] for keys in visitors.values() if keys[0] in person_of}),
    )


def _keys_of(visitor: Visitor) -> tuple[RecordKey, ...]:
    """The records that are this visitor: the account first."""
    account = RecordKey(f"{WEB_SOURCE}:user:{visitor.user_id}")
    return account, _row_key("crm", visitor.row_id), _row_key("shop", visitor.shop_id)


def _row_key(source: str, row_id: str) -> RecordKey:
    return RecordKey(f"{source}:row:{row_id}")


def _are_one(keys: tuple[RecordKey, ...], person_of: dict[RecordKey, PersonId]) -> bool:
    return all(key in person_of for key in keys) and len({person_of[key] for key in keys}) == 1
