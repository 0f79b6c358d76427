"""Dates of birth: read from the forms that sources use, and compared the way clerks mistype them."""

import re
from datetime import date

from rapidfuzz.distance import Levenshtein

from graph_cdp.matching.text import without_empty_fraction

YEAR_MIN, YEAR_MAX = 1880, 2099
"""Years in which a customer may be born: 0000 and 9999 are placeholders, not dates."""

PLACEHOLDERS = frozenset({"1900-01-01", "1899-12-30", "1899-12-31", "1901-01-01"})
"""What spreadsheets and forms write where they know nothing; far commoner than people of that age."""

EDITS_MAX = 2
"""Two dates of one person differ by so many digits at most: one slip and another (DESIGN.md 4)."""

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MONTH_FIRST_REGIONS = frozenset({"US", "PH", "FM", "MH", "PW"})


def birth_date(text: str, *, region: str = "FR") -> str | None:
    """The date as ISO 8601 `YYYY-MM-DD`; None when it is no date, impossible, or a placeholder.

    Read are `YYYY-MM-DD` (a time after it is ignored), `YYYYMMDD` and `DD/MM/YYYY` with `/`, `-`, `.` or a
    blank; in the few regions that write the month first, `MM/DD/YYYY`.
    """
    text = without_empty_fraction(text)
    if found := _ISO.match(text) or _COMPACT.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.match(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (second, first) if region in _MONTH_FIRST_REGIONS else (first, second)
    else:
        return None
    try:
        value = date(year, month, day).isoformat()
    except ValueError:
        return None
    return value if YEAR_MIN <= year <= YEAR_MAX and value not in PLACEHOLDERS else None


def birth_dates_differ(left: str, right: str) -> bool:
    """Whether two ISO dates cannot be one date mistyped: over two edits apart, day and month not swapped.

    Symmetric; a date never differs from itself.
    """
    if Levenshtein.distance(left, right, score_cutoff=EDITS_MAX) <= EDITS_MAX:
        return False
    return left[:4] + left[7:] + left[4:7] != right
