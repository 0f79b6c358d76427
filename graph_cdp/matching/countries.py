"""Countries: whatever a source writes, as ISO 3166-1 alpha-2, where that is certain."""

from collections.abc import Mapping

from graph_cdp.matching.country_names import COUNTRIES
from graph_cdp.matching.names import fold


def country_code(text: str) -> str | None:
    """The alpha-2 code of a country given by code or by its English or French name; None when uncertain."""
    return _CODES.get(fold(text))


def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for line in COUNTRIES.strip().splitlines():
        short, *names = line.split("|")
        alpha2, alpha3 = short.split()
        for name in (alpha2, alpha3, *names):
            codes[fold(name)] = alpha2
    return codes


_CODES = _codes()
