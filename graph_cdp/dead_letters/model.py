"""What was refused and why, and what became of it."""

from dataclasses import dataclass
from typing import Literal, get_args

from graph_cdp.ids import Millis

Door = Literal["http", "graphql", "file"]
"""The way by which a message came."""

State = Literal["waiting", "replayed", "discarded"]

STATES: tuple[State, ...] = get_args(State)

Became = Literal["replayed", "discarded", "refused_again", "not_replayable", "settled_before"]
"""What came of an attempt. `refused_again`: it waits on. `settled_before`: nothing was done now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A refused message. `payload` is JSON in ASCII, as received but for what no text can hold.

    The id is a function of source, reason and content, so that a client's retries make one letter. `rule` names the
    business rule that refused it, where one did. `place` is that in its request, which a message without an id is named
    by, or its line in the file that the import `import_id` read; `is_whole` says that the payload is all that was said: not cut off, and nothing in it that no JSON can hold.
    `last_received_at` is when it came again, `tried_by` who tried to settle it last.
    """

    id: str
    source: str
    message_id: str | None
    code: str
    message: str
    payload: str
    received_at: Millis
    rule: str | None = None
    door: Door = "http"
    place: int = 0
    is_whole: bool = True
    state: State = "waiting"
    org_unit: str | None = None
    last_received_at: Millis | None = None
    settled_at: Millis | None = None
    tried_by: str | None = None
    import_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which letters are meant; None: whatever it is. `since` and `until` are of when they came first, both included."""

    state: State | None = None
    source: str | None = None
    code: str | None = None
    rule: str | None = None
    since: Millis | None = None
    until: Millis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCount:
    """How many letters a source has of one reason, and of one rule, and when the newest of them came."""

    source: str
    code: str
    rule: str | None
    letters: int
    newest_received_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A letter as it stands after somebody tried to settle it, what came of it, and for people why it waits on."""

    letter: DeadLetter
    became: Became
    message: str | None = None
