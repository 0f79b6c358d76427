"""Splink on the same file, as its guides have it: typed comparisons, u from random pairs, m by EM, connected components at 0.95.

It is given what it asks its user for: values in one case, and dates of one form.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

from graph_cdp.bulk.files import read_table
from graph_cdp.bulk.records import read_records
from graph_cdp.matching.linkage.fields import Kind
from graph_cdp.matching.linkage.policy import MatchPolicy

PAIRS_FOR_U = 10_000_000
PROBABILITY = 0.95
NAMES: tuple[Kind, ...] = ("given_name", "surname")


def match_by_splink(path: Path) -> dict[str, str]:
    """The cluster of each record."""
    peer = Splink(path)
    peer.train()
    return peer.clusters()


class Splink:
    """Splink's linker over the cleaned records of a file."""

    def __init__(self, path: Path) -> None:
        self._splink: Any = importlib.import_module("splink")
        library: Any = importlib.import_module("splink.comparison_library")
        pandas: Any = importlib.import_module("pandas")
        records = read_records([read_table(path)], MatchPolicy())
        columns = {column.field.name.replace(" ", "_"): column for column in records.columns}
        cleaned = {
            name: [column.values[code] if code >= 0 else None for code in column.codes.tolist()]
            for name, column in columns.items()
        }
        kinds: dict[str, Kind] = {name: column.field.kind for name, column in columns.items()}
        self._rules = _rules(kinds)
        print("Splink:", self._rules, f"max_pairs={PAIRS_FOR_U:.0e}", file=sys.stderr)
        settings = self._splink.SettingsCreator(
            link_type="dedupe_only",
            comparisons=[_comparison(library, name, kind) for name, kind in kinds.items()],
            blocking_rules_to_generate_predictions=[self._splink.block_on(*rule) for rule in self._rules],
        )
        frame = pandas.DataFrame({"unique_id": records.ids, **cleaned})
        self._linker: Any = self._splink.Linker(self._splink.DuckDBAPI().register(frame), settings)

    def train(self) -> None:
        """Learn u from random pairs, and m of the pairs of three rules."""
        training = self._linker.training
        training.estimate_u_using_random_sampling(max_pairs=PAIRS_FOR_U, seed=1)
        for rule in self._rules[:3]:
            training.estimate_parameters_using_expectation_maximisation(self._splink.block_on(*rule))

    def clusters(self) -> dict[str, str]:
        """The cluster of each record."""
        predicted = self._linker.inference.predict(threshold_match_probability=PROBABILITY)
        found = self._linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, PROBABILITY
        ).as_pandas_dataframe()
        return dict(zip(found["unique_id"].astype(str), found["cluster_id"].astype(str), strict=True))


def _rules(kinds: dict[str, Kind]) -> list[tuple[str, ...]]:
    """Every identifier, and pairs of names, birth and postal code."""
    born = [name for name, kind in kinds.items() if kind in {"birth_date", "year"}]
    named = [name for name, kind in kinds.items() if kind in NAMES]
    placed = [name for name, kind in kinds.items() if kind == "postal_code"]
    pairs = [tuple(named), *((one, other) for one in named for other in (*born, *placed))]
    return [*pairs, *((name,) for name, kind in kinds.items() if kind == "identifier")]


def _comparison(library: Any, name: str, kind: Kind) -> Any:  # noqa: ANN401 - Splink declares no types
    if kind in {*NAMES, "text"}:
        return library.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
    if kind in {"birth_date", "identifier", "postal_code"}:
        return library.LevenshteinAtThresholds(name, [1, 2])
    return library.ExactMatch(name)
