"""Mutations of what a source has, about nobody: `write_products`, `write_stores`, `write_companies`."""

from dataclasses import replace
from typing import Annotated

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.mutations.inputs import KEY, WHEN, Source, SubjectInput, find_subject
from graph_cdp.api.mutations.receiving import Received, receive
from graph_cdp.api.mutations.results import WriteResults
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.values import (
    read_amount,
    read_count,
    read_currency,
    read_key,
    read_line,
    read_optional_key,
)
from graph_cdp.matching.countries import country_code
from graph_cdp.source.facts.model import COMPANY_FIELDS, Company, Fact, Product, Store, number_key
from graph_cdp.source.model import Message


def _text(description: str) -> str | None:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(
    description="An article of the catalogue. A statement is whole: what it leaves out is unknown."
)
class ProductInput:
    """A product."""

    idempotency_key: str = strawberry.field(description=KEY)
    sku: str = strawberry.field(description="The number of the article: `SKU-12-M`.")
    name: str | None = _text("Its name: `Linen shirt`.")
    brand: str | None = _text("Its brand: `Maison`.")
    category: str | None = _text("Its category: `Shirts`.")
    variant: str | None = _text("Which variant it is: `slim fit`.")
    price: float | None = strawberry.field(
        default=strawberry.UNSET, description="The price of one, in units of the currency: `59.9`."
    )
    currency: str | None = _text("ISO 4217: `EUR`.")
    stock: int | None = strawberry.field(default=strawberry.UNSET, description="How many are left: `40`.")
    size: str | None = _text("Its size: `M`.")
    color: str | None = _text("Its colour: `blue`.")
    season: str | None = _text("Its season: `SS26`.")
    url: str | None = _text("Its page: `https://shop.example/sku-12`.")
    image_url: str | None = _text("A picture of it.")
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)


@strawberry.input(description="A store, by the code that tills and files call it.")
class StoreInput:
    """A store."""

    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(description="Its code: `LYO-1`.")
    name: str | None = _text("Its name: `Lyon Part-Dieu`.")
    kind: str | None = _text("What kind it is: `flagship`, `franchise`, `outlet`.")
    street: str | None = _text("House number and street: `17 rue de la République`.")
    postal_code: str | None = _text("Postal code: `69003`.")
    city: str | None = _text("Town: `Lyon`.")
    country: str | None = _text("Country: `FR`.")
    org_unit: str | None = _text("The id of the organisational unit that it belongs to: `lyon`.")
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)


@strawberry.input(description="A firm. Each field keeps its newest value: what is left out stays as it was.")
class CompanyInput:
    """A company."""

    idempotency_key: str = strawberry.field(description=KEY)
    number: str = strawberry.field(
        description="The source's own id of the firm: `0017` is the key `crm:0017`."
    )
    about: SubjectInput | None = strawberry.field(
        default=strawberry.UNSET,
        description='Somebody who belongs to it: `{user_id: "u1"}`; nobody if left out.',
    )
    name: str | None = _text("Its name: `Acme`.")
    industry: str | None = _text("Its industry: `Textiles`.")
    employees: str | None = _text("How many work there: `120`.")
    plan: str | None = _text("The plan that it has: `enterprise`.")
    website: str | None = _text("Its site: `https://acme.example`.")
    email: str | None = _text("Its e-mail address; it identifies nobody.")
    phone: str | None = _text("Its phone number; it identifies nobody.")
    street: str | None = _text("House number and street.")
    city: str | None = _text("Town.")
    postal_code: str | None = _text("Postal code.")
    region: str | None = _text("State, province or region.")
    country: str | None = _text("Country: `FR`.")
    description: str | None = _text("Free text.")
    revenue: str | None = _text("Its revenue: `12000000`.")
    registration_number: str | None = _text("Its number in the register of companies: a SIREN, an HRB.")
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)


@strawberry.type
class CatalogueMutations:
    """The mutations of this module."""

    @strawberry.mutation(description="Write up to 100 products; each is judged by itself.")
    async def write_products(
        self,
        info: Info,
        products: Annotated[list[ProductInput], strawberry.argument(description="The products, 1 to 100.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResults | None:
        """Products, as rows of a product feed are written."""
        return await receive(info, products, read_product, source=source or None)

    @strawberry.mutation(description="Write up to 100 stores; each is judged by itself.")
    async def write_stores(
        self,
        info: Info,
        stores: Annotated[list[StoreInput], strawberry.argument(description="The stores, 1 to 100.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResults | None:
        """Stores, as rows of a file are written."""
        return await receive(info, stores, read_store, source=source or None)

    @strawberry.mutation(
        description="Write up to 100 companies, and who belongs to them; each is judged by itself."
    )
    async def write_companies(
        self,
        info: Info,
        companies: Annotated[list[CompanyInput], strawberry.argument(description="The companies, 1 to 100.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResults | None:
        """Companies, as a group message states them."""
        return await receive(info, companies, read_company, source=source or None)


def read_product(item: ProductInput, received: Received) -> Message:
    """The message that a product is now like this.

    Raises:
        BadField, BadText, BadNumber: a field is not of its form.
        BadTime: the time cannot be true.
    """
    product = Product(
        sku=read_key(item.sku, name="sku"),
        name=read_line(item.name, name="name"),
        brand=read_line(item.brand, name="brand"),
        category=read_line(item.category, name="category"),
        variant=read_line(item.variant, name="variant"),
        price=read_amount(item.price, name="price", least=0),
        currency=read_currency(item.currency),
        stock=read_count(item.stock, name="stock"),
        size=read_line(item.size, name="size"),
        color=read_line(item.color, name="color"),
        season=read_line(item.season, name="season"),
        url=read_line(item.url, name="url"),
        image_url=read_line(item.image_url, name="image_url"),
    )
    return _about_nobody(received, product, name="product", occurred_at=item.occurred_at)


def read_store(item: StoreInput, received: Received) -> Message:
    """The message that a store is now like this. Raises as `read_product` does."""
    country = read_line(item.country, name="country")
    store = Store(
        code=read_key(item.code, name="code"),
        name=read_line(item.name, name="name"),
        kind=read_line(item.kind, name="kind"),
        street=read_line(item.street, name="street"),
        postal_code=read_line(item.postal_code, name="postal_code"),
        city=read_line(item.city, name="city"),
        country=(country_code(country) or country) if country else None,
        org_unit=read_optional_key(item.org_unit, name="org_unit"),
    )
    return _about_nobody(received, store, name="store", occurred_at=item.occurred_at)


def read_company(item: CompanyInput, received: Received) -> Message:
    """The message that a firm is now like this, and that somebody belongs to it, where that is said.

    Raises:
        NoIdentity: somebody belongs to it, but nothing says who.
        BadField, BadText: a field is not of its form.
        BadTime: the time cannot be true.
    """
    source = received.receipt.source
    stated = {name: read_line(getattr(item, name), name=name) for name in COMPANY_FIELDS}
    company = Company(
        key=number_key(source, read_key(item.number, name="number")),
        fields={name: value for name, value in stated.items() if value is not None},
    )
    if item.about is None:
        return _about_nobody(received, company, name="company", occurred_at=item.occurred_at)
    found = Found(region=received.receipt.region)
    record_key = find_subject(found, item.about, source=source)
    message = received.message("fact", record_key, found, occurred_at=item.occurred_at)
    return replace(message, name="company", facts=(company,))


def _about_nobody(received: Received, fact: Fact, *, name: str, occurred_at: str | None) -> Message:
    message = received.message("fact", None, Found(region=received.receipt.region), occurred_at=occurred_at)
    return replace(message, name=name, facts=(fact,))
