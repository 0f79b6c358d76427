"""Who is who in the retailer's year, as the graph has it, against the truth that was never loaded."""

from dataclasses import dataclass

from graph_cdp.demo.repository import count_contested, resolve_records
from graph_cdp.demo.retailer.year import Year
from graph_cdp.demo.truth import LinkQuality, measure_pairs
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RetailerResolved:
    """Pairs of records, humans and the people that were found for them; shared tablets and how many are contested."""

    links: LinkQuality
    humans: int
    people: int
    tablets: int
    contested: int


async def measure_retailer(graph: Graph, year: Year) -> RetailerResolved:
    """What was resolved until now. A record that is not loaded yet is a person of its own: it lowers the recall."""
    person_of = await graph.read(resolve_records, record_keys=[RecordKey(key) for key in year.human_of])
    found = {key: str(person_of.get(RecordKey(key), key)) for key in year.human_of}
    return RetailerResolved(
        links=measure_pairs(found, {key: str(human) for key, human in year.human_of.items()}),
        humans=len(set(year.human_of.values())),
        people=len(set(found.values())),
        tablets=len(year.tablets),
        contested=await graph.read(count_contested, kind="anonymous_id", values=list(year.tablets)),
    )
