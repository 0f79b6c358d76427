"""Who asks: the key in the request's headers, and the roles that may query, or only change something."""

from collections.abc import Mapping

from graph_cdp.access.model import Principal
from graph_cdp.access.service import Keyring
from graph_cdp.api.mutations.permissions import MUTATION_ROLES
from graph_cdp.api.permissions import QUERY_ROLES
from graph_cdp.errors import Forbidden


def read_secret(headers: Mapping[str, str]) -> str | None:
    """The key that a request carries: `Authorization: Bearer <key>`, else `X-API-Key: <key>`."""
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return headers.get("x-api-key")


def may_query(principal: Principal) -> bool:
    """Whether somebody may read; who may not can still call the mutations of its role, which show no person.

    A key that is bound to a unit of the network reads nothing here: a query shows whole people, also what other units know.
    """
    return principal.role in QUERY_ROLES and principal.org_unit is None


async def authorise(headers: Mapping[str, str], keyring: Keyring) -> Principal:
    """Whoever sent these headers, if it may do anything here.

    Raises:
        Unauthenticated: no good key.
        Forbidden: the key's role may neither query nor change anything.
    """
    principal = await keyring.authenticate(read_secret(headers))
    if not may_query(principal) and not may_mutate(principal):
        raise may_not_query(principal)
    return principal


def may_mutate(principal: Principal) -> bool:
    """Whether there is a mutation that somebody may call."""
    return any(principal.role in roles for roles in MUTATION_ROLES.values())


def may_not_query(principal: Principal) -> Forbidden:
    """The refusal of a query."""
    if principal.org_unit is not None:
        return Forbidden(
            "A key that is bound to a unit may not query: an answer shows what all units know. Ask with one that is not bound."
        )
    return Forbidden(
        f"A key with the role {principal.role} may not query. Ask an administrator for one with the role app."
    )
