"""Percentiles of what was measured."""

from collections.abc import Sequence


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; they are sorted, and there is one at least."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def percentiles(ordered: Sequence[float], *shares: float) -> list[str]:
    """The same of several shares, for a table."""
    return [f"{percentile(ordered, share):.1f}" for share in shares]
