"""What visitors of the web shop do, as calls of a Segment client. Pure: chance is an argument."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal, TypeAlias
from uuid import UUID

from graph_cdp.ids import Millis

STORY_BEGINS: Millis = 899_251_200_000
"""1998-07-01T00:00:00Z, the day after the last purchase of CDNOW."""

STORY_DAYS = 28
MINUTE: Millis = 60_000
DAY: Millis = 24 * 60 * MINUTE

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

CATALOGUE = (
    ("cd-001", "Harbour Lights", "Jazz", 13.99), ("cd-002", "The Long Way Home", "Folk", 11.49),
    ("cd-003", "Paper Moons", "Pop", 12.99), ("cd-004", "Nocturnes for Two", "Classical", 16.49),
    ("cd-005", "Static Garden", "Rock", 11.99), ("cd-006", "Low Tide", "Jazz", 14.49),
    ("cd-007", "Seven Bridges", "Folk", 10.99), ("cd-008", "Neon Weather", "Pop", 12.49),
    ("cd-009", "Winter Quartets", "Classical", 17.99), ("cd-010", "Iron Orchard", "Rock", 13.49),
    ("cd-011", "Blue Letters", "Blues", 9.99), ("cd-012", "Live at the Ferry", "Blues", 14.99),
)  # fmt: skip
"""What the shop sells: number, title, category, price in USD. Invented; CDNOW's lines name no product."""

