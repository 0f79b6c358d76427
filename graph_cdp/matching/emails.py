"""E-mail addresses: one mailbox, one value (RFC 5321, RFC 6531 for addresses beyond ASCII).

The whole address is lower-cased: no mailbox provider that people use tells the cases of a local part apart.
A `+tag` stays, because some providers do tell those apart.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

_PLAIN_TEXT = r"[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,})"
PLAIN = re.compile(_PLAIN_TEXT)
"""What most addresses look like. Such a one is as it is: the library, which takes 0.1 ms to say so, is not asked."""

_PLAIN_LINES = re.compile(rf"^(?:{_PLAIN_TEXT}|.*)$", re.MULTILINE)

PLAIN_CHARACTERS_MAX = 64
"""Shorter than any part of an address may be."""

_SPECIAL_USE = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)


@lru_cache(maxsize=1_024)  # a value is asked for as a trait and as an identifier, one soon after the other
def address(text: str) -> str | None:
    """The address in lower case, NFC, its domain in Unicode rather than punycode; None when it is none.

    Only the syntax is checked, never the network. A domain needs a dot: `root@localhost` is nobody's.
    """
    text = _lower(text)
    return text if is_plain(text) else ask_library(text)


def ask_library(text: str) -> str | None:
    """What `email_validator` makes of a text in lower case, NFC."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError):
        return None
    if "." not in found.domain:
        return None
    return _lower(found.normalized)


def is_plain(text: str) -> bool:
    """Whether a text in lower case is an address as most are, which is its own normal form."""
    found = PLAIN.fullmatch(text) if len(text) <= PLAIN_CHARACTERS_MAX else None
    return found is not None and not f".{found[1]}".endswith(_SPECIAL_USE)


def plain_addresses(texts: Sequence[str]) -> list[str | None]:
    """What `address` makes of each that is an address as most are, of ASCII letters; None for any other."""
    lines = "\n".join(texts)
    if not lines.isascii() or lines.count("\n") >= len(texts):
        lines = "\n".join(text if text.isascii() and "\n" not in text else "" for text in texts)
    lines = lines.lower()
    domains: list[str] = _PLAIN_LINES.findall(lines)
    reserved = {domain for domain in set(domains) if f".{domain}".endswith(_SPECIAL_USE)}
    refused = reserved | {""}
    return [
        line if domain not in refused and len(line) <= PLAIN_CHARACTERS_MAX else None
        for line, domain in zip(lines.split("\n"), domains, strict=True)
    ][: len(texts)]


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())
