"""`graph-cdp sample`: pairs for a human to label, so that precision can be estimated without a truth."""

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from graph_cdp.commands.sheets import open_sheet, require_writable
from graph_cdp.errors import Invalid
from graph_cdp.matching.sampling import Labelled, sample

EDGES = ("left", "right", "probability", "refused")
LABELS = ("left", "right", "stratum", "pairs_in_stratum", "is_match")
ANSWERS = {"1": True, "0": False, "yes": True, "no": False}
PAIRS = 200


class BadSample(Invalid):
    """A file of edges or labels does not say what is needed."""

    code = "INVALID_SAMPLE"


def sample_command(
    edges: Annotated[Path, typer.Argument(help="What `graph-cdp match --edges` wrote.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the pairs to label are written.")],
    pairs: Annotated[int, typer.Option(min=1, help="How many, about.")] = PAIRS,
) -> None:
    """Choose pairs for a human to label: 1 or yes where they are one person, 0 or no where they are not.

    As many of each stratum of probability; `graph-cdp evaluate` reads the labels and estimates precision, with its interval.
    """
    require_writable(out)
    joined = [
        (row["left"], row["right"], _probability(edges, line, row["probability"]))
        for line, row in _rows(edges, EDGES)
        if not row["refused"]
    ]
    chosen = sample(joined, pairs=pairs)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LABELS)
        writer.writerows((one.left, one.right, one.stratum, one.pairs, "") for one in chosen)
    Console(stderr=True, highlight=False).print(f"{len(chosen):,} of {len(joined):,} joining edges to label.")


def is_labels(path: Path) -> bool:
    """Whether a file is a sample, by its first line."""
    if not path.is_file():
        return False
    with open_sheet(path) as reader:
        return set(LABELS) <= set(reader.fieldnames or ())


def read_labels(path: Path) -> list[Labelled]:
    """What was labelled, by stratum.

    Raises:
        BadSample: a label is none, or a stratum has no label.
    """
    pairs: dict[str, int] = {}
    said: dict[str, list[bool]] = {}
    for line, row in _rows(path, LABELS):
        if not row["pairs_in_stratum"].isdecimal():
            raise BadSample(f"{path.name}, line {line}: pairs_in_stratum is no number.")
        pairs[row["stratum"]] = int(row["pairs_in_stratum"])
        answer = row["is_match"].strip().lower()
        if answer and answer not in ANSWERS:
            raise BadSample(f"{path.name}, line {line}: is_match is 1 or yes, 0 or no, or empty.")
        if answer:
            said.setdefault(row["stratum"], []).append(ANSWERS[answer])
    missing = sorted(pairs.keys() - said.keys())
    if missing or not pairs:
        raise BadSample(f"{path.name}: no pair of stratum {', '.join(missing) or 'any'} is labelled.")
    beyond = sorted(stratum for stratum, answers in said.items() if len(answers) > pairs[stratum])
    if beyond:
        raise BadSample(f"{path.name}: stratum {', '.join(beyond)} has more labels than pairs_in_stratum.")
    return [
        Labelled(pairs=pairs[stratum], labelled=len(answers), right=sum(answers))
        for stratum, answers in sorted(said.items())
    ]


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise BadSample(f"There is no file {path}.")
    with open_sheet(path) as reader:
        if not set(columns) <= set(reader.fieldnames or ()):
            raise BadSample(f"{path.name}: its first line must name the columns {', '.join(columns)}.")
        return list(enumerate(reader, start=2))


def _probability(path: Path, line: int, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadSample(f"{path.name}, line {line}: probability is no number.") from None
