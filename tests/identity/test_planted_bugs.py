"""Would the tests notice? Each bug is planted, and the comparison with brute force must find it."""

import builtins
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from graph_cdp.identity import claims, conflicts, judgement, matches, verdicts
from graph_cdp.identity.facts import Limit, values_max
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.resolve import resolve
from tests.identity.reference import Reference, answer_of
from tests.identity.strategies import VALUES, Case, cases

FIRST_FOUND = settings(
    max_examples=5_000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def _backwards(things: Iterable[Any], **options: Any) -> list[Any]:
    options["reverse"] = not options.get("reverse", False)
    return builtins.sorted(things, **options)


def _one_too_many(limit: Limit, policy: Policy) -> int:
    return values_max(limit, policy) + 1


def _nothing(*_: object) -> Iterator[Any]:
    return iter(())


def _nobody(*_: object) -> int:
    return 0


BUGS: dict[str, tuple[object, str, object]] = {
    "a limit off by one": (conflicts, "values_max", _one_too_many),
    "a tie of matches reversed": (matches, "sorted", _backwards),
    "ranks from the weakest to the strongest": (claims, "sorted", _backwards),
    "the oldest verdict wins": (verdicts, "sorted", _backwards),
    "vetoes forgotten": (judgement, "vetoes", _nothing),
    "evidence tested alone only": (judgement, "_together", _nothing),
    "told-apart people not counted": (judgement, "told_apart", _nobody),
}

KINDS = {"a limit off by one": ("user_id", "email"), "a tie of matches reversed": ("user_id",)}
"""Where a bug is found soonest."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, planted = BUGS[bug]
    monkeypatch.setattr(module, name, planted, raising=False)

    def differs(case: Case) -> bool:
        resolution = resolve(case.records, case.verdicts, case.edges, case.policy)
        return answer_of(resolution) != Reference(case).answer()

    assert differs(find(cases(kinds=KINDS.get(bug, VALUES)), differs, settings=FIRST_FOUND))
