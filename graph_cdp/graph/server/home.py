"""The files of a managed server: where each is, its password, and what is known of its process."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from graph_cdp.errors import Misconfigured

PASSWORD_BYTES = 24
"""192 bits: 48 hexadecimal digits. (Base64 may begin with a dash, which neo4j-admin takes for an option.)"""


class PasswordLost(Misconfigured):
    """The data is there, but not the password that opens it."""

    code = "NEO4J_PASSWORD_LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The directory of one managed server. `data` is the only part that cannot be made again."""

    root: Path

    @property
    def data(self) -> Path:
        """Neo4j's own files: stores, transaction logs, users."""
        return self.root / "data"

    @property
    def initialised(self) -> Path:
        """Exists when the data was once ready and let us in; without it the data was never handed to anyone."""
        return self.data / "graph-cdp-initialised"

    @property
    def conf(self) -> Path:
        """What is written anew at every start."""
        return self.root / "conf"

    @property
    def console_log(self) -> Path:
        """What the server prints, appended at every start."""
        return self.root / "logs" / "console.log"

    @property
    def server_log(self) -> Path:
        """What the server logs once it runs; kept and rotated by it."""
        return self.root / "logs" / "neo4j.log"

    @property
    def marker(self) -> str:
        """What only this server has in its command line."""
        return f"--home-dir={self.root} "

    @property
    def password(self) -> Path:
        """The password, readable by its owner only."""
        return self.root / "password"

    @property
    def state(self) -> Path:
        """The process and its ports: `ServerState` as JSON."""
        return self.root / "server.json"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops the server."""
        return self.root / "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """A server that was started: its process id and its ports. It may have ended since."""

    pid: int
    bolt_port: int
    http_port: int


def read_state(path: Path) -> ServerState | None:
    """What was last written; None when there is nothing, or nothing that can be read (a crash while writing)."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return ServerState(
            pid=int(content["pid"]), bolt_port=int(content["bolt_port"]), http_port=int(content["http_port"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_state(path: Path, state: ServerState) -> None:
    """Replace what was known, whole or not at all."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(json.dumps(asdict(state)), "utf-8")
    fresh.replace(path)


def read_password(path: Path) -> str | None:
    """The password that was kept, or None."""
    try:
        return path.read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def make_password(path: Path) -> str:
    """A new random password, kept in `path` (mode 0600 from its first byte on)."""
    password = secrets.token_hex(PASSWORD_BYTES)
    write_private(path, password)
    return password


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, replacing what was there."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
