"""What was learned, as text: a model is a version of the policy, kept so that a weight can be explained for ever."""

import json
from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from graph_cdp.matching.linkage.training import Model, Probabilities

DIGITS = 12
"""Significant digits that are kept: more than any weight shows."""

VERSION_LENGTH = 12


def write_model(model: Model) -> str:
    """A model as JSON: the same model, the same text."""
    said = {
        "m": _lists(model.m),
        "u": _lists(model.u),
        "household": _lists({name: levels for name, levels in model.household.items() if levels is not None}),
        "prior": _rounded(model.prior),
        "matches_a_household": _rounded(model.matches_a_household),
        "corrections": _lists({"|".join(pair): bits for pair, bits in model.corrections.items()}),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def read_model(text: str) -> Model:
    """The model that `write_model` wrote."""
    said = json.loads(text)
    household = _arrays(said["household"])
    return Model(
        m=_arrays(said["m"]),
        u=_arrays(said["u"]),
        household={name: household.get(name) for name in said["m"]},
        prior=said["prior"],
        matches_a_household=said["matches_a_household"],
        corrections={_pair(names): bits for names, bits in _arrays(said["corrections"]).items()},
    )


def version_of(text: str) -> str:
    """The version of a policy: the beginning of its text's hash."""
    return sha256(text.encode()).hexdigest()[:VERSION_LENGTH]


def _pair(names: str) -> tuple[str, str]:
    one, _, other = names.partition("|")
    return one, other


def _lists(by_field: Mapping[str, Probabilities]) -> dict[str, list[float]]:
    return {name: [_rounded(float(one)) for one in levels] for name, levels in by_field.items()}


def _arrays(by_field: Mapping[str, list[float]]) -> dict[str, Probabilities]:
    return {name: np.array(levels) for name, levels in by_field.items()}


def _rounded(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
