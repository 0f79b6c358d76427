"""The managed server's files and processes: what is pinned, what is private, what is left behind by a crash."""

import hashlib
import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.server import config, jars, process
from graph_cdp.graph.server.docker import compose_file
from graph_cdp.graph.server.home import ServerState, make_password, read_password, read_state, write_state
from graph_cdp.graph.server.memory import fitting_heap, fitting_pagecache, machine_bytes, memory_of
from graph_cdp.graph.server.ports import Ports, reserved
from graph_cdp.graph.server.toolchain import Java, java_major, missing_tools
from graph_cdp.settings import NEO4J_VERSION, Settings


def conf() -> dict[str, str]:
    text = config.neo4j_conf(
        root=Path("/data/neo4j"),
        jars=Path("/jars"),
        ports=Ports(bolt=7688, http=7475),
        memory=config.Memory(heap="1g", pagecache="512m"),
    )
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def test_the_server_listens_on_loopback_only_and_tells_its_real_ports() -> None:
    addresses = {name: value for name, value in conf().items() if "address" in name}

    assert addresses == {
        "server.default_listen_address": "127.0.0.1",
        "server.default_advertised_address": "127.0.0.1",
        "server.bolt.listen_address": "127.0.0.1:7688",
        "server.bolt.advertised_address": "127.0.0.1:7688",
        "server.http.listen_address": "127.0.0.1:7475",
        "server.http.advertised_address": "127.0.0.1:7475",
    }


def test_docker_and_the_local_server_have_the_same_limits() -> None:
    service = yaml.safe_load(compose_file().read_text("utf-8"))["services"]["neo4j"]
    names = {
        name.removeprefix("NEO4J_").replace("__", "%").replace("_", ".").replace("%", "_"): value
        for name, value in service["environment"].items()
    }
    shared = {
        "db.transaction.timeout": "120s",
        "db.lock.acquisition.timeout": "15s",
        "db.tx_log.rotation.retention_policy": "2 days 1G",
        "db.index_sampling.update_percentage": "100",
        "dbms.cypher.min_replan_interval": "1h",
        "dbms.cypher.statistics_divergence_threshold": "0.9",
        "server.bolt.connection_keep_alive_for_requests": "OFF",
        "dbms.security.procedures.allowlist": "apoc.custom.*,custom.*",
        "dbms.security.procedures.unrestricted": "apoc.custom.*",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
    }

    assert {name: names.get(name) for name in shared} == shared
    assert {name: conf().get(name) for name in shared} == shared
    assert conf()["db.memory.transaction.max"] == str(512 << 20)
    assert all(str(port).startswith("127.0.0.1:") for port in service["ports"])


def test_one_version_of_neo4j_is_pinned_everywhere() -> None:
    pom = jars.POM.read_text("utf-8")

    assert re.findall(r"<neo4j.version>(.*)</neo4j.version>", pom) == [NEO4J_VERSION]
    assert f"neo4j:{NEO4J_VERSION}-community" in compose_file().read_text("utf-8")
    assert f"lib/neo4j-kernel-{NEO4J_VERSION}.jar" in jars.CHECKSUMS.read_text("utf-8")


@pytest.mark.parametrize(("text", "number"), [("512m", 512 << 20), ("1G", 1 << 30), (" 2k ", 2048), ("7", 7)])
def test_amounts_of_memory_are_read(text: str, number: int) -> None:
    assert config.parse_bytes(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1g", "1.5g", "1tb", "lots"])
def test_what_is_no_amount_of_memory_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        config.parse_bytes(text)

    assert refused.value.code == "MEMORY_SIZE"


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_412"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("no such thing", None),
    ],
)
def test_the_version_of_java_is_read(text: str, major: int | None) -> None:
    assert java_major(text) == major


def test_an_old_java_and_no_maven_are_both_named() -> None:
    assert missing_tools(java=Java(path="/usr/bin/java", major=11), maven=None) == (
        "Java 17 or newer (/usr/bin/java is Java 11)",
        "Maven (no `mvn` was found)",
    )


