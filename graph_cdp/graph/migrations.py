"""Numbered migrations: `cypher/migrations/V0001__name.cypher`, each a list of statements that ends with `;`.

A migration is applied once, statement by statement, each in a transaction of its own (Neo4j allows no schema
change beside data). After each the database notes how far it has come, so that a run that was killed goes on
where it stopped; the statement in flight may run twice, so every statement must be idempotent (`IF NOT EXISTS`,
`MERGE`). A lock with a lease keeps two processes apart. A migration that changed after it was applied is refused:
write a new one.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, LiteralString, cast

from neo4j import AsyncManagedTransaction

from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.queries import cypher_folder, fetch_all, fetch_one, load_query, run
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis, new_id

LEASE_MS = 60_000
"""Longer than any one statement may run; what a killed process keeps others waiting at most."""

LOCK_WAIT_S = 90.0

CREATE_MIGRATION_CONSTRAINT = load_query("graph/create_migration_constraint")
TAKE_MIGRATION_LOCK = load_query("graph/take_migration_lock")
FREE_MIGRATION_LOCK = load_query("graph/free_migration_lock")
LIST_APPLIED_MIGRATIONS = load_query("graph/list_applied_migrations")
RECORD_MIGRATION = load_query("graph/record_migration")

State = Literal["pending", "interrupted", "applied", "changed", "unknown"]

_FILE_NAME = re.compile(r"V\d{4}__[a-z0-9_]+")
_PART = re.compile(
    r"""(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)|(?P<end>;)|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|.""",
    re.DOTALL,
)


class MigrationChanged(Misconfigured):
    """A migration's file is not what was applied to this database."""

    code = "MIGRATION_CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A migration as its file says it: `id` is the file's name, `checksum` ignores comments and layout."""

    id: str
    statements: tuple[LiteralString, ...]
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A migration as the database knows it."""

    id: str
    checksum: str
    statements_done: int
    statements_total: int
    applied_at: Millis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One line of `graph-cdp migrate --status`."""

    id: str
    state: State
    applied_at: Millis | None


def split_statements(text: str) -> tuple[str, ...]:
    """The statements of a migration: split at each `;` that is in no string, name or comment.

    Comments go, white space between words is folded, so that layout does not change a checksum.
    """
    statements = [""]
    for part in _PART.finditer(text):
        if part["end"]:
            statements.append("")
        else:
            statements[-1] += " " if part["gap"] else part[0]
    return tuple(stripped for statement in statements if (stripped := statement.strip()))


def load_migrations(folder: Path | None = None) -> tuple[Migration, ...]:
    """All migrations of the project, in order.

    Raises:
        Misconfigured: a file is not named `V0001__name.cypher`, or two have one number.
    """
    migrations: list[Migration] = []
    for path in sorted((folder or cypher_folder() / "migrations").glob("*.cypher")):
        if not _FILE_NAME.fullmatch(path.stem):
            raise Misconfigured(f"{path.name} is no migration's name: it must read V0001__name.cypher.")
        if migrations and migrations[-1].id[:5] == path.stem[:5]:
            raise Misconfigured(
                f"{path.name} and {migrations[-1].id}.cypher have one number; give one the next."
            )
        statements = split_statements(path.read_text(encoding="utf-8"))
        checksum = hashlib.sha256(";".join(statements).encode()).hexdigest()
        migrations.append(
            Migration(
                id=path.stem, statements=cast("tuple[LiteralString, ...]", statements), checksum=checksum
            )
        )
    return tuple(migrations)


async def list_applied_migrations(tx: AsyncManagedTransaction) -> dict[str, Applied]:
    """What the database knows of its migrations, by id."""
    rows = await fetch_all(tx, LIST_APPLIED_MIGRATIONS)
    return {row["id"]: Applied(**row.data()) for row in rows}


