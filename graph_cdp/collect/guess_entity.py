"""What the rows of a file are, guessed from the names of its columns alone: customers, purchases, articles or stores."""

from collections.abc import Iterable, Mapping

from graph_cdp.collect.column_names import LINE, PRODUCT, RECORD, STORE, TRAITS, TRANSACTION, find_meaning
from graph_cdp.collect.entities import Entity

CUSTOMER = ("loyalty_card", "email", "phone")
"""The identifiers by which a till knows whose a purchase is where it has no number of theirs, the surest first."""

_OF_CUSTOMERS = {name: TRAITS[name] for name in CUSTOMER}
_OF_WHOLE = {name: names for name, names in TRANSACTION.items() if name not in {"amount", "quantity"}}

MEANINGS: Mapping[Entity, Mapping[str, str]] = {
    "record": RECORD | TRAITS,
    "transaction": TRANSACTION | _OF_CUSTOMERS,
    "transaction_line": _OF_WHOLE | LINE | _OF_CUSTOMERS,
    "product": PRODUCT,
    "store": STORE,
}
"""What a column may mean, by what the rows are; consents, cases and companies are not guessed."""

_PERSONAL = {"first_name", "birth_date", "email", "loyalty_card"}
_DESCRIBING = {"brand", "category", "price", "stock", "size", "color"}


def guess_entity(columns: Iterable[str]) -> tuple[Entity, str]:
    """What the rows are, and why it is thought so."""
    names = list(columns)
    meant = {entity: {find_meaning(name, known) for name in names} for entity, known in MEANINGS.items()}
    of_sale = meant["transaction"]
    if {"transaction_id", "line.sku"} <= meant["transaction_line"]:
        return "transaction_line", "columns are called as numbers of purchases and of articles are"
    is_article = "sku" in meant["product"] and meant["product"] & _DESCRIBING
    if is_article and not of_sale & {"transaction_id", "customer_id"}:
        return "product", "columns are called as numbers of articles and what describes them"
    if "amount" in of_sale:
        return "transaction", "a column is called as amounts are"
    if "code" in meant["store"] and "customer_id" not in of_sale and not meant["record"] & _PERSONAL:
        return "store", "a column is called as numbers of stores are, and none as a customer's"
    return "record", "no column is called as amounts are"
