"""The description of `/v1/*` for programs (OpenAPI 3.1), as it is served: written by hand, checked against the code."""

import json
from functools import cache
from pathlib import Path

import yaml

NAME = "collect.openapi.yaml"


def openapi_file() -> Path:
    """Where the description is: `docs/reference/` of a checkout, else the copy inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / "docs" / "reference"
    return (checkout if (package.parent / "pyproject.toml").is_file() else package / "_openapi") / NAME


@cache
def openapi_json() -> bytes:
    """The description as JSON."""
    return json.dumps(yaml.safe_load(openapi_file().read_text(encoding="utf-8"))).encode()
