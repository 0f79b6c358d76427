"""The managed local server, for real: started twice at once, killed, found again, stopped, deleted."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import LiteralString, cast

import pytest
from neo4j import GraphDatabase

from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import database_status, ensure_database, reset_database, stop_database
from graph_cdp.graph.server.home import Home, PasswordLost, ServerState, read_state, write_state
from graph_cdp.graph.server.local import local_home, running_state
from graph_cdp.graph.server.readiness import StartFailed
from graph_cdp.graph.server.toolchain import find_java, find_maven, missing_tools
from graph_cdp.settings import Settings

LISTENING = Path("/proc/net/tcp")
COMMAND = Path(sys.executable).parent / "graph-cdp"

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(
        bool(missing_tools(java=find_java(None), maven=find_maven())), reason="needs Java 17 and Maven"
    ),
]


def settings_for(folder: Path, *, bolt: int = 27687, http: int = 27474, heap: str = "256m") -> Settings:
    return Settings(
        data_dir=folder,
        neo4j_backend="local",
        neo4j_bolt_port=bolt,
        neo4j_http_port=http,
        neo4j_heap=heap,
        neo4j_pagecache="64m",
    )


@pytest.fixture(scope="module")
def taken() -> Iterator[tuple[int, int]]:
    """Two ports on which another program listens."""
    with socket.socket() as first, socket.socket() as second:
        for other in (first, second):
            other.bind(("127.0.0.1", 0))
            other.listen()
        yield first.getsockname()[1], second.getsockname()[1]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, taken: tuple[int, int]) -> Iterator[Settings]:
    """A server whose data directory was left half made by a crash, and whose ports are in use, started twice at once.

    The first start of all is killed half way, with the process that made it.
    """
    settings = settings_for(tmp_path_factory.mktemp("server"), bolt=taken[0], http=taken[1])
    home = local_home(settings)
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "data_dir",
            "neo4j_backend",
            "neo4j_bolt_port",
            "neo4j_http_port",
            "neo4j_heap",
            "neo4j_pagecache",
        ):
            patch.setenv(f"GRAPH_CDP_{name.upper()}", str(getattr(settings, name)))
        kill_half_way(home)
        starts = [
            subprocess.Popen([COMMAND, "db", "up"], stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        told = [start.communicate()[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0]
    assert told[0] == told[1]
    yield settings
    kill(home)


@pytest.fixture
def target(settings: Settings) -> Neo4jTarget:
    return ensure_database(settings)


def kill_half_way(home: Home) -> None:
    """Begin to start the server and kill all that was begun, before it was ever ready."""
    with subprocess.Popen([COMMAND, "db", "up"]) as first:
        while running_state(home) is None and first.poll() is None:
            time.sleep(0.05)
        first.kill()
    kill(home)
    assert not home.initialised.exists()


def kill(home: Home) -> None:
    state = running_state(home)
    if state is not None:
        os.kill(state.pid, signal.SIGKILL)
        while running_state(home) is not None:
            time.sleep(0.05)


def ask(target: Neo4jTarget, query: str) -> list[object]:
    auth = (target.user, target.password)
    with GraphDatabase.driver(target.uri, auth=auth) as driver:  # pyright: ignore[reportUnknownMemberType] - options are untyped
        records = driver.execute_query(cast("LiteralString", query), database_=target.database).records
    return [record.values() for record in records]


def pid_of(settings: Settings) -> int:
    state = running_state(local_home(settings))
    assert state is not None
    return state.pid


def test_two_starts_at_once_and_one_that_was_killed_make_one_server(settings: Settings) -> None:
    home = local_home(settings)
    processes = subprocess.run(
        ["pgrep", "-f", f"home-dir={home.root} "], capture_output=True, text=True, check=True
    )

    assert [int(line) for line in processes.stdout.split()] == [pid_of(settings)]
    assert not list(home.root.glob("password-arguments*"))


def test_a_running_server_is_found_again(settings: Settings, target: Neo4jTarget) -> None:
    pid = pid_of(settings)

    assert ensure_database(settings) == target
    assert pid_of(settings) == pid


def test_ports_in_use_are_left_alone_and_browser_is_told_the_real_one(
    settings: Settings, target: Neo4jTarget, taken: tuple[int, int]
) -> None:
    state = read_state(local_home(settings).state)
    assert state is not None
    assert {state.bolt_port, state.http_port}.isdisjoint(taken)
    assert target.uri == f"bolt://127.0.0.1:{state.bolt_port}"

    connection = http.client.HTTPConnection("127.0.0.1", state.http_port, timeout=10)
    connection.request("GET", "/", headers={"Accept": "application/json"})
    assert json.loads(connection.getresponse().read())["bolt_direct"] == target.uri
    connection.request("GET", "/browser/")
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.skipif(not LISTENING.exists(), reason="needs /proc")
def test_only_this_machine_can_connect(settings: Settings, target: Neo4jTarget) -> None:
    state = read_state(local_home(settings).state)
    assert state is not None
    lines = [
        line.split() for path in LISTENING.parent.glob("tcp*") for line in path.read_text().splitlines()[1:]
    ]
    addresses = {tuple(local.split(":")) for _, local, _, mode, *_ in lines if mode == "0A"}

    for port in (state.bolt_port, state.http_port):
        found = {address for address, listening in addresses if int(listening, 16) == port}
        assert found in ({"0100007F"}, {"0000000000000000FFFF00000100007F"})


def test_limits_are_set_and_only_stewards_procedures_are_loaded(target: Neo4jTarget) -> None:
    wanted = ["db.lock.acquisition.timeout", "db.memory.transaction.max", "db.transaction.timeout"]
    loaded = ask(
        target, "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'apoc' RETURN DISTINCT split(name, '.')[1]"
    )

    assert ask(target, f"SHOW SETTINGS YIELD name, value WHERE name IN {wanted} RETURN name, value") == [
        ["db.lock.acquisition.timeout", "15s"],
        ["db.memory.transaction.max", "128.00MiB"],
        ["db.transaction.timeout", "2m"],
    ]
    assert loaded == [["custom"]]


def test_what_is_secret_or_personal_is_private(settings: Settings) -> None:
    home = local_home(settings)

    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.password.stat().st_mode) == 0o600
    assert home.password.read_text() not in "".join(
        Path(f"/proc/{pid_of(settings)}/{part}").read_text() for part in ("cmdline", "environ")
    )


def test_data_survives_kill_9_and_a_process_id_that_is_now_another_s(
    settings: Settings, target: Neo4jTarget
) -> None:
    home = local_home(settings)
    ask(target, "MERGE (:Canary {name: 'kept'})")
    kill(home)
    before = read_state(home.state)
    assert before is not None
    write_state(home.state, replace(before, pid=os.getpid()))
    assert database_status(settings).running is False

    again = ensure_database(settings)

    assert again.password == target.password
    assert ask(again, "MATCH (canary:Canary) RETURN canary.name") == [["kept"]]
    assert pid_of(settings) != os.getpid()


def test_a_lost_password_is_said_and_costs_no_data(settings: Settings, target: Neo4jTarget) -> None:
    home = local_home(settings)
    password = home.password.read_text()
    home.password.unlink()
    try:
        with pytest.raises(PasswordLost):
            ensure_database(settings)
        assert home.initialised.exists()
    finally:
        home.password.write_text(password)
    assert ensure_database(settings) == target


def test_a_server_that_cannot_start_says_what_its_log_says(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, heap="1k")

    with pytest.raises(StartFailed) as failed:
        ensure_database(settings)

    assert "Too small" in failed.value.message
    assert read_state(local_home(settings).state) is not None
    assert stop_database(settings) is False


def test_the_lock_of_a_start_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    home = local_home(settings_for(tmp_path))
    home.root.mkdir(parents=True)
    write_state(home.state, ServerState(pid=2**22 - 1, bolt_port=1, http_port=2))
    home.lock.touch()

    assert stop_database(settings_for(tmp_path)) is False
    assert not home.state.exists()


def test_your_own_database_is_never_stopped_or_deleted(target: Neo4jTarget) -> None:
    yours = Settings.model_validate({"neo4j_uri": target.uri, "neo4j_password": target.password})

    assert ensure_database(yours) == target
    for refused in (stop_database, reset_database):
        with pytest.raises(Misconfigured):
            refused(yours)
    assert database_status(yours).running is True


def test_your_own_database_must_answer_and_let_us_in(target: Neo4jTarget, taken: tuple[int, int]) -> None:
    wrong = Settings.model_validate({"neo4j_uri": target.uri, "neo4j_password": "wrong-password"})
    absent = Settings.model_validate({"neo4j_uri": "bolt://127.0.0.1:1", "neo4j_password": "any"})

    with pytest.raises(Misconfigured, match="does not accept the user neo4j"):
        ensure_database(wrong)
    with pytest.raises(Unavailable, match="bolt://127.0.0.1:1 does not answer"):
        ensure_database(absent)


def test_a_stop_keeps_the_data_and_a_reset_deletes_it(settings: Settings, target: Neo4jTarget) -> None:
    home = local_home(settings)

    assert stop_database(settings) is True
    assert stop_database(settings) is False
    assert (running_state(home), home.state.exists(), home.initialised.exists()) == (None, False, True)
    assert database_status(settings).kind == "local"
    assert reset_database(settings) is True
    assert reset_database(settings) is False
    assert (home.data.exists(), home.password.exists()) == (False, False)
    assert database_status(settings).kind == "none"
