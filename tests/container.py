"""A Neo4j for the tests in a container, by testcontainers."""

import secrets
from contextlib import ExitStack

from testcontainers.community.neo4j import Neo4jContainer
from testcontainers.core.config import testcontainers_config

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server.docker import image_present
from graph_cdp.graph.server.jars import ensure_jars
from graph_cdp.graph.server.progress import say_nothing
from graph_cdp.graph.server.toolchain import find_maven
from graph_cdp.settings import Settings

VARIABLES = {
    "NEO4J_server_memory_heap_initial__size": "768m",
    "NEO4J_server_memory_heap_max__size": "768m",
    "NEO4J_server_memory_pagecache_size": "256m",
    "NEO4J_db_lock_acquisition_timeout": "15s",
    "NEO4J_dbms_security_procedures_allowlist": "apoc.custom.*,custom.*",
    "NEO4J_dbms_security_procedures_unrestricted": "apoc.custom.*",
    "NEO4J_apoc_custom_procedures_refresh": "1000",
    "NEO4J_dbms_usage__report_enabled": "false",
}


def start_container(stack: ExitStack, settings: Settings) -> Neo4jTarget:
    """A container of `settings.neo4j_image`, with the pinned APOC where there is a Maven; removed with the stack.

    Ryuk, which removes containers after a run that was killed, is used where its image is; it is not pulled for it.
    """
    if not image_present(testcontainers_config.ryuk_image):
        testcontainers_config.ryuk_disabled = True
    password = secrets.token_hex(16)
    container = Neo4jContainer(settings.neo4j_image, password=password)
    for name, value in VARIABLES.items():
        container.with_env(name, value)
    maven = find_maven()
    if maven is not None:
        jars = ensure_jars(settings.cache_dir, maven=maven, say=say_nothing)
        container.with_volume_mapping(str(jars / "plugins"), "/plugins", "ro")
    started = stack.enter_context(container)
    uri = f"bolt://{started.get_container_host_ip()}:{started.get_exposed_port(7687)}"
    return Neo4jTarget(uri=uri, user="neo4j", password=password, database="neo4j")
