"""`graph-cdp evaluate`: how good clusters are, against the truth."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from graph_cdp.commands.sample import is_labels, read_labels
from graph_cdp.commands.sheets import open_sheet
from graph_cdp.errors import Invalid
from graph_cdp.matching.evaluation import Evaluation, Score, evaluate
from graph_cdp.matching.sampling import estimate

COLUMNS = ("record_id", "cluster_id")


class BadClusters(Invalid):
    """A file of clusters does not say which record is in which cluster."""

    code = "INVALID_CLUSTERS"


def evaluate_command(
    clusters: Annotated[
        Path,
        typer.Argument(help="What was found: CSV with record_id,cluster_id; or a labelled sample, alone."),
    ],
    truth: Annotated[Path | None, typer.Argument(help="What is true, likewise.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON, for programs.")] = False,
) -> None:
    """Compare clusters with the truth: pairwise and B-cubed precision, recall and F1.

    Both files must be about the same records. Of a sample that was labelled (`graph-cdp sample`), given alone, the precision
    of all joining edges is estimated, with its 95% interval.
    """
    if truth is None:
        _print_estimate(clusters, as_json=as_json)
        return
    found, true = read_clusters(clusters), read_clusters(truth)
    differ = found.keys() ^ true.keys()
    if differ:
        raise BadClusters(
            f"{len(differ):,} records are in only one of the files; both must be about the same records."
        )
    result = evaluate(list(found.values()), [true[record_id] for record_id in found])
    if as_json:
        print(json.dumps(_as_dict(result), indent=2))
    else:
        _print(result)


def _print_estimate(path: Path, *, as_json: bool) -> None:
    if path.is_file() and not is_labels(path):
        raise BadClusters(f"{path.name} is no labelled sample: name the truth, too.")
    strata = read_labels(path)
    found = estimate(strata)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), indent=2))
        return
    labelled, pairs = sum(one.labelled for one in strata), sum(one.pairs for one in strata)
    Console(highlight=False).print(
        f"Precision of {pairs:,} edges: {found.precision:.4f}, 95% between {found.low:.4f} and {found.high:.4f} "
        f"({labelled:,} labels).",
        soft_wrap=True,
    )


def read_clusters(path: Path) -> dict[str, str]:
    """The cluster of each record of a file.

    Raises:
        BadClusters: a column is missing, a record is there twice, or the file is no CSV.
    """
    if not path.is_file():
        raise BadClusters(f"There is no file {path}.")
    found: dict[str, str] = {}
    with open_sheet(path) as reader:
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise BadClusters(f"{path.name}: its first line must name the columns {' and '.join(COLUMNS)}.")
        for line, row in enumerate(reader, start=2):
            record_id, cluster_id = row["record_id"], row["cluster_id"]
            if not record_id or not cluster_id:
                raise BadClusters(f"{path.name}, line {line}: record_id or cluster_id is empty.")
            if record_id in found:
                raise BadClusters(f"{path.name}, line {line}: this record is there already.")
            found[record_id] = cluster_id
    return found


def _as_dict(result: Evaluation) -> dict[str, object]:
    told = dataclasses.asdict(result)
    for name, score in (("pairwise", result.pairwise), ("b_cubed", result.b_cubed)):
        told[name]["f1"] = score.f1
    return told


def _print(result: Evaluation) -> None:
    table = Table("", "precision", "recall", "F1")
    for name, score in (("pairwise", result.pairwise), ("B-cubed", result.b_cubed)):
        table.add_row(name, *(f"{value:.4f}" for value in _values(score)))
    console = Console()
    console.print(table)
    console.print(
        f"{result.records:,} records; {result.clusters_found:,} clusters found, {result.clusters_true:,} true; "
        f"{result.pairs_found:,} pairs found, {result.pairs_true:,} true.",
        soft_wrap=True,
    )


def _values(score: Score) -> tuple[float, float, float]:
    return score.precision, score.recall, score.f1
