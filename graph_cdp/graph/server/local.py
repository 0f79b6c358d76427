"""A Neo4j in the background of this machine, without Docker: started from jars, kept between runs."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import config, process
from graph_cdp.graph.server.exclusive import exclusive
from graph_cdp.graph.server.home import (
    Home,
    ServerState,
    make_password,
    read_state,
    write_private,
    write_state,
)
from graph_cdp.graph.server.jars import ensure_jars
from graph_cdp.graph.server.memory import memory_of
from graph_cdp.graph.server.ports import Ports, reserved
from graph_cdp.graph.server.progress import Say
from graph_cdp.graph.server.readiness import PortTaken, StartFailed, await_ready, mark_logs
from graph_cdp.graph.server.toolchain import find_java, find_maven, missing_tools
from graph_cdp.settings import Settings

STOP_TIMEOUT_S = 60.0
LOCK_TIMEOUT_S = 1200.0
"""Another process may be downloading and starting."""

PORT_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What runs the server: the Java, and the directory of the jars."""

    java: str
    jars: Path


def local_home(settings: Settings) -> Home:
    """Where the managed local server keeps its files."""
    return Home(root=settings.data_dir.expanduser().absolute() / "neo4j")


def start_local(settings: Settings, *, say: Say) -> Neo4jTarget:
    """Start the managed local server, or find it running; its address and password when it is ready.

    Safe to call at any time, by several processes at once, and after a crash at any point.

    Raises:
        Misconfigured: Java or Maven is missing, a setting is no amount of memory, the password was lost.
        Unavailable: the jars cannot be fetched, or the server does not become ready.
    """
    home = local_home(settings)
    with exclusive(home.lock, wait_s=LOCK_TIMEOUT_S):
        running = running_state(home)
        if running is not None:
            return await_ready(home, running, mark_logs(home))
        tools = _tools(settings, say=say)
        _prepare(home, tools)
        say("Starting Neo4j")
        return _start(home, settings, tools)


def running_state(home: Home) -> ServerState | None:
    """The process and ports of the server that runs now; None when none does, whatever was left behind."""
    state = read_state(home.state)
    return state if state and process.is_running(state.pid, marker=home.marker) else None


def stop_local(settings: Settings, *, say: Say) -> bool:
    """Stop the managed local server and wait until it has ended. False when none was running."""
    home = local_home(settings)
    if not home.root.exists():
        return False
    with exclusive(home.lock, wait_s=LOCK_TIMEOUT_S):
        return _stop(home, say=say)


def reset_local(settings: Settings, *, say: Say) -> bool:
    """Stop the server and delete its data and its password. False when there was nothing to delete."""
    home = local_home(settings)
    if not home.data.exists():
        return False
    with exclusive(home.lock, wait_s=LOCK_TIMEOUT_S):
        _stop(home, say=say)
        _wipe(home)
    return True


def _tools(settings: Settings, *, say: Say) -> Tools:
    java, maven = find_java(settings.java_home), find_maven()
    missing = missing_tools(java=java, maven=maven)
    if java is None or maven is None or missing:
        raise Misconfigured(
            f"A local Neo4j needs {' and '.join(missing)}: install what is missing, or use Docker."
        )
    return Tools(java=java.path, jars=ensure_jars(settings.cache_dir, maven=maven, say=say))


def _prepare(home: Home, tools: Tools) -> None:
    """Make the data directory ready for a start: as it is if it ever was ready, else from nothing."""
    home.root.chmod(0o700)  # the data is personal
    for directory in (home.conf, home.console_log.parent, home.root / "import", home.root / "run"):
        directory.mkdir(parents=True, exist_ok=True)
    if home.initialised.exists():
        return
    _wipe(home)
    home.data.mkdir()
    arguments = home.root / "password-arguments"
    try:
        write_private(
            arguments, config.password_arguments(jars=tools.jars, password=make_password(home.password))
        )
        command = ["env", f"NEO4J_HOME={home.root}", f"NEO4J_CONF={home.conf}", tools.java, f"@{arguments}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        arguments.unlink(missing_ok=True)
    if answer.returncode != 0:
        raise StartFailed(f"Neo4j could not be given its first password:\n{answer.stderr.strip()}")


def _start(home: Home, settings: Settings, tools: Tools) -> Neo4jTarget:
    """Start on free ports; again on others when someone takes one meanwhile."""
    memory = memory_of(settings)
    command = config.server_command(java=tools.java, jars=tools.jars, root=home.root, heap=memory.heap)
    for tries_left in reversed(range(PORT_TRIES)):
        with reserved(bolt=settings.neo4j_bolt_port, http=settings.neo4j_http_port) as chosen:
            _configure(home, tools, ports=chosen, memory=memory)
            logs = mark_logs(home)
            pid = process.spawn(command, log=logs.console, cwd=home.root)
            state = ServerState(pid=pid, bolt_port=chosen.bolt, http_port=chosen.http)
            write_state(home.state, state)
            try:
                target = await_ready(home, state, logs)
            except StartFailed as failure:
                process.stop(pid, marker=home.marker, wait_s=STOP_TIMEOUT_S)
                if tries_left and isinstance(failure, PortTaken):
                    continue
                raise
        home.initialised.touch()
        return target
    raise AssertionError  # the last try returns or raises


def _configure(home: Home, tools: Tools, *, ports: Ports, memory: config.Memory) -> None:
    conf = config.neo4j_conf(root=home.root, jars=tools.jars, ports=ports, memory=memory)
    (home.conf / "neo4j.conf").write_text(conf, "utf-8")
    (home.conf / "apoc.conf").write_text(config.APOC_CONF, "utf-8")
    home.console_log.write_bytes(b"")


def _stop(home: Home, *, say: Say) -> bool:
    state = running_state(home)
    if state is not None:
        say("Stopping Neo4j")
        process.stop(state.pid, marker=home.marker, wait_s=STOP_TIMEOUT_S)
    home.state.unlink(missing_ok=True)
    return state is not None


def _wipe(home: Home) -> None:
    """Delete the data; the mark first, so that data that is half deleted is never taken for data."""
    home.initialised.unlink(missing_ok=True)
    if home.data.exists():
        shutil.rmtree(home.data)
    home.password.unlink(missing_ok=True)
