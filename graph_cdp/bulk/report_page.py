"""The report of a matching as one HTML page that needs nothing else: no script, no font, no network.

Bars are boxes with a width in per cent, so no library of charts is needed, and the page can be mailed or printed.
"""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from math import log10
from string import Template

from graph_cdp.bulk.report import BAR_BITS, Explained, Report

Cells = Sequence[str]


def render(report: Report, *, title: str) -> str:
    """The page."""
    page = Template(files("graph_cdp.bulk").joinpath("report.html").read_text("utf-8"))
    return page.substitute(
        title=escape(title),
        summary=_summary(report),
        warnings=_warnings(report),
        weights=_histogram(report),
        thresholds=_thresholds(report),
        levels=_levels(report),
        explained="".join(_explained(one) for one in report.explained) or "<p>No pair was compared.</p>",
        blocking=_blocking(report),
        sizes=_sizes(report),
    )


def _table(head: Iterable[str], rows: Iterable[Cells], *, kind: str = "") -> str:
    """A table; cells are HTML already."""
    heads = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _bar(share: float, *, kind: str = "") -> str:
    """A bar from the left; `share` of the room, 0 to 1."""
    return f'<span class="bar {kind}" style="width:{max(0.0, min(1.0, share)) * 100:.1f}%"></span>'


def _signed(bits: float, most: float) -> str:
    """A bar from the middle: to the right for a match, to the left against it."""
    width = min(1.0, abs(bits) / most) * 50 if most else 0
    left = 50 if bits >= 0 else 50 - width
    kind = "for" if bits >= 0 else "against"
    return f'<span class="axis"><span class="bar {kind}" style="left:{left:.1f}%;width:{width:.1f}%"></span></span>'


def _summary(report: Report) -> str:
    refused = "".join(
        f" {count:,} edges did not join: <code>{escape(reason)}</code>."
        for reason, count in sorted(report.refused.items())
    )
    return (
        f"<p><strong>{report.records:,} records</strong> of {report.sources:,} sources are "
        f"<strong>{report.people:,} people</strong>, joining from a probability of {report.threshold:g} on.{refused}</p>"
        + (f"<p>{escape(report.labels)}</p>" if report.labels else "")
    )


def _warnings(report: Report) -> str:
    said = [f"Untrained, so it weighs what is usual: {one}." for one in report.untrained]
    said += [
        f"{one.blocks_left_out:,} blocks of {one.records_left_out:,} records with equal {one.rule} were left out: what "
        "only these would find is not found (block_records_max)."
        for one in report.blocked
        if one.blocks_left_out
    ]
    return "".join(f'<p class="warning">{escape(one)}</p>' for one in [*said, report.limited] if one)


def _histogram(report: Report) -> str:
    most = max((pairs for _, pairs in report.weights), default=0)
    rows = [
        (
            f"{bits:+d} to {bits + BAR_BITS:+d}",
            f"{pairs:,}",
            _bar(log10(1 + pairs) / log10(1 + most) if most else 0),
        )
        for bits, pairs in report.weights
    ]
    return _table(("bits", "pairs", "on a logarithmic scale"), rows, kind="wide")


def _thresholds(report: Report) -> str:
    rows = [
        (
            f"{one.probability:g}",
            f"{one.pairs:,}",
            f"{one.precision:.4f}",
            f"{one.recall:.4f}",
            _bar(one.recall),
        )
        for one in report.thresholds
    ]
    hint = (
        "<p>No threshold reaches an estimated precision of 0.99: label a sample (<code>graph-cdp sample</code>).</p>"
        if report.suggested is None
        else f"<p>Suggested: <code>probability_join: {report.suggested:g}</code>, the lowest here whose estimated precision is "
        "0.99 or more.</p>"
    )
    head = ("from", "pairs", "precision (estimated)", "recall among compared pairs", "")
    return _table(head, rows, kind="wide") + (hint if report.thresholds else "")


def _levels(report: Report) -> str:
    most = max((abs(one.weight) for one in report.levels), default=0.0)
    rows = [
        (
            escape(one.field), escape(one.level), f"{one.pairs:,}", f"{one.m:.4g}", f"{one.u:.3g}",
            f"{one.weight:+.1f}", _signed(one.weight, most), f"{one.household_weight:+.1f}",
        )
        for one in report.levels
    ]  # fmt: skip
    head = ("field", "level", "pairs", "m", "u", "weight", "against strangers", "against kin")
    return _table(head, rows, kind="wide")


def _explained(one: Explained) -> str:
    most = max(abs(step.bits) for step in one.steps)
    rows = [
        (escape(step.field), escape(step.level), f"{step.bits:+.2f}", _signed(step.bits, most))
        for step in one.steps
    ]
    return (
        f"<h3>{escape(one.title)}</h3>{_table(('field', 'level', 'bits', ''), rows, kind='wide')}"
        f"<p>Against two strangers {one.weight:+.2f} bits, against two who live together {one.household:+.2f}: "
        f"probability {one.probability:.4f}.</p>"
    )


def _blocking(report: Report) -> str:
    most = max((one.pairs for one in report.blocked), default=0)
    rows = [
        (
            escape(one.rule),
            f"{one.pairs:,}",
            _bar(one.pairs / most if most else 0),
            f"{one.blocks_left_out:,}",
        )
        for one in sorted(report.blocked, key=lambda one: -one.pairs)
    ]
    return _table(("equal", "pairs", "", "blocks left out"), rows, kind="wide")


def _sizes(report: Report) -> str:
    most = max(report.sizes.values(), default=0)
    rows = [
        (size, f"{people:,}", _bar(log10(1 + people) / log10(1 + most) if most else 0))
        for size, people in report.sizes.items()
    ]
    return _table(("records", "people", "on a logarithmic scale"), rows, kind="wide")
