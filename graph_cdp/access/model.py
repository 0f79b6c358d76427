"""Who may come in: API keys, and whom they stand for."""

from dataclasses import dataclass
from typing import Literal, NewType

from graph_cdp.ids import Millis

KeyId = NewType("KeyId", str)
"""The opaque id of an API key: what lists, logs and `revoke` name it by."""

Role = Literal["admin", "app", "ingest", "marketer", "privacy", "steward"]
"""What a key's holder may do: `ingest` writes for one source and reads nothing; `app` reads on behalf of a
service; `marketer` reads with personal data masked; `privacy` reads everything, original messages too, and decides nothing; `steward`
reads and decides about identities; `admin` does everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is stored: the hash of its secret, never the secret.

    `prefix` is the secret's first characters, by which a person recognises it. `source` is set for an ingest key
    only. `org_unit` is the id of the unit of the network that the key is bound to. A key without `expires_at` holds until it
    is revoked.
    """

    id: KeyId
    name: str
    prefix: str
    hash: str
    role: Role
    source: str | None
    created_at: Millis
    expires_at: Millis | None = None
    revoked_at: Millis | None = None
    org_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What a person says of a key that is to be made; `source`, `expires_at` and `org_unit` as in `ApiKey`."""

    name: str
    role: Role
    source: str | None = None
    expires_at: Millis | None = None
    org_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever authenticated: the key, its role and, for an ingest key, the one source that it writes for.

    `org_unit` is the unit of the network that it is bound to: what an ingest key writes belongs to it, and whoever reads
    sees what belongs to it and to the units below. None: not bound.
    """

    key_id: KeyId
    role: Role
    source: str | None = None
    org_unit: str | None = None
