"""How far an import is, kept in the graph: one that was killed goes on where it stopped.

A job is of one file (by all its bytes), one mapping and one source. It is written after each batch is committed. Killed
between the two, the import meets the rows of one batch again, and knows them: a row's message id is its content.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import BinaryIO, Literal, TypeAlias

import orjson

from graph_cdp.collect.file_letters import RefusedRow, make_row_letter
from graph_cdp.collect.importer import Tally
from graph_cdp.collect.lines import Place
from graph_cdp.collect.mapping import BadMapping, FileMapping, parse_mapping
from graph_cdp.dead_letters.repository import store_dead_letters
from graph_cdp.graph.queries import Tx, fetch_all, fetch_optional, load_query, run
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.intake.record import RowReceipt

FIND_IMPORT = load_query("collect/find_import")
LIST_IMPORT_MAPPINGS = load_query("collect/list_import_mappings")
SAVE_IMPORT = load_query("collect/save_import")

CHUNK_BYTES = 1 << 20

LETTERS_AT_ONCE = 100
"""Letters in one transaction: each may have 64 KiB."""

ImportState: TypeAlias = Literal["pending", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """Which import it is. `mapping_hash` is of the mapping, whose text is kept, and of the format that the file is read in;
    `as_of` is when its rows say so, where neither they nor the mapping say when.
    """

    source: str
    file_hash: str
    mapping_hash: str
    mapping: str
    as_of: Millis | None = None

    @property
    def id(self) -> str:
        """The same for the same file, mapping, moment and source."""
        same = f"{self.file_hash} {self.mapping_hash}"
        if self.as_of is not None:
            same += f" {self.as_of}"
        return f"import {self.source} {hashlib.sha256(same.encode()).hexdigest()}"


def hash_file(file: BinaryIO) -> str:
    """The SHA-256 of all of it: a second a gigabyte, and a change in its middle is seen. Read again from the start."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def hash_mapping(text: str, form: str) -> str:
    """The SHA-256 of a mapping's text and of the format that the file is read in."""
    return hashlib.sha256(f"{form}\n{text}".encode()).hexdigest()


async def find_import(tx: Tx, *, job: ImportJob) -> Tally | None:
    """How far the import is; None where it never began, or came to its end."""
    row = await fetch_optional(tx, FIND_IMPORT, id=job.id)
    if row is None:
        return None
    return Tally(
        accepted=row["accepted"],
        duplicates=row["duplicates"],
        rejected=orjson.loads(row["rejected"]),
        bytes_read=row["bytes_read"],
        place=Place(line=row["line"], offset=int(row["place"])),
    )


async def save_import(tx: Tx, *, job: ImportJob, tally: Tally, state: ImportState, now: Millis) -> None:
    """Keep how far the import is."""
    await run(
        tx,
        SAVE_IMPORT,
        id=job.id,
        known=asdict(job),
        state=state,
        so_far={
            "line": tally.place.line,
            "place": str(tally.place.offset),  # with the state of a decoder it may have more than 64 bits
            "accepted": tally.accepted,
            "duplicates": tally.duplicates,
            "rejected": orjson.dumps(dict(tally.rejected)).decode(),
            "bytes_read": tally.bytes_read,
        },
        now=now,
    )


async def list_import_mappings(tx: Tx, *, ids: Sequence[str]) -> dict[str, FileMapping]:
    """What the columns of imported files meant, by the ids of their jobs; of a mapping that this version cannot read nothing."""
    mappings: dict[str, FileMapping] = {}
    for row in await fetch_all(tx, LIST_IMPORT_MAPPINGS, ids=ids):
        with suppress(BadMapping):
            mapping = parse_mapping(row["mapping"])
            as_of = mapping.as_of if row["as_of"] is None else row["as_of"]
            mappings[row["id"]] = replace(mapping, as_of=as_of)
    return mappings


def save_in(
    graph: Graph, job: ImportJob, clock: Callable[[], Millis]
) -> Callable[[Tally, ImportState], Awaitable[None]]:
    """How the import's progress is kept in `graph`: returns once it is committed."""

    async def save(tally: Tally, state: ImportState) -> None:
        await graph.write(save_import, job=job, tally=tally, state=state, now=clock())

    return save


def bury_in(
    graph: Graph, job: ImportJob, receipt: RowReceipt
) -> Callable[[Sequence[RefusedRow]], Awaitable[None]]:
    """How refused rows of the import are kept in `graph` as dead letters: returns once they are committed."""

    async def bury(refused: Sequence[RefusedRow]) -> None:
        for start in range(0, len(refused), LETTERS_AT_ONCE):
            some = refused[start : start + LETTERS_AT_ONCE]
            letters = [make_row_letter(one, receipt=receipt, import_id=job.id) for one in some]
            await graph.write(store_dead_letters, letters=letters)

    return bury
