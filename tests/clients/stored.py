"""What clients' messages became: the queries by which every client's test counts."""

from graph_cdp.graph.transactions import Graph
from tests.integration.querying import query

COUNTS = "MATCH (e:Event) RETURN e.type AS type, count(*) AS events ORDER BY type"
PEOPLE = """
MATCH (p:Person)<-[:RESOLVES_TO]-(r:SourceRecord)-[:HAS_IDENTIFIER]->(i:Identifier) WHERE i.kind <> 'alias'
WITH p, i ORDER BY i.kind, i.value
RETURN collect(DISTINCT i.kind + ':' + i.value) AS identifiers ORDER BY identifiers
"""

EACH_CALL_ONCE = [
    {"type": "alias", "events": 1},
    {"type": "group", "events": 1},
    {"type": "identify", "events": 1},
    {"type": "page", "events": 1},
    {"type": "screen", "events": 1},
    {"type": "track", "events": 2},
]
"""What `COUNTS` tells of a visit: every call once, but two different tracks."""

ONE_VISITOR = [{"identifiers": ["anonymous_id:a0", "anonymous_id:a1", "email:jean@martin.fr", "user_id:u1"]}]
"""What `PEOPLE` tells of a visit: its devices and its user are one person."""


async def count_events(graph: Graph) -> int:
    (row,) = await query(graph, "MATCH (e:Event) RETURN count(e) AS events")
    return row["events"]


async def count_letters(graph: Graph) -> int:
    (row,) = await query(graph, "MATCH (l:DeadLetter) RETURN count(l) AS letters")
    return row["letters"]
