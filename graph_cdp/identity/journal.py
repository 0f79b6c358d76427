"""What the journal says of the evidence: opaque ids and codes only, never a value. Pure."""

from collections.abc import Mapping

from graph_cdp.identity.model import Evidence, RecordMatch, SameVerdict, SharedIdentifier
from graph_cdp.ids import IdentifierId, RecordId, RecordKey
from graph_cdp.source.model import IdentifierKey

EVIDENCE_MAX = 50
"""Pieces of evidence that one entry of the journal names: what a human can read."""


def describe(
    evidence: Evidence,
    *,
    identifier_ids: Mapping[IdentifierKey, IdentifierId],
    record_ids: Mapping[RecordKey, RecordId],
) -> str:
    """One piece of evidence: `email 5f0c…` (an identifier's id), `verdict …`, `match … …` (two records' ids)."""
    match evidence:
        case SharedIdentifier(identifier=identifier):
            return f"{identifier.kind} {identifier_ids[identifier]}"
        case SameVerdict(verdict_id=verdict_id):
            return f"verdict {verdict_id}"
        case RecordMatch(edge=edge):
            return f"match {record_ids[edge.left]} {record_ids[edge.right]} {edge.weight:.2f}"
