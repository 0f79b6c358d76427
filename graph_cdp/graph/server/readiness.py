"""When the managed local server is ready, or why it never will be."""

import http.client
import json
import time
from dataclasses import dataclass
from pathlib import Path

from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph_cdp.errors import Unavailable
from graph_cdp.graph.driver import Neo4jTarget, server_version
from graph_cdp.graph.server import ports, process
from graph_cdp.graph.server.home import Home, PasswordLost, ServerState, read_password

READY_TIMEOUT_S = 180.0
"""Longest wait for a start: seconds usually, more when a large transaction log must be recovered."""

POLL_S = 0.2
ASK_TIMEOUT_S = 5.0
LOG_LINES = 12
PORT_TAKEN = ("Address already in use", "is already in use, cannot bind to it")
USER = "neo4j"
DATABASE = "neo4j"


class StartFailed(Unavailable):
    """Neo4j ended while it was starting; the message holds what its logs say."""

    code = "NEO4J_START_FAILED"


class PortTaken(StartFailed):
    """Another program took one of the ports between our look and Neo4j's start."""

    code = "NEO4J_PORT_TAKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """What this start writes: the console log from its beginning, the server's log from the byte `server_from`."""

    console: Path
    server: Path
    server_from: int

    def text(self) -> str:
        """All that was written since the start."""
        return "\n".join((_read(self.console, 0), _read(self.server, self.server_from)))


def mark_logs(home: Home) -> Logs:
    """The logs of a start that begins now."""
    size = home.server_log.stat().st_size if home.server_log.exists() else 0
    return Logs(console=home.console_log, server=home.server_log, server_from=size)


def await_ready(home: Home, state: ServerState, logs: Logs) -> Neo4jTarget:
    """Wait until the server answers on both ports and lets us in.

    Raises:
        PortTaken: it ended because a port was in use.
        StartFailed: it ended for another reason, or takes longer than three minutes.
        PasswordLost: it does not accept the password that was kept for it.
    """
    target = local_target(home, state)
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline:
        if not process.is_running(state.pid, marker=home.marker):
            raise _why_it_ended(logs)
        if _is_up(state) and _lets_in(target):
            return target
        time.sleep(POLL_S)
    raise StartFailed(f"Neo4j was not ready after {READY_TIMEOUT_S:.0f} s. {_log_end(logs)}")


def local_target(home: Home, state: ServerState) -> Neo4jTarget:
    """How to connect to the server. Raises PasswordLost when nobody knows its password any more."""
    password = read_password(home.password)
    if password is None:
        raise PasswordLost(
            f"{home.password} is gone, and with it the password of the data in {home.data}. Restore that file, or "
            "delete the data by `graph-cdp db reset --yes`."
        )
    uri = f"bolt://{ports.LOOPBACK}:{state.bolt_port}"
    return Neo4jTarget(uri=uri, user=USER, password=password, database=DATABASE)


def _is_up(state: ServerState) -> bool:
    """Whether our server has started all of its parts: HTTP comes last, and tells the port of its Bolt.

    So another Neo4j that took one of the ports is not mistaken for ours.
    """
    connection = http.client.HTTPConnection(ports.LOOPBACK, state.http_port, timeout=ASK_TIMEOUT_S)
    try:
        connection.request("GET", "/", headers={"Accept": "application/json"})
        told = json.loads(connection.getresponse().read())
        return str(told["bolt_direct"]).endswith(f":{state.bolt_port}")
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return False
    finally:
        connection.close()


def _lets_in(target: Neo4jTarget) -> bool:
    try:
        server_version(target, timeout_s=ASK_TIMEOUT_S)
    except AuthError as error:
        raise PasswordLost(
            "The managed Neo4j does not accept the password that was kept for it: it was changed, or the data was "
            "copied from elsewhere. Put the right one into the file `password` beside it, or start anew by "
            "`graph-cdp db reset --yes`."
        ) from error
    except (DriverError, Neo4jError):  # listens already, but its database is not there yet
        return False
    return True


def _why_it_ended(logs: Logs) -> StartFailed:
    kind = PortTaken if any(sign in logs.text() for sign in PORT_TAKEN) else StartFailed
    return kind(f"Neo4j ended while it was starting. {_log_end(logs)}")


def _log_end(logs: Logs) -> str:
    lines = [line for line in logs.text().splitlines() if line.strip() and not line.startswith("\tat ")]
    return "\n".join((f"The end of its logs in {logs.console.parent}:", *lines[-LOG_LINES:]))


def _read(path: Path, start: int) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(start if start <= path.stat().st_size else 0)  # shorter than it was: it has been rotated
        return file.read().decode(errors="replace")
