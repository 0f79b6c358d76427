"""Where a subscription stands, so that nothing is missed and nothing told twice. Pure.

What is new has a position: a change of identity its number, a fact the time at which it was written. Transactions end in
another order than that of their positions: one that began earlier may be seen later. So a subscription looks back each
time, as far as a transaction can be late, and remembers what it told of that stretch. A cursor says both: up to where all is
settled, and what was told beyond.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph_cdp.api.base64url import from_base64url, to_base64url
from graph_cdp.api.errors import BadCursor

MARK_CHARACTERS = 8
"""48 bits for each row of the stretch that is looked at again: two in a cursor are never alike by chance."""

CURSOR_MARKS_MAX = 200
"""What a cursor remembers. Beyond, the oldest are told again after a resume; each has its id."""

SOMEWHERE = 2**62
"""The position of a row of which only the mark is known: beyond whatever is settled, until all was read again."""

_CURSOR = re.compile(r"(?P<list>[a-z_]+):(?P<settled>\d{1,18}):(?P<marks>(?:[A-Za-z0-9_-]{8})*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row's position, and its id among rows of the same one."""

    at: int
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All up to `settled` was told, and of what lies beyond the rows of these `marks`, each with its position."""

    settled: int
    marks: dict[str, int]

    def knows(self, at: int, id_: str) -> bool:
        """Whether a row was told."""
        return at <= self.settled or mark(at, id_) in self.marks

    def and_also(self, rows: Iterable[Place], *, horizon: int) -> "Told":
        """After more rows were told, in order, and others may follow: nothing can still come before `horizon`."""
        told = list(rows)
        if not told:
            return self
        settled = max(self.settled, min(told[-1].at - 1, horizon))
        marks = {**self.marks, **{mark(row.at, row.id): row.at for row in told}}
        return Told(settled=settled, marks={one: at for one, at in marks.items() if at > settled})

    def after_all(self, rows: Iterable[Place], *, horizon: int) -> "Told":
        """After all `rows` beyond `settled` were read and told. What was marked and is no longer there is forgotten."""
        settled = max(self.settled, horizon)
        marks = {mark(row.at, row.id): row.at for row in rows if row.at > settled}
        return Told(settled=settled, marks=marks)


def mark(at: int, id_: str) -> str:
    """The mark of a row: a fact that is stated anew has another one."""
    digest = hashlib.blake2b(f"{at}:{id_}".encode(), digest_size=6).digest()
    return to_base64url(digest)


def encode_position(list_name: str, told: Told) -> str:
    """The cursor of a subscription: opaque to callers, without personal data."""
    newest = sorted(told.marks, key=lambda one: (told.marks[one], one))[-CURSOR_MARKS_MAX:]
    text = f"{list_name}:{told.settled}:{''.join(newest)}"
    return to_base64url(text.encode())


def decode_position(list_name: str, cursor: str) -> Told:
    """Where the subscription stood that gave this cursor.

    Raises:
        BadCursor: it is no cursor, or one of another subscription.
    """
    match = _CURSOR.fullmatch(from_base64url(cursor).decode("ascii", "replace"))
    if match is None or match["list"] != list_name:
        raise BadCursor(f"`after` is no cursor of `{list_name}`. Pass the `cursor` of what it told last.")
    settled, marks = int(match["settled"]), match["marks"]
    starts = range(0, len(marks), MARK_CHARACTERS)
    return Told(
        settled=settled, marks={marks[start : start + MARK_CHARACTERS]: SOMEWHERE for start in starts}
    )
