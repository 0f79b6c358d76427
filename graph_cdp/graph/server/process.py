"""A server in the background: started detached, recognised by its command line, stopped by its process id."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

POLL_S = 0.1
EXEC_TRIES = 10

# The shell starts the command in the background, says which process it is, and ends: the server then belongs
# to init, outlives us, and never becomes a zombie of ours.
DETACH = 'log="$0"; "$@" >>"$log" 2>&1 </dev/null & echo $!'


def spawn(command: Sequence[str], *, log: Path, cwd: Path) -> int:
    """Start `command` in a session of its own, its output appended to `log`. The id of its process."""
    answer = subprocess.run(
        ["/bin/sh", "-c", DETACH, str(log), *command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        start_new_session=True,
    )
    return int(answer.stdout)


def is_running(pid: int, *, marker: str) -> bool:
    """Whether `pid` is alive and is ours: its command line holds `marker`.

    An id alone proves nothing: after a restart of the machine it may be anybody's.
    """
    return marker in _command_line(pid)


def stop(pid: int, *, marker: str, wait_s: float) -> bool:
    """Ask `pid` to end (SIGTERM); after `wait_s`, make it (SIGKILL). Whether it ended by itself.

    SIGKILL loses nothing that Neo4j has acknowledged: the next start recovers from its transaction log.
    """
    if not _signal(pid, signal.SIGTERM, marker=marker) or _ended(pid, marker=marker, wait_s=wait_s):
        return True
    _signal(pid, signal.SIGKILL, marker=marker)
    _ended(pid, marker=marker, wait_s=wait_s)
    return False


def _ended(pid: int, *, marker: str, wait_s: float) -> bool:
    deadline = time.monotonic() + wait_s
    while is_running(pid, marker=marker):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def _signal(pid: int, number: signal.Signals, *, marker: str) -> bool:
    if not is_running(pid, marker=marker):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _command_line(pid: int) -> str:
    """The command line of `pid`, empty when there is no such process (or only its zombie)."""
    if not Path("/proc/self/cmdline").exists():
        return _ps(pid, "command=")
    for _ in range(EXEC_TRIES):
        try:
            text = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
        if text or _ps(pid, "state=").strip()[:1] in {"", "Z"}:
            return text
        time.sleep(POLL_S / EXEC_TRIES)  # for a moment within exec(), a living process has none
    return ""


def _ps(pid: int, column: str) -> str:
    command = ["ps", "-ww", "-o", column, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