def pin_one_jar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that holds exactly what is pinned: one jar."""
    jar = folder / "lib" / "a.jar"
    jar.parent.mkdir()
    jar.write_bytes(b"jar")
    pinned = folder / "jars.sha256"
    pinned.write_text(f"{hashlib.sha256(b'jar').hexdigest()}  lib/a.jar\n")
    monkeypatch.setattr(jars, "CHECKSUMS", pinned)
    return jar


def lose(jar: Path) -> None:
    jar.unlink()


def add_another(jar: Path) -> None:
    jar.with_name("b.jar").touch()


def change(jar: Path) -> None:
    jar.write_bytes(b"other")


def test_the_pinned_jars_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin_one_jar(tmp_path, monkeypatch)

    jars.verify(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lose, "lib/a.jar is missing"),
        (add_another, "lib/b.jar is not known"),
        (change, "lib/a.jar has another SHA-256"),
    ],
)
def test_a_jar_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(pin_one_jar(tmp_path, monkeypatch))

    with pytest.raises(Misconfigured, match=re.escape(message)):
        jars.verify(tmp_path)


def test_a_password_is_private_from_its_first_byte_and_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("old")
    path.chmod(0o644)

    made = make_password(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_password(path) == made != make_password(tmp_path / "other")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "bolt_port": 1, "http_port": 2}']
)
def test_a_broken_state_file_says_that_nothing_is_known(tmp_path: Path, content: str) -> None:
    path = tmp_path / "server.json"
    path.write_text(content)

    assert read_state(path) is None


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = ServerState(pid=4, bolt_port=7688, http_port=7475)
    write_state(tmp_path / "server.json", state)

    assert read_state(tmp_path / "server.json") == state


def test_ports_in_use_and_ports_reserved_by_another_start_are_passed_over() -> None:
    with socket.socket() as used:
        used.bind(("127.0.0.1", 0))
        used.listen()
        first = used.getsockname()[1]
        with reserved(bolt=first, http=first) as mine, reserved(bolt=first, http=first) as theirs:
            ports = [mine.bolt, mine.http, theirs.bolt, theirs.http]

    assert len(set(ports)) == 4
    assert min(ports) > first


def test_a_process_is_known_by_its_command_and_ends_when_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pid = process.spawn(["sh", "-c", "echo begun; exec sleep 1234.5"], log=log, cwd=tmp_path)
    while not log.read_text():
        time.sleep(0.05)

    assert process.is_running(pid, marker="1234.5")
    assert log.read_text() == "begun\n"
    assert process.stop(pid, marker="1234.5", wait_s=10)
    assert not process.is_running(pid, marker="1234.5")


def test_a_process_of_somebody_else_is_neither_taken_for_ours_nor_ended(tmp_path: Path) -> None:
    pid = process.spawn(["sleep", "1234.5"], log=tmp_path / "log", cwd=tmp_path)

    assert not process.is_running(pid, marker="--home-dir=/elsewhere")
    process.stop(pid, marker="--home-dir=/elsewhere", wait_s=1)

    assert process.is_running(pid, marker="1234.5")
    assert process.stop(pid, marker="1234.5", wait_s=10)


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(99)",
    ]
    pid = process.spawn(command, log=tmp_path / "log", cwd=tmp_path)
    while not (tmp_path / "log").read_text():
        time.sleep(0.05)

    assert not process.stop(pid, marker="SIG_IGN", wait_s=0.3)
    assert not process.is_running(pid, marker="SIG_IGN")


def test_a_zombie_is_not_running() -> None:
    with subprocess.Popen(["sleep", "0"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert not process.is_running(child.pid, marker="sleep")


@pytest.mark.parametrize(
    ("machine", "pagecache"), [(24 << 30, 6 << 30), (2 << 30, 512 << 20), (1 << 30, 512 << 20)]
)
def test_the_page_cache_is_a_quarter_of_the_machine(machine: int, pagecache: int) -> None:
    assert fitting_pagecache(machine) == pagecache


@pytest.mark.parametrize(("machine", "heap"), [(24 << 30, 3 << 30), (64 << 30, 4 << 30), (4 << 30, 1 << 30)])
def test_the_heap_is_an_eighth_of_the_machine_within_bounds(machine: int, heap: int) -> None:
    assert fitting_heap(machine) == heap


def test_memory_is_as_the_settings_say_or_as_the_machine_bears() -> None:
    said = Settings(neo4j_heap="2g", neo4j_pagecache="64m")

    assert memory_of(said) == config.Memory(heap="2g", pagecache="64m")
    auto = memory_of(Settings(neo4j_heap="auto", neo4j_pagecache="auto"))
    assert config.parse_bytes(auto.heap) == fitting_heap(machine_bytes()) >> 20 << 20
    assert config.parse_bytes(auto.pagecache) == fitting_pagecache(machine_bytes()) >> 20 << 20
    with pytest.raises(Misconfigured):
        memory_of(said.model_copy(update={"neo4j_pagecache": "lots"}))
