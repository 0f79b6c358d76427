"""What a user may say of a matching: which columns mean what, how sure a join must be, which sources have no duplicates; and what was learned."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, cast

import yaml

from graph_cdp.declarations import Kind, read_declaration
from graph_cdp.errors import Invalid
from graph_cdp.ids import MatchKey
from graph_cdp.matching.linkage.blocking import BLOCK_RECORDS_MAX
from graph_cdp.matching.linkage.budget import CANDIDATES_MAX
from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS
from graph_cdp.matching.linkage.learned import model_from, said_of, version_of, write_model
from graph_cdp.matching.linkage.training import Model


class BadPolicy(Invalid):
    """The policy of a matching does not say what to do."""

    code = "INVALID_POLICY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """The policy of a matching.

    `columns`: the meaning of a header where its name does not tell it (a field, `record_id`, `source` or `ignored`).
    `probability_join`: from which probability on two records are one person; `probability_join_one_to_one`: the same between two
    sources that have nobody twice: a likelier partner excludes others, so a pair that none excludes is likelier than it seems (of
    pairs of two censuses at 0.2 more than half were one person). `block_records_max`: larger blocks are left out.
    `candidates_max`: with how many others a record is compared at most.
    `duplicate_free_sources`: of these no two records are one person. `find_duplicate_free_sources`: others are found in the data. `region`: where phones are dialled. `day_first`: which sources write the day of a date before the month; of others it is found.
    `learned`: what an earlier matching learned; with it nothing is trained.
    `full_keys`: match keys that are left out although few records have them now, for more did once.
    `duplicates_once`: exact duplicates count once in a block that is too large. Not in a graph, where records are compared one by one.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    probability_join: float = 0.7
    probability_join_one_to_one: float = 0.2
    block_records_max: int = BLOCK_RECORDS_MAX
    candidates_max: int = CANDIDATES_MAX
    duplicate_free_sources: frozenset[str] = frozenset()
    find_duplicate_free_sources: bool = True
    region: str = "FR"
    day_first: Mapping[str, bool] = field(default_factory=dict[str, bool])
    learned: Model | None = None
    full_keys: frozenset[MatchKey] = frozenset()
    duplicates_once: bool = True


DECIDES = ("probability_join", "probability_join_one_to_one", "block_records_max", "candidates_max", "region")
"""What decides about a pair of records of the graph, beside what was learned."""

SCHEMA: Mapping[str, Any] = json.loads(
    files("graph_cdp.matching.linkage").joinpath("match_policy.schema.json").read_text("utf-8")
)
CHARACTERS_MAX = 16 * 1024 * 1024
"""A policy that learned names up to 20,000 values a field: 1.7 million characters for a million customers."""

KIND = Kind(what="policy", error=BadPolicy, schema=SCHEMA, hints={}, characters_max=CHARACTERS_MAX)


def parse_policy(text: str) -> MatchPolicy:
    """The policy that a YAML text declares; what it does not say is as by default.

    Raises:
        BadPolicy: it is no YAML, or does not fit.
    """
    if not re.search(r"^\s*[^#\s]", text, re.MULTILINE):
        return MatchPolicy()
    said = read_declaration(text, KIND)
    sources = frozenset(said.pop("duplicate_free_sources", ()))
    version, learned = said.pop("version", None), said.pop("learned", None)
    return MatchPolicy(
        **said,
        duplicate_free_sources=sources,
        learned=None if learned is None else _learned(learned, version),
    )


def write_policy(policy: MatchPolicy, model: Model, sources: frozenset[str]) -> str:
    """A policy with what was learned, as YAML: the same records give the same answer by it, to the byte, without training.

    `sources` are those in which nobody is twice, declared or found.
    """
    said = {
        "version": version_of(write_model(model)),
        "columns": dict(policy.columns),
        "probability_join": policy.probability_join,
        "probability_join_one_to_one": policy.probability_join_one_to_one,
        "block_records_max": policy.block_records_max,
        "candidates_max": policy.candidates_max,
        "duplicate_free_sources": sorted(sources),
        "find_duplicate_free_sources": False,
        "region": policy.region,
        "day_first": dict(sorted(policy.day_first.items())),
        "learned": said_of(model),
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110)


def write_learned_policy(policy: MatchPolicy, model: Model, sources: frozenset[str]) -> str:
    """What decides about a pair, as JSON: what the graph keeps, so that a record is compared as it arrives as all records were."""
    said = {name: getattr(policy, name) for name in DECIDES}
    said |= {
        "duplicate_free_sources": sorted(sources),
        "day_first": dict(policy.day_first),
        "learned": said_of(model),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def read_learned_policy(text: str) -> MatchPolicy:
    """The policy that `write_learned_policy` wrote."""
    said = json.loads(text)
    return MatchPolicy(
        **{name: said[name] for name in DECIDES if name in said},  # one was not said by earlier releases
        duplicate_free_sources=frozenset(said["duplicate_free_sources"]),
        find_duplicate_free_sources=False,
        day_first=said.get("day_first", {}),
        learned=model_from(said["learned"]),
        duplicates_once=False,
    )


def require_fields(model: Model, columns: Sequence[Column]) -> None:
    """Nothing, if the model knows every column with its levels.

    Raises:
        BadPolicy: it does not.
    """
    missing = [column.field.name for column in columns if column.field.name not in model.m]
    if missing:
        raise BadPolicy(
            f"The policy learned nothing of {', '.join(missing)}: train anew (remove version and learned), or have the "
            "column ignored (columns)."
        )
    wrong = [
        column.field.name
        for column in columns
        if len(model.m[column.field.name]) != len(COMPARISONS[column.field.kind].levels)
    ]
    if wrong:
        raise BadPolicy(f"The policy learned other levels of {', '.join(wrong)} than there are: train anew.")


def _learned(said: Mapping[str, Any], version: str) -> Model:
    broken = [
        name
        for name, m in said["m"].items()
        if len(said["u"].get(name, ())) != len(m) or len(said["household"].get(name, m)) != len(m)
    ]
    if broken or said["u"].keys() - said["m"].keys():
        raise BadPolicy(
            "The policy does not fit: learned: m, u and household are of the same fields and levels."
        )
    odd = [name for name, of_field in said["frequencies"].items() if not _are_shares(of_field["shares"])]
    if odd:
        raise BadPolicy(
            f"The policy does not fit: learned.frequencies: the shares of {', '.join(odd)} are numbers above 0, at most 1."
        )
    model = model_from(said)
    found = version_of(write_model(model))
    if found != version:
        raise BadPolicy(
            f"The policy does not fit: what was learned was changed after it was saved (its version is {found}). "
            "Save it anew, or write that version if the change is meant."
        )
    return model


def _are_shares(shares: Mapping[str, object]) -> bool:
    return all(type(share) in {int, float} and 0 < cast("float", share) <= 1 for share in shares.values())
