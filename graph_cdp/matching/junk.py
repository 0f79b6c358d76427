"""Values that never identify anyone, as data.

Two different people unified by `"None"` or `"[object Object]"` is the most common real failure of identity
resolution: a default of a form, a missing variable of a script, the placeholder of a till.
"""

import re
from dataclasses import dataclass

WORDS = frozenset({
    "", "null", "(null)", "none", "nil", "undefined", "nan", "n/a", "#n/a", "anonymous", "guest", "unknown",
    "id", "email", "e-mail", "user_id", "userid", "customer_id", "anonymous_id", "distinct_id",
    "not_authenticated", "not set", "(not set)", "true", "false", "invalid", "invalid_id", "[object object]",
    "{}", "[]", "-1", "inconnu", "anonyme", "invité",
})  # fmt: skip
"""In lower case. What forms, scripts and files write where they know nothing."""

EMAILS = frozenset({
    "test@test.com", "test@test.fr", "email@email.com", "none@none.com", "no@no.com", "na@na.com", "no@email.com",
    "noemail@noemail.com", "nomail@nomail.com", "null@null.com", "unknown@unknown.com", "aaa@aaa.com",
    "asdf@asdf.com", "sansmail@sansmail.fr", "pasdemail@pasdemail.fr",
})  # fmt: skip
"""Whole addresses that are typed to get past a form."""

EMAIL_LOCAL_PARTS = frozenset({
    "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply", "nepasrepondre",
    "ne-pas-repondre", "mailer-daemon",
})  # fmt: skip
"""Mailboxes of machines, whatever their domain."""

ZEROS = re.compile(r"^[0-]*$")
"""Nothing but zeros and dashes: `0000`, `-`, the all-zero UUID and advertising id."""

CUT_NUMBER = re.compile(r"^\d(?:[.,]\d+)?e\+\d{2,3}$")
"""A long number as spreadsheets show it, `3.36E+10`: its last digits are gone, and everybody who had the same first ones has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JunkList:
    """What never identifies anyone; a steward adds to it by making another one.

    `words` count for every kind of identifier, `emails` and `email_local_parts` for e-mail, `values` for one
    kind: pairs of kind and normalised value, for example the phone number of the head office.
    """

    words: frozenset[str] = WORDS
    emails: frozenset[str] = EMAILS
    email_local_parts: frozenset[str] = EMAIL_LOCAL_PARTS
    values: frozenset[tuple[str, str]] = frozenset()

    def rule(self, kind: str, value: str) -> str | None:
        """The name of the rule that says this value is junk, or None. `value` is trimmed, in any case."""
        folded = value.lower()
        if folded in self.words:
            return "word" if folded else "blank"
        if ZEROS.match(folded):
            return "zeros"
        if "e+" in folded and CUT_NUMBER.match(folded):
            return "cut number"
        if (kind, value) in self.values:
            return "declared"
        if kind == "email" and self.has_address(folded):
            return "email"
        return None

    def has_address(self, folded: str) -> bool:
        """Whether an address in lower case is typed to get past a form, or a machine's. No other rule but declared values is of addresses."""
        return folded in self.emails or folded.partition("@")[0] in self.email_local_parts


DEFAULT_JUNK = JunkList()


def one_repeated_digit(digits: str) -> bool:
    """Whether a number is one digit over and over, such as 1111111111: typed to get past a form."""
    return len(set(digits)) <= 1
