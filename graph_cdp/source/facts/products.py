"""Products as the rows that the query files take: what feeds state of them, and what messages mention. Pure.

A feed's statement is whole, and the newest wins. Messages mention a product in passing, some of its fields each: of a product
that no feed tells of each field keeps its newest word, by the day of the message and then by the word itself. So the order
of arrival does not matter, and a product that every order mentions is written once a day, not by every order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graph_cdp.source.facts.model import Product, Statement, Transaction
from graph_cdp.source.facts.rows import DAY_MS, Said, of_kind, properties, stated

MENTIONED = ("name", "brand", "category", "variant", "price", "size", "color", "url", "image_url")
"""The fields that messages mention; a currency belongs to its price."""

Word: TypeAlias = tuple[int, Any, str]
"""A value that was mentioned, behind its day (epoch milliseconds), and a price's currency: the greater is the newer."""


def introduced_rows(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Rows of `introduce_products`: the newest word of each field that messages mention."""
    mentioned: dict[str, dict[str, Word]] = {}
    for one in of_kind(statements, Product):
        if one.fact.introduces:
            _mention(mentioned, one.fact, one.by)
    for one in of_kind(statements, Transaction):
        for line in one.fact.lines:
            _mention(mentioned, Product(sku=line.sku, name=line.name), one.by)
    return [
        {
            "sku": sku,
            "words": [
                [name, f"{name}_at", day, value, currency or None]
                for name, (day, value, currency) in sorted(words.items())
            ],
        }
        for sku, words in sorted(mentioned.items())
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """What this process has committed of products that messages mention, so that a hot product is written once a day by it.

    To write the same words again would change nothing, whoever wrote of the product meanwhile. Of at most `skus_max`
    products, those that were mentioned last.
    """

    skus_max: int = 5_000
    rows: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def new(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows among these that say something else than what was committed."""
        return [row for row in rows if self.rows.get(row["sku"]) != row]

    def remember(self, rows: Sequence[dict[str, Any]]) -> None:
        """Once they are committed."""
        for row in rows:
            self.rows.pop(row["sku"], None)
            self.rows[row["sku"]] = row
        while len(self.rows) > self.skus_max:
            del self.rows[next(iter(self.rows))]


def _mention(mentioned: dict[str, dict[str, Word]], product: Product, by: Statement) -> None:
    words = mentioned.setdefault(product.sku, {})
    day = by.occurred_at // DAY_MS * DAY_MS
    for name in MENTIONED:
        value = getattr(product, name)
        if value is not None:
            word = day, value, (product.currency or "") if name == "price" else ""
            words[name] = max(word, words.get(name, word))


def product_row(said: Said[Product]) -> dict[str, Any]:
    """A row of `write_products`. What was mentioned before counts no more."""
    return {
        "sku": said.fact.sku,
        "properties": {
            **properties(said.fact, without=("sku", "introduces")),
            **dict.fromkeys(f"{name}_at" for name in MENTIONED),
        },
        **stated(said),
    }
