"""How fast `graph-cdp match` is, and how much memory it takes, by how many records there are; and Splink in the same run.

The stream of a French retailer is made by size, and matched by the command in a process of its own: once with training, once by the
policy that was learned. `--splink` lets Splink match the same cleaned values, where it is installed; its time is without cleaning.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.matching.data.stream import stream_rows
from graph_cdp.commands.match import match_command

SIZES = (100_000, 1_000_000)
SEED = 1
MEBIBYTE_KIB = 1024
WITH_TRAINING, BY_POLICY, SPLINK = "graph-cdp, training", "graph-cdp, learned before", "Splink"


def main() -> None:
    """Print a row for each size and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--splink", action="store_true", help="match with Splink, too")
    parser.add_argument("--folder", type=Path, help="keep the records here, and use them again")
    parser.add_argument("--one", nargs=2, metavar=("WAY", "RECORDS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(_measure(asked.one[0], Path(asked.one[1]))))
        return
    print("| records | by | seconds | records/s | time a record, of that of the size before | peak MiB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        before: dict[str, float] = {}
        for size in sorted(asked.sizes):
            path = _write(asked.folder or Path(scratch), size)
            for way in (WITH_TRAINING, BY_POLICY, SPLINK)[: 2 + asked.splink]:
                print(_row(way, size, path, before), flush=True)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)


def _write(folder: Path, size: int) -> Path:
    """The file of so many records, made if it is not there."""
    path = folder / f"stream-{size}.csv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        with half.open("w", encoding="utf-8", newline="") as file:
            rows = (row for row, _ in islice(stream_rows(size, seed=SEED), size))
            first = next(rows)
            writer = csv.DictWriter(file, list(first), lineterminator="\n")
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(rows)
        half.rename(path)
    return path


def _row(way: str, size: int, path: Path, before: dict[str, float]) -> str:
    command = [sys.executable, "-m", "benchmarks.matching.speed", "--one", way, str(path)]
    found = json.loads(
        subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
    )
    each = found["seconds"] / size
    growth = f"{each / before[way]:.2f} x" if way in before else ""
    before[way] = each
    return f"| {size:,} | {way}{found['note']} | {found['seconds']:.1f} | {1 / each:,.0f} | {growth} | {found['mebibytes']:,} |"


def _measure(way: str, path: Path) -> dict[str, float | str]:
    """Match in this process, so that its peak of memory is that of one matching. From file to file; Splink from cleaned values."""
    note = ""
    if way == SPLINK:
        from benchmarks.matching.peers.by_splink import PAIRS_FOR_U, Splink  # noqa: PLC0415 - only where it is installed

        peer = Splink(path)
        started = time.perf_counter()
        peer.train()
        trained = time.perf_counter() - started
        peer.clusters()
        note = f", of which training {trained:.1f} s (u of max_pairs={PAIRS_FOR_U:.0e})"
    else:
        policy, out = path.with_suffix(".policy.yaml"), path.with_suffix(".clusters.csv")
        started = time.perf_counter()
        if way == WITH_TRAINING:
            match_command([path], out=out, save_policy=policy)
        else:
            match_command([path], out=out, policy=policy)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE_KIB
    return {"seconds": seconds, "mebibytes": peak, "note": note}


if __name__ == "__main__":
    main()
