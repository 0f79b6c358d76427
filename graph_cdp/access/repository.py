"""The Cypher of API keys: one function a file of `cypher/access/`."""

from neo4j import Record

from graph_cdp.access.model import ApiKey, KeyId
from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, fetch_optional, load_query, run
from graph_cdp.ids import Millis

FIND_KEY_BY_HASH = load_query("access/find_key_by_hash")
CREATE_KEY = load_query("access/create_key")
LIST_KEYS = load_query("access/list_keys")
REVOKE_KEY = load_query("access/revoke_key")
HAS_ORG_UNIT = load_query("access/has_org_unit")
COUNT_ACTIVE_KEYS = load_query("access/count_active_keys")


def _key(row: Record) -> ApiKey:
    return ApiKey(**row.data())


async def find_key_by_hash(tx: Tx, *, hash: str) -> ApiKey | None:
    """The key with this hash, whether or not it may still be used."""
    row = await fetch_optional(tx, FIND_KEY_BY_HASH, hash=hash)
    return _key(row) if row else None


async def create_key(tx: Tx, *, key: ApiKey) -> None:
    """Store a key. Running it again changes nothing."""
    await run(
        tx,
        CREATE_KEY,
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        hash=key.hash,
        role=key.role,
        source=key.source,
        org_unit=key.org_unit,
        created_at=key.created_at,
        expires_at=key.expires_at,
    )


async def has_org_unit(tx: Tx, *, id: str) -> bool:
    """Whether the network has a unit of this id."""
    return bool((await fetch_one(tx, HAS_ORG_UNIT, id=id))["known"])


async def list_keys(tx: Tx) -> list[ApiKey]:
    """All keys, oldest first."""
    return [_key(row) for row in await fetch_all(tx, LIST_KEYS)]


async def revoke_key(tx: Tx, *, id: KeyId, now: Millis) -> bool:
    """Revoke a key; false when nothing has that id."""
    return await fetch_optional(tx, REVOKE_KEY, id=id, now=now) is not None


async def count_active_keys(tx: Tx, *, now: Millis) -> int:
    """How many keys may be used now."""
    return int((await fetch_one(tx, COUNT_ACTIVE_KEYS, now=now))["active"])
