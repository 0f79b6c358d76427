"""The Cypher of dead letters: one function a file of `cypher/dead_letters/`."""

from collections.abc import Sequence
from dataclasses import asdict

from graph_cdp.dead_letters.model import STATES, DeadLetter, LetterCount, State, Wanted
from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query, run
from graph_cdp.ids import Millis

STORE_DEAD_LETTERS = load_query("dead_letters/store_dead_letters")
LIST_DEAD_LETTERS = load_query("dead_letters/list_dead_letters")
FIND_DEAD_LETTERS = load_query("dead_letters/find_dead_letters")
FIND_TRIED_LETTERS = load_query("dead_letters/find_tried_letters")
COUNT_DEAD_LETTERS = load_query("dead_letters/count_dead_letters")
SETTLE_DEAD_LETTERS = load_query("dead_letters/settle_dead_letters")
FORGET_DEAD_LETTERS = load_query("dead_letters/forget_dead_letters")

LATEST = 2**63 - 1
"""After all times: Cypher's integers have 64 bits."""

COUNTS_MAX = 200
"""Rows of counts: sources by reasons and rules; the largest come first."""


async def store_dead_letters(tx: Tx, *, letters: Sequence[DeadLetter]) -> None:
    """Store letters; those that are stored already stay as they are."""
    rows = [asdict(letter) for letter in sorted(letters, key=lambda letter: letter.id)]
    await run(tx, STORE_DEAD_LETTERS, letters=rows)


async def list_dead_letters(
    tx: Tx, *, wanted: Wanted, row_limit: int, before_at: Millis = LATEST, before_id: str = ""
) -> list[DeadLetter]:
    """Letters, the newest first, after the one of this time and id."""
    rows = await fetch_all(
        tx,
        LIST_DEAD_LETTERS,
        states=_states(wanted),
        source=wanted.source,
        code=wanted.code,
        rule=wanted.rule,
        since=wanted.since or 0,
        until=LATEST if wanted.until is None else wanted.until,
        before_at=before_at,
        before_id=before_id,
        row_limit=row_limit,
    )
    return [DeadLetter(**row.data()) for row in rows]


async def find_dead_letters(tx: Tx, *, ids: Sequence[str]) -> list[DeadLetter]:
    """The letters whose ids begin so."""
    return [DeadLetter(**row.data()) for row in await fetch_all(tx, FIND_DEAD_LETTERS, ids=ids)]


async def find_tried_letters(tx: Tx, *, tried_by: str) -> list[DeadLetter]:
    """The letters that this call tried to settle, and no later one."""
    return [DeadLetter(**row.data()) for row in await fetch_all(tx, FIND_TRIED_LETTERS, tried_by=tried_by)]


async def count_dead_letters(tx: Tx, *, wanted: Wanted) -> list[LetterCount]:
    """How many letters are meant, by source, reason and rule, the most first."""
    rows = await fetch_all(
        tx,
        COUNT_DEAD_LETTERS,
        states=_states(wanted),
        source=wanted.source,
        code=wanted.code,
        rule=wanted.rule,
        since=wanted.since or 0,
        until=LATEST if wanted.until is None else wanted.until,
        row_limit=COUNTS_MAX,
    )
    return [LetterCount(**row.data()) for row in rows]


async def settle_dead_letters(tx: Tx, *, letters: Sequence[DeadLetter], now: Millis, by: str) -> None:
    """Say what became of letters that were waiting, and who did it; those that are settled already stay as they are."""
    rows = [
        {
            "id": letter.id,
            "state": letter.state,
            "code": letter.code,
            "message": letter.message,
            "rule": letter.rule,
        }
        for letter in sorted(letters, key=lambda letter: letter.id)
    ]
    await run(tx, SETTLE_DEAD_LETTERS, letters=rows, now=now, by=by)


async def forget_dead_letters(tx: Tx, *, before: Millis, state: State, row_limit: int) -> int:
    """Delete letters of before this time, at most so many; how many these were."""
    row = await fetch_one(tx, FORGET_DEAD_LETTERS, before=before, state=state, row_limit=row_limit)
    return row["forgotten"]


def _states(wanted: Wanted) -> Sequence[State]:
    return [wanted.state] if wanted.state else STATES
