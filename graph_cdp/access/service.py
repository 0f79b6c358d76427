"""Making, listing, revoking and checking API keys."""

import time
from collections import OrderedDict
from collections.abc import Callable

from graph_cdp.access import repository
from graph_cdp.access.model import ApiKey, KeyId, NewKey, Principal
from graph_cdp.access.rules import BadKey, admit, has_secret_shape, hash_secret, make_key
from graph_cdp.errors import NotFound
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis

CACHE_TTL_MS = 5_000
"""How long a revoked key may still work in a process that has just seen it."""

CACHED_KEYS_MAX = 1_000


async def issue_key(tx: Tx, new: NewKey, *, key_id: KeyId, secret: str, now: Millis) -> ApiKey:
    """Store a key for `secret`, which the caller shows once and forgets.

    Raises:
        Invalid: see `access.rules.make_key`.
        NotFound: the network has no unit that the key could be bound to.
    """
    key = make_key(new, key_id=key_id, secret=secret, now=now)
    if new.org_unit is not None and not await repository.has_org_unit(tx, id=new.org_unit):
        raise NotFound(
            "The network has no unit of that id. Declare it under org_units in GRAPH_CDP_SOURCES_FILE, and start the service."
        )
    await repository.create_key(tx, key=key)
    return key


async def list_keys(tx: Tx) -> list[ApiKey]:
    """All keys, oldest first, those that no longer work too."""
    return await repository.list_keys(tx)


async def revoke_key(tx: Tx, *, key_id: KeyId, now: Millis) -> None:
    """Revoke a key for ever; it stops working everywhere within `CACHE_TTL_MS`.

    Raises:
        NotFound: nothing has that id.
    """
    if not await repository.revoke_key(tx, id=key_id, now=now):
        raise NotFound("No key has that id. `graph-cdp keys list` shows them.")


async def has_active_key(tx: Tx, *, now: Millis) -> bool:
    """Whether anybody can come in at all."""
    return await repository.count_active_keys(tx, now=now) > 0


def system_clock() -> Millis:
    """Now."""
    return time.time_ns() // 1_000_000


class Keyring:
    """Says whom a secret stands for.

    Good keys are remembered for `CACHE_TTL_MS`, at most `CACHED_KEYS_MAX` of them; unknown secrets are not, so
    that guessing cannot push good ones out.
    """

    def __init__(self, graph: Graph, *, clock: Callable[[], Millis] = system_clock) -> None:
        self._graph = graph
        self._clock = clock
        self._seen: OrderedDict[str, tuple[ApiKey, Millis]] = OrderedDict()

    async def authenticate(self, secret: str | None) -> Principal:
        """Whom `secret` stands for.

        Raises:
            BadKey: no secret, or one that is unknown, expired or revoked.
        """
        if secret is None:
            raise BadKey(
                "A key is needed: send the header 'Authorization: Bearer <key>' or 'X-API-Key: <key>'."
            )
        if not has_secret_shape(secret):
            raise BadKey("This is not a key: one starts with 'gcdp_' and has 48 characters.")
        secret_hash = hash_secret(secret)
        now = self._clock()
        return admit(await self._find(secret_hash, now), secret_hash=secret_hash, now=now)

    async def _find(self, secret_hash: str, now: Millis) -> ApiKey | None:
        seen = self._seen.get(secret_hash)
        if seen and now - seen[1] < CACHE_TTL_MS:
            return seen[0]
        key = await self._graph.read(repository.find_key_by_hash, hash=secret_hash)
        self._seen.pop(secret_hash, None)
        if key is not None:
            self._seen[secret_hash] = (key, now)
            if len(self._seen) > CACHED_KEYS_MAX:
                self._seen.popitem(last=False)
        return key
