"""What tests do to the whole graph."""

from neo4j import AsyncDriver

from graph_cdp.graph.driver import open_session

EMPTY = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


async def empty(driver: AsyncDriver) -> None:
    """Delete everything but the history of the schema."""
    async with open_session(driver, database="neo4j") as session:
        await (await session.run(EMPTY)).consume()
