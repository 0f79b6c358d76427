"""Looks at everything, and changes nothing."""

import asyncio
import http.client
import shutil
import sys
from pathlib import Path

from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.api.graphiql import ASSETS, FILES
from graph_cdp.doctor import database, files, machine
from graph_cdp.doctor.finding import Finding, fail, ok, warn
from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.server.choose import Machine, survey
from graph_cdp.graph.server.config import parse_bytes
from graph_cdp.graph.server.home import read_state
from graph_cdp.graph.server.local import local_home, running_state
from graph_cdp.graph.server.memory import machine_bytes, memory_of
from graph_cdp.graph.server.ports import LOOPBACK, is_free
from graph_cdp.graph.server.status import DatabaseStatus, database_status
from graph_cdp.graph.server.toolchain import find_java, find_maven
from graph_cdp.settings import Settings

HEALTH_TIMEOUT_S = 2.0
MEMINFO = Path("/proc/meminfo")


def examine(settings: Settings, *, unknown_settings: tuple[str, ...] = ()) -> list[Finding]:
    """Every finding, in the order in which one would mend them.

    `unknown_settings` are variables of the environment that look like settings and are none.
    """
    status = database_status(settings)
    surveyed = survey(settings)
    return [
        check_settings(settings, unknown_settings),
        machine.check_python(sys.version_info[:2]),
        *_runners(settings, surveyed, status),
        *_machine(settings, status),
        *_files(settings),
        *_database(settings, status),
    ]


def check_settings(settings: Settings, unknown: tuple[str, ...]) -> Finding:
    """Whether the settings mean what their author meant; that they can be read at all is known by now."""
    try:
        memory_of(settings)
    except GraphCdpError as error:
        return fail("settings", error.message, "Mend GRAPH_CDP_NEO4J_HEAP or GRAPH_CDP_NEO4J_PAGECACHE.")
    if settings.neo4j_uri is not None and settings.neo4j_password is None:
        return fail(
            "settings", "GRAPH_CDP_NEO4J_URI is set without a password", "Set GRAPH_CDP_NEO4J_PASSWORD too."
        )
    if unknown:
        return warn(
            "settings",
            f"No such setting: {', '.join(unknown)}",
            "Look the name up in docs/reference/settings.md.",
        )
    return ok("settings", "All can be read")


def _runners(settings: Settings, surveyed: Machine, status: DatabaseStatus) -> list[Finding]:
    """Java, Maven and Docker: each is needed only where nothing else runs the database."""
    external = settings.neo4j_uri is not None
    backend = machine.check_backend(settings.neo4j_backend, surveyed, external=external)
    stuck = backend.level == "fail"
    local = settings.neo4j_backend == "local" or (stuck and settings.neo4j_backend == "auto")
    docker = settings.neo4j_backend == "docker" or (stuck and surveyed.kept_docker)
    return [
        machine.check_java(
            find_java(settings.java_home), needed=not external and local and not status.running
        ),
        machine.check_maven(find_maven(), needed=not external and local and not status.running),
        machine.check_docker(surveyed, needed=not external and docker),
        backend,
    ]


def _machine(settings: Settings, status: DatabaseStatus) -> list[Finding]:
    place = settings.data_dir.expanduser().absolute()
    existing = next(path for path in (place, *place.parents) if path.exists())
    findings = [
        machine.check_disk(shutil.disk_usage(existing).free, place=str(existing)),
        machine.check_service_port(
            settings.port, free=is_free(settings.port), ours=_service_answers(settings.port)
        ),
    ]
    if settings.neo4j_uri is not None:
        return findings
    running = status.running
    for name, port in (("bolt port", settings.neo4j_bolt_port), ("browser port", settings.neo4j_http_port)):
        findings.append(
            machine.check_database_port(name, port, free=running or is_free(port), running=running)
        )
    try:
        memory = memory_of(settings)
    except GraphCdpError:
        return findings  # check_settings says so
    wanted = parse_bytes(memory.heap) + parse_bytes(memory.pagecache)
    free = _free_bytes()
    return [*findings, machine.check_memory(machine_bytes(), free, wanted_bytes=wanted, running=running)]


def _files(settings: Settings) -> list[Finding]:
    home = local_home(settings)
    return [
        files.check_assets(path for path in FILES.values() if not (ASSETS / path).is_file()),
        files.check_secrets(settings.data_dir.expanduser().absolute()),
        files.check_process(home, state=read_state(home.state), running=running_state(home) is not None),
    ]


def _database(settings: Settings, status: DatabaseStatus) -> list[Finding]:
    if status.version is None or status.target is None:
        if status.kind == "none":
            return [warn("database", "There is none yet", "Start it: graph-cdp db up.")]
        mend = (
            "Start it, or mend GRAPH_CDP_NEO4J_URI."
            if status.kind == "external"
            else "Start it: graph-cdp db up."
        )
        return [fail("database", status.problem or "It is not running", mend)]
    found = [ok("database", f"{status.target.uri} answers"), database.check_version(status.version)]
    try:
        return [
            *found,
            *asyncio.run(
                database.examine_database(status.target, store_bytes=_store_bytes(settings, status))
            ),
        ]
    except (DriverError, Neo4jError, GraphCdpError) as error:
        return [
            *found,
            fail("database", f"It cannot be examined: {error}", "Look at its log, then try again."),
        ]


def _store_bytes(settings: Settings, status: DatabaseStatus) -> int | None:
    """The size of the store of the local server; of others, nobody here can look."""
    if status.kind != "local":
        return None
    store = local_home(settings).data / "databases" / settings.neo4j_database
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


def _free_bytes() -> int | None:
    """Memory of this machine that is free now, where the system tells."""
    if not MEMINFO.exists():
        return None
    told = dict(line.split(":", 1) for line in MEMINFO.read_text("utf-8").splitlines())
    return int(told["MemAvailable"].split()[0]) * 1024


def _service_answers(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=HEALTH_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
