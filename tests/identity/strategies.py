"""What Hypothesis draws: evidence over few values, so that most cases hold conflicts, chains and contradictions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from graph_cdp.identity.model import EvidenceRecord, Holding, MatchEdge, Verdict
from graph_cdp.identity.policy import DEFAULT_POLICY, KINDS, Policy
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey

DAY_MS = 86_400_000

VALUES = {
    "user_id": ("u1", "u2"),
    "customer_id": ("crm:1", "crm:2", "pos:1"),
    "national_id": ("n1", "n2", "7583"),
    "alias": ("u1", "a1", "a2"),
    "loyalty_card": ("c1", "c2"),
    "email": ("e1", "e2", "e3", "e4", "e5", "e6", "e7"),
    "phone": ("p1", "p2", "p3"),
    "anonymous_id": ("a1", "a2", "u1"),
    "advertising_id": ("d1",),
}
GIVEN_NAMES = ("Anne", "Anna", "Paul", "Hugo", "Alexandre", "Alex", "Roux")
SURNAMES = ("Roux", "Petit", "Paul")
BIRTH_DATES = ("1980-05-04", "1980-04-05", "2001-11-30")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that `resolve` is given."""

    records: tuple[EvidenceRecord, ...]
    verdicts: tuple[Verdict, ...] = ()
    edges: tuple[MatchEdge, ...] = ()
    policy: Policy = DEFAULT_POLICY


def _holdings(kinds: Iterable[str]) -> st.SearchStrategy[Holding]:
    keys = [IdentifierKey(kind=kind, value=value) for kind in kinds for value in VALUES[kind]]
    weights = {"email": 1, "user_id": 3, "phone": 2}
    drawn = [key for key in keys for _ in range(weights.get(key.kind, 1))]
    return st.builds(_held, st.sampled_from(drawn), st.integers(0, 40), st.integers(0, 3))


def _held(key: IdentifierKey, first_day: int, days: int) -> Holding:
    return Holding(identifier=key, first_seen_at=first_day * DAY_MS, last_seen_at=(first_day + days) * DAY_MS)


def _records(key: str, kinds: Iterable[str]) -> st.SearchStrategy[EvidenceRecord]:
    return st.builds(
        EvidenceRecord,
        key=st.just(RecordKey(key)),
        holdings=st.lists(_holdings(kinds), max_size=5, unique_by=lambda one: one.identifier).map(tuple),
        given_names=st.lists(st.sampled_from(GIVEN_NAMES), max_size=1).map(tuple),
        surname=st.none() | st.sampled_from(SURNAMES),
        birth_date=st.none() | st.sampled_from(BIRTH_DATES),
    )


def _policies() -> st.SearchStrategy[Policy]:
    tight = {**KINDS, "email": replace(KINDS["email"], values_per_person=2, people_per_value=2)}
    one_holder = {kind: replace(KINDS[kind], people_per_value=1) for kind in ("email", "phone")}
    windows = {**KINDS, "phone": replace(KINDS["phone"], window_days=5)}
    return st.sampled_from(
        (
            DEFAULT_POLICY,
            Policy(kinds=tight),
            Policy(kinds=windows),
            Policy(kinds={**KINDS, **one_holder}),
            Policy(duplicate_free_sources=frozenset({"crm"})),
            Policy(rank_max=1),
        )
    )


@st.composite
def cases(draw: st.DrawFn, records_max: int = 7, kinds: Iterable[str] = tuple(VALUES)) -> Case:
    """Records that hold identifiers of these kinds, with verdicts and match edges among them."""
    keys = [RecordKey(f"s:row:{number}") for number in range(draw(st.integers(0, records_max)))]
    records = tuple(draw(_records(key, kinds)) for key in keys)
    if len(keys) < 2:
        return Case(records=records, policy=draw(_policies()))
    side = st.frozensets(st.sampled_from(keys), min_size=1, max_size=2)
    verdicts = st.builds(
        Verdict,
        id=st.sampled_from([f"v{number}" for number in range(9)]),
        kind=st.sampled_from(("same", "not_same")),
        left=side,
        right=side,
        at=st.integers(0, 3),
    )
    edges = st.builds(
        MatchEdge,
        left=st.sampled_from(keys),
        right=st.sampled_from(keys),
        weight=st.sampled_from((1.0, 2.0, 3.0)),
        probability=st.sampled_from((0.4, 0.7, 0.95, 0.99)),
    )
    return Case(
        records=records,
        verdicts=tuple(draw(st.lists(verdicts, max_size=3, unique_by=lambda one: one.id))),
        edges=tuple(draw(st.lists(edges, max_size=4, unique_by=lambda one: (one.left, one.right)))),
        policy=draw(_policies()),
    )
