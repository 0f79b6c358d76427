"""Which records a shared identifier would join: its holders, within its window, an alias and what it names."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph_cdp.identity.facts import ALIAS
from graph_cdp.identity.model import EvidenceRecord, Holding
from graph_cdp.identity.policy import KindRule, Policy
from graph_cdp.ids import Millis
from graph_cdp.source.model import IdentifierKey

USER_ID, ANONYMOUS_ID = "user_id", "anonymous_id"

DAY_MS = 86_400_000

Holder = tuple[int, Holding]
"""A record, by its index, and what it says of the identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Records, by index, that one identifier says are one person. `names_user`: an alias that names an account."""

    identifier: IdentifierKey
    rule: KindRule
    holders: tuple[int, ...]
    names_user: bool = False


def claims_by_rank(
    records: Sequence[EvidenceRecord], policy: Policy, capped: Collection[IdentifierKey] = ()
) -> Iterator[list[Claim]]:
    """The claims of every identifier that two records or more hold, rank by rank, in a stable order.

    Those that are `capped` claim nothing.
    """
    holders: dict[tuple[str, str], list[Holder]] = {}
    for number, record in enumerate(records):
        for holding in record.holdings:
            if holding.identifier in capped:
                continue
            key = holding.identifier.kind, holding.identifier.value
            holders.setdefault(key, []).append((number, holding))
    by_rank: dict[int, list[Claim]] = {}
    for kind, value in sorted(holders):
        rule = policy.rule(kind)
        if kind == ALIAS:
            found = _alias(value, holders, rule)
        elif len(holders[kind, value]) > 1:
            found = _shared(kind, value, holders[kind, value], rule)
        else:
            continue
        by_rank.setdefault(rule.rank, []).extend(found)
    for rank in sorted(by_rank):
        if rank <= policy.rank_max:
            yield by_rank[rank]


def _shared(kind: str, value: str, holders: Iterable[Holder], rule: KindRule) -> Iterator[Claim]:
    identifier = IdentifierKey(kind=kind, value=value)
    for group in _within_window(holders, rule.window_days):
        if len(group) > 1:
            yield Claim(identifier=identifier, rule=rule, holders=group)


def _alias(value: str, holders: dict[tuple[str, str], list[Holder]], rule: KindRule) -> Iterator[Claim]:
    """What an alias names is decided here, at each resolve: a user id if any record has it, else an anonymous id."""
    users, anonymous = holders.get((USER_ID, value), []), holders.get((ANONYMOUS_ID, value), [])
    together = [*holders[ALIAS, value], *(users or anonymous)]
    if users:
        identifier = IdentifierKey(kind=ALIAS, value=value)
        yield Claim(identifier=identifier, rule=rule, holders=_records(together), names_user=True)
    else:
        yield from _shared(ALIAS, value, together, rule)


def _within_window(holders: Iterable[Holder], window_days: int | None) -> Iterator[tuple[int, ...]]:
    """Holders in groups: from one group to the next no two holdings lie within the window."""
    if window_days is None:
        yield _records(holders)
        return
    window: Millis = window_days * DAY_MS
    group: list[Holder] = []
    seen_until: Millis = 0
    for number, holding in sorted(holders, key=lambda holder: (holder[1].first_seen_at, holder[0])):
        if group and holding.first_seen_at - seen_until > window:
            yield _records(group)
            group = []
        seen_until = max(seen_until, holding.last_seen_at) if group else holding.last_seen_at
        group.append((number, holding))
    yield _records(group)


def _records(holders: Iterable[Holder]) -> tuple[int, ...]:
    return tuple(sorted({number for number, _ in holders}))
