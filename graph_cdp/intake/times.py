"""When a message occurred: ISO 8601 read strictly, and the client's clock corrected."""

from datetime import UTC, datetime, timedelta

from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FUTURE_MS_MAX = 24 * 3600 * 1000
"""How far ahead of our clock a message may have occurred: a whole day is a wrong time zone, more is a wrong date."""

EARLIEST_MS = -2_208_988_800_000
"""1900-01-01T00:00:00Z. No source tells of anything earlier; a year 0001 is an unset date."""

FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999: no other time can be shown."""


class BadTime(Invalid):
    """A time that cannot be read, or that cannot be true."""

    code = "INVALID_TIMESTAMP"


def to_millis(moment: datetime) -> Millis:
    """Epoch milliseconds, rounded down; a moment without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


def parse_iso(text: str, *, field: str) -> Millis:
    """An ISO 8601 time, or date (its midnight); without a zone it is UTC.

    Numbers are refused: whether 1700000000 counts seconds or milliseconds would be a guess.

    Raises:
        BadTime: it is no such time.
    """
    try:
        at = to_millis(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise BadTime(f"{field} is no ISO 8601 time such as 2026-01-31T12:00:00.000Z.") from None
    if not FIRST_MS <= at <= LAST_MS:  # the zone may say so: 9999-12-31T23:00:00-02:00
        raise BadTime(f"{field} lies beyond the years 1 to 9999.")
    return at


def correct_clock(*, original: Millis | None, sent: Millis | None, received: Millis) -> Millis:
    """When it occurred by our clock: received - (sent - original), as Segment has it.

    `sent` and `original` are read off one clock, however wrong, so their difference is right. Without `sent`
    there is nothing to correct by; without `original` it occurred when it was sent, which is when it arrived.
    """
    if original is None:
        return received
    return original if sent is None else received - (sent - original)


def require_plausible(occurred: Millis, *, received: Millis) -> Millis:
    """`occurred`, if it can be true.

    Raises:
        BadTime: before 1900, or more than a day ahead of our clock.
    """
    if not EARLIEST_MS <= occurred <= received + FUTURE_MS_MAX:
        raise BadTime("The time, corrected by sentAt, lies before 1900 or more than a day in the future.")
    return occurred
