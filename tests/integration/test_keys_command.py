"""`graph-cdp keys`, typed as a person types it."""

import os
import re
import subprocess
import sys

import pytest

from graph_cdp.access.service import Keyring
from graph_cdp.flows.declared import parse_declared, write_declared
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j


def keys(target: Neo4jTarget, *words: str) -> subprocess.CompletedProcess[str]:
    """What `graph-cdp keys ...` does."""
    environment = {
        **os.environ,  # noqa: TID251 - a command's environment is what is being tested
        "GRAPH_CDP_NEO4J_URI": target.uri,
        "GRAPH_CDP_NEO4J_PASSWORD": target.password,
        "COLUMNS": "160",
    }
    command = [sys.executable, "-c", "from graph_cdp.cli import main; main()", "keys", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def test_a_key_is_made_shown_once_listed_and_revoked(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    network = parse_declared("org_units: {lille: {}}")
    await graph.write(write_declared, network, now=0)
    bound = ("--role", "ingest", "--source", "web", "--org-unit", "lille")
    made = keys(neo4j_target, "create", "--name", "web site", *bound)
    secret = made.stdout.strip()
    principal = await Keyring(graph).authenticate(secret)
    listed = keys(neo4j_target, "list")
    revoked = keys(neo4j_target, "revoke", principal.key_id)
    listed_after = keys(neo4j_target, "list")

    assert re.fullmatch(r"gcdp_[A-Za-z0-9_-]{43}", secret)
    assert (principal.role, principal.source, principal.org_unit) == ("ingest", "web", "lille")
    assert principal.key_id in made.stderr
    assert re.search(
        rf"{principal.key_id} │ {secret[:11]}… │ web site │ ingest │ web +│ lille │ \S+ │ active ",
        listed.stdout,
    )
    assert secret not in listed.stdout
    assert revoked.stdout == f"Key {principal.key_id} is revoked.\n"
    assert re.search(r"│ revoked \d{4}-\d\d-\d\d ", listed_after.stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("create", "--name", "x", "--role", "boss"),
            "There is no role 'boss'; there are admin, app, ingest, marketer, privacy, steward.",
        ),
        (
            ("create", "--name", "x", "--role", "ingest"),
            "An ingest key writes for one source: name the source.",
        ),
        (
            ("create", "--name", "x", "--role", "app", "--org-unit", "lile"),
            "The network has no unit of that id. Declare it under org_units in GRAPH_CDP_SOURCES_FILE, and start the service.",
        ),
        (("revoke", "nothing"), "No key has that id. `graph-cdp keys list` shows them."),
    ],
)
async def test_a_mistake_is_told_in_one_line(
    graph: Graph, neo4j_target: Neo4jTarget, words: tuple[str, ...], message: str
) -> None:
    result = keys(neo4j_target, *words)

    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"graph-cdp: {message}\n")
