"""What an examination finds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
"""`warn`: it works, but not as well as it could, or not for long. `fail`: something does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what it is, how it stands, and how to mend it where it is not well.

    Never holds a password, a key or personal data: people paste it into issues.
    """

    check: str
    level: Level
    text: str
    mend: str | None = None


def ok(check: str, text: str) -> Finding:
    """It is well."""
    return Finding(check=check, level="ok", text=text)


def warn(check: str, text: str, mend: str) -> Finding:
    """It works, but see."""
    return Finding(check=check, level="warn", text=text, mend=mend)


def fail(check: str, text: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(check=check, level="fail", text=text, mend=mend)
