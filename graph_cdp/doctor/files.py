"""Whether the files are there, and private where they must be."""

import stat
from collections.abc import Iterable
from pathlib import Path

from graph_cdp.doctor.finding import Finding, fail, ok, warn
from graph_cdp.graph.server.home import Home, ServerState

SECRETS = ("neo4j/password", "neo4j-docker/password", "neo4j-docker/compose.env", "demo-keys.json")
"""Files below the data directory that let whoever reads them in."""


def check_assets(missing: Iterable[str]) -> Finding:
    """Whether GraphiQL can be served: `missing` are its files that are not there."""
    names = sorted(missing)
    if names:
        return warn(
            "assets",
            f"GraphiQL lacks {', '.join(names)}",
            "Fetch them: `make setup` (a wheel contains them).",
        )
    return ok("assets", "GraphiQL and its files are there")


def check_secrets(data_dir: Path) -> Finding:
    """Whether passwords and keys can be read by their owner only."""
    paths = [data_dir / name for name in SECRETS]
    open_ = [str(path) for path in paths if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_:
        return fail("secrets", f"Others can read {', '.join(open_)}", f"chmod 600 {' '.join(open_)}")
    return ok("secrets", "Passwords and keys are readable by their owner only")


def check_process(home: Home, *, state: ServerState | None, running: bool) -> Finding:
    """Whether the local server that was started still runs. `state` is what was noted at its start."""
    if running:
        return ok("process", f"The local server runs (process {state.pid if state else '?'})")
    if state is None:
        return ok("process", "No local server is meant to run")
    log = home.console_log
    return warn(
        "process",
        f"The local server (process {state.pid}) has ended without being stopped",
        f"Start it again: graph-cdp db up. It recovers by itself; why it ended may be said in {log}.",
    )
