"""Phones without a country code are read as they are dialled in the country that their record names."""

import numpy as np

from graph_cdp.matching.countries import country_code
from graph_cdp.matching.linkage.cells import NOTHING, Cells, recode
from graph_cdp.matching.phones import e164


def with_country_codes(phones: Cells, countries: Cells, *, region: str) -> Cells:
    """The phones, those of records of another country than `region` in E.164 where they can be read there."""
    regions = [country_code(value) for value in countries.values]
    abroad = np.array([*(one is not None and one != region for one in regions), False])[countries.codes]
    some = np.flatnonzero(abroad & (phones.codes != NOTHING))
    width = max(1, len(regions))
    ways, back = np.unique(
        phones.codes[some].astype(np.int64) * width + countries.codes[some], return_inverse=True
    )
    numbers: list[int] = ways.tolist()
    written = [(phones.values[number // width], regions[number % width] or region) for number in numbers]
    read = [e164(phone, region=of_country) or phone for phone, of_country in written]
    codes = phones.codes.astype(np.int64)
    codes[some] = len(phones.values) + back
    together = Cells(codes=codes, values=[*phones.values, *read])
    return recode(together, together.values)
