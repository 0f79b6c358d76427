"""`graph-cdp match`: which records of files are one person, without a database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Printed

from graph_cdp.commands.garbage import no_pauses
from graph_cdp.commands.sheets import require_writable

if TYPE_CHECKING:
    from graph_cdp.bulk.match import Matched
    from graph_cdp.matching.linkage.policy import MatchPolicy

BLOCKS_SHOWN_MAX = 5

FilesArgument = Annotated[
    list[Path], typer.Argument(help="CSV, JSON or Parquet, plain or compressed by gzip or zstd.")
]
OutOption = Annotated[Path, typer.Option(help="Where the clusters are written: record_id,cluster_id.")]
PolicyOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="What columns mean and how sure a join must be (YAML)."),
]
EdgesOption = Annotated[
    Path | None, typer.Option(help="Where the edges are written, with weights, and why some did not join.")
]
SavePolicyOption = Annotated[
    Path | None, typer.Option(help="Where the policy is written with what was learned, for --policy later.")
]
LabelsOption = Annotated[
    Path | None,
    typer.Option(
        help="Pairs that a human knows, to learn from: record_id_l,record_id_r,label (1 or 0); Splink's labels and a labelled "
        "sample are read, too."
    ),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(help="Where a page with charts is written: weights, thresholds, blocking, clusters (HTML)."),
]


@no_pauses()
def match_command(
    files: FilesArgument,
    *,
    out: OutOption,
    policy: PolicyOption = None,
    edges: EdgesOption = None,
    save_policy: SavePolicyOption = None,
    report: ReportOption = None,
    labels: LabelsOption = None,
) -> None:
    """Find the records of files that are one person, with no database and no training data.

    Columns are known by their names in several languages; a policy names those that are not. The probabilities are
    learned from the records themselves, so the same files give the same clusters. --labels teaches by pairs that a human knows:
    they change what is learned for all pairs that are like them, and decide nothing by themselves. --save-policy keeps what was learned:
    with it as --policy nothing is trained, and the same files give the same answer to the byte. --report draws what was
    learned and done, on one page that holds no value of any record.
    """
    from graph_cdp.bulk.cores import meanwhile
    from graph_cdp.bulk.files import read_table, write_columns, write_rows

    require_writable(out, edges, save_policy, report)
    reading = meanwhile(lambda: [read_table(file) for file in files])  # DuckDB hardly needs Python
    from graph_cdp.bulk.labels import read_labels
    from graph_cdp.bulk.match import match_tables
    from graph_cdp.matching.linkage.policy import MatchPolicy, parse_policy, write_policy

    console = Console(stderr=True, highlight=False)
    declared = parse_policy(policy.read_text("utf-8")) if policy else MatchPolicy()
    with console.status("reading files") as status:
        tables = reading.result()
        known = read_labels(labels) if labels else []
        matched = match_tables(tables, declared, labels=known, all_pairs=bool(report), progress=status.update)
    write_columns(out, {"record_id": matched.records.ids, "cluster_id": matched.clusters})
    if edges:
        write_rows(edges, ("left", "right", "weight", "probability", "refused"), _edge_rows(matched))
    if save_policy and matched.model:
        known = replace(declared, day_first=matched.records.day_first)
        text = write_policy(known, matched.model, matched.duplicate_free_sources)
        save_policy.write_text(text, "utf-8")
    if report:
        report.write_text(_page(matched, declared, files), "utf-8")
    _report(matched, declared, [table.told for table in tables if table.told], console)


def _page(matched: "Matched", policy: "MatchPolicy", files: Sequence[Path]) -> str:
    from graph_cdp.bulk.report import make_report
    from graph_cdp.bulk.report_page import render

    title = f"Matching of {', '.join(file.name for file in files)}"
    return render(make_report(matched, policy), title=title)


def _edge_rows(matched: "Matched") -> list[tuple[object, ...]]:
    ids = matched.records.ids
    reasons = {(one.edge.left, one.edge.right): one.reason for one in matched.refused}
    return [
        (ids[one.left], ids[one.right], one.weight, one.probability, reasons.get((one.left, one.right), ""))
        for one in matched.edges
    ]


def _report(matched: "Matched", policy: "MatchPolicy", guessed: Sequence[str], console: Console) -> None:
    from graph_cdp.bulk.sizes import in_ranges

    for sentence in guessed:
        console.print(f"[yellow]Guessed:[/yellow] {escape(sentence)}", soft_wrap=True)
    fields = ", ".join(f"{column.field.name} ({column.field.kind})" for column in matched.records.columns)
    console.print(f"Compared: {fields or 'nothing: no column says anything'}.", soft_wrap=True)
    for sentence in matched.records.told:
        console.print(f"[yellow]Columns:[/yellow] {escape(sentence)}", soft_wrap=True)
    if matched.duplicate_free_sources:
        console.print(
            f"Nobody is twice in: {', '.join(sorted(matched.duplicate_free_sources))} (declared, or found in the data; "
            "find_duplicate_free_sources in the policy).",
            soft_wrap=True,
        )
    if matched.labels:
        console.print(f"Labels: {matched.labels.told}", soft_wrap=True)
    people = sum(matched.sizes.values())
    table = Printed("records", "clusters", title=f"{len(matched.clusters):,} records are {people:,} people")
    for size, count in in_ranges(matched.sizes).items():
        table.add_row(size, f"{count:,}")
    console.print(table)
    for reason, count in sorted(Counter(one.reason for one in matched.refused).items()):
        console.print(f"{count:,} edges did not join: {reason}.")
    if matched.untrained:
        console.print(
            f"[yellow]Untrained:[/yellow] {'; '.join(matched.untrained)}. Hardly a pair of one person has these levels: "
            "they weigh what is usual.",
            soft_wrap=True,
        )
    _tell_not_compared(matched, policy, console)


def _tell_not_compared(matched: "Matched", policy: "MatchPolicy", console: Console) -> None:
    from graph_cdp.bulk.match import tell_limited

    if limited := tell_limited(matched, policy):
        console.print(limited, soft_wrap=True)
    left_out = [one for one in matched.blocked if one.blocks_left_out]
    for one in left_out[:BLOCKS_SHOWN_MAX]:
        console.print(
            f"[yellow]Left out:[/yellow] {one.blocks_left_out:,} blocks of {one.records_left_out:,} records with equal "
            f"{one.rule}; what only these would find is not found (block_records_max in the policy).",
            soft_wrap=True,
        )
