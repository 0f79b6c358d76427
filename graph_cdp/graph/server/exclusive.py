"""One process at a time: a lock that ends with the process that holds it, however that ends."""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from graph_cdp.errors import Misconfigured, Unavailable

POLL_S = 0.2


@contextmanager
def exclusive(path: Path, *, wait_s: float) -> Generator[None]:
    """Hold the lock of the file `path` for the length of the block.

    Raises `Unavailable` when another process still holds it after `wait_s`. The kernel releases it when its
    holder dies, so a kill -9 never leaves it behind. Children do not inherit it.
    """
    if sys.platform == "win32":
        message = "A managed database needs Linux or macOS: use WSL, or name a Neo4j of yours by GRAPH_CDP_NEO4J_URI."
        raise Misconfigured(message)
    import fcntl  # noqa: PLC0415 - there is none on Windows

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"Another graph-cdp has held {path} for {wait_s:.0f} s: wait for it, or end it."
                    raise Unavailable(message) from None
                time.sleep(POLL_S)
        yield
