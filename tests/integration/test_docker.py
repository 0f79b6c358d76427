"""The managed database in Docker, for real, where an engine answers and the image is there."""

import stat
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import database_status, ensure_database, reset_database, stop_database
from graph_cdp.graph.server.docker import (
    ImageUnavailable,
    docker_home,
    engine_answers,
    image_present,
    project_name,
)
from graph_cdp.graph.server.local import local_home, running_state
from graph_cdp.settings import Settings

NOWHERE = "127.0.0.1:1/graph-cdp/none:1"
"""An image that no registry holds, and whose registry refuses at once."""


@cache
def why_not() -> str | None:
    """Why Docker cannot be tried here, if it cannot."""
    if not engine_answers():
        return "no Docker engine answers"
    image = Settings().neo4j_image
    return None if image_present(image) else f"the image {image} is not here"


@pytest.fixture(autouse=True)
def _docker() -> None:
    reason = why_not()
    if reason:
        pytest.skip(reason)


pytestmark = [pytest.mark.docker, pytest.mark.neo4j]


def settings_for(folder: Path, **values: object) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": folder,
            "neo4j_backend": "docker",
            "neo4j_image": Settings().neo4j_image,
            "neo4j_bolt_port": 28687,
            "neo4j_http_port": 28474,
            "neo4j_heap": "512m",
            "neo4j_pagecache": "128m",
            **values,
        }
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = settings_for(tmp_path_factory.mktemp("docker"))
    yield settings
    if docker_home(settings).root.exists():
        reset_database(settings)


@pytest.fixture
def target(settings: Settings) -> Neo4jTarget:
    return ensure_database(settings)


def docker(*arguments: str) -> str:
    return subprocess.run(("docker", *arguments), capture_output=True, text=True, check=True).stdout.strip()


def container(settings: Settings) -> str:
    return docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={project_name(settings)}")


def names(target: Neo4jTarget) -> list[str]:
    with GraphDatabase.driver(target.uri, auth=(target.user, target.password)) as driver:  # pyright: ignore[reportUnknownMemberType]
        found = driver.execute_query("MATCH (n:Canary) RETURN n.name AS name", database_=target.database)
    return [record["name"] for record in found.records]


def test_a_container_is_started_once_and_found_again(settings: Settings, target: Neo4jTarget) -> None:
    started = container(settings)

    assert ensure_database(settings) == target
    assert container(settings) == started
    assert database_status(settings).kind == "docker"
    assert database_status(settings).running is True


def test_the_container_is_limited_and_published_on_loopback_only(
    settings: Settings, target: Neo4jTarget
) -> None:
    inspected = docker(
        "inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.PortBindings}}", container(settings)
    )

    assert inspected.split()[0] == str((512 + 128 + 1024) << 20)
    assert inspected.count("127.0.0.1") == 2
    assert stat.S_IMODE(docker_home(settings).password.stat().st_mode) == 0o600
    assert stat.S_IMODE((docker_home(settings).root / "compose.env").stat().st_mode) == 0o600


def test_stewards_procedures_can_be_installed_and_no_other_of_apoc_is_loaded(target: Neo4jTarget) -> None:
    query = "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'apoc.' RETURN DISTINCT split(name, '.')[1] AS part"
    with GraphDatabase.driver(target.uri, auth=(target.user, target.password)) as driver:  # pyright: ignore[reportUnknownMemberType]
        parts = [record["part"] for record in driver.execute_query(query, database_="neo4j").records]

    assert parts == ["custom"]


def test_data_outlives_the_container_until_a_reset(settings: Settings, target: Neo4jTarget) -> None:
    with GraphDatabase.driver(target.uri, auth=(target.user, target.password)) as driver:  # pyright: ignore[reportUnknownMemberType]
        driver.execute_query("MERGE (:Canary {name: 'kept'})", database_=target.database)

    assert stop_database(settings) is True
    assert container(settings) == ""
    assert stop_database(settings) is False
    assert names(ensure_database(settings)) == ["kept"]
    assert reset_database(settings) is True
    assert container(settings) == ""
    assert docker("volume", "ls", "--quiet", "--filter", f"name={project_name(settings)}") == ""
    assert database_status(settings).kind == "none"


def test_an_image_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImageUnavailable) as failed:
        ensure_database(settings_for(tmp_path, neo4j_image=NOWHERE))

    assert failed.value.message.startswith(
        f"The image {NOWHERE} is not on this machine and could not be pulled. Name another by GRAPH_CDP_NEO4J_IMAGE, "
        "or use a local server by GRAPH_CDP_NEO4J_BACKEND=local."
    )


def test_without_the_image_a_local_server_is_used_and_it_is_said(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, neo4j_image=NOWHERE, neo4j_backend="auto", neo4j_heap="256m")
    said: list[str] = []

    ensure_database(settings, say=said.append)
    stop_database(settings)

    assert said[0] == f"Pulling {NOWHERE}"
    assert said[1].endswith("Going on with a local server instead")
    assert local_home(settings).initialised.exists()
    assert running_state(local_home(settings)) is None
