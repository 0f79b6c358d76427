"""What every resolver is given: who asks, and how to read."""

from dataclasses import dataclass

import strawberry

from graph_cdp.access.model import Principal, Role
from graph_cdp.api.live.following import Live
from graph_cdp.api.mutations.writes import Writes
from graph_cdp.errors import Forbidden, Unavailable
from graph_cdp.graph.transactions import Graph
from graph_cdp.insights.model import CollectionHealth, IdentityHealth
from graph_cdp.insights.service import HealthWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One request: whoever asks, the graph, the region in which a phone number without a country is read, where
    mutations go, who reports the health of identity and of collection, and how subscriptions hear what is new.
    """

    principal: Principal
    graph: Graph
    default_region: str
    writes: Writes | None = None
    health: HealthWatch[IdentityHealth] | None = None
    collection: HealthWatch[CollectionHealth] | None = None
    live: Live | None = None

    def require(self, *roles: Role) -> None:
        """Go on only for one of these roles.

        Raises:
            Forbidden: the key has another one.
        """
        if self.principal.role not in roles:
            raise Forbidden(
                f"A key with the role {self.principal.role} may not read this; {' or '.join(roles)} may."
            )

    def require_writes(self) -> Writes:
        """Where mutations go.

        Raises:
            Unavailable: this service only reads.
        """
        if self.writes is None:
            raise Unavailable("This service takes no mutations; send it to one that does.")
        return self.writes


Info = strawberry.Info[Context, None]
"""The `info` of a resolver."""
