"""The two doors of normalisation: every raw value, from any source, goes through one of them."""

from graph_cdp.matching.identifiers import Junk, Normalised, Outcome, Unusable, normalise_identifier
from graph_cdp.matching.traits import normalise_trait

__all__ = ["Junk", "Normalised", "Outcome", "Unusable", "normalise_identifier", "normalise_trait"]
