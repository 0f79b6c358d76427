"""What was learned, as text: a model is a version of the policy, kept so that a weight can be explained for ever."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS
from graph_cdp.matching.linkage.frequencies import Frequencies
from graph_cdp.matching.linkage.training import Model, Probabilities

DIGITS = 12
"""Significant digits that are kept: more than any weight shows."""

VERSION_LENGTH = 12


def write_model(model: Model) -> str:
    """A model as JSON: the same model, the same text."""
    return json.dumps(said_of(model), sort_keys=True, separators=(",", ":"))


def said_of(model: Model) -> dict[str, Any]:
    """A model as plain data, rounded to DIGITS."""
    return {
        "m": _lists(model.m),
        "u": _lists(model.u),
        "household": _lists({name: levels for name, levels in model.household.items() if levels is not None}),
        "prior": _rounded(model.prior),
        "matches_a_household": _rounded(model.matches_a_household),
        "corrections": _lists({"|".join(pair): bits for pair, bits in model.corrections.items()}),
        "frequencies": {
            name: {
                "rest": _rounded(of_field.rest),
                "shares": {value: _rounded(share) for value, share in of_field.shares.items()},
            }
            for name, of_field in model.frequencies.items()
        },
    }


def read_model(text: str) -> Model:
    """The model that `write_model` wrote."""
    return model_from(json.loads(text))


def rounded(model: Model) -> Model:
    """The model as it is after it was written and read: what is saved weighs to the byte what was used."""
    return model_from(said_of(model))


def model_from(said: Mapping[str, Any]) -> Model:
    """The model of what `said_of` told."""
    household = _arrays(said["household"])
    return Model(
        m=_arrays(said["m"]),
        u=_arrays(said["u"]),
        household={name: household.get(name) for name in said["m"]},
        prior=said["prior"],
        matches_a_household=said["matches_a_household"],
        corrections={_pair(names): bits for names, bits in _arrays(said["corrections"]).items()},
        frequencies={
            name: Frequencies(shares=of_field["shares"], rest=of_field["rest"])
            for name, of_field in said["frequencies"].items()
        },
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


def untrained(
    columns: Sequence[Column], levels: Mapping[str, NDArray[np.int64]], likely: Probabilities
) -> list[str]:
    """The levels that pairs have, though hardly one of one person does: they weigh what is usual, not what was learned.

    Of patterns of pairs: the levels of each, and the probabilities of its pairs added up.
    """
    return [
        f"{column.field.name}: {name}"
        for column in columns
        for place, name in enumerate(COMPARISONS[column.field.kind].levels)
        if (has := levels[column.field.name] == place).any() and likely[has].sum() < 1
    ]
