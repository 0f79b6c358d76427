"""What a cluster of records is known by: the values, names and dates that may tell it apart from another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graph_cdp.identity.model import EvidenceRecord
from graph_cdp.identity.policy import Policy
from graph_cdp.matching.names import fold

CUSTOMER_ID = "customer_id"
ALIAS = "alias"

FoldedName = tuple[str, str]
"""A given name and a surname, folded; an empty surname is unknown."""


class Limit(NamedTuple):
    """What a person may hold a limited number of: values of a kind, or row keys of one source."""

    kind: str
    source: str = ""

    def __str__(self) -> str:
        """The form in which a reason names it: `user_id`, `customer_id:crm`."""
        return f"{self.kind}:{self.source}" if self.source else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the records of one cluster say together.

    `vetoed` are the records (by index) that a human parted from a record of this cluster.
    """

    values: Mapping[Limit, frozenset[str]]
    names: frozenset[FoldedName]
    birth_dates: frozenset[str]
    vetoed: frozenset[int]


def facts_of(record: EvidenceRecord, vetoed: Iterable[int], policy: Policy) -> Facts:
    """The facts of one record."""
    values: dict[Limit, set[str]] = {}
    for holding in record.holdings:
        limit = limit_of(holding.identifier.kind, holding.identifier.value, policy)
        if limit:
            values.setdefault(limit, set()).add(holding.identifier.value)
    surname = fold(record.surname) if record.surname else ""
    names = ((fold(name), surname) for name in record.given_names)
    return Facts(
        values={limit: frozenset(held) for limit, held in values.items()},
        names=frozenset(name for name in names if name[0]),
        birth_dates=frozenset((record.birth_date,) if record.birth_date else ()),
        vetoed=frozenset(vetoed),
    )


def united(parts: Iterable[Facts]) -> Facts:
    """The facts of one cluster made of several."""
    values: dict[Limit, set[str]] = {}
    names: set[FoldedName] = set()
    birth_dates: set[str] = set()
    vetoed: set[int] = set()
    for part in parts:
        for limit, held in part.values.items():
            values.setdefault(limit, set()).update(held)
        names |= part.names
        birth_dates |= part.birth_dates
        vetoed |= part.vetoed
    return Facts(
        values={limit: frozenset(held) for limit, held in values.items()},
        names=frozenset(names),
        birth_dates=frozenset(birth_dates),
        vetoed=frozenset(vetoed),
    )


def limit_of(kind: str, value: str, policy: Policy) -> Limit | None:
    """The limit that a value counts against; None when nothing restrains its kind."""
    if kind == ALIAS:
        return None
    if kind == CUSTOMER_ID:
        source = value.partition(":")[0]
        if source in policy.duplicate_free_sources:
            return Limit(CUSTOMER_ID, source)
    return Limit(kind) if policy.rule(kind).values_per_person is not None else None


def values_max(limit: Limit, policy: Policy) -> int:
    """How many values one person may hold; one key of a source without duplicates."""
    return 1 if limit.source else policy.rule(limit.kind).values_per_person or 1
