"""Rows about more than customers: purchases, consents, cases, firms, articles, stores; and which are refused."""

import pytest

from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.collect.row import Row
from graph_cdp.collect.rows import parse_row
from graph_cdp.collect.segment import Refused
from graph_cdp.ids import RecordKey
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Case, Company, Consent, Product, Statement, Store, Transaction
from graph_cdp.source.model import IdentifierKey, Message

NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
RECEIPT = RowReceipt(source="crm", received_at=NOON, region="FR")
PURCHASES = """
entity: transaction
transaction_id: number
customer_id: customer
timestamp: at
kind: {column: type, values: {C: order, R: return}}
amount: amount
store: shop
status: state
tax: vat
shipping: carriage
discount: off
coupon: coupon
returns: original
"""
PURCHASE = {
    "number": "R1", "customer": "17", "at": "2026-01-01T11:00:00Z", "type": "R", "amount": "-20", "shop": "S1",
    "state": "completed", "vat": "-3.33", "carriage": "4", "off": "1.5", "coupon": "NOEL", "original": "A1",
}  # fmt: skip
CONSENTS = """
entity: consent
customer_id: id
timestamp: at
purpose: purpose
channel: {column: by, values: {M: email, S: sms, X: fax}}
state: {column: optin, values: {1: given, 0: refused, 2: withdrawn}}
about: {kind: email, column: mail}
lawful_basis: basis
notice_id: notice
notice_version: version
method: how
evidence: proof
jurisdiction: law
"""
CONSENT = {
    "id": "17", "at": "2026-01-01", "purpose": "newsletter", "by": "M", "optin": "1", "mail": " Lea@X.FR", "basis": "",
    "notice": "privacy", "version": "3", "how": "till", "proof": "form 17", "law": "FR",
}  # fmt: skip
CASES = """
entity: case
customer: {identifier: phone, column: tel}
timezone: Europe/Paris
timestamp: {column: changed, format: "%d/%m/%Y"}
case_id: no
kind: {column: type, values: {R: complaint, Q: survey}}
status: status
channel: {value: phone}
subject: subject
topic: topic
satisfaction: {column: note, scale: [5, 1]}
opened_at: {column: opened, format: "%d/%m/%Y"}
closed_at: {column: closed, format: epoch_s}
store: shop
"""
CASE = {
    "tel": "06 12 34 56 78", "changed": "01/01/2026", "no": "C9", "type": "R", "status": "open", "subject": "Late",
    "topic": "delivery", "note": "4", "opened": "31/12/2025", "closed": "", "shop": "S1",
}  # fmt: skip
COMPANIES = """
entity: company
company_id: siren
customer: {identifier: email, column: contact}
fields: {name: name, industry: sector}
"""
COMPANY = {"siren": "552100554", "contact": "lea@x.fr", "name": "Martin SA", "sector": ""}
PRODUCTS = """
entity: product
file: {decimal: ","}
sku: ean
timestamp: at
name: name
brand: {value: Curie}
category: category
variant: variant
price: price
currency: {value: EUR}
stock: left
size: size
color: color
season: season
url: url
image_url: image
"""
PRODUCT = {
    "ean": "3600", "at": "2026-01-01", "name": "Scarf", "category": "Accessories", "variant": "", "price": "19,90",
    "left": "7", "size": "U", "color": "red", "season": "FW26", "url": "https://x.fr/3600", "image": "",
}  # fmt: skip
STORES = """
entity: store
code: code
name: name
kind: kind
street: street
postal_code: cp
city: city
country: country
org_unit: franchise
"""
STORE = {
    "code": "S1", "name": "Lille", "kind": "franchise", "street": "1 rue X", "cp": "59000", "city": "Lille",
    "country": "France", "franchise": "north",
}  # fmt: skip
TABLE = {
    "transaction": (PURCHASES, PURCHASE), "consent": (CONSENTS, CONSENT), "case": (CASES, CASE),
    "company": (COMPANIES, COMPANY), "product": (PRODUCTS, PRODUCT), "store": (STORES, STORE),
}  # fmt: skip


def parse(entity: str, **cells: str) -> Message | Statement | Refused:
    mapping, row = TABLE[entity]
    return parse_row(Row(line=2, cells=row | cells), parse_mapping(mapping), receipt=RECEIPT)


