"""Each check of the doctor: what it says of what it is shown."""

import dataclasses
from pathlib import Path

import pytest

from graph_cdp.doctor import database, files, machine
from graph_cdp.doctor.database import Procedures
from graph_cdp.doctor.examine import check_settings
from graph_cdp.doctor.finding import Finding
from graph_cdp.graph.migrations import Status
from graph_cdp.graph.server.choose import Machine
from graph_cdp.graph.server.home import Home, ServerState
from graph_cdp.graph.server.toolchain import Java
from graph_cdp.settings import Settings

GB = 1 << 30
ABLE = Machine(
    engine=True, compose=("docker-compose",), tools_missing=(), kept_docker=False, kept_local=False
)
UNABLE = Machine(engine=False, compose=None, tools_missing=("Maven",), kept_docker=False, kept_local=False)
STATE = ServerState(pid=4321, bolt_port=7687, http_port=7474)
HOME = Home(root=Path("/data/neo4j"))


def settings(**values: object) -> Settings:
    return Settings.model_validate(values)


APPLIED = Status(id="V0001__a", state="applied", applied_at=1)


@pytest.mark.parametrize(
    ("finding", "level"),
    [
        (machine.check_python((3, 11)), "ok"),
        (machine.check_python((3, 10)), "fail"),
        (machine.check_java(Java(path="java", major=17), needed=True), "ok"),
        (machine.check_java(Java(path="java", major=11), needed=True), "fail"),
        (machine.check_java(Java(path="java", major=11), needed=False), "ok"),
        (machine.check_java(None, needed=True), "fail"),
        (machine.check_maven("/usr/bin/mvn", needed=True), "ok"),
        (machine.check_maven(None, needed=True), "fail"),
        (machine.check_maven(None, needed=False), "ok"),
        (machine.check_docker(ABLE, needed=True), "ok"),
        (machine.check_docker(dataclasses.replace(ABLE, compose=None), needed=True), "fail"),
        (machine.check_docker(UNABLE, needed=True), "fail"),
        (machine.check_docker(UNABLE, needed=False), "ok"),
        (machine.check_backend("auto", ABLE, external=False), "ok"),
        (machine.check_backend("auto", UNABLE, external=False), "fail"),
        (machine.check_backend("auto", UNABLE, external=True), "ok"),
        (machine.check_disk(GB - 1, place="/"), "fail"),
        (machine.check_disk(GB, place="/"), "warn"),
        (machine.check_disk(5 * GB, place="/"), "ok"),
        (machine.check_memory(4 * GB, None, wanted_bytes=3 * GB, running=False), "ok"),
        (machine.check_memory(4 * GB - 1, None, wanted_bytes=3 * GB, running=False), "fail"),
        (machine.check_memory(8 * GB, 4 * GB - 1, wanted_bytes=3 * GB, running=False), "warn"),
        (machine.check_memory(8 * GB, GB, wanted_bytes=3 * GB, running=True), "ok"),
        (machine.check_service_port(8000, free=True, ours=False), "ok"),
        (machine.check_service_port(8000, free=False, ours=True), "ok"),
        (machine.check_service_port(8000, free=False, ours=False), "fail"),
        (machine.check_database_port("bolt port", 7687, free=False, running=False), "warn"),
        (machine.check_database_port("bolt port", 7687, free=False, running=True), "ok"),
        (files.check_assets([]), "ok"),
        (files.check_assets(["graphiql.min.js"]), "warn"),
        (files.check_process(HOME, state=STATE, running=True), "ok"),
        (files.check_process(HOME, state=STATE, running=False), "warn"),
        (files.check_process(HOME, state=None, running=False), "ok"),
        (database.check_version("5.26.30"), "ok"),
        (database.check_version("2025.11.2"), "warn"),
        (database.check_version("5.25.1"), "fail"),
        (database.check_version("4.4.40"), "fail"),
        (database.check_version("unknown"), "fail"),
        (database.check_clock(10_000, asked_at=9_000, answered_at=11_000), "ok"),
        (database.check_clock(12_000, asked_at=9_000, answered_at=11_000), "ok"),
        (database.check_clock(12_001, asked_at=9_000, answered_at=11_000), "warn"),
        (database.check_clock(7_999, asked_at=9_000, answered_at=11_000), "warn"),
        (database.check_clock(71_001, asked_at=9_000, answered_at=11_000), "fail"),
        (database.check_migrations([APPLIED]), "ok"),
        (database.check_migrations([APPLIED, dataclasses.replace(APPLIED, state="pending")]), "warn"),
        (database.check_migrations([APPLIED, dataclasses.replace(APPLIED, state="interrupted")]), "warn"),
        (database.check_migrations([dataclasses.replace(APPLIED, state="changed")]), "fail"),
        (database.check_migrations([dataclasses.replace(APPLIED, state="unknown")]), "fail"),
        (database.check_procedures(Procedures(installers=1, installed=6)), "ok"),
        (database.check_procedures(Procedures(installers=1, installed=0)), "warn"),
        (database.check_procedures(Procedures(installers=0, installed=0)), "warn"),
        (database.check_procedures(None), "warn"),
        (database.check_page_cache("512.00MiB", store_bytes=512 << 20), "ok"),
        (database.check_page_cache("512.00MiB", store_bytes=(512 << 20) + 1), "warn"),
        (database.check_page_cache(None, store_bytes=GB), "ok"),
        (database.check_keys(1), "ok"),
        (database.check_keys(0), "warn"),
        (check_settings(settings(), ()), "ok"),
        (check_settings(settings(neo4j_heap="lots"), ()), "fail"),
        (check_settings(settings(neo4j_uri="bolt://h"), ()), "fail"),
        (check_settings(settings(), ("GRAPH_CDP_NEO4J_URL",)), "warn"),
    ],
)
def test_each_check_has_its_threshold_and_says_how_to_mend(finding: Finding, level: str) -> None:
    assert finding.level == level
    assert (finding.mend is None) == (level == "ok")


@pytest.mark.parametrize(
    ("text", "number"),
    [("512.00MiB", 512 << 20), ("1.50GiB", 3 << 29), ("10B", 10), ("8.00XiB", None), ("", None)],
)
def test_sizes_are_read_as_the_server_writes_them(text: str, number: int | None) -> None:
    assert database.parse_size(text) == number


@pytest.mark.parametrize("name", files.SECRETS)
def test_a_secret_that_others_can_read_is_found(tmp_path: Path, name: str) -> None:
    secret = tmp_path / name
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.touch(mode=0o600)
    assert files.check_secrets(tmp_path).level == "ok"

    secret.chmod(0o640)

    assert files.check_secrets(tmp_path) == Finding(
        check="secrets", level="fail", text=f"Others can read {secret}", mend=f"chmod 600 {secret}"
    )
