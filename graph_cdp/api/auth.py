"""Who asks: the key in the request's headers, and the roles that may query."""

from collections.abc import Mapping

from graph_cdp.access.model import Principal, Role
from graph_cdp.access.service import Keyring
from graph_cdp.errors import Forbidden

QUERY_ROLES: frozenset[Role] = frozenset({"admin", "app", "steward"})
"""Deny by default: a role that is not named here reads nothing."""


def read_secret(headers: Mapping[str, str]) -> str | None:
    """The key that a request carries: `Authorization: Bearer <key>`, else `X-API-Key: <key>`."""
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return headers.get("x-api-key")


async def authorise(headers: Mapping[str, str], keyring: Keyring) -> Principal:
    """Whoever sent these headers, if it may query.

    Raises:
        Unauthenticated: no good key.
        Forbidden: the key's role may not query.
    """
    principal = await keyring.authenticate(read_secret(headers))
    if principal.role not in QUERY_ROLES:
        raise Forbidden(
            f"A key with the role {principal.role} may not query. Ask an administrator for one with the role app."
        )
    return principal
