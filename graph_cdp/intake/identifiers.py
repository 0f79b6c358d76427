"""Which identifiers a message or row holds, and which record it is about."""

from graph_cdp.errors import Invalid
from graph_cdp.ids import RecordKey
from graph_cdp.matching.normalise import Junk, Normalised, Unusable, normalise_identifier
from graph_cdp.matching.text import VALUE_BYTES_MAX, bytes_of
from graph_cdp.source.model import IdentifierKey

RECORD_KINDS = {"user_id": "user", "email": "email", "phone": "phone", "anonymous_id": "anonymous"}
"""What a message's record may be named by, most identifying first, and how its key spells it."""


IDENTIFYING_KINDS = frozenset({
    "user_id", "customer_id", "national_id", "loyalty_card", "email", "phone", "anonymous_id", "advertising_id",
})  # fmt: skip
"""The kinds that may be said of somebody beside what names the record. A kind that nobody has ranked could join
strangers."""


class BadField(Invalid):
    """A member of a message that has the wrong type, is missing, or is too long."""

    code = "INVALID_FIELD"


class NoIdentity(Invalid):
    """Nothing in a message says whom it is about."""

    code = "NO_IDENTITY"


class Found:
    """The identifiers found so far in one message. `subject` names the record, by kind of `RECORD_KINDS`."""

    def __init__(self, *, region: str) -> None:
        self.region = region
        self.keys: set[IdentifierKey] = set()
        self.subject: dict[str, str] = {}

    def add(self, kind: str, raw: str | None, *, subject: bool = False) -> bool:
        """Hold `raw`, and say so, if it identifies anyone: junk and what is no such identifier are left out."""
        if raw is None:
            return False
        result = normalise_identifier(kind, raw, region=self.region)
        if isinstance(result, Normalised):
            self.keys.add(IdentifierKey(kind=kind, value=result.value))
            if subject:
                self.subject.setdefault(kind, result.value)
        return isinstance(result, Normalised)

    def add_id(self, kind: str, raw: str | None, *, name: str) -> bool:
        """Hold an id that names the record, as `add` does, but one that cannot be kept is an error.

        Raises:
            BadField: it is too long, or not text that can be compared.
        """
        if raw is not None and isinstance(normalise_identifier(kind, raw, region=self.region), Unusable):
            raise BadField(
                f"{name} cannot be kept: it is longer than 1,024 bytes, or holds control characters."
            )
        return self.add(kind, raw, subject=True)

    def add_stated(self, kind: str, raw: str) -> None:
        """Hold an identifier that was sent as a kind and a value; the value of a `customer_id` is `source:id`.

        One that is no value of its kind identifies nobody, and costs the message nothing.

        Raises:
            BadField: no such kind is known, or the value is too long to be kept.
        """
        if kind not in IDENTIFYING_KINDS:
            raise BadField(f"An identifier's kind is one of {', '.join(sorted(IDENTIFYING_KINDS))}.")
        if bytes_of(raw) > VALUE_BYTES_MAX:
            raise BadField(f"An identifier of the kind {kind} is longer than {VALUE_BYTES_MAX:,} bytes.")
        if kind == "customer_id":
            source, _, row_id = raw.partition(":")
            raw = customer_id(source, row_id, region=self.region) or ""
        self.add(kind, raw)

    def record_key(self, source: str) -> RecordKey:
        """The key of the most identified record: user id, else e-mail, else phone, else anonymous id.

        Raises:
            NoIdentity: there is none of them.
        """
        for kind, spelling in RECORD_KINDS.items():
            if kind in self.subject:
                return RecordKey(f"{source}:{spelling}:{self.subject[kind]}")
        raise NoIdentity(
            "Nothing says whom this is about: send a userId or an anonymousId (a value such as 'null' is none), "
            "or an e-mail or phone in the traits."
        )

    def sorted_keys(self) -> tuple[IdentifierKey, ...]:
        """All identifiers, by kind and value, so that equal messages are equal."""
        return tuple(sorted(self.keys, key=lambda key: (key.kind, key.value)))


def customer_id(source: str, row_id: str, *, region: str) -> str | None:
    """The value of the identifier that a row's key is, `source:id`; None if the id is junk."""
    result = normalise_identifier("customer_id", row_id, region=region)
    return None if isinstance(result, Junk | Unusable) else f"{source}:{result.value}"
