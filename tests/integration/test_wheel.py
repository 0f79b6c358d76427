"""The wheel, in an environment of its own: nothing of the checkout, and no extra, may be missed."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from graph_cdp.graph.driver import Neo4jTarget

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")
HEALTHY_WITHIN_S = 45

LOAD_EVERYTHING = """
import json
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.queries import cypher_folder, load_query

folder = cypher_folder()
names = [path.relative_to(folder).with_suffix("").as_posix() for path in sorted(folder.rglob("*.cypher"))]
queries = [load_query(name).name for name in names if not name.startswith("migrations/")]
print(json.dumps([folder.name, queries, [migration.id for migration in load_migrations()]]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The wheel, and the environment in which it is installed with what it declares to need, and nothing else."""

    wheel: Path
    environment: Path
    elsewhere: Path

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the environment prints, run far from the checkout."""
        command = [self.environment / "bin" / program, *arguments]
        done = subprocess.run(
            command, cwd=self.elsewhere, env=variables(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def variables(**extra: str) -> dict[str, str]:
    """The environment of a user who has set nothing of graph_cdp."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("GRAPH_CDP_", "PYTHON"))}  # noqa: TID251 - a child of the test
    return {**inherited, "NO_COLOR": "1", "COLUMNS": "120", **extra}


def runtime_names() -> set[str]:
    """What graph-cdp needs without any extra, and what those need: read off what is installed here."""
    names: set[str] = set()
    waiting = [Requirement("graph-cdp")]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in names:
            continue
        names.add(name)
        extras = requirement.extras or {""}
        for line in metadata.requires(requirement.name) or []:
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(needed)
    return names - {"graph-cdp"}


def locked(names: set[str]) -> str:
    """The part of the lock that is about these packages, with its hashes; some have a version for each version of Python."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    chosen = [(canonicalize_name(entry.split("==")[0]), entry) for entry in entries]
    chosen = [(name, entry) for name, entry in chosen if name in names]
    assert {name for name, _ in chosen} == names, "requirements.lock lacks a runtime dependency: lock again"
    return "\n".join(entry for _, entry in chosen) + "\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    lock = folder / "runtime.lock"
    lock.write_text(locked(runtime_names()), encoding="utf-8")
    environment = folder / "environment"
    python = environment / "bin" / "python"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    install = [UV, "pip", "install", "--quiet", "--no-deps", "--python", python]
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*install, "--offline", wheel], check=True)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(wheel=wheel, environment=environment, elsewhere=elsewhere)


def test_the_wheel_holds_what_is_not_python(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())

    assert {
        "graph_cdp/_openapi/collect.openapi.yaml",
        "graph_cdp/_schema/schema.graphql",
        "graph_cdp/api/assets/vendor/graphiql.min.js",
        "graph_cdp/graph/server/jars.sha256",
        "graph_cdp/graph/server/pom.xml",
    } - names == set()


def test_the_installed_program_shows_its_help(installed: Installed) -> None:
    assert "Usage: graph-cdp" in installed.run("graph-cdp", "--help")


def test_the_installed_package_loads_every_query_and_migration(installed: Installed) -> None:
    folder, queries, migrations = json.loads(installed.run("python", "-c", LOAD_EVERYTHING))

    files = {
        path.relative_to(ROOT / "cypher").with_suffix("").as_posix()
        for path in (ROOT / "cypher").rglob("*.cypher")
    }
    assert folder == "_cypher"
    assert set(queries) == {name for name in files if not name.startswith("migrations/")}
    assert {f"migrations/{id_}" for id_ in migrations} == {
        name for name in files if name.startswith("migrations/")
    }


@pytest.mark.neo4j
def test_the_installed_service_answers(installed: Installed, neo4j_target: Neo4jTarget) -> None:
    with serving(installed, neo4j_target) as url:
        assert httpx.get(f"{url}/healthz").status_code == 200


@contextmanager
def serving(installed: Installed, target: Neo4jTarget) -> Generator[str]:
    """The address of a running `graph-cdp serve`."""
    port = free_port()
    environment = variables(
        GRAPH_CDP_NEO4J_URI=target.uri,
        GRAPH_CDP_NEO4J_USER=target.user,
        GRAPH_CDP_NEO4J_PASSWORD=target.password,
        GRAPH_CDP_NEO4J_DATABASE=target.database,
        GRAPH_CDP_PORT=str(port),
        GRAPH_CDP_WARM_UP_S="0",
    )
    log = installed.elsewhere / "serve.log"
    command = [installed.environment / "bin" / "graph-cdp", "serve"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=installed.elsewhere, env=environment, stdout=output, stderr=output
        )
        try:
            url = f"http://127.0.0.1:{port}"
            assert any(answers(url, process)), log.read_text(encoding="utf-8")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def answers(url: str, process: subprocess.Popen[bytes]) -> Iterator[bool]:
    """Whether something answers at the address, asked until it does, ends, or time is up."""
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/healthz", timeout=2)
        except httpx.TransportError:
            time.sleep(0.2)
            yield False
        else:
            yield True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
