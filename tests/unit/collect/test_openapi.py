"""The description of `/v1/*` says what the code does: its calls, limits, codes and statuses are compared with it."""

import ast
import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

from graph_cdp.collect import limits
from graph_cdp.collect.answers import STATUS_OF_CODE
from graph_cdp.collect.openapi import openapi_json
from graph_cdp.collect.segment import SEGMENT_TYPES
from graph_cdp.collect.unpack import CALLS
from graph_cdp.errors import Forbidden, Unauthenticated
from graph_cdp.flows.outcome import REUSED
from graph_cdp.intake import limits as intake
from graph_cdp.intake.times import FUTURE_MS_MAX
from graph_cdp.matching.text import VALUE_BYTES_MAX
from graph_cdp.source.business_rules.rules import RuleRejected
from tests.architecture.tree import ROOT, parse
from tests.unit.collect.conftest import TRACK, Door, batch

DESCRIPTION: dict[str, Any] = json.loads(openapi_json())
SCHEMAS: dict[str, Any] = DESCRIPTION["components"]["schemas"]
RESPONSES: dict[str, Any] = DESCRIPTION["components"]["responses"]

MODULES = (
    *(f"collect/{name}" for name in ("answers", "batcher", "body", "external_ids", "fields", "http", "isolation",
                                     "segment", "traits", "unpack")),
    "intake/identifiers", "intake/json_body", "intake/record", "intake/times",
)  # fmt: skip
"""The modules that a request passes."""

BEYOND_MODULES = {"MESSAGE_ID_REUSED", RuleRejected.code, Unauthenticated.code, Forbidden.code}
"""Codes that come from other packages."""

NEVER_DESCRIBED = {"WRONG_ANSWER", "METHOD_NOT_ALLOWED"}
"""A defect, which is answered INTERNAL; and what is answered to a method that is not described."""

NOT_INVALID = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "TOO_MANY_MESSAGES_WAITING": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
}


def codes(tree: ast.AST) -> Iterator[str]:
    """The codes that a module gives to errors: as an argument, or as the code of a class."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case _:
                pass


def described(name: str) -> set[str]:
    """The codes of a response of the description."""
    schema = RESPONSES[name]["content"]["application/json"]["schema"]
    return set(schema["allOf"][1]["properties"]["code"]["enum"])


def test_every_call_of_the_code_is_described_and_no_other() -> None:
    paths = {path.rsplit("/", 1)[-1] for path in DESCRIPTION["paths"]}
    assert paths - {"openapi.json"} == {name for name in CALLS if len(name) > 1}
    assert DESCRIPTION["x-calls"] == {name: call for name, call in CALLS.items() if len(name) == 1}
    assert set(SCHEMAS["TypedMessage"]["allOf"][1]["properties"]["type"]["enum"]) == SEGMENT_TYPES


def test_every_limit_of_the_code_is_described() -> None:
    assert DESCRIPTION["x-limits"] == {
        "body_bytes_max": limits.BODY_BYTES_MAX,
        "body_seconds_max": limits.BODY_SECONDS_MAX,
        "batch_messages_max": limits.BATCH_MESSAGES_MAX,
        "event_bytes_max": intake.EVENT_BYTES_MAX,
        "json_depth_max": intake.JSON_DEPTH_MAX,
        "message_id_characters_max": intake.MESSAGE_ID_CHARACTERS_MAX,
        "name_characters_max": intake.NAME_CHARACTERS_MAX,
        "id_bytes_max": VALUE_BYTES_MAX,
        "future_ms_max": FUTURE_MS_MAX,
    }
    assert SCHEMAS["Batch"]["properties"]["batch"]["maxItems"] == limits.BATCH_MESSAGES_MAX
    assert SCHEMAS["Message"]["properties"]["messageId"]["maxLength"] == intake.MESSAGE_ID_CHARACTERS_MAX
    assert SCHEMAS["Name"]["maxLength"] == intake.NAME_CHARACTERS_MAX
    assert SCHEMAS["Track"]["allOf"][1]["properties"]["event"]["maxLength"] == intake.NAME_CHARACTERS_MAX
    assert SCHEMAS["Id"]["maxLength"] == VALUE_BYTES_MAX


def test_every_code_of_the_code_is_described_under_its_status() -> None:
    ours = {code for name in MODULES for code in codes(parse(ROOT / f"graph_cdp/{name}.py"))}
    ours = (ours | BEYOND_MODULES) - NEVER_DESCRIBED
    references = DESCRIPTION["paths"]["/v1/track"]["post"]["responses"]
    theirs = {
        code: int(status)
        for status, reference in references.items()
        if status != "200"
        for code in described(reference["$ref"].rsplit("/", 1)[-1])
    }
    assert theirs == {code: STATUS_OF_CODE.get(code, NOT_INVALID.get(code, 400)) for code in ours}


def test_a_refusal_of_a_batch_has_a_code_and_a_status_of_one_message() -> None:
    of_a_request = {"INVALID_GZIP", "INVALID_JSON"}
    of_a_message = described("Invalid") - of_a_request | {
        "EVENT_TOO_LARGE",
        "MESSAGE_ID_REUSED",
        "NOT_STORED",
    }
    refusal = SCHEMAS["Refusal"]["properties"]
    assert set(refusal["code"]["enum"]) == of_a_message
    assert set(refusal["status"]["enum"]) == {STATUS_OF_CODE.get(code, 400) for code in of_a_message}


async def test_the_description_is_served_without_a_key(client: httpx.AsyncClient) -> None:
    client.auth = None  # pyright: ignore[reportAttributeAccessIssue]
    answer = await client.get("/v1/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == DESCRIPTION


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_another_method_is_told_which_one_to_use(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/v1/track")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST, OPTIONS"


async def test_what_strict_mode_says_of_a_batch_is_as_described(
    client: httpx.AsyncClient, door: Door
) -> None:
    door.outcomes = {"m1": REUSED}
    answer = await client.post(
        "/v1/batch",
        content=batch(TRACK, {**TRACK, "messageId": "m2"}, 7),
        headers={"X-Strict-Mode": "1"},
    )
    schema = {"$ref": "#/components/schemas/Results", "components": DESCRIPTION["components"]}
    jsonschema.validate(answer.json(), schema)
    assert [item.get("code") for item in answer.json()["results"]] == [
        "MESSAGE_ID_REUSED", None, "INVALID_FIELD",
    ]  # fmt: skip
