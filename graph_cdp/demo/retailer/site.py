"""The brand's site: looking around without a name, signing in, buying, and a tablet that two people use."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from graph_cdp.demo.retailer.households import Household, Human, happens
from graph_cdp.demo.retailer.written import ARTICLES, CALLS_PREFIX, SITE, Written, millis, some_time
from graph_cdp.demo.scenes import MINUTE, Call, Json, look_around, product_properties
from graph_cdp.ids import Millis

AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8)",
)


def visit_site(home: Household, written: Written) -> None:
    """Who has an account signs in, after a look around without a name; a tablet is used by the first two of them."""
    chance = home.chance("site")
    members = [human for human in home.humans if human.user_id]
    calls: list[Call] = []
    for human in members:
        calls += _member(human, written, chance)
    if home.has_tablet and len(members) > 1:
        tablet = _device(chance)
        written.tablets.append(tablet)
        start = some_time(chance, first_day=340, last_day=350)
        for evening, human in enumerate(members[:2]):
            at = millis(start + timedelta(days=evening))
            calls.append(_sign_in(human, tablet, at))
            calls += _browse(chance, tablet, at=at + MINUTE, user_id=human.user_id)
    if happens(chance, 0.2):  # somebody looks around, and will never say who it was
        calls += _browse(chance, _device(chance), at=millis(some_time(chance)), user_id=None)
    calls.sort(key=lambda call: call.at)
    written.calls.extend(
        replace(call, message_id=f"{CALLS_PREFIX}{home.number:04d}-{number:03d}")
        for number, call in enumerate(calls)
    )


def _member(human: Human, written: Written, chance: Random) -> Iterator[Call]:
    device = _device(chance)
    start = millis(some_time(chance, first_day=61, last_day=330))
    written.know(f"{SITE}:anonymous:{device}", human)
    written.know(f"{SITE}:user:{human.user_id}", human)
    yield from _browse(chance, device, at=start, user_id=None)
    yield _sign_in(human, device, start + 20 * MINUTE)
    if human.number == 0 or happens(chance, 0.5):
        yield _order(human, device, chance, start + 25 * MINUTE)


def _sign_in(human: Human, device: str, at: Millis) -> Call:
    traits: dict[str, Json] = {
        "firstName": human.first_name,
        "lastName": human.last_name,
        "email": human.email,
    }
    if human.card and human.number % 3 == 0:  # one in three has told the site the number of the card
        traits["loyaltyCard"] = human.card
    return Call(
        type="identify",
        at=at,
        anonymous_id=device,
        user_id=human.user_id,
        body=traits,
        context=_context(device),
    )


def _browse(chance: Random, device: str, *, at: Millis, user_id: str | None) -> Iterator[Call]:
    visit = Call(
        type="page", at=at, anonymous_id=device, user_id=user_id, name="Accueil", context=_context(device)
    )
    articles = chance.sample(ARTICLES, chance.randint(1, 2))
    yield from look_around(
        visit, url="https://maison-curie.example/", products=[_article(one) for one in articles]
    )


def _order(human: Human, device: str, chance: Random, at: Millis) -> Call:
    article = chance.choice(ARTICLES)
    body: dict[str, Json] = {
        "order_id": f"W-{human.number:05d}",
        "total": article[3],
        "currency": "EUR",
        "products": [{**_article(article), "quantity": 1}],
    }
    return Call(
        type="track",
        at=at,
        anonymous_id=device,
        user_id=human.user_id,
        name="Order Completed",
        body=body,
        context=_context(device),
    )


def _article(article: tuple[str, str, str, float]) -> dict[str, Json]:
    return product_properties(article, currency="EUR")


def _context(device: str) -> dict[str, Json]:
    return {"userAgent": AGENTS[int(device[:2], 16) % len(AGENTS)], "locale": "fr-FR", "ip": "203.0.113.7"}


def _device(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