BROWSERS = (
    "Mozilla/4.0 (compatible; MSIE 4.01; Windows 98)",
    "Mozilla/4.05 [en] (Win95; I)",
    "Mozilla/4.05 (Macintosh; I; PPC)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Someone who signs in: their number on the site, their row of the CRM, their customer number of the shop."""

    user_id: str
    row_id: str
    national_id: str
    shop_id: str
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the client. `body` is the traits of an identify, else the properties."""

    type: Literal["identify", "track", "page", "alias"]
    at: Millis
    anonymous_id: str | None = None
    user_id: str | None = None
    previous_id: str | None = None
    name: str | None = None
    body: Mapping[str, Json] = field(default_factory=dict[str, Json])
    context: Mapping[str, Json] = field(default_factory=dict[str, Json])
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser: its anonymous id and what each of its messages says of it."""

    anonymous_id: str
    context: Mapping[str, Json]


def browse_without_a_name(chance: Random) -> Iterator[Call]:
    """Someone looks around and leaves: nobody will ever know who it was."""
    yield from _browse(_device(chance), chance, start=_some_day(chance), user_id=None)


def shop_on_two_devices(visitor: Visitor, chance: Random) -> Iterator[Call]:
    """A customer looks around unnamed, signs in, and comes back on another device: all of it is one person."""
    first, second = _device(chance), _device(chance)
    start = _some_day(chance)
    yield from _browse(first, chance, start=start, user_id=None)
    yield _sign_in(visitor, first, at=start + 20 * MINUTE)
    yield from _browse(first, chance, start=start + 21 * MINUTE, user_id=visitor.user_id)
    yield from _browse(second, chance, start=start + DAY, user_id=None)
    yield _sign_in(visitor, second, at=start + DAY + 20 * MINUTE)
    yield from _buy(visitor, second, chance, start=start + DAY + 21 * MINUTE)


def share_a_tablet(pair: tuple[Visitor, Visitor], chance: Random) -> Iterator[Call]:
    """Two customers use one tablet and forget to sign out: it may join neither to the other."""
    tablet, start = _device(chance), _some_day(chance)
    yield from _browse(tablet, chance, start=start, user_id=None)
    for evening, visitor in enumerate(pair):
        at = start + evening * DAY + 60 * MINUTE
        yield _sign_in(visitor, tablet, at=at)
        yield from _browse(tablet, chance, start=at + MINUTE, user_id=visitor.user_id)
    yield from _browse(tablet, chance, start=start + 2 * DAY, user_id=None)


def alias_an_old_visit(visitor: Visitor, chance: Random) -> Iterator[Call]:
    """A visit without a name; then the site learns, by an alias, whose it was."""
    old, new = _device(chance), _device(chance)
    start = _some_day(chance)
    yield from _browse(old, chance, start=start, user_id=None)
    yield _sign_in(visitor, new, at=start + DAY)
    yield Call(
        type="alias",
        at=start + DAY + MINUTE,
        previous_id=old.anonymous_id,
        user_id=visitor.user_id,
        context=new.context,
    )


def log_out(visitor: Visitor, chance: Random) -> Iterator[Call]:
    """A customer signs out: the browser gets a new anonymous id, which is nobody's until the next sign-in."""
    device, start = _device(chance), _some_day(chance)
    yield _sign_in(visitor, device, at=start)
    yield from _browse(device, chance, start=start + MINUTE, user_id=visitor.user_id)
    reset = Device(anonymous_id=_anonymous_id(chance), context=device.context)
    yield from _browse(reset, chance, start=start + 60 * MINUTE, user_id=None)


def _sign_in(visitor: Visitor, device: Device, *, at: Millis) -> Call:
    external: list[Json] = [
        {"id": visitor.national_id, "type": "national_id", "collection": "users", "encoding": "none"},
        {"id": visitor.shop_id, "type": "customer_id", "collection": "shop", "encoding": "none"},
    ]
    traits = {"firstName": visitor.first_name, "lastName": visitor.last_name, "email": visitor.email}
    return Call(
        type="identify",
        at=at,
        anonymous_id=device.anonymous_id,
        user_id=visitor.user_id,
        body=traits,
        context={**device.context, "externalIds": external},
    )


def _browse(device: Device, chance: Random, *, start: Millis, user_id: str | None) -> Iterator[Call]:
    """The front page, then one to four products: at most ten minutes."""
    visit = Call(
        type="page",
        at=start,
        anonymous_id=device.anonymous_id,
        user_id=user_id,
        name="Home",
        context=device.context,
    )
    products = chance.sample(CATALOGUE, chance.randint(1, 4))
    yield from look_around(visit, url="http://shop.example/", products=[_product(one) for one in products])


def look_around(visit: Call, *, url: str, products: Iterable[dict[str, Json]]) -> Iterator[Call]:
    """A visit to the front page at `url`, then a look at each product, two minutes apart."""
    page: dict[str, Json] = {"path": "/", "url": url, "title": visit.name}
    yield replace(visit, context={**visit.context, "page": page})
    for minute, product in enumerate(products, start=1):
        at = visit.at + 2 * minute * MINUTE
        yield replace(visit, type="track", at=at, name="Product Viewed", body=product)


def _buy(visitor: Visitor, device: Device, chance: Random, *, start: Millis) -> Iterator[Call]:
    product = chance.choice(CATALOGUE)
    order: dict[str, Json] = {
        "order_id": f"web-{visitor.user_id}",
        "total": product[3],
        "currency": "USD",
        "products": [{**_product(product), "quantity": 1}],
    }
    steps: tuple[tuple[str, dict[str, Json]], ...] = (
        ("Product Viewed", _product(product)),
        ("Product Added", {**_product(product), "quantity": 1}),
        ("Order Completed", order),
    )
    for minute, (event, properties) in enumerate(steps):
        yield Call(
            type="track",
            at=start + 3 * minute * MINUTE,
            anonymous_id=device.anonymous_id,
            user_id=visitor.user_id,
            name=event,
            body=properties,
            context=device.context,
        )


def _product(product: tuple[str, str, str, float]) -> dict[str, Json]:
    return product_properties(product, currency="USD")


def product_properties(product: tuple[str, str, str, float], *, currency: str) -> dict[str, Json]:
    """What Segment's e-commerce events say of a product: number, name, category, price."""
    sku, name, category, price = product
    return {
        "product_id": sku,
        "sku": sku,
        "name": name,
        "category": category,
        "price": price,
        "currency": currency,
    }


def _device(chance: Random) -> Device:
    address = f"203.0.113.{chance.randint(1, 254)}"  # RFC 5737: addresses of documentation
    context: dict[str, Json] = {"ip": address, "userAgent": chance.choice(BROWSERS), "locale": "en-AU"}
    return Device(anonymous_id=_anonymous_id(chance), context=context)


def _anonymous_id(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _some_day(chance: Random) -> Millis:
    """A minute of opening hours of one of the story's days, before the last two, which belong to second visits."""
    return STORY_BEGINS + chance.randrange(STORY_DAYS - 2) * DAY + chance.randrange(7 * 60, 21 * 60) * MINUTE
