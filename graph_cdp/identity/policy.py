"""The deterministic policy, as data: what each kind of identifier may join, and what it may not.

Kinds are judged by rank, the strongest (1) first. Every number here can be changed by making another policy;
none of them is written anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

RANK_WEAKEST = 99
"""Beyond every rank: `rank_max` of a policy that lets all kinds join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What the identifiers of one kind may do.

    `rank`: the order of judgement, 1 first. `values_per_person`: how many values of the kind one person may
    hold before a join is refused; None is any number. `shared_by_people`: people who live together share such
    values, so names and dates of birth are heeded. `people_per_value`: how many people whom something else
    tells apart may hold one value before it joins nobody; counted for the kinds that people share, a value of
    any other is one person's by nature and every conflict contests it. `is_device`: it names a browser or
    a phone, not a person. `makes_known`: whoever holds one is known, no longer anonymous. `window_days`: two
    holdings whose event times lie further apart than this do not join through it; None is no window.
    """

    kind: str
    rank: int
    values_per_person: int | None = None
    people_per_value: int | None = None
    shared_by_people: bool = False
    is_device: bool = False
    makes_known: bool = False
    window_days: int | None = None


USER_ID = KindRule(kind="user_id", rank=1, values_per_person=1, people_per_value=1, makes_known=True)
CUSTOMER_ID = KindRule(kind="customer_id", rank=2, people_per_value=1, makes_known=True)
EXTERNAL_ID = KindRule(kind="external_id", rank=3, values_per_person=1, people_per_value=1)
ALIAS = KindRule(kind="alias", rank=4)
LOYALTY_CARD = KindRule(kind="loyalty_card", rank=5, values_per_person=5, makes_known=True)
EMAIL = KindRule(
    kind="email", rank=6, values_per_person=5, people_per_value=5, shared_by_people=True, makes_known=True
)
PHONE = KindRule(
    kind="phone", rank=7, values_per_person=5, people_per_value=5, shared_by_people=True, makes_known=True
)
ANONYMOUS_ID = KindRule(
    kind="anonymous_id",
    rank=8,
    values_per_person=100,
    people_per_value=1,
    shared_by_people=True,
    is_device=True,
)
ADVERTISING_ID = replace(ANONYMOUS_ID, kind="advertising_id")

TELLS_APART = ("user_id", "loyalty_card", "email", "phone")
"""Kinds of which two people on one device hold different values: then the device joins them no more."""


def _by_kind(*rules: KindRule) -> Mapping[str, KindRule]:
    return MappingProxyType({rule.kind: rule for rule in rules})


KINDS = _by_kind(USER_ID, CUSTOMER_ID, ALIAS, LOYALTY_CARD, EMAIL, PHONE, ANONYMOUS_ID, ADVERTISING_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which evidence joins, and what restrains it.

    `kinds` has a rule for each kind by name; a kind that is not in it (a national number, the key of a partner)
    follows `other`. `duplicate_free_sources` declare that two of their rows are never one person.
    `tells_apart` are the kinds that a device is tested against. Match edges of `match_probability_join` and
    more join, those from `match_probability_review` on are shown to a human. A component of more than
    `component_records_max` records is left to a job. An identifier that was found with `people_capped` people whom
    something else tells apart (a shop's own phone) is capped: it joins nobody any more and is no longer followed, so
    that its next holder costs no more than the first. Kinds weaker than `rank_max` join nobody: while that job
    waits, `rank_max=1` lets new records join by verdict and user id only.
    """

    version: str = "1"
    kinds: Mapping[str, KindRule] = field(default_factory=lambda: KINDS)
    other: KindRule = EXTERNAL_ID
    duplicate_free_sources: frozenset[str] = frozenset()
    tells_apart: tuple[str, ...] = TELLS_APART
    match_probability_join: float = 0.95
    match_probability_review: float = 0.5
    component_records_max: int = 2_000
    people_capped: int = 25
    rank_max: int = RANK_WEAKEST

    def rule(self, kind: str) -> KindRule:
        """The rule of a kind; that of other external ids where the kind has none of its own."""
        return self.kinds.get(kind, self.other)


DEFAULT_POLICY = Policy()
