"""The catalogue: products and stores."""

import strawberry

from graph_cdp.api.node import Node
from graph_cdp.api.selection.fields import GlobalId, column, declared

GLOBAL = "The global id: opaque, unique over all types."


@strawberry.type(description="An article of the catalogue.")
class Product(Node):
    """A product."""

    id: strawberry.ID = declared(GLOBAL, GlobalId(cypher="it.sku"))
    sku: str = column("it.sku", "Its number: `SKU-1017`.")
    name: str | None = column("it.name", "Its name: `Linen shirt`.")
    brand: str | None = column("it.brand", "Its brand.")
    category: str | None = column("it.category", "Its category: `Shirts`.")
    variant: str | None = column("it.variant", "Its variant: `slim`.")
    price: float | None = column("it.price", "Its price, in units of `currency`.")
    currency: str | None = column("it.currency", "ISO 4217, for example `EUR`.")
    stock: int | None = column("it.stock", "How many are left: `12`.")
    size: str | None = column("it.size", "Its size: `M`.")
    color: str | None = column("it.color", "Its colour: `white`.")
    season: str | None = column("it.season", "Its season: `2026-summer`.")
    url: str | None = column("it.url", "Its page.")
    image_url: str | None = column("it.image_url", "Its picture.")
    introduced: bool = column(
        "coalesce(it.introduced, false)",
        "Whether only messages mentioned it, and no product feed told of it yet.",
    )


@strawberry.type(description="A store, where transactions are made.")
class Store(Node):
    """A store."""

    id: strawberry.ID = declared(GLOBAL, GlobalId(cypher="it.code"))
    code: str = column("it.code", "The code that tills and files call it: `LYON-2`.")
    name: str | None = column("it.name", "Its name: `Lyon Part-Dieu`.")
    kind: str | None = column("it.kind", "What kind it is: `franchise`, `outlet`.")
    street: str | None = column("it.street", "House number and street.")
    postal_code: str | None = column("it.postal_code", "Postal code: `69003`.")
    city: str | None = column("it.city", "Town: `Lyon`.")
    country: str | None = column("it.country", "Country, ISO 3166-1 alpha-2: `FR`.")
