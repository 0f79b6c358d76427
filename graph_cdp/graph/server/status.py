"""What is known of the database without starting anything."""

from dataclasses import dataclass
from typing import Literal

from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.driver import Neo4jTarget, server_version
from graph_cdp.graph.server.choose import external_target
from graph_cdp.graph.server.docker import docker_home, docker_target, running_ports
from graph_cdp.graph.server.local import local_home, running_state
from graph_cdp.graph.server.ports import LOOPBACK
from graph_cdp.graph.server.readiness import local_target
from graph_cdp.settings import Settings

ASK_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """Which database there is and whether it answers.

    `kind` is `none` when nothing was ever started here. `data` says where the data is kept, `browser` the address
    of Neo4j Browser, `problem` why it does not answer though it should.
    """

    kind: Literal["external", "docker", "local", "none"]
    target: Neo4jTarget | None = None
    browser: str | None = None
    data: str | None = None
    version: str | None = None
    problem: str | None = None

    @property
    def running(self) -> bool:
        """Whether it answers, and lets us in."""
        return self.version is not None


def database_status(settings: Settings) -> DatabaseStatus:
    """Look for the database: yours, the local one if it runs, the one in Docker if it runs, else where data is kept."""
    try:
        found = _find(settings)
    except GraphCdpError as error:
        return DatabaseStatus(kind="external" if settings.neo4j_uri else "local", problem=error.message)
    if found.target is None:
        return found
    version, problem = _ask(found.target)
    return DatabaseStatus(
        kind=found.kind,
        target=found.target,
        browser=found.browser,
        data=found.data,
        version=version,
        problem=problem,
    )


def _find(settings: Settings) -> DatabaseStatus:
    if settings.neo4j_uri is not None:
        return DatabaseStatus(kind="external", target=external_target(settings, uri=settings.neo4j_uri))
    local, docker = local_home(settings), docker_home(settings)
    state = running_state(local)
    if state is not None:
        target = local_target(local, state)
        return DatabaseStatus(
            kind="local", target=target, browser=_browser(state.http_port), data=str(local.data)
        )
    published = running_ports(settings) if docker.password.exists() else None
    if published is not None:
        target = docker_target(settings, published)
        return DatabaseStatus(
            kind="docker", target=target, browser=_browser(published.http), data="a Docker volume"
        )
    if local.initialised.exists():
        return DatabaseStatus(kind="local", data=str(local.data))
    return (
        DatabaseStatus(kind="docker", data="a Docker volume")
        if docker.password.exists()
        else DatabaseStatus(kind="none")
    )


def _browser(http_port: int) -> str:
    return f"http://{LOOPBACK}:{http_port}/browser/"


def _ask(target: Neo4jTarget) -> tuple[str | None, str | None]:
    """The version of the server at `target`, or why there is none."""
    try:
        return server_version(target, timeout_s=ASK_TIMEOUT_S), None
    except AuthError:
        return None, f"{target.uri} does not accept the password of {target.user}."
    except (DriverError, Neo4jError) as error:
        return None, f"{target.uri} does not answer: {error}"
