"""Which database is used: yours if you name one, else Docker where an engine answers, else a local server.

Data decides first: a data directory whose data is in Docker is never quietly answered by an empty local server,
nor the other way round.
"""

from dataclasses import dataclass
from typing import Literal

from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.driver import Neo4jTarget, server_version
from graph_cdp.graph.server.docker import (
    ImageUnavailable,
    docker_home,
    engine_answers,
    find_compose,
    reset_docker,
    start_docker,
    stop_docker,
)
from graph_cdp.graph.server.local import local_home, reset_local, running_state, start_local, stop_local
from graph_cdp.graph.server.progress import Say, say_nothing
from graph_cdp.graph.server.toolchain import find_java, find_maven, missing_tools
from graph_cdp.settings import Settings

Backend = Literal["docker", "local"]

ASK_TIMEOUT_S = 10.0
INSTALL_COMPOSE = "Docker Compose (the plugin `docker compose`, or docker-compose 1.27.2 or newer)"
ANOTHER = "name a Neo4j of yours by GRAPH_CDP_NEO4J_URI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this machine can run, and where this data directory's data already is.

    `compose` is the command of Docker Compose; `tools_missing` what a local server lacks, in words.
    """

    engine: bool
    compose: tuple[str, ...] | None
    tools_missing: tuple[str, ...]
    kept_docker: bool
    kept_local: bool


def ensure_database(settings: Settings, *, say: Say = say_nothing) -> Neo4jTarget:
    """A database that answers, started if need be: where it is and how to get in.

    `GRAPH_CDP_NEO4J_URI` wins; such a database is only connected to, never started.

    Raises:
        Misconfigured: nothing here can run a database (the message says what to install), or a setting is wrong.
        Unavailable: one can be run, but it does not become ready.
    """
    if settings.neo4j_uri is not None:
        return _answering(external_target(settings, uri=settings.neo4j_uri))
    if settings.neo4j_backend != "docker" and running_state(local_home(settings)):
        return start_local(settings, say=say)
    machine = survey(settings)
    if choose_backend(settings.neo4j_backend, machine) == "local":
        return start_local(settings, say=say)
    try:
        return start_docker(settings, compose=machine.compose or (), say=say)
    except ImageUnavailable as error:
        if settings.neo4j_backend == "docker" or machine.kept_docker or machine.tools_missing:
            raise
        say(f"{error.message.splitlines()[0]} Going on with a local server instead")
        return start_local(settings, say=say)


def stop_database(settings: Settings, *, say: Say = say_nothing) -> bool:
    """Stop the managed database; its data stays. False when none was running. Raises Misconfigured for yours."""
    _refuse_external(settings, "stop")
    stopped = stop_local(settings, say=say)
    compose = _kept_in_docker(settings)
    return (compose is not None and stop_docker(settings, compose=compose, say=say)) or stopped


def reset_database(settings: Settings, *, say: Say = say_nothing) -> bool:
    """Stop the managed database and delete its data, for ever. False when there was none.

    Raises Misconfigured for a database that is not managed: delete its data yourself.
    """
    _refuse_external(settings, "delete")
    deleted = reset_local(settings, say=say)
    compose = _kept_in_docker(settings)
    return (compose is not None and reset_docker(settings, compose=compose, say=say)) or deleted


def survey(settings: Settings) -> Machine:
    """Look at this machine, and at the data directory."""
    engine = engine_answers()
    return Machine(
        engine=engine,
        compose=find_compose() if engine else None,
        tools_missing=missing_tools(java=find_java(settings.java_home), maven=find_maven()),
        kept_docker=docker_home(settings).password.exists(),
        kept_local=local_home(settings).initialised.exists(),
    )


def choose_backend(backend: str, machine: Machine) -> Backend:
    """Docker or the local server, given the setting and the machine.

    Raises Misconfigured that says what to install, or where the data is that could not be reached.
    """
    docker_missing = _docker_missing(machine)
    if backend == "docker":
        return _unless("docker", docker_missing)
    if backend == "local":
        return _unless("local", machine.tools_missing)
    if machine.kept_docker and not machine.kept_local:
        return _unless("docker", docker_missing, kept=True)
    if machine.kept_local and not machine.kept_docker:
        return _unless("local", machine.tools_missing, kept=True)
    if not docker_missing:
        return "docker"
    if not machine.tools_missing:
        return "local"
    raise Misconfigured(
        f"There is nothing here to run Neo4j with. Install {' and '.join(machine.tools_missing)} for a local server, "
        f"or {' and '.join(docker_missing)}; or {ANOTHER}."
    )


def external_target(settings: Settings, *, uri: str) -> Neo4jTarget:
    """The database that the settings name. Raises Misconfigured when that is no address of Bolt, or they give no password for it."""
    if uri.lower().startswith(("http://", "https://")):
        raise Misconfigured(
            "GRAPH_CDP_NEO4J_URI is the address of Neo4j Browser, which is not that of the database: "
            "give the one that begins with bolt:// or neo4j://, most often with port 7687."
        )
    if settings.neo4j_password is None:
        raise Misconfigured("GRAPH_CDP_NEO4J_URI is set, but GRAPH_CDP_NEO4J_PASSWORD is not: set it too.")
    return Neo4jTarget(
        uri=uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    )


def _answering(target: Neo4jTarget) -> Neo4jTarget:
    """The target, if it answers and lets us in."""
    try:
        server_version(target, timeout_s=ASK_TIMEOUT_S)
    except AuthError:
        raise Misconfigured(
            f"{target.uri} does not accept the user {target.user} with the password that was given: look at "
            "GRAPH_CDP_NEO4J_USER and GRAPH_CDP_NEO4J_PASSWORD."
        ) from None
    except (ConfigurationError, ValueError) as error:
        raise Misconfigured(f"GRAPH_CDP_NEO4J_URI cannot be used: {error}") from None
    except (DriverError, Neo4jError) as error:
        raise Unavailable(
            f"{target.uri} does not answer: is it running, and reachable from here? {error}"
        ) from None
    return target


def _docker_missing(machine: Machine) -> tuple[str, ...]:
    if not machine.engine:
        return ("Docker, with its engine running (`docker version` must succeed)",)
    return () if machine.compose else (INSTALL_COMPOSE,)


def _unless(backend: Backend, missing: tuple[str, ...], *, kept: bool = False) -> Backend:
    if not missing:
        return backend
    other = "local" if backend == "docker" else "docker"
    name = "Docker" if backend == "docker" else "a local server"
    why = (
        f"The data of this directory was made by {name}, which needs"
        if kept
        else f"{name.capitalize()} needs"
    )
    way_out = (
        f"; or start with an empty database by GRAPH_CDP_NEO4J_BACKEND={other}" if kept else f"; or {ANOTHER}"
    )
    raise Misconfigured(f"{why} {' and '.join(missing)}: install or start it{way_out}.")


def _refuse_external(settings: Settings, verb: str) -> None:
    if settings.neo4j_uri is not None:
        raise Misconfigured(
            f"GRAPH_CDP_NEO4J_URI names a database of yours; graph-cdp does not {verb} what it did not start. "
            "Unset it to speak of the managed one."
        )


def _kept_in_docker(settings: Settings) -> tuple[str, ...] | None:
    """The command of Compose when this data directory's data is in Docker, else None.

    Raises Misconfigured when it is, but cannot be reached.
    """
    if not docker_home(settings).password.exists():
        return None
    compose = find_compose() if engine_answers() else None
    if compose is None:
        raise Misconfigured(
            "The data of this directory is in Docker, but no engine with Compose answers: start it."
        )
    return compose
