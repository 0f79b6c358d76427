"""What the rows of a file are, guessed from the names of its columns alone: customers, purchases, articles or stores."""

from collections.abc import Callable, Iterable, Mapping

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

_PERSONAL = {name: TRAITS[name] for name in ("first_name", "birth_date", "email", "loyalty_card")}


def guess_entity(columns: Iterable[str]) -> tuple[Entity, str]:
    """What the rows are, and why it is thought so."""
    names = list(columns)

    def finds(meanings: Mapping[str, str]) -> bool:
        return any(find_meaning(name, meanings) for name in names)

    return next((entity, why) for entity, why, fits in _KINDS if fits(finds))


Finds = Callable[[Mapping[str, str]], bool]
_DESCRIBED = {name: PRODUCT[name] for name in ("brand", "category", "price", "stock", "size", "color")}


def _only(meanings: Mapping[str, str], name: str) -> Mapping[str, str]:
    return {name: meanings[name]}


def _is_line(finds: Finds) -> bool:
    return finds(_only(TRANSACTION, "transaction_id")) and finds(_only(LINE, "line.sku"))


def _is_product(finds: Finds) -> bool:
    is_article = finds(_only(PRODUCT, "sku")) and finds(_DESCRIBED)
    return (
        is_article
        and not finds(_only(TRANSACTION, "transaction_id"))
        and not finds(_only(TRANSACTION, "customer_id"))
    )


def _is_store(finds: Finds) -> bool:
    is_of_customer = finds(_only(TRANSACTION, "customer_id")) or finds(_PERSONAL)
    return finds(_only(STORE, "code")) and not is_of_customer


_KINDS: tuple[tuple[Entity, str, Callable[[Finds], bool]], ...] = (
    ("transaction_line", "columns are called as numbers of purchases and of articles are", _is_line),
    ("product", "columns are called as numbers of articles and what describes them", _is_product),
    (
        "transaction",
        "a column is called as amounts are",
        lambda finds: finds(_only(TRANSACTION, "amount")),
    ),
    ("store", "a column is called as numbers of stores are, and none as a customer's", _is_store),
    ("record", "no column is called as amounts are", lambda _: True),
)
