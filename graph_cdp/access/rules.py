"""What makes a key good. Pure: time and randomness are arguments."""

import base64
import hashlib
import hmac
import re

from graph_cdp.access.model import ApiKey, KeyId, NewKey, Principal
from graph_cdp.errors import Invalid, Unauthenticated
from graph_cdp.ids import Millis

SECRET_BYTES = 32
"""256 bits: nothing to guess, so a plain SHA-256 protects it at rest (a password would need a slow hash)."""

SECRET_PREFIX = "gcdp_"  # noqa: S105 - not a secret: what a secret scanner, and a person, recognises one by
SHOWN_CHARACTERS = len(SECRET_PREFIX) + 6
KEY_NAME_CHARACTERS_MAX = 100

_SECRET = re.compile(r"gcdp_[A-Za-z0-9_-]{43}")
_SOURCE = re.compile(r"[a-z0-9_-]{1,64}")


class BadKey(Unauthenticated):
    """No key, or one that is unknown, expired or revoked. The message never says which of the last three."""

    code = "UNAUTHENTICATED"


def make_secret(random: bytes) -> str:
    """The secret that stands for `random`, which must be `SECRET_BYTES` long."""
    if len(random) != SECRET_BYTES:
        raise ValueError(f"a secret is made of {SECRET_BYTES} bytes, not {len(random)}")
    return SECRET_PREFIX + base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def has_secret_shape(text: str) -> bool:
    """Whether this could be a secret; what could not is refused without asking the database."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """What is stored of a secret: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_key(new: NewKey, *, key_id: KeyId, secret: str, now: Millis) -> ApiKey:
    """The key that `new` asks for, with a fresh id and secret.

    Raises:
        Invalid: the name is empty or too long, an ingest key has no source or another role has one, or the key
            would expire before it exists.
    """
    if not 1 <= len(new.name.strip()) <= KEY_NAME_CHARACTERS_MAX:
        raise Invalid(
            f"A key needs a name of 1 to {KEY_NAME_CHARACTERS_MAX} characters that says what it is for."
        )
    if new.role == "ingest" and new.source is None:
        raise Invalid("An ingest key writes for one source: name the source.")
    if new.role != "ingest" and new.source is not None:
        raise Invalid(f"Only an ingest key is bound to a source; leave it out for the role {new.role}.")
    if new.source is not None and not _SOURCE.fullmatch(new.source):
        raise Invalid("A source's name is 1 to 64 of the characters a-z, 0-9, '_' and '-'.")
    if new.expires_at is not None and new.expires_at <= now:
        raise Invalid("The key would expire at once; let it expire in the future, or never.")
    return ApiKey(
        id=key_id,
        name=new.name.strip(),
        prefix=secret[:SHOWN_CHARACTERS],
        hash=hash_secret(secret),
        role=new.role,
        source=new.source,
        created_at=now,
        expires_at=new.expires_at,
        org_unit=new.org_unit,
    )


def admit(key: ApiKey | None, *, secret_hash: str, now: Millis) -> Principal:
    """Whom a stored key stands for, now, if the hash of what was sent is its hash (compared in constant time).

    Raises:
        BadKey: there is no such key, or it is expired or revoked.
    """
    matches = key is not None and hmac.compare_digest(key.hash, secret_hash)
    if key is None or not matches or not _is_active(key, now):
        raise BadKey("This key is not known, or no longer valid. Ask an administrator for a new one.")
    return Principal(key_id=key.id, role=key.role, source=key.source, org_unit=key.org_unit)


def _is_active(key: ApiKey, now: Millis) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
