"""E-mail addresses: one mailbox, one value (RFC 5321, RFC 6531 for addresses beyond ASCII).

The whole address is lower-cased: no mailbox provider that people use tells the cases of a local part apart.
A `+tag` stays, because some providers do tell those apart.
"""

import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email


@lru_cache(maxsize=1_024)  # a value is asked for as a trait and as an identifier, one soon after the other
def address(text: str) -> str | None:
    """The address in lower case, NFC, its domain in Unicode rather than punycode; None when it is none.

    Only the syntax is checked, never the network. A domain needs a dot: `root@localhost` is nobody's.
    """
    try:
        found = validate_email(_lower(text), check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError):
        return None
    if "." not in found.domain:
        return None
    return _lower(found.normalized)


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())
