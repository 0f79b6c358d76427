"""What the frequency of a value adds to the weight of its equality (Winkler 1989): two who are both called Zéphyrine are one person
sooner than two who are both called Marie.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, Levels
from graph_cdp.matching.linkage.frequencies import FREQUENCY_KINDS
from graph_cdp.matching.linkage.training import Model


def frequency_bits(
    columns: Sequence[Column], gammas: Mapping[str, Levels], model: Model, left: Codes
) -> NDArray[np.float64]:
    """The bits that each pair's equal values add by the frequencies that were learned, all fields together; `left` is the first
    record of each pair.
    """
    bits = np.zeros(len(left))
    for column in columns:
        if column.field.kind in FREQUENCY_KINDS:
            equal = gammas[column.field.name] == len(COMPARISONS[column.field.kind].levels) - 1
            shares = model.frequencies[column.field.name].of_values(column.values)
            bits[equal] += np.log2(model.u[column.field.name][-1] / shares[column.codes[left[equal]]])
    return bits
