"""A Neo4j in Docker, by docker-compose.neo4j.yml: one project, one volume, one password a data directory."""

import hashlib
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.driver import Neo4jTarget, server_version
from graph_cdp.graph.server import config
from graph_cdp.graph.server.exclusive import exclusive
from graph_cdp.graph.server.home import Home, PasswordLost, make_password, read_password, write_private
from graph_cdp.graph.server.jars import ensure_jars
from graph_cdp.graph.server.memory import memory_of
from graph_cdp.graph.server.ports import LOOPBACK, Ports, reserved
from graph_cdp.graph.server.progress import Say
from graph_cdp.graph.server.toolchain import find_maven
from graph_cdp.settings import Settings

COMPOSE_FILE = "docker-compose.neo4j.yml"
SERVICE = "neo4j"
BOLT_INSIDE, HTTP_INSIDE = 7687, 7474

ASK_TIMEOUT_S = 20.0
PULL_TIMEOUT_S = 900.0
COMPOSE_TIMEOUT_S = 180.0
READY_TIMEOUT_S = 180.0
LOCK_TIMEOUT_S = 1200.0
POLL_S = 0.5
LOG_LINES = 12
OVERHEAD_BYTES = 1 << 30
"""What the JVM needs beside heap and page cache: threads, network buffers, compiled code."""


class ImageUnavailable(Unavailable):
    """The image is neither here nor can it be pulled."""

    code = "IMAGE_UNAVAILABLE"


def engine_answers() -> bool:
    """Whether a Docker engine answers: `docker version` exits with 0. A client alone proves nothing."""
    return shutil.which("docker") is not None and _ask(("docker", "version")) is not None


def find_compose() -> tuple[str, ...] | None:
    """The command of Docker Compose: the plugin, else the older program; None when there is neither."""
    for command in (("docker", "compose"), ("docker-compose",)):
        if shutil.which(command[0]) and _ask((*command, "version")) is not None:
            return command
    return None


def docker_home(settings: Settings) -> Home:
    """Where what is known of the container is kept: its password. Its data is in a volume."""
    return Home(root=settings.data_dir.expanduser().absolute() / "neo4j-docker")


def image_present(image: str) -> bool:
    """Whether `image` is on this machine."""
    return _ask(("docker", "image", "inspect", image)) is not None


def ensure_image(image: str, *, say: Say) -> None:
    """Have `image` on this machine, pulled if need be. Raises ImageUnavailable when it cannot be had."""
    if image_present(image):
        return
    say(f"Pulling {image}")
    try:
        _run(("docker", "pull", "--quiet", image), timeout_s=PULL_TIMEOUT_S)
    except Unavailable as error:
        raise ImageUnavailable(
            f"The image {image} is not on this machine and could not be pulled. Name another by "
            f"GRAPH_CDP_NEO4J_IMAGE, or use a local server by GRAPH_CDP_NEO4J_BACKEND=local.\n{error.message}"
        ) from error


def start_docker(settings: Settings, *, compose: Sequence[str], say: Say) -> Neo4jTarget:
    """Start the container, or find it running; its address and password when it is ready.

    Raises:
        ImageUnavailable: the image cannot be had.
        Misconfigured: a setting is no amount of memory, or the password of the volume was lost.
        Unavailable: Docker refuses, or Neo4j does not become ready.
    """
    home = docker_home(settings)
    with exclusive(home.lock, wait_s=LOCK_TIMEOUT_S):
        home.root.chmod(0o700)
        published = running_ports(settings)
        if published is None:
            ensure_image(settings.neo4j_image, say=say)
            plugins = _plugins(settings, say=say)
            with reserved(bolt=settings.neo4j_bolt_port, http=settings.neo4j_http_port) as published:
                _write_variables(home, settings, published, plugins=plugins)
                say("Starting Neo4j in Docker")
                _compose(settings, compose, "up", "--detach")
        return _await_ready(settings, published)


def stop_docker(settings: Settings, *, compose: Sequence[str], say: Say) -> bool:
    """Stop and remove the container; its volume stays. False when none was running."""
    if running_ports(settings) is None:
        return False
    say("Stopping Neo4j in Docker")
    _compose(settings, compose, "down")
    return True


def reset_docker(settings: Settings, *, compose: Sequence[str], say: Say) -> bool:
    """Remove the container, its volume and its password. False when there were none."""
    home = docker_home(settings)
    if not home.password.exists():
        return False
    say("Removing Neo4j and its data from Docker")
    _compose(settings, compose, "down", "--volumes")
    shutil.rmtree(home.root)
    return True


def running_ports(settings: Settings) -> Ports | None:
    """Where the running container is published; None when none runs (or no engine answers)."""
    found = _ask(
        ("docker", "ps", "--quiet", "--filter", f"label=com.docker.compose.project={project_name(settings)}")
    )
    container = (found or "").split()
    if not container:
        return None
    bolt, http = (_published(container[0], inside) for inside in (BOLT_INSIDE, HTTP_INSIDE))
    return Ports(bolt=bolt, http=http) if bolt and http else None


