"""The demo's three keys: made once, kept in a file that only its owner can read, so that each start prints them again."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from graph_cdp.access.model import KeyId, NewKey
from graph_cdp.access.repository import find_key_by_hash
from graph_cdp.access.rules import SECRET_BYTES, has_secret_shape, hash_secret, make_secret
from graph_cdp.access.service import issue_key
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.server.home import write_private
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis, new_id

WEB_SOURCE = "web"
"""The source for which the write key writes: the story's web site."""

RETAILER_SOURCE = "boutique"
"""The source for which the retailer's key writes: the site of the brand."""

ADMIN_KEY = NewKey(name="demo: queries", role="admin")
WRITE_KEY = NewKey(name="demo: web events", role="ingest", source=WEB_SOURCE)
RETAILER_KEY = NewKey(name="demo: the retailer's site", role="ingest", source=RETAILER_SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKeys:
    """The secrets: `admin` asks and decides everything, `write` only sends messages of the source `web`, and
    `retailer` those of the retailer's site.
    """

    admin: str = field(repr=False)
    write: str = field(repr=False)
    retailer: str = field(repr=False)


async def ensure_keys(graph: Graph, path: Path, *, now: Millis, random: Callable[[int], bytes]) -> DemoKeys:
    """The keys in `path`, good in this database: made if they are not there, or no longer let anyone in.

    The file comes first and the database second, so that a start that is interrupted between them leaves no key
    whose secret nobody has.
    """
    kept = read_keys(path)
    if kept is not None and await graph.write(_register, kept, now):
        return kept
    admin, write, retailer = (make_secret(random(SECRET_BYTES)) for _ in range(3))
    made = DemoKeys(admin=admin, write=write, retailer=retailer)
    write_private(path, json.dumps(asdict(made)))
    await graph.write(_register, made, now)
    return made


def read_keys(path: Path) -> DemoKeys | None:
    """The keys that were kept; None when there are none, or none that can be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        keys = DemoKeys(admin=content["admin"], write=content["write"], retailer=content["retailer"])
        return keys if all(has_secret_shape(secret) for secret in asdict(keys).values()) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def _register(tx: Tx, keys: DemoKeys, now: Millis) -> bool:
    """Store the keys that the database does not have. False when it has one of them and it was revoked."""
    named = ((keys.admin, ADMIN_KEY), (keys.write, WRITE_KEY), (keys.retailer, RETAILER_KEY))
    for secret, new in named:
        stored = await find_key_by_hash(tx, hash=hash_secret(secret))
        if stored is None:
            await issue_key(tx, new, key_id=KeyId(new_id()), secret=secret, now=now)
        elif stored.revoked_at is not None:
            return False
    return True
