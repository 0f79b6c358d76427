"""The configuration of the managed local server, and the command that runs it: text from values, no I/O."""

import re
from dataclasses import dataclass
from pathlib import Path

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.server.ports import LOOPBACK, Ports

TRANSACTION_TIMEOUT = "120s"
"""A query typed in Neo4j Browser may not hold locks longer. The service gives each transaction a limit of its
own, which counts instead."""

LOCK_TIMEOUT = "15s"
"""Longest wait for one lock; the default is for ever. A transaction that waits so long is retried."""

TRANSACTION_LOGS_KEPT = "2 days 1G"
"""How long the transaction logs keep what has been erased from the store, and how much disk they may take."""

SAMPLED_AGAIN_AFTER = "100"
"""Per cent of an index that must have changed before Neo4j counts its values again. By default it is 5: an index that grows is
read through time and again, which took a tenth of the server's time under load.
"""

PLANS_KEPT = "1h"
"""How long the plan of a statement is kept however much the graph has grown since. By default it is 10 s, and in a young graph all plans
are found stale at once: making them anew stopped every writer for two seconds and more, and for 13 s where they were kept for ten minutes.
Tests hold the statements to their indexes in a graph that is nearly empty, so a plan of a smaller graph is a good one.
"""

GROWN_SINCE_PLANNED = "0.9"
"""By which share the graph must have grown for a plan to be made anew after that time: tenfold. By default it is 0.75, fourfold, and less
each minute: a graph that was filled evenly for half an hour, and had grown threefold since, stopped its writers for another 4 s.
"""

SIGNS_OF_LIFE = "OFF"
"""Whether the server says while a statement runs that it is still there, and drivers wait no longer than until it should have. On
one machine nothing between them drops a connection in silence, each unit of work has a limit of its own, and a driver on Python 3.11
makes a task for each read that it waits for so: a sixth of the time that a small statement takes it.
"""

BOLT_STOP = "1s"
"""How long a stop waits for idle Bolt threads, twice; by default it is 5 s, twice, for nothing."""

STEWARD_PROCEDURES = "apoc.custom.*"
"""The only procedures of APOC that are loaded: what installs stewards' procedures. The others can read files
and addresses."""

APOC_CONF = """\
# Written by graph-cdp at every start; changes are lost.
apoc.custom.procedures.refresh=1000
"""
"""A procedure that was installed can be called after a second; by default after a minute."""

JVM_FLAGS = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+ExitOnOutOfMemoryError",  # a server that is half dead is worse than one that is started again
    "-XX:+DisableExplicitGC",
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    # The optimising compiler waits until code is four times as hot as by default. Neo4j has so much code that is just warm that
    # compiling took as long as the work itself for the first 100,000 messages; what is hot gets there in seconds all the same.
    "-XX:Tier4InvocationThreshold=20000",
    "-XX:Tier4MinInvocationThreshold=2400",
    "-XX:Tier4CompileThreshold=60000",
    "-XX:Tier4BackEdgeThreshold=160000",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)

SERVER_CLASS = "org.neo4j.server.CommunityEntryPoint"
ADMIN_CLASS = "org.neo4j.cli.AdminTool"

_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The heap of the JVM and the page cache, each like `512m` or `1g`."""

    heap: str
    pagecache: str


def neo4j_conf(*, root: Path, jars: Path, ports: Ports, memory: Memory) -> str:
    """The text of `neo4j.conf` of the server whose files are under `root`.

    The advertised addresses follow the ports, or Neo4j Browser would look for Bolt at 7687.
    """
    transaction_bytes = parse_bytes(memory.heap) // 2
    return f"""\
# Written by graph-cdp at every start; changes are lost.
server.config.strict_validation.enabled=true
server.directories.data={root / "data"}
server.directories.logs={root / "logs"}
server.directories.import={root / "import"}
server.directories.run={root / "run"}
server.directories.plugins={jars / "plugins"}

server.default_listen_address={LOOPBACK}
server.default_advertised_address={LOOPBACK}
server.bolt.listen_address={LOOPBACK}:{ports.bolt}
server.bolt.advertised_address={LOOPBACK}:{ports.bolt}
server.http.listen_address={LOOPBACK}:{ports.http}
server.http.advertised_address={LOOPBACK}:{ports.http}
server.https.enabled=false

server.memory.pagecache.size={memory.pagecache}
db.transaction.timeout={TRANSACTION_TIMEOUT}
db.lock.acquisition.timeout={LOCK_TIMEOUT}
db.memory.transaction.max={transaction_bytes}
db.tx_log.rotation.retention_policy={TRANSACTION_LOGS_KEPT}
db.index_sampling.update_percentage={SAMPLED_AGAIN_AFTER}
dbms.cypher.min_replan_interval={PLANS_KEPT}
dbms.cypher.statistics_divergence_threshold={GROWN_SINCE_PLANNED}

dbms.security.procedures.allowlist={STEWARD_PROCEDURES},custom.*
dbms.security.procedures.unrestricted={STEWARD_PROCEDURES}
dbms.security.allow_csv_import_from_file_urls=false

server.bolt.connection_keep_alive_for_requests={SIGNS_OF_LIFE}
internal.server.bolt.thread_pool_shutdown_wait_time={BOLT_STOP}
dbms.usage_report.enabled=false
client.allow_telemetry=false
db.logs.query.enabled=OFF
"""


def server_command(*, java: str, jars: Path, root: Path, heap: str) -> list[str]:
    """The command that runs the server in the foreground.

    The plugins are on the class path too: APOC Extended is not found by APOC Core otherwise. Both variables are
    for APOC, which does not see `--config-dir`.
    """
    conf = root / "conf"
    variables = (f"NEO4J_HOME={root}", f"NEO4J_CONF={conf}")
    memory = (f"-Xms{heap}", f"-Xmx{heap}")
    places = (f"--home-dir={root}", f"--config-dir={conf}")
    return ["env", *variables, java, *memory, *JVM_FLAGS, "-cp", class_path(jars), SERVER_CLASS, *places]


def password_arguments(*, jars: Path, password: str) -> str:
    """The argument file for `java @file` that sets the first password, before the first start.

    A file, because every user of the machine can read a command line.
    """
    arguments = (
        "-Xmx128m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        class_path(jars),
        ADMIN_CLASS,
        "dbms",
        "set-initial-password",
        password,
    )
    return "".join(f'"{argument}"\n' for argument in arguments)


def class_path(jars: Path) -> str:
    """Every plugin and every jar of the server."""
    return f"{jars / 'plugins'}/*:{jars / 'lib'}/*"


def parse_bytes(size: str) -> int:
    """The number of bytes that `512m`, `1g`, `65536k` or `1048576` say.

    Raises `Misconfigured` for anything else.
    """
    found = re.fullmatch(r"(\d+)([kmg]?)", size.strip().lower())
    if not found or int(found[1]) == 0:
        message = f"'{size}' is not an amount of memory: write it like 512m or 2g."
        raise Misconfigured(message, code="MEMORY_SIZE")
    return int(found[1]) * _BYTES[found[2]]
