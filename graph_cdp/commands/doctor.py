"""`graph-cdp doctor`: what is wrong here, and how to mend it."""

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from graph_cdp.doctor import Finding

MARKS = {"ok": "[green]ok  [/green]", "warn": "[yellow]warn[/yellow]", "fail": "[red]fail[/red]"}


def doctor_command(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as JSON, for programs.")
    ] = False,
) -> None:
    """Examine everything that can be wrong, and say how to mend it; change nothing.

    The machine (Python, Java, Maven, Docker, disk, memory, ports), the settings, the files, and the database: whether it
    answers, its version, clock, migrations, procedures, page cache, keys and identity. Exit code 1 when something
    fails; what only could be better is a warning. The answer holds no secret, so it can be pasted into an issue.
    """
    from pydantic import ValidationError

    from graph_cdp.doctor import examine
    from graph_cdp.doctor.finding import fail
    from graph_cdp.settings import Settings, unknown_settings

    try:
        findings = examine(Settings(), unknown_settings=unknown_settings())
    except ValidationError as error:
        mend = "Mend the variable; docs/reference/settings.md describes it."
        findings = [
            fail("settings", f"GRAPH_CDP_{str(told['loc'][0]).upper()}: {told['msg']}", mend)
            for told in error.errors()
        ]
    if as_json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    if any(finding.level == "fail" for finding in findings):
        raise typer.Exit(1)


def _print(findings: "list[Finding]") -> None:
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        console.print(f"{MARKS[finding.level]}  {finding.check:<12}  {escape(finding.text)}")
        if finding.mend:
            console.print(f"{'':20}[bold]{escape(finding.mend)}[/bold]")
    counts = {level: sum(finding.level == level for finding in findings) for level in MARKS}
    console.print(", ".join(f"{count} {level}" for level, count in counts.items()))
