"""What becomes of a message."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one message: stored now, stored before (a retry is safe, for ever), or refused and why, and by which
    business rule, where one was broken.
    """

    status: Literal["accepted", "duplicate", "refused"]
    code: str | None = None
    message: str | None = None
    rule: str | None = None


ACCEPTED = Outcome(status="accepted")
DUPLICATE = Outcome(status="duplicate")
REUSED = Outcome(
    status="refused",
    code="MESSAGE_ID_REUSED",
    message="This messageId was used for another message; the first is kept. Give each message an id of its own.",
)
