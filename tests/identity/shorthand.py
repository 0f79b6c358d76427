"""Evidence written short, for cases by hand."""

from graph_cdp.identity.model import EvidenceRecord, Holding, MatchEdge, Resolution, Verdict
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey

DAY_MS = 86_400_000


def record(key: str, *identifiers: str, first_name: str | None = None, day: int = 0) -> EvidenceRecord:
    """A record that holds identifiers written `kind:value`, seen on one day."""
    keys = (
        IdentifierKey(kind=kind, value=value)
        for kind, _, value in (one.partition(":") for one in identifiers)
    )
    return EvidenceRecord(
        key=RecordKey(key),
        holdings=tuple(
            Holding(identifier=one, first_seen_at=day * DAY_MS, last_seen_at=day * DAY_MS) for one in keys
        ),
        given_names=(first_name,) if first_name else (),
    )


def verdict(kind: str, left: str, right: str, at: int = 0) -> Verdict:
    """A human's word on records named by the letters of `left` and `right`."""
    return Verdict(
        id=f"{kind} {left} {right} {at}",
        kind="same" if kind == "same" else "not_same",
        left=frozenset(map(RecordKey, left)),
        right=frozenset(map(RecordKey, right)),
        at=at,
    )


def edge(left: str, right: str, weight: float, probability: float = 0.99) -> MatchEdge:
    """A match edge."""
    return MatchEdge(left=RecordKey(left), right=RecordKey(right), weight=weight, probability=probability)


def people(resolution: Resolution) -> list[str]:
    """The clusters, each as its records in order: `ab c`."""
    return ["".join(sorted(cluster.records)) for cluster in resolution.clusters]


def reasons(resolution: Resolution) -> list[str]:
    """The reasons of the refusals."""
    return [str(refusal.reason) for refusal in resolution.refusals]
