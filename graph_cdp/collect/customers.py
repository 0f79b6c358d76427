"""Whom a row is about: the record that it hangs on, and what identifies it. Pure."""

from collections.abc import Mapping

from graph_cdp.collect.cells import read_cell
from graph_cdp.collect.mapping import CustomerColumn
from graph_cdp.collect.row import Row
from graph_cdp.ids import RecordKey
from graph_cdp.intake.identifiers import RECORD_KINDS, Found, NoIdentity, customer_id
from graph_cdp.intake.record import add_customer

SPELLINGS: Mapping[str, str] = {
    **RECORD_KINDS, "loyalty_card": "loyalty_card", "national_id": "national_id", "customer_id": "customer_id",
}  # fmt: skip
"""What a row's record may be named by where its file has no customer number, and how the record's key spells it."""


def find_customer(row: Row, customer: CustomerColumn, *, found: Found, source: str) -> RecordKey:
    """The record that a row is about, whose identifier is added to `found`.

    A customer_id of the row's own source names that source's row; any other identifier names a record of its own, which
    is the same person as whoever holds the identifier, if identity agrees.

    Raises:
        NoIdentity: it is blank, a value such as 'null', or none of its kind.
    """
    raw = read_cell(row, customer.value)
    if customer.kind == "customer_id" and customer.collection in {None, source}:
        return add_customer(found, raw, source, what="customer_id")
    before = set(found.keys)
    if customer.kind == "customer_id":
        found.add(customer.kind, customer_id(customer.collection or source, raw, region=found.region))
    else:
        found.add(customer.kind, raw)
    for key in found.keys - before:
        return RecordKey(f"{source}:{SPELLINGS[key.kind]}:{key.value}")
    raise NoIdentity(
        f"The customer's {customer.kind} is blank, a value such as 'null' (which is nobody's), or none."
    )