def docker_target(settings: Settings, published: Ports) -> Neo4jTarget:
    """How to connect to the container. Raises PasswordLost when nobody knows its password any more."""
    home = docker_home(settings)
    password = read_password(home.password)
    if password is None:
        raise PasswordLost(
            f"{home.password} is gone, and with it the password of the volume of {project_name(settings)}. Restore "
            f"that file, or delete the volume: docker volume rm {project_name(settings)}_data."
        )
    uri = f"bolt://{LOOPBACK}:{published.bolt}"
    return Neo4jTarget(uri=uri, user="neo4j", password=password, database="neo4j")


def project_name(settings: Settings) -> str:
    """The name of the compose project: another data directory, another container and volume."""
    return f"graph-cdp-{hashlib.sha256(str(docker_home(settings).root).encode()).hexdigest()[:10]}"


def compose_file() -> Path:
    """docker-compose.neo4j.yml: that of a checkout, else the copy inside the installed package."""
    package = Path(__file__).resolve().parents[2]
    checkout = package.parent / COMPOSE_FILE
    return checkout if checkout.is_file() else package / "_docker" / COMPOSE_FILE


def _plugins(settings: Settings, *, say: Say) -> Path:
    """The directory of the pinned APOC jars; an empty one where there is no Maven to fetch them."""
    maven = find_maven()
    if maven is not None:
        return ensure_jars(settings.cache_dir, maven=maven, say=say) / "plugins"
    say("Maven is not installed, so APOC cannot be fetched: everything works but the stewards' procedures")
    empty = docker_home(settings).root / "plugins"
    empty.mkdir(exist_ok=True)
    return empty


def _write_variables(home: Home, settings: Settings, published: Ports, *, plugins: Path) -> None:
    """What the compose file asks for. A file that only its owner reads, because it holds the password."""
    memory = memory_of(settings)
    heap_bytes, cache_bytes = (config.parse_bytes(size) for size in (memory.heap, memory.pagecache))
    variables = {
        "GRAPH_CDP_NEO4J_IMAGE": settings.neo4j_image,
        "GRAPH_CDP_NEO4J_PASSWORD": read_password(home.password) or make_password(home.password),
        "GRAPH_CDP_NEO4J_BOLT_PORT": published.bolt,
        "GRAPH_CDP_NEO4J_HTTP_PORT": published.http,
        "GRAPH_CDP_NEO4J_HEAP": memory.heap,
        "GRAPH_CDP_NEO4J_PAGECACHE": memory.pagecache,
        "GRAPH_CDP_NEO4J_MEMORY": heap_bytes + cache_bytes + OVERHEAD_BYTES,
        "GRAPH_CDP_NEO4J_TRANSACTION_MEMORY": heap_bytes // 2,
        "GRAPH_CDP_NEO4J_PLUGINS": plugins,
    }
    write_private(_variables(home), "".join(f"{name}={value}\n" for name, value in variables.items()))


def _variables(home: Home) -> Path:
    return home.root / "compose.env"


def _compose(settings: Settings, compose: Sequence[str], *arguments: str) -> None:
    """Run Compose with the variables of this data directory, which win over those of the environment."""
    home = docker_home(settings)
    variables = _variables(home)
    if not variables.exists():  # to stop or remove, any values will do
        _write_variables(home, settings, Ports(bolt=BOLT_INSIDE, http=HTTP_INSIDE), plugins=home.root)
    names = [line.partition("=")[0] for line in variables.read_text("utf-8").splitlines()]
    unset = [part for name in names for part in ("-u", name)]
    options = (
        "--env-file",
        str(variables),
        "--file",
        str(compose_file()),
        "--project-name",
        project_name(settings),
    )
    _run(("env", *unset, *compose, *options, *arguments), timeout_s=COMPOSE_TIMEOUT_S)


def _await_ready(settings: Settings, published: Ports) -> Neo4jTarget:
    target = docker_target(settings, published)
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline:
        if running_ports(settings) is None:
            break
        try:
            server_version(target, timeout_s=ASK_TIMEOUT_S)
        except AuthError as error:
            raise PasswordLost(
                "The Neo4j in Docker does not accept the password that was kept for it: its volume is older. Start "
                "anew by `graph-cdp db reset --yes`."
            ) from error
        except (DriverError, Neo4jError):
            time.sleep(POLL_S)
        else:
            return target
    project = project_name(settings)
    raise Unavailable(
        f"The Neo4j in Docker is not ready after {READY_TIMEOUT_S:.0f} s, or has ended. Look at its log: "
        f"docker logs {project}-{SERVICE}-1 (or {project}_{SERVICE}_1).",
        code="NEO4J_START_FAILED",
    )


def _published(container: str, inside: int) -> int | None:
    found = re.search(r":(\d+)\s*$", _ask(("docker", "port", container, str(inside))) or "")
    return int(found[1]) if found else None


def _ask(command: Sequence[str]) -> str | None:
    """What a quick command prints; None when it fails or does not answer."""
    try:
        return _run(command, timeout_s=ASK_TIMEOUT_S)
    except (Unavailable, Misconfigured):
        return None


def _run(command: Sequence[str], *, timeout_s: float) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout_s)
    except FileNotFoundError:
        raise Misconfigured(f"There is no `{command[0]}` on this machine: install Docker.") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"Docker did not answer within {timeout_s:.0f} s.") from None
    if answer.returncode != 0:
        told = "\n".join(answer.stderr.strip().splitlines()[-LOG_LINES:])
        raise Unavailable(f"Docker refused:\n{told}")
    return answer.stdout