def message(entity: str, **cells: str) -> Message:
    parsed = parse(entity, **cells)
    assert isinstance(parsed, Message), parsed
    return parsed


def statement(entity: str, **cells: str) -> Statement:
    parsed = parse(entity, **cells)
    assert isinstance(parsed, Statement), parsed
    return parsed


def test_a_purchase_says_where_it_was_made_and_what_it_takes_back() -> None:
    said = message("transaction")
    assert (said.type, said.name, said.record_key) == ("transaction", "return", "crm:row:17")
    assert said.facts == (
        Transaction(
            key="crm:R1", kind="return", amount=-20.0, status="completed", tax=-3.33, shipping=4.0, discount=1.5,
            coupon="NOEL", store="S1", returns="crm:A1",
        ),
    )  # fmt: skip


def test_a_consent_is_about_the_contact_point_that_its_row_holds() -> None:
    said = message("consent")
    assert (said.type, said.name, said.record_key) == ("fact", "consent", "crm:row:17")
    assert said.complete is False
    assert said.occurred_at == NOON - 12 * 3_600_000
    assert said.identifiers == (
        IdentifierKey(kind="customer_id", value="crm:17"),
        IdentifierKey(kind="email", value="lea@x.fr"),
    )
    assert said.facts == (
        Consent(
            purpose="newsletter", channel="email", state="given", about=("email", "lea@x.fr"), lawful_basis="consent",
            notice_id="privacy", notice_version="3", method="till", evidence="form 17", jurisdiction="FR",
        ),
    )  # fmt: skip


@pytest.mark.parametrize("optin", ["0", "2"])
def test_an_objection_without_a_contact_point_covers_the_person(optin: str) -> None:
    (fact,) = message("consent", optin=optin, mail="").facts
    assert isinstance(fact, Consent)
    assert fact.about is None


def test_a_case_is_of_whoever_holds_the_phone_and_its_answer_goes_from_0_to_1() -> None:
    said = message("case")
    assert (said.type, said.name, said.record_key) == ("fact", "case", "crm:phone:+33612345678")
    assert said.identifiers == (IdentifierKey(kind="phone", value="+33612345678"),)
    assert said.occurred_at == NOON - 13 * 3_600_000  # midnight in Paris
    assert said.facts == (
        Case(
            key="crm:C9", kind="complaint", status="open", channel="phone", subject="Late", topic="delivery",
            satisfaction=0.25, opened_at=NOON - 37 * 3_600_000, store="S1",
        ),
    )  # fmt: skip


def test_a_company_hangs_on_its_customer_or_on_nobody() -> None:
    fact = Company(key="crm:552100554", fields={"name": "Martin SA"})
    said = message("company")
    assert (said.record_key, said.facts) == ("crm:email:lea@x.fr", (fact,))
    alone = statement("company", contact="")
    assert (alone.record_key, alone.fact) == (None, fact)
    assert alone.occurred_at == NOON


def test_an_article_is_a_statement_about_nobody() -> None:
    said = statement("product")
    assert said == Statement(
        fact=Product(
            sku="3600", name="Scarf", brand="Curie", category="Accessories", price=19.9, currency="EUR", stock=7,
            size="U", color="red", season="FW26", url="https://x.fr/3600",
        ),
        source="crm",
        message_id=f"product-{said.body_hash}",
        occurred_at=NOON - 12 * 3_600_000,
        body_hash=said.body_hash,
    )  # fmt: skip


def test_a_store_belongs_to_a_unit_of_the_network() -> None:
    assert statement("store").fact == Store(
        code="S1", name="Lille", kind="franchise", street="1 rue X", postal_code="59000", city="Lille", country="FR",
        org_unit="north",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "cell", "record_key"),
    [
        ("loyalty_card", "2990-0017", "crm:loyalty_card:29900017"),
        ("email", "Lea@X.fr", "crm:email:lea@x.fr"),
        ("user_id", "u1", "crm:user:u1"),
        ("national_id", "1.85", "crm:national_id:185"),
        ("anonymous_id", "a1", "crm:anonymous:a1"),
        ("customer_id, collection: pos", "t9", "crm:customer_id:pos:t9"),
        ("customer_id, collection: crm", "17", "crm:row:17"),
    ],
)
def test_a_customer_is_named_by_what_the_file_has(identifier: str, cell: str, record_key: str) -> None:
    mapping = parse_mapping(
        "entity: transaction\ntransaction_id: n\ntimestamp: {value: 2026-01-01}\n"
        f"customer: {{column: who, identifier: {identifier}}}"
    )
    said = parse_row(Row(line=2, cells={"n": "1", "who": cell}), mapping, receipt=RECEIPT)
    assert isinstance(said, Message)
    assert said.record_key == RecordKey(record_key)
    assert len(said.identifiers) == 1


