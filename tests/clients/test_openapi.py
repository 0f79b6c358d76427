"""schemathesis against the real service: whatever is sent, it is answered as its description says, and never by 5xx.

The description does not say all that makes a message good (an id such as 'null' is nobody's), and a bad message is
answered 200; so which data is accepted is left to other tests.
"""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from graph_cdp.collect.unpack import CALLS
from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(600)]

schemathesis: Any = import_module("schemathesis")  # its types are partly unknown
checks: Any = import_module("schemathesis.specs.openapi.checks")

CHECKS = [
    import_module("schemathesis.checks").not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
EXAMPLES, EXAMPLES_SOAK = 15, 1_000
NAMES = [name for name in CALLS if len(name) > 1]
MODES = list(schemathesis.GenerationMode)


def send_examples(server: Server, key: str, name: str, mode: Any, *, examples: int) -> None:
    """Send that many generated requests of a call, and hold every answer to the description."""
    schema = schemathesis.openapi.from_url(f"{server.url}/v1/openapi.json")
    strategy = schema[f"/v1/{name}"]["POST"].as_strategy(generation_mode=mode)

    @settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        database=None,
        derandomize=examples == EXAMPLES,
        print_blob=True,
    )
    @given(case=strategy)
    def check(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

    run: Callable[[], None] = check
    run()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
async def test_whatever_is_sent_is_answered_as_described(
    server: Server, write_key: str, graph: Graph, name: str, mode: Any
) -> None:
    await asyncio.to_thread(send_examples, server, write_key, name, mode, examples=EXAMPLES)


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
async def test_whatever_is_sent_for_long_is_answered_as_described(
    server: Server, write_key: str, graph: Graph, name: str, mode: Any
) -> None:
    await asyncio.to_thread(send_examples, server, write_key, name, mode, examples=EXAMPLES_SOAK)
