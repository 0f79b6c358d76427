"""The whole year: what all households did, as files of sources and calls of the site, and what is true of it.

The truth says which human each source record is. It is kept beside the data and never loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph_cdp.demo.retailer.households import build_household
from graph_cdp.demo.retailer.loyalty import enrol
from graph_cdp.demo.retailer.site import visit_site
from graph_cdp.demo.retailer.tills import go_shopping
from graph_cdp.demo.retailer.written import STORES, Row, Written
from graph_cdp.demo.scenes import Call

WHOLE_HOUSEHOLDS = 730
SAMPLE_HOUSEHOLDS = 40
"""A sample is a part of the whole: each household has a seed of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """All that is written down, `rows` by file and the site's `calls` in the order of their times; and what is true.

    `human_of` says which human each record is, without the records that are of more than one. `tablets` are the devices
    that two people sign in on.
    """

    rows: Mapping[str, tuple[Row, ...]]
    calls: tuple[Call, ...]
    human_of: Mapping[str, int]
    tablets: tuple[str, ...]


def live_a_year(households: int) -> Year:
    """The year of the first so many households: the same on every machine."""
    written = Written()
    written.files["stores"].extend(STORES)
    for number in range(households):
        home = build_household(number)
        enrol(home, written)
        go_shopping(home, written)
        visit_site(home, written)
    return Year(
        rows={name: tuple(rows) for name, rows in written.files.items()},
        calls=tuple(sorted(written.calls, key=lambda call: (call.at, call.message_id))),
        human_of={key: human for key, human in written.human_of.items() if human is not None},
        tablets=tuple(written.tablets),
    )
