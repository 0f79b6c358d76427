"""Which database is used, given the setting, the machine, and where the data is."""

import dataclasses

import pytest
from pydantic import SecretStr

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.server.choose import Machine, choose_backend, external_target
from graph_cdp.settings import Settings

ABLE = Machine(
    engine=True, compose=("docker", "compose"), tools_missing=(), kept_docker=False, kept_local=False
)
NO_DOCKER = dataclasses.replace(ABLE, engine=False, compose=None)
NO_JAVA = dataclasses.replace(ABLE, tools_missing=("Java 17 or newer (no `java` was found)",))
NOTHING = dataclasses.replace(NO_DOCKER, tools_missing=NO_JAVA.tools_missing)


@pytest.mark.parametrize(
    ("backend", "machine", "chosen"),
    [
        ("auto", ABLE, "docker"),
        ("auto", NO_DOCKER, "local"),
        ("auto", NO_JAVA, "docker"),
        ("local", ABLE, "local"),
        ("docker", NO_JAVA, "docker"),
        ("auto", dataclasses.replace(ABLE, kept_local=True), "local"),
        ("auto", dataclasses.replace(ABLE, kept_docker=True), "docker"),
        ("auto", dataclasses.replace(ABLE, kept_docker=True, kept_local=True), "docker"),
        ("auto", dataclasses.replace(NO_DOCKER, kept_docker=True, kept_local=True), "local"),
        ("local", dataclasses.replace(ABLE, kept_docker=True), "local"),
    ],
)
def test_the_setting_then_the_data_then_the_machine_decide(
    backend: str, machine: Machine, chosen: str
) -> None:
    assert choose_backend(backend, machine) == chosen


@pytest.mark.parametrize(
    ("backend", "machine", "message"),
    [
        (
            "auto",
            NOTHING,
            (
                "There is nothing here to run Neo4j with. Install Java 17 or newer (no `java` was found) for a local server, "
                "or Docker, with its engine running (`docker version` must succeed); or name a Neo4j of yours by "
                "GRAPH_CDP_NEO4J_URI."
            ),
        ),
        (
            "docker",
            dataclasses.replace(ABLE, compose=None),
            (
                "Docker needs Docker Compose (the plugin `docker compose`, or docker-compose 1.27.2 or newer): install or "
                "start it; or name a Neo4j of yours by GRAPH_CDP_NEO4J_URI."
            ),
        ),
        (
            "local",
            NO_JAVA,
            (
                "A local server needs Java 17 or newer (no `java` was found): install or start it; or name a Neo4j of yours "
                "by GRAPH_CDP_NEO4J_URI."
            ),
        ),
        (
            "auto",
            dataclasses.replace(NO_DOCKER, kept_docker=True),
            (
                "The data of this directory was made by Docker, which needs Docker, with its engine running (`docker version` "
                "must succeed): install or start it; or start with an empty database by GRAPH_CDP_NEO4J_BACKEND=local."
            ),
        ),
        (
            "auto",
            dataclasses.replace(NO_JAVA, kept_local=True),
            (
                "The data of this directory was made by a local server, which needs Java 17 or newer (no `java` was found): "
                "install or start it; or start with an empty database by GRAPH_CDP_NEO4J_BACKEND=docker."
            ),
        ),
    ],
)
def test_what_is_missing_is_named_and_data_is_never_left_behind(
    backend: str, machine: Machine, message: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        choose_backend(backend, machine)

    assert refused.value.message == message


@pytest.mark.parametrize("uri", ["http://127.0.0.1:7474", "https://neo4j.example:7473/browser/"])
def test_the_address_of_the_browser_is_not_that_of_the_database(uri: str) -> None:
    settings = Settings(neo4j_uri=uri, neo4j_password=SecretStr("secret"))

    with pytest.raises(Misconfigured, match="begins with bolt:// or neo4j://"):
        external_target(settings, uri=uri)
