"""The third explanation of a pair: neither one person nor two strangers, but two who live together.

They share surname, address, phone, often the e-mail and the loyalty card; given name and date of birth tell them apart. Weights
against strangers alone join families (a pair of siblings has 30 bits more than chance). So a match must also be likelier than
a household: this is a veto by different given names that is soft, and can be explained.

How often the levels come out for two who live together is learned with m: father and son of one name are kin, not one person whose
date of birth is mistyped, and only the data tell how many there are. The two explain the same pairs about equally well, so a
floor decides: two who live together have one given name at least as often as any two.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.comparisons import UNKNOWN
from graph_cdp.matching.linkage.fields import Field, Kind

Probabilities = NDArray[np.float64]

MATCHES_A_HOUSEHOLD = 3.0
"""How many pairs of one person there are for a pair of two who live together, among those that share what people share."""

USUAL_PAIRS = 200.0
"""How many pairs of the data the usual probabilities count for."""

_BY_KIND: Mapping[Kind, tuple[float, ...]] = {
    "given_name": (0.911, 0.06, 0.006, 0.02, 0.003),
    "birth_date": (0.925, 0.04, 0.02, 0.015),
    "year": (0.72, 0.15, 0.09, 0.04),
    "gender": (0.55, 0.45),
}
_BY_MEANING: Mapping[str, tuple[float, ...]] = {
    "email": (0.84, 0.01, 0.15),
    "phone": (0.49, 0.01, 0.5),
    "loyalty_card": (0.49, 0.01, 0.5),
    "national_id": (0.998, 0.001, 0.001),
}
"""How often the levels of a comparison come out for two who live together: of what the others share it says nothing."""


def of_household(field: Field) -> Probabilities | None:
    """The probability of each level for two who live together; None where the field tells them apart as little as one person."""
    found = _BY_MEANING.get(field.meaning) or _BY_KIND.get(field.kind)
    return None if found is None else np.array(found)


def learned_household(
    levels: NDArray[np.int64], of_kin: Probabilities, *, usual: Probabilities, equal_min: float
) -> Probabilities:
    """The probability of each level for two who live together, from how many such pairs have each combination of levels.

    `equal_min`: what that of the highest is at least.
    """
    known = levels != UNKNOWN
    seen = np.bincount(levels[known], weights=of_kin[known], minlength=len(usual))
    found = (seen + USUAL_PAIRS * usual) / (seen.sum() + USUAL_PAIRS)
    highest = max(float(found[-1]), equal_min)
    rest = found[:-1] * (1 - highest) / found[:-1].sum()
    return np.append(rest, highest)
