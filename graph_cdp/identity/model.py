"""The nouns of identity: the evidence about records, and what was concluded from it.

Everything is a value: frozen, comparable, without a trace of the order in which it arrived.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from graph_cdp.ids import Millis, RecordKey
from graph_cdp.source.model import IdentifierKey


class Holding(NamedTuple):
    """A record holds an identifier; its source said so between these two event times, ends included.

    A tuple and no dataclass, since every resolution makes thousands: in C.
    """

    identifier: IdentifierKey
    first_seen_at: Millis = 0
    last_seen_at: Millis = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """What one source record contributes to identity: its valid holdings, names and date of birth.

    Names are as the source wrote them (they are folded here), `birth_date` is ISO 8601 as `normalise_trait`
    gives it. `source` and `trust` say where it comes from; neither joins anybody.
    """

    key: RecordKey
    holdings: tuple[Holding, ...] = ()
    given_names: tuple[str, ...] = ()
    surname: str | None = None
    birth_date: str | None = None
    source: str = ""
    trust: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A human's word on two sides of records: every record left with every record right.

    For one pair of records the newest verdict counts, at equal times *not same*.
    """

    id: str
    kind: Literal["same", "not_same"]
    left: frozenset[RecordKey]
    right: frozenset[RecordKey]
    at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEdge:
    """A probabilistic match of two records: its weight (log2 of the odds gained) and its probability."""

    left: RecordKey
    right: RecordKey
    weight: float
    probability: float

    @property
    def pair(self) -> tuple[RecordKey, RecordKey]:
        """Both records, the lower key first."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedIdentifier:
    """Evidence: records hold one identifier. `holders` are those whose holdings lie within its window.

    Of kind `alias` the holders are who claims the id and, where it is an anonymous id, who holds that.
    """

    identifier: IdentifierKey
    holders: frozenset[RecordKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class SameVerdict:
    """Evidence: a human said that these two records are one person."""

    verdict_id: str
    holders: frozenset[RecordKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMatch:
    """Evidence: two records match by what they say of their person."""

    edge: MatchEdge

    @property
    def holders(self) -> frozenset[RecordKey]:
        """The two records."""
        return frozenset((self.edge.left, self.edge.right))


Evidence = SharedIdentifier | SameVerdict | RecordMatch

ReasonCode = Literal[
    "VETO",
    "HELD_BY_TOO_MANY",
    "LIMIT_EXCEEDED",
    "REFUSED_BOTH_KNOWN",
    "DIFFERENT_VALUES",
    "GIVEN_NAMES_DIFFER",
    "BIRTH_DATES_DIFFER",
]
"""Why evidence joined nobody, the gravest first: a human said no; more people than one hold it; a person would
hold more values than allowed; an alias names another account; known users of a device hold different values;
their names or dates of birth clearly differ."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reason:
    """A reason, and the kind of identifier that it concerns: `LIMIT_EXCEEDED/user_id`."""

    code: ReasonCode
    kind: str = ""

    def __str__(self) -> str:
        """The form in which it is stored and shown."""
        return f"{self.code}/{self.kind}" if self.kind else self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Evidence that made one of several clusters: `parts` names each of them, as they stood at its rank, by
    its first record in order of keys.
    """

    evidence: Evidence
    parts: tuple[RecordKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Evidence that joins nobody, and why.

    `between` names one record on each side of a conflict that it would have bridged (the first in order of
    keys). `clusters` are the indices, in `Resolution.clusters`, of the people whom it touches. `asks_human`:
    whether a review task helps; not where a human has spoken, nor for a value that is nobody's own.
    """

    evidence: Evidence
    reason: Reason
    between: tuple[RecordKey, RecordKey]
    clusters: tuple[int, ...] = ()
    asks_human: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Records that are one person. `founder` is the record that a new person would be founded by."""

    records: frozenset[RecordKey]
    known: bool
    founder: RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One person holds more values of a kind than allowed, by evidence that no limit may take apart."""

    cluster: int
    kind: str
    values: int
    values_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """A match between two people that is too weak to join them: a human may look (`clusters`: their indices)."""

    edge: MatchEdge
    clusters: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who is who. The clusters partition the records that were given; everything is in a stable order."""

    clusters: tuple[Cluster, ...]
    joins: tuple[Join, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    possible: tuple[Possible, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def contested(self) -> frozenset[IdentifierKey]:
        """The identifiers that touch people who may not be one, and so join none of them."""
        return frozenset(
            refusal.evidence.identifier
            for refusal in self.refusals
            if isinstance(refusal.evidence, SharedIdentifier)
        )
