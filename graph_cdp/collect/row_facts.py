"""What a row states beside who somebody is: a purchase, a consent, a case, a firm, an article, a store. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import fsum
from typing import get_args

from graph_cdp.collect.cells import (
    BadCell,
    read_cell,
    read_count,
    read_currency,
    read_key,
    read_number,
    read_optional_key,
    read_satisfaction,
    read_text,
    read_time,
    read_word,
    require_word,
)
from graph_cdp.collect.entities import Entity
from graph_cdp.collect.line_groups import RowGroup
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import Row
from graph_cdp.errors import Invalid
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.limits import NAME_CHARACTERS_MAX
from graph_cdp.matching.normalise import normalise_trait
from graph_cdp.source.facts.model import (
    Case,
    CaseKind,
    Channel,
    Company,
    Consent,
    ConsentState,
    Fact,
    LawfulBasis,
    Line,
    Product,
    Store,
    Transaction,
    TransactionKind,
    number_key,
)

OBJECTIONS: frozenset[ConsentState] = frozenset({"refused", "withdrawn"})
"""What holds for the whole person where a row does not say which contact point it is about. A yes to nothing is none."""


def read_fact(row: Row | RowGroup, mapping: FileMapping, *, found: Found, source: str) -> Fact:
    """The fact that a row states. The contact point that a consent is about is added to `found`.

    Raises:
        NoIdentity: what it is about has no number.
        BadCell: a cell does not hold what the mapping says.
        BadTime: likewise, of a time.
    """
    if isinstance(row, RowGroup):
        return _with_lines(row, mapping, source)
    if mapping.entity == "consent":
        return _consent(row, mapping, found)
    if mapping.entity == "store":
        return _store(row, mapping, region=found.region)
    return _READERS[mapping.entity](row, mapping, source)


def _text(row: Row, mapping: FileMapping, name: str) -> str | None:
    return read_text(row, mapping.values.get(name), name=name)


def _number(row: Row, mapping: FileMapping, name: str) -> float | None:
    return read_number(row, mapping.values.get(name), mapping, name=name)


def _transaction(row: Row, mapping: FileMapping, source: str) -> Transaction:
    values = mapping.values
    number = read_key(row, values["transaction_id"], name="transaction_id")
    returned = read_optional_key(row, values.get("returns"), name="returns")
    return Transaction(
        key=number_key(source, number),
        kind=read_word(row, values.get("kind"), get_args(TransactionKind), name="kind") or "order",
        amount=_number(row, mapping, "amount"),
        currency=read_currency(row, mapping),
        quantity=read_count(row, values.get("quantity"), name="quantity"),
        status=_text(row, mapping, "status"),
        tax=_number(row, mapping, "tax"),
        shipping=_number(row, mapping, "shipping"),
        discount=_number(row, mapping, "discount"),
        coupon=_text(row, mapping, "coupon"),
        store=read_optional_key(row, values.get("store"), name="store"),
        returns=number_key(source, returned) if returned else None,
    )


def _with_lines(group: RowGroup, mapping: FileMapping, source: str) -> Transaction:
    """A transaction as its first row says, with the lines of all; what no column says of it is the sum of its lines."""
    whole = _transaction(group.rows[0], mapping, source)
    lines = tuple(_line(row, mapping) for row in group.rows)
    amount, quantity = whole.amount, whole.quantity
    if "amount" not in mapping.values and all(line.unit_price is not None for line in lines):
        amount = round(fsum(line.quantity * (line.unit_price or 0) for line in lines), 8)
    if "quantity" not in mapping.values and all(line.quantity.is_integer() for line in lines):
        quantity = int(sum(line.quantity for line in lines))
    return replace(whole, amount=amount, quantity=quantity, lines=lines)


def _line(row: Row, mapping: FileMapping) -> Line:
    try:
        quantity = read_number(row, mapping.line.get("quantity"), mapping, name="line.quantity")
        return Line(
            sku=read_key(row, mapping.line["sku"], name="line.sku"),
            name=read_text(row, mapping.line.get("name"), name="line.name"),
            quantity=1.0 if quantity is None else quantity,
            unit_price=read_number(row, mapping.line.get("unit_price"), mapping, name="line.unit_price"),
        )
    except Invalid as error:
        raise BadCell(f"Line {row.line}: {error.message} The whole transaction is left out.") from None


def _consent(row: Row, mapping: FileMapping, found: Found) -> Consent:
    values = mapping.values
    purpose = read_text(row, values.get("purpose"), name="purpose", characters_max=NAME_CHARACTERS_MAX)
    if purpose is None:
        raise BadCell("purpose is blank: a consent is for something.")
    state = require_word(row, values["state"], get_args(ConsentState), name="state")
    return Consent(
        purpose=purpose,
        channel=require_word(row, values["channel"], get_args(Channel), name="channel"),
        state=state,
        about=_about(row, mapping, found, state=state),
        lawful_basis=read_word(
            row, values.get("lawful_basis"), get_args(LawfulBasis), name="lawful_basis"
        )
        or "consent",
        notice_id=_text(row, mapping, "notice_id"),
        notice_version=_text(row, mapping, "notice_version"),
        method=_text(row, mapping, "method"),
        evidence=_text(row, mapping, "evidence"),
        jurisdiction=_text(row, mapping, "jurisdiction"),
    )  # fmt: skip


def _about(row: Row, mapping: FileMapping, found: Found, *, state: ConsentState) -> tuple[str, str] | None:
    about = mapping.about
    if about is None:
        return None
    alone = Found(region=found.region)
    alone.add(about.kind, row.cells[about.column])
    for key in alone.keys:
        found.keys.add(key)
        return key.kind, key.value
    if state in OBJECTIONS:
        return None
    raise BadCell(f"about holds no {about.kind}: a consent that is {state} is about a contact point.")


def _case(row: Row, mapping: FileMapping, source: str) -> Case:
    values = mapping.values
    return Case(
        key=number_key(source, read_key(row, values["case_id"], name="case_id")),
        kind=require_word(row, values["kind"], get_args(CaseKind), name="kind"),
        status=_text(row, mapping, "status"),
        channel=_text(row, mapping, "channel"),
        subject=_text(row, mapping, "subject"),
        topic=_text(row, mapping, "topic"),
        satisfaction=read_satisfaction(row, mapping),
        opened_at=read_time(row, mapping, name="opened_at"),
        closed_at=read_time(row, mapping, name="closed_at"),
        store=read_optional_key(row, values.get("store"), name="store"),
    )


def _company(row: Row, mapping: FileMapping, source: str) -> Company:
    said = {name: read_text(row, value, name=f"fields.{name}") for name, value in mapping.fields.items()}
    return Company(
        key=number_key(source, read_key(row, mapping.values["company_id"], name="company_id")),
        fields={name: text for name, text in said.items() if text is not None},
    )


def _product(row: Row, mapping: FileMapping, source: str) -> Product:  # noqa: ARG001 - a sku is one over all sources
    values = mapping.values
    return Product(
        sku=read_key(row, values["sku"], name="sku"),
        name=_text(row, mapping, "name"),
        brand=_text(row, mapping, "brand"),
        category=_text(row, mapping, "category"),
        variant=_text(row, mapping, "variant"),
        price=_number(row, mapping, "price"),
        currency=read_currency(row, mapping),
        stock=read_count(row, values.get("stock"), name="stock"),
        size=_text(row, mapping, "size"),
        color=_text(row, mapping, "color"),
        season=_text(row, mapping, "season"),
        url=_text(row, mapping, "url"),
        image_url=_text(row, mapping, "image_url"),
    )


def _store(row: Row, mapping: FileMapping, *, region: str) -> Store:
    country = read_cell(row, mapping.values.get("country"))
    return Store(
        code=read_key(row, mapping.values["code"], name="code"),
        name=_text(row, mapping, "name"),
        kind=_text(row, mapping, "kind"),
        street=_text(row, mapping, "street"),
        postal_code=_text(row, mapping, "postal_code"),
        city=_text(row, mapping, "city"),
        country=normalise_trait("country", country, region=region) if country else None,
        org_unit=read_optional_key(row, mapping.values.get("org_unit"), name="org_unit"),
    )


_READERS: Mapping[Entity, Callable[[Row, FileMapping, str], Fact]] = {
    "transaction": _transaction,
    "case": _case,
    "company": _company,
    "product": _product,
}
