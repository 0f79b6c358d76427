"""The jars of the managed server: fetched once by Maven from the pinned pom, checked against their SHA-256."""

import hashlib
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.server.exclusive import exclusive
from graph_cdp.graph.server.progress import Say

FETCH_TIMEOUT_S = 900.0
"""Longest time for the download: 150 MB over a slow line."""

POM = files("graph_cdp.graph.server").joinpath("pom.xml")
CHECKSUMS = files("graph_cdp.graph.server").joinpath("jars.sha256")

LOG_LINES = 8


def jars_directory(cache_dir: Path) -> Path:
    """Where the jars of the present pom are, or would be: another pom, another directory."""
    pinned = hashlib.sha256(POM.read_bytes() + CHECKSUMS.read_bytes()).hexdigest()
    return cache_dir.expanduser().absolute() / f"neo4j-{pinned[:16]}"


def ensure_jars(cache_dir: Path, *, maven: str, say: Say) -> Path:
    """The directory that holds `lib/` and `plugins/`, fetched by `maven` if it is not there yet.

    It appears under its name only when it is complete and every jar has its known checksum, so a download that
    was interrupted is simply done again. Raises `Unavailable` when Maven cannot fetch it, `Misconfigured` when
    a jar is not the one that was pinned.
    """
    directory = jars_directory(cache_dir)
    if directory.is_dir():
        return directory
    with exclusive(directory.parent / "lock", wait_s=FETCH_TIMEOUT_S):
        if directory.is_dir():
            return directory
        fresh = Path(tempfile.mkdtemp(prefix=f"{directory.name}.", dir=directory.parent))
        try:
            say("Fetching Neo4j and APOC by Maven (150 MB, the first time only)")
            _fetch(fresh, maven=maven)
            verify(fresh)
            for path in (
                fresh,
                *fresh.rglob("*"),
            ):  # whatever the umask is: a container reads them as another user
                path.chmod(0o755 if path.is_dir() else 0o644)
            fresh.rename(directory)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return directory


def verify(directory: Path) -> None:
    """Check that `directory` holds the pinned jars, each with its SHA-256, and no other.

    Raises `Misconfigured` that names the first one that differs.
    """
    lines = CHECKSUMS.read_text("utf-8").splitlines()
    expected = {name: checksum for checksum, name in (line.split() for line in lines)}
    present = {str(path.relative_to(directory)) for path in directory.glob("*/*.jar")}
    for name in sorted(present ^ expected.keys()):
        _refuse(f"{name} is {'not known' if name in present else 'missing'}")
    for name, checksum in expected.items():
        with (directory / name).open("rb") as jar:
            if hashlib.file_digest(jar, "sha256").hexdigest() != checksum:
                _refuse(f"{name} has another SHA-256")


def _refuse(what: str) -> None:
    message = (
        f"The jars that Maven fetched are not those that were pinned: {what}. Delete it from Maven's own "
        "repository (~/.m2/repository) and try again; if it stays so, the place it comes from is not to be trusted."
    )
    raise Misconfigured(message, code="JARS_DIFFER")


def _fetch(directory: Path, *, maven: str) -> None:
    pom = directory / "pom.xml"
    pom.write_bytes(POM.read_bytes())
    command = [maven, "-B", "-q", "-C", "-f", str(pom), "prepare-package", f"-Dgraph_cdp.target={directory}"]
    try:
        answer = subprocess.run(
            command,
            cwd=directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=FETCH_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        message = (
            f"Maven did not fetch Neo4j within {FETCH_TIMEOUT_S:.0f} s: look at the network, then try again."
        )
        raise Unavailable(message, code="JARS_UNAVAILABLE") from None
    if answer.returncode != 0:
        told = "\n".join(answer.stdout.strip().splitlines()[:LOG_LINES])
        message = (
            f"Maven could not fetch Neo4j (it needs Maven Central, or a mirror in its settings.xml):\n{told}"
        )
        raise Unavailable(message, code="JARS_UNAVAILABLE")
