"""What is computed of a person's purchases when it is asked for."""

import strawberry

from graph_cdp.api.node import Timestamp
from graph_cdp.api.selection.fields import column, many

BASICS = """OPTIONAL MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[:MADE]->(bought:Transaction)
WHERE bought.kind IN ['order', 'return'] AND NOT coalesce(bought.status, '') IN ['cancelled', 'canceled']
WITH bought.currency AS currency,
     count(CASE bought.kind WHEN 'order' THEN 1 END) AS orders,
     count(CASE bought.kind WHEN 'return' THEN 1 END) AS returns,
     round(sum(CASE bought.kind WHEN 'order' THEN bought.amount END), 2) AS spent,
     round(sum(CASE bought.kind WHEN 'return' THEN bought.amount END), 2) AS returned,
     round(avg(CASE bought.kind WHEN 'order' THEN bought.amount END), 2) AS average_basket,
     min(CASE bought.kind WHEN 'order' THEN bought.occurred_at END) AS first_order_at,
     max(CASE bought.kind WHEN 'order' THEN bought.occurred_at END) AS last_order_at
ORDER BY currency
WITH sum(orders) AS orders, sum(returns) AS returns, min(first_order_at) AS first_order_at,
     max(last_order_at) AS last_order_at, collect({
       currency: currency, spent: toFloat(spent), returned: toFloat(returned), average_basket: toFloat(average_basket)
     }) AS money
WITH {orders: orders, returns: returns, first_order_at: first_order_at, last_order_at: last_order_at, money: money} AS it"""


@strawberry.type(description="What a person spent in one currency.")
class Money:
    """A row of `Basics.money`."""

    currency: str = column("it.currency", "ISO 4217: `EUR`.")
    spent: float = column("it.spent", "The total of all orders that were not cancelled: `1240.5`.")
    returned: float = column("it.returned", "The total of all returns: `80.0`.")
    average_basket: float | None = column(
        "it.average_basket", "The mean of an order: `62.03`; null without one."
    )


@strawberry.type(description="What is computed of a person's purchases; cancelled ones do not count.")
class Basics:
    """The basics."""

    orders: int = column("it.orders", "How many orders: `20`.")
    returns: int = column("it.returns", "How many returns: `1`.")
    first_order_at: Timestamp | None = column("it.first_order_at", "When the first order was.")
    last_order_at: Timestamp | None = column("it.last_order_at", "When the last order was.")
    money: list[Money] = many(
        "UNWIND parent.money AS it WITH it WHERE it.currency IS NOT NULL",
        "What was spent, one entry a currency.",
    )