@pytest.mark.parametrize("entity", list(TABLE))
def test_the_same_row_is_the_same_message_and_another_is_another(entity: str) -> None:
    def ids(**cells: str) -> tuple[str, str]:
        said = parse(entity, **cells)
        assert isinstance(said, Message | Statement)
        return said.message_id, said.body_hash

    mapping, row = TABLE[entity]
    changed = {"transaction": "amount", "consent": "proof", "case": "subject"}.get(entity, "name")
    assert ids() == ids()
    assert ids(**{changed: "5"}) != ids()
    assert parse_mapping(mapping).columns == set(row)


@pytest.mark.parametrize(
    ("entity", "cells", "code"),
    [
        ("transaction", {"number": "n" * 1_025}, "NO_IDENTITY"),
        ("transaction", {"number": "NULL"}, "NO_IDENTITY"),
        ("transaction", {"customer": ""}, "NO_IDENTITY"),
        ("transaction", {"vat": "20%"}, "INVALID_CELL"),
        ("transaction", {"carriage": "free"}, "INVALID_CELL"),
        ("transaction", {"shop": "s" * 1_025}, "INVALID_CELL"),
        ("transaction", {"original": "s" * 1_025}, "INVALID_CELL"),
        ("transaction", {"state": "s" * 2_001}, "INVALID_CELL"),
        ("consent", {"id": "null"}, "NO_IDENTITY"),
        ("consent", {"at": ""}, "INVALID_TIMESTAMP"),
        ("consent", {"purpose": ""}, "INVALID_CELL"),
        ("consent", {"by": ""}, "INVALID_CELL"),
        ("consent", {"by": "X"}, "INVALID_CELL"),
        ("consent", {"optin": ""}, "INVALID_CELL"),
        ("consent", {"optin": "yes"}, "INVALID_CELL"),
        ("consent", {"basis": "because"}, "INVALID_CELL"),
        ("consent", {"mail": ""}, "INVALID_CELL"),
        ("consent", {"mail": "test@test.com"}, "INVALID_CELL"),
        ("case", {"tel": "12"}, "NO_IDENTITY"),
        ("case", {"no": ""}, "NO_IDENTITY"),
        ("case", {"type": ""}, "INVALID_CELL"),
        ("case", {"note": "6"}, "INVALID_CELL"),
        ("case", {"note": "0.9"}, "INVALID_CELL"),
        ("case", {"opened": "2025-12-31"}, "INVALID_TIMESTAMP"),
        ("case", {"closed": "1e9"}, "INVALID_TIMESTAMP"),
        ("case", {"changed": "01/01/1026"}, "INVALID_TIMESTAMP"),
        ("company", {"siren": ""}, "NO_IDENTITY"),
        ("company", {"contact": "nobody"}, "NO_IDENTITY"),
        ("company", {"name": "n" * 2_001}, "INVALID_CELL"),
        ("product", {"ean": ""}, "NO_IDENTITY"),
        ("product", {"price": "19.900,00"}, "INVALID_CELL"),
        ("product", {"left": "7,5"}, "INVALID_CELL"),
        ("product", {"at": "yesterday"}, "INVALID_TIMESTAMP"),
        ("store", {"code": ""}, "NO_IDENTITY"),
        ("store", {"street": "x" * 33_000}, "ROW_TOO_LARGE"),
        ("store", {"franchise": "u" * 1_025}, "INVALID_CELL"),
    ],
)
def test_a_bad_row_is_rejected_by_its_code(entity: str, cells: dict[str, str], code: str) -> None:
    refused = parse(entity, **cells)
    assert isinstance(refused, Refused)
    assert refused.code == code