async def migration_status(graph: Graph, migrations: Sequence[Migration]) -> list[Status]:
    """Each migration's state; `unknown` is one that a newer version of graph_cdp applied."""
    applied = await graph.read(list_applied_migrations)
    known = {migration.id for migration in migrations}
    unknown = [
        Status(id=id_, state="unknown", applied_at=applied[id_].applied_at)
        for id_ in applied
        if id_ not in known
    ]
    return [_status(migration, applied.get(migration.id)) for migration in migrations] + unknown


def _status(migration: Migration, applied: Applied | None) -> Status:
    state: State = "applied"
    if applied is None:
        state = "pending"
    elif applied.checksum != migration.checksum:
        state = "changed"
    elif applied.statements_done < applied.statements_total:
        state = "interrupted"
    return Status(id=migration.id, state=state, applied_at=applied.applied_at if applied else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """How long the lock is held without being extended, and how long another's is waited for."""

    owner: str = field(default_factory=new_id)
    lease_ms: int = LEASE_MS
    wait_s: float = LOCK_WAIT_S


async def migrate(graph: Graph, migrations: Sequence[Migration], *, lock: Lock | None = None) -> list[str]:
    """Apply what is pending, in order; the ids of what was applied.

    Raises:
        MigrationChanged: a file is not what was applied.
        Unavailable: another process has held the lock for longer than `lock.wait_s`.
    """
    lock = lock or Lock()
    await graph.write(create_migration_constraint)
    await _wait_for(lock, graph)
    try:
        return await _apply_pending(graph, migrations, lock)
    finally:
        await graph.write(free_migration_lock, owner=lock.owner)


async def _wait_for(lock: Lock, graph: Graph) -> None:
    deadline = asyncio.get_running_loop().time() + lock.wait_s
    while not await graph.write(take_migration_lock, lock=lock):
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable(
                "Another process is migrating this database. Wait until it is done and try again."
            )
        await asyncio.sleep(0.2)


async def _apply_pending(graph: Graph, migrations: Sequence[Migration], lock: Lock) -> list[str]:
    applied = await graph.read(list_applied_migrations)
    done_now: list[str] = []
    for migration in migrations:
        before = applied.get(migration.id)
        if before and before.checksum != migration.checksum:
            raise MigrationChanged(
                f"{migration.id}.cypher is not what was applied to this database. "
                "Restore the file, and put the change into a new migration."
            )
        done = before.statements_done if before else 0
        if before and done == len(migration.statements):
            continue
        for number, statement in enumerate(migration.statements[done:], start=done + 1):
            await graph.write(take_migration_lock, lock=lock)
            await graph.write(_run_statement, statement)
            await graph.write(record_migration, migration=migration, statements_done=number)
        done_now.append(migration.id)
    return done_now


async def _run_statement(tx: AsyncManagedTransaction, statement: LiteralString) -> None:
    result = await tx.run(statement)
    await result.consume()


async def create_migration_constraint(tx: AsyncManagedTransaction) -> None:
    """The key of a migration, before the first one runs."""
    await run(tx, CREATE_MIGRATION_CONSTRAINT)


async def take_migration_lock(tx: AsyncManagedTransaction, *, lock: Lock) -> bool:
    """Take the lock, or extend it; false while another owner holds it."""
    return bool((await fetch_one(tx, TAKE_MIGRATION_LOCK, owner=lock.owner, lease_ms=lock.lease_ms))["taken"])


async def free_migration_lock(tx: AsyncManagedTransaction, *, owner: str) -> None:
    """Give the lock back, if it is still the owner's."""
    await run(tx, FREE_MIGRATION_LOCK, owner=owner)


async def record_migration(
    tx: AsyncManagedTransaction, *, migration: Migration, statements_done: int
) -> None:
    """Note how far a migration has come."""
    await run(
        tx,
        RECORD_MIGRATION,
        id=migration.id,
        checksum=migration.checksum,
        statements_done=statements_done,
        statements_total=len(migration.statements),
    )
