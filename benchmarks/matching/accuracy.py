"""What `graph-cdp match` finds by default, without any training data, in data that are made; and what Splink finds in the same.

Each set is made by a seed, matched in a process of its own, and held to its truth. `--splink` matches it with Splink too, in the
same run, where it is installed (`pip install splink pandas`); it is no dependency. `--out` keeps the records and the truth as files.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.matching.data.administrative import make_administrative
from benchmarks.matching.data.census import make_census
from benchmarks.matching.data.stream import make_stream
from benchmarks.matching.data.words import Row
from graph_cdp.bulk.files import read_table
from graph_cdp.bulk.match import match_tables
from graph_cdp.matching.evaluation import evaluate
from graph_cdp.matching.linkage.policy import MatchPolicy

Made = tuple[list[Row], list[str]]
SETS: Mapping[str, Callable[[int], Made]] = {
    "census": lambda seed: make_census(2_900, seed=seed),
    "administrative": lambda seed: make_administrative(13_000, seed=seed),
    "stream": lambda seed: make_stream(50_000, seed=seed),
    "stream-1m": lambda seed: make_stream(1_000_000, seed=seed),
}
USUAL = ("census", "administrative", "stream")
MEBIBYTE_KIB = 1024


def main() -> None:
    """Print a row for each set and seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=USUAL)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--out", type=Path, help="keep <set>-<seed>.csv and <set>-<seed>-truth.csv here")
    parser.add_argument("--splink", action="store_true", help="match with Splink, too")
    parser.add_argument("--one", nargs=3, metavar=("WHO", "RECORDS", "TRUTH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        who, records, truth = asked.one
        print(json.dumps(_measure(who, Path(records), Path(truth))))
        return
    print(
        "| data | records | by | precision | recall | F1 | B-cubed F1 | seconds | MiB |\n|---|---|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for name in asked.sets:
            for seed in asked.seeds:
                files = _write(asked.out or Path(scratch), f"{name}-{seed}", SETS[name](seed))
                for who in ("graph-cdp", "Splink")[: 1 + asked.splink]:
                    print(_row(name, seed, who, files), flush=True)


def _write(folder: Path, name: str, made: Made) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    records, truth = folder / f"{name}.csv", folder / f"{name}-truth.csv"
    with records.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(made[0][0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(made[0])
    with truth.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("record_id", "cluster_id"))
        rows.writerows((row["record_id"], person) for row, person in zip(*made, strict=True))
    return records, truth


def _row(name: str, seed: int, who: str, files: tuple[Path, Path]) -> str:
    command = [sys.executable, "-m", "benchmarks.matching.accuracy", "--one", who, *map(str, files)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cells = json.loads(answer.splitlines()[-1])
    shown = " | ".join(f"{cells[key]:.4f}" for key in ("precision", "recall", "f1", "b_cubed"))
    return f"| {name}, seed {seed} | {cells['records']:,} | {who} | {shown} | {cells['seconds']:.1f} | {cells['mebibytes']:,} |"


def _measure(who: str, records: Path, truth: Path) -> dict[str, float]:
    """Match in this process, so that its peak of memory is that of one matching."""
    started = time.perf_counter()
    found = _by_splink(records) if who == "Splink" else _by_us(records)
    seconds = time.perf_counter() - started
    with truth.open(encoding="utf-8", newline="") as file:
        true = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    result = evaluate([found[id_] for id_ in true], list(true.values()))
    return {
        "records": len(true),
        "precision": result.pairwise.precision,
        "recall": result.pairwise.recall,
        "f1": result.pairwise.f1,
        "b_cubed": result.b_cubed.f1,
        "seconds": seconds,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE_KIB,
    }


def _by_us(records: Path) -> dict[str, str]:
    matched = match_tables([read_table(records)], MatchPolicy())
    return dict(zip(matched.records.ids, matched.clusters, strict=True))


def _by_splink(records: Path) -> dict[str, str]:
    from benchmarks.matching.peers.by_splink import match_by_splink  # noqa: PLC0415 - only where it is installed

    return match_by_splink(records)


if __name__ == "__main__":
    main()
