"""Every setting, read once, from the environment.

`Settings` is built in `app.py` and by the commands, and passed on; nothing else reads the environment. Each
setting is `GRAPH_CDP_` and its name in capitals: `GRAPH_CDP_NEO4J_URI`, `GRAPH_CDP_PORT`. The reference in
`docs/reference/settings.md` is checked against this class by a test.
"""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

NEO4J_VERSION = "5.26.30"


class Settings(BaseSettings):
    """The settings of the service and of every command."""

    model_config = SettingsConfigDict(env_prefix="GRAPH_CDP_", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default=Path(".graph-cdp"), description="Where the managed database and the demo keep their files."
    )
    cache_dir: Path = Field(
        default=Path("~/.cache/graph-cdp"),
        description="Where the jars of the managed server are kept, for every data directory.",
    )
    java_home: Path | None = Field(
        default=None,
        description="The Java (17 or newer) that runs the managed server. Unset: the `java` on the PATH.",
    )

    neo4j_uri: str | None = Field(
        default=None, description="A Neo4j that you run: bolt:// or neo4j://. Unset: one is managed for you."
    )
    neo4j_user: str = Field(default="neo4j", description="The user at `neo4j_uri`.")
    neo4j_password: SecretStr | None = Field(
        default=None, description="The password at `neo4j_uri`; of the managed server, one is made."
    )
    neo4j_database: str = Field(
        default="neo4j", description="The database's name; Community has only `neo4j`."
    )
    neo4j_image: str = Field(
        default=f"neo4j:{NEO4J_VERSION}-community",
        description="The image that Docker runs, in the demo and in the tests.",
    )
    neo4j_backend: str = Field(
        default="auto",
        pattern="^(auto|docker|local)$",
        description="How to run the managed database: `docker`, `local` (Java and Maven), or `auto`: Docker where an engine answers.",
    )
    neo4j_bolt_port: int = Field(
        default=7687,
        description="Preferred Bolt port of the managed database; the next free one if it is in use.",
    )
    neo4j_http_port: int = Field(
        default=7474, description="Preferred HTTP port (Neo4j Browser) of the managed database; likewise."
    )
    neo4j_heap: str = Field(
        default="auto",
        description="Heap of the managed database. `auto`: an eighth of the machine's memory, at least 1g and at most 4g.",
    )
    neo4j_pagecache: str = Field(
        default="auto",
        description="Page cache of the managed database: the store should fit, about 6 kB a person or event. `auto`: a quarter of the machine's memory, at least 512m; it is taken as the store grows.",
    )
    neo4j_timeout_s: float = Field(
        default=30.0, gt=0, description="Longest time that one transaction, and its retries, may take."
    )

    read_timeout_s: float = Field(
        default=3.0,
        gt=0,
        description="Longest time of one transaction that reads for a request; less than `GRAPH_CDP_REQUEST_TIMEOUT_S`, so that its error can still be told.",
    )
    request_timeout_s: float = Field(
        default=5.0,
        gt=0,
        description="Longest time of one GraphQL request, and of recognising a visitor: longer answers are of no use to a page, and hold a connection of the pool.",
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, description="Port to listen on.")
    graphiql: bool = Field(default=True, description="Whether /graphiql is served.")
    link_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="What signs the links that take a browser's id to another domain; the same for all processes. Unset: each makes its own.",
    )
    metrics_open: bool = Field(
        default=False,
        description="Whether /metrics needs no key when asked from this machine itself, not through a proxy.",
    )
    warm_up_s: float = Field(
        default=8.0, ge=0, description="Longest time the JVM is exercised before /readyz says ready."
    )

    batch_messages_max: int = Field(default=500, gt=0, description="Most messages in one transaction.")
    batch_wait_ms: float = Field(default=5.0, ge=0, description="How long a batch waits for more messages.")
    queue_messages_max: int = Field(
        default=10_000,
        gt=0,
        description="Messages that may wait; beyond, requests are answered 429 with Retry-After.",
    )
    health_interval_s: float = Field(
        default=300.0,
        gt=0,
        description="How often the service measures the health of identity, which reads the whole graph.",
    )
    dead_letters_days: int = Field(
        default=90,
        gt=0,
        description="How long refused messages are kept to be mended; they hold what was sent, personal data too.",
    )
    sources_file: Path | None = Field(
        default=None,
        description="What is declared of sources: their trust, their business rules, how golden records survive. Unset: nothing.",
    )
    default_region: str = Field(
        default="FR",
        pattern="^[A-Z]{2}$",
        description="Region in which a phone number without a country code is read (ISO 3166-1).",
    )


NOT_SETTINGS = (
    "GRAPH_CDP_TEST_", "GRAPH_CDP_NEO4J_MEMORY", "GRAPH_CDP_NEO4J_PLUGINS", "GRAPH_CDP_NEO4J_TRANSACTION_MEMORY",
    "GRAPH_CDP_DOCKER_ENGINE", "GRAPH_CDP_BASE_SUITE",
)  # fmt: skip
"""What else begins like a setting: variables of the tests, of docker-compose.neo4j.yml, of `.ci`."""


def unknown_settings() -> tuple[str, ...]:
    """Variables of the environment that look like settings and are none: most often misspelt ones."""
    known = {f"GRAPH_CDP_{name.upper()}" for name in Settings.model_fields}
    looks_like = (name for name in os.environ if name.startswith("GRAPH_CDP_"))  # noqa: TID251 - this is the one place
    return tuple(
        sorted(name for name in looks_like if name not in known and not name.startswith(NOT_SETTINGS))
    )
