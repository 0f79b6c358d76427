"""Whether this machine is fit: decisions about facts that `examine` gathers."""

from graph_cdp.doctor.finding import Finding, fail, ok, warn
from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.server.choose import Machine, choose_backend
from graph_cdp.graph.server.toolchain import JAVA_MAJOR_MIN, Java

PYTHON_MIN = (3, 11)
DISK_FAIL_BYTES = 1 << 30
DISK_WARN_BYTES = 5 << 30
"""A store of a million people with their events, its transaction logs and a dump beside it."""

OVERHEAD_BYTES = 1 << 30
"""What the database's JVM and the service need beside heap and page cache."""


def check_python(version: tuple[int, int]) -> Finding:
    """Whether this Python is one that graph-cdp runs on."""
    text = f"Python {version[0]}.{version[1]}"
    if version < PYTHON_MIN:
        return fail("python", text, f"Install Python {PYTHON_MIN[0]}.{PYTHON_MIN[1]} or newer.")
    return ok("python", text)


def check_java(java: Java | None, *, needed: bool) -> Finding:
    """Whether there is a Java that can run the local server."""
    if java is not None and java.major >= JAVA_MAJOR_MIN:
        return ok("java", f"Java {java.major} ({java.path})")
    text = f"Java {java.major} ({java.path}) is too old" if java else "No Java"
    return _tool(
        "java",
        text,
        needed=needed,
        mend=f"Install Java {JAVA_MAJOR_MIN} or newer, or name one by GRAPH_CDP_JAVA_HOME.",
    )


def check_maven(path: str | None, *, needed: bool) -> Finding:
    """Whether there is a Maven, which fetches the server and APOC."""
    if path is not None:
        return ok("maven", path)
    return _tool(
        "maven",
        "No Maven: without it neither a local server nor APOC can be fetched",
        needed=needed,
        mend="Install Maven.",
    )


def check_docker(machine: Machine, *, needed: bool) -> Finding:
    """Whether Docker could run the database."""
    if machine.engine and machine.compose:
        return ok("docker", f"An engine answers; {' '.join(machine.compose)} is there")
    if machine.engine:
        return _tool(
            "docker",
            "An engine answers, but there is no Compose",
            needed=needed,
            mend="Install Docker Compose.",
        )
    return _tool(
        "docker",
        "No engine answers",
        needed=needed,
        mend="Start Docker (`docker version` must succeed), or use a local server.",
    )


def check_backend(backend: str, machine: Machine, *, external: bool) -> Finding:
    """Which way of running the database would be taken now, if any can."""
    if external:
        return ok("backend", "The database is yours: GRAPH_CDP_NEO4J_URI is set")
    try:
        return ok("backend", f"Would be run by: {choose_backend(backend, machine)}")
    except GraphCdpError as error:
        return fail("backend", "The database cannot be run", error.message)


def check_disk(free_bytes: int, *, place: str) -> Finding:
    """Whether the data can grow. A database whose disk is full stops taking writes."""
    text = f"{free_bytes / (1 << 30):.1f} GB free at {place}"
    if free_bytes < DISK_FAIL_BYTES:
        return fail("disk", text, "Free some: at least 1 GB is needed, 5 GB are wise.")
    if free_bytes < DISK_WARN_BYTES:
        return warn("disk", text, "Free some, or move the data by GRAPH_CDP_DATA_DIR: 5 GB are wise.")
    return ok("disk", text)


def check_memory(
    total_bytes: int, available_bytes: int | None, *, wanted_bytes: int, running: bool
) -> Finding:
    """Whether heap and page cache fit. `running`: the managed database has taken its part already."""
    needed = 0 if running else wanted_bytes + OVERHEAD_BYTES
    text = f"{total_bytes / (1 << 30):.1f} GB, the database is given {wanted_bytes / (1 << 30):.1f} GB"
    mend = "Make GRAPH_CDP_NEO4J_HEAP and GRAPH_CDP_NEO4J_PAGECACHE smaller."
    if total_bytes < wanted_bytes + OVERHEAD_BYTES:
        return fail("memory", text, mend)
    if available_bytes is not None and available_bytes < needed:
        return warn(
            "memory",
            f"{text}, but only {available_bytes / (1 << 30):.1f} GB are free now",
            f"{mend} Or end other programs.",
        )
    return ok("memory", text)


def check_service_port(port: int, *, free: bool, ours: bool) -> Finding:
    """Whether the service can listen. `ours`: graph-cdp itself answers there."""
    if free:
        return ok("port", f"Port {port} is free for the service")
    if ours:
        return ok("port", f"The service answers on port {port}")
    return fail(
        "port", f"Another program listens on port {port}", "End it, or choose another by GRAPH_CDP_PORT."
    )


def check_database_port(name: str, port: int, *, free: bool, running: bool) -> Finding:
    """Whether the managed database would get the port that was asked for."""
    if running or free:
        return ok(name, f"Port {port} is {'not needed: the database runs' if running else 'free'}")
    return warn(
        name,
        f"Another program listens on port {port}",
        "The database will take the next free one; `graph-cdp db status` says which.",
    )


def _tool(check: str, text: str, *, needed: bool, mend: str) -> Finding:
    return fail(check, text, mend) if needed else ok(check, f"{text}; not needed")
