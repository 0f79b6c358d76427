"""What a user may say of a matching: which columns mean what, how sure a join must be, which sources have no duplicates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_cdp.declarations import Kind, read_declaration
from graph_cdp.errors import Invalid
from graph_cdp.matching.linkage.blocking import BLOCK_RECORDS_MAX


class BadPolicy(Invalid):
    """The policy of a matching does not say what to do."""

    code = "INVALID_POLICY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """The policy of a matching.

    `columns`: the meaning of a header where its name does not tell it (a field, `record_id`, `source` or `ignored`).
    `probability_join`: from which probability on two records are one person; `probability_join_one_to_one`: the same between two
    sources that have nobody twice, where a likelier partner excludes others. `block_records_max`: larger blocks are left out.
    `duplicate_free_sources`: of these no two records are one person. `find_duplicate_free_sources`: others are found in the data. `region`: where phones are dialled.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    probability_join: float = 0.7
    probability_join_one_to_one: float = 0.5
    block_records_max: int = BLOCK_RECORDS_MAX
    duplicate_free_sources: frozenset[str] = frozenset()
    find_duplicate_free_sources: bool = True
    region: str = "FR"


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "columns": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": "^[a-z][a-z0-9_ ]*$"},
        },
        "probability_join": {"type": "number", "minimum": 0.5, "exclusiveMaximum": 1},
        "probability_join_one_to_one": {"type": "number", "minimum": 0.5, "exclusiveMaximum": 1},
        "block_records_max": {"type": "integer", "minimum": 2, "maximum": 10_000},
        "duplicate_free_sources": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "find_duplicate_free_sources": {"type": "boolean"},
        "region": {"type": "string", "pattern": "^[A-Z]{2}$"},
    },
}
KIND = Kind(what="policy", error=BadPolicy, schema=SCHEMA, hints={})


def parse_policy(text: str) -> MatchPolicy:
    """The policy that a YAML text declares; what it does not say is as by default.

    Raises:
        BadPolicy: it is no YAML, or does not fit.
    """
    if not re.search(r"^\s*[^#\s]", text, re.MULTILINE):
        return MatchPolicy()
    said = read_declaration(text, KIND)
    sources = frozenset(said.pop("duplicate_free_sources", ()))
    return MatchPolicy(**said, duplicate_free_sources=sources)
