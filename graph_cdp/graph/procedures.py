"""Stewards' procedures: the files of `cypher/procedures/`, installed as `CALL custom.cdp.<name>(...)`.

The service runs the very same files, so there is one way to merge. Installing needs APOC Extended (the managed
database has it); without it, on Aura for instance, everything else works.
"""

from dataclasses import dataclass

from neo4j import AsyncDriver

from graph_cdp.graph.driver import open_session
from graph_cdp.graph.queries import Query, cypher_folder, load_query

INSTALL = """
CALL apoc.custom.installProcedure($signature, $statement, $database, $mode, $description)
"""
FIND_INSTALLER = """
SHOW PROCEDURES YIELD name WHERE name = 'apoc.custom.installProcedure' RETURN count(name) AS count
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A query file as APOC installs it."""

    signature: str
    query: Query


def load_procedures() -> tuple[Procedure, ...]:
    """All stewards' procedures, by name."""
    names = sorted(path.stem for path in (cypher_folder() / "procedures").glob("*.cypher"))
    return tuple(_procedure(name, load_query(f"procedures/{name}")) for name in names)


def _procedure(name: str, query: Query) -> Procedure:
    def fields(types: dict[str, str]) -> str:
        return ", ".join(f"{field} :: {type_}" for field, type_ in types.items())

    return Procedure(
        signature=f"cdp.{name}({fields(query.params)}) :: ({fields(query.columns)})", query=query
    )


async def can_install(driver: AsyncDriver) -> bool:
    """Whether the database has APOC Extended."""
    async with open_session(driver, database="system") as session:
        row = await (await session.run(FIND_INSTALLER)).single(strict=True)
        return bool(row["count"])


async def install_procedures(driver: AsyncDriver, *, database: str) -> list[str]:
    """Install or replace all stewards' procedures; their names, or nothing where APOC Extended is absent."""
    if not await can_install(driver):
        return []
    procedures = load_procedures()
    async with open_session(driver, database="system") as session:
        for procedure in procedures:
            result = await session.run(
                INSTALL,
                signature=procedure.signature,
                statement=procedure.query.text,
                database=database,
                mode=procedure.query.mode,
                description=procedure.query.summary,
            )
            await result.consume()
    return [f"custom.{procedure.signature.split('(')[0]}" for procedure in procedures]
