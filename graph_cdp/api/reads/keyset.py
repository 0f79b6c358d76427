"""The parameters of a page: where the last one ended, and how many rows follow."""

from typing import TypedDict

from graph_cdp.api.connections import Page
from graph_cdp.ids import Millis

SMALLEST, LARGEST = -(2**63), 2**63 - 1
"""Before and after all times: Cypher's integers have 64 bits."""


class Ascending(TypedDict):
    """Parameters of a list that starts with the oldest."""

    after_at: Millis
    after_id: str
    row_limit: int


class Descending(TypedDict):
    """Parameters of a list that starts with the newest."""

    before_at: Millis
    before_id: str
    row_limit: int


def ascending(page: Page) -> Ascending:
    """Start after the page's cursor, oldest first; one row more than the page says whether more follow."""
    at, id_ = (page.after.at, page.after.id) if page.after else (SMALLEST, "")
    return Ascending(after_at=at, after_id=id_, row_limit=page.size + 1)


def descending(page: Page) -> Descending:
    """Start after the page's cursor, newest first; one row more than the page says whether more follow."""
    at, id_ = (page.after.at, page.after.id) if page.after else (LARGEST, "")
    return Descending(before_at=at, before_id=id_, row_limit=page.size + 1)
