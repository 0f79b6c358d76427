"""Keys in a real database: made, found, listed, revoked, remembered for seconds."""

import secrets

import pytest

from graph_cdp.access.model import KeyId, NewKey, Principal
from graph_cdp.access.rules import SECRET_BYTES, BadKey, hash_secret, make_secret
from graph_cdp.access.service import CACHE_TTL_MS, Keyring, has_active_key, issue_key, list_keys, revoke_key
from graph_cdp.commands.serve import first_key, is_loopback
from graph_cdp.errors import Invalid, Misconfigured, NotFound
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

NOW = 1_767_225_600_000
WEB = NewKey(name="web site", role="ingest", source="web")


async def store(graph: Graph, key_id: str, new: NewKey = WEB, *, now: int = NOW) -> str:
    """The secret of a new key."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    await graph.write(issue_key, new, key_id=KeyId(key_id), secret=secret, now=now)
    return secret


async def test_a_stored_key_lets_its_holder_in(graph: Graph) -> None:
    secret = await store(graph, "k1")

    principal = await Keyring(graph, clock=lambda: NOW).authenticate(secret)

    assert principal == Principal(key_id=KeyId("k1"), role="ingest", source="web")


async def test_only_the_hash_is_stored(graph: Graph) -> None:
    secret = await store(graph, "k1")

    (key,) = await graph.read(list_keys)

    assert (key.hash, key.prefix) == (hash_secret(secret), secret[:11])
    assert secret not in repr(key)


async def test_storing_a_key_again_changes_nothing(graph: Graph) -> None:
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    for now in (NOW, NOW + 1):
        await graph.write(issue_key, WEB, key_id=KeyId("k1"), secret=secret, now=now)

    assert [key.created_at for key in await graph.read(list_keys)] == [NOW]


async def test_keys_are_listed_oldest_first_those_revoked_too(graph: Graph) -> None:
    await store(graph, "k2", now=NOW + 1)
    await store(graph, "k1")
    await graph.write(revoke_key, key_id=KeyId("k1"), now=NOW + 2)
    await graph.write(revoke_key, key_id=KeyId("k1"), now=NOW + 3)

    assert [(key.id, key.revoked_at) for key in await graph.read(list_keys)] == [
        ("k1", NOW + 2),
        ("k2", None),
    ]


async def test_revoking_what_nobody_has_is_an_error(graph: Graph) -> None:
    with pytest.raises(NotFound, match="No key has that id"):
        await graph.write(revoke_key, key_id=KeyId("nobody"), now=NOW)


async def test_a_refused_key_is_not_stored(graph: Graph) -> None:
    with pytest.raises(Invalid):
        await store(graph, "k1", NewKey(name="", role="app"))

    assert await graph.read(list_keys) == []


async def test_a_revoked_key_stops_working_once_it_is_forgotten(graph: Graph) -> None:
    clock = [NOW]
    keyring = Keyring(graph, clock=lambda: clock[0])
    secret = await store(graph, "k1")
    assert (await keyring.authenticate(secret)).key_id == "k1"
    await graph.write(revoke_key, key_id=KeyId("k1"), now=NOW)

    clock[0] = NOW + CACHE_TTL_MS - 1
    assert (await keyring.authenticate(secret)).key_id == "k1"
    clock[0] = NOW + CACHE_TTL_MS
    with pytest.raises(BadKey):
        await keyring.authenticate(secret)


async def test_a_remembered_key_expires_in_time(graph: Graph) -> None:
    clock = [NOW]
    keyring = Keyring(graph, clock=lambda: clock[0])
    secret = await store(graph, "k1", NewKey(name="short", role="app", expires_at=NOW + 10))
    assert (await keyring.authenticate(secret)).key_id == "k1"

    clock[0] = NOW + 10
    with pytest.raises(BadKey):
        await keyring.authenticate(secret)


async def test_a_key_made_after_it_was_tried_works(graph: Graph) -> None:
    keyring = Keyring(graph, clock=lambda: NOW)
    secret = make_secret(bytes(32))
    with pytest.raises(BadKey):
        await keyring.authenticate(secret)

    await graph.write(issue_key, WEB, key_id=KeyId("k1"), secret=secret, now=NOW)

    assert (await keyring.authenticate(secret)).key_id == "k1"


@pytest.mark.parametrize("secret", [None, "", "gcdp_", "nonsense", "gcdp_" + "A" * 43])
async def test_what_is_no_key_is_refused(graph: Graph, secret: str | None) -> None:
    with pytest.raises(BadKey):
        await Keyring(graph, clock=lambda: NOW).authenticate(secret)


async def test_the_first_start_makes_an_admin_key_once(graph: Graph) -> None:
    secret = await first_key(graph, loopback=True)

    assert secret is not None
    assert (await Keyring(graph).authenticate(secret)).role == "admin"
    assert await first_key(graph, loopback=True) is None
    assert len(await graph.read(list_keys)) == 1


async def test_an_address_that_others_reach_is_refused_while_nobody_has_a_key(graph: Graph) -> None:
    await store(graph, "old", NewKey(name="old", role="admin", expires_at=NOW + 1))
    assert not await graph.read(has_active_key, now=NOW + 1)

    with pytest.raises(Misconfigured, match="this address can be reached by others"):
        await first_key(graph, loopback=False)

    assert len(await graph.read(list_keys)) == 1
    await store(graph, "new")
    assert await first_key(graph, loopback=False) is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
        ("::", False),
        ("10.0.0.1", False),
        ("example.com", False),
    ],
)
def test_loopback_addresses_are_told_apart(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
