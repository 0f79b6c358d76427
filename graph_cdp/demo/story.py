"""The demo's web visitors: who they are, what they do, and which ids of theirs belong together. Pure and seeded.

Their customers are people of FEBRL with a customer number of CDNOW, so that one person can be seen through all
sources at once. What the shop knows of them is real; that these two data sets describe the same people is not.
The story begins where the purchases of CDNOW end, so that a timeline reads in order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from graph_cdp.demo.scenes import (
    Call,
    Visitor,
    alias_an_old_visit,
    browse_without_a_name,
    log_out,
    share_a_tablet,
    shop_on_two_devices,
)
from graph_cdp.errors import Invalid

SEED = 1998
EXAMPLE_NATIONAL_ID = "8650329"
"""The person whom the demo shows: her two records differ in given name and town, and one number joins them."""

EXAMPLE_PURCHASES = range(8, 15)
"""How many purchases she has made: enough to fill a page, few enough to read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as the CRM knows them: the row's id, the national id, the names."""

    row_id: str
    national_id: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """How many visitors play each scene.

    `prefix` begins the ids of the messages: how a second start knows that they were sent, and how a small story and
    the whole one stay apart.
    """

    prefix: str = "demo-"
    nameless: int = 160
    on_two_devices: int = 120
    tablets: int = 4
    with_an_alias: int = 12
    logged_out: int = 12

    @property
    def customers(self) -> int:
        """How many of them sign in at some time."""
        return self.on_two_devices + 2 * self.tablets + self.with_an_alias + self.logged_out


WHOLE_CAST = Cast()
SMALL_CAST = Cast(prefix="sample-", nameless=10, on_two_devices=12, tablets=2, with_an_alias=3, logged_out=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All calls in the order of their times, and the visitors who sign in; the first of them is the example."""

    calls: tuple[Call, ...]
    visitors: tuple[Visitor, ...]
    prefix: str

    @property
    def example(self) -> Visitor:
        """The person whom the demo shows."""
        return self.visitors[0]


def tell_story(
    customers: Sequence[Customer], purchases: Mapping[str, int], *, cast: Cast, seed: int = SEED
) -> Story:
    """The story that `cast` plays: the same for the same arguments, on every machine.

    `purchases` is the number of purchases by customer number of the shop; each customer gets one of these numbers.

    Raises:
        Invalid: there are fewer customers or numbers than the cast needs, or the example is not among them.
    """
    chance = Random(seed)  # noqa: S311 - a story, not a secret
    visitors = _cast_visitors(customers, purchases, count=cast.customers, chance=chance)
    calls = sorted(_play(visitors, cast, chance), key=lambda call: call.at)
    numbered = (
        replace(call, message_id=f"{cast.prefix}{number:05d}") for number, call in enumerate(calls, start=1)
    )
    return Story(calls=tuple(numbered), visitors=visitors, prefix=cast.prefix)


def _cast_visitors(
    customers: Sequence[Customer], purchases: Mapping[str, int], *, count: int, chance: Random
) -> tuple[Visitor, ...]:
    example = next((c for c in customers if c.national_id == EXAMPLE_NATIONAL_ID), None)
    number = next((n for n in sorted(purchases) if purchases[n] in EXAMPLE_PURCHASES), None)
    named = [c for c in customers if c.first_name and c.last_name and c is not example]
    if example is None or number is None or len(named) < count - 1 or len(purchases) < count:
        raise Invalid(
            f"The story needs {count} customers with names and purchases, and its example among them."
        )
    others = chance.sample(named, count - 1)
    numbers = chance.sample(sorted(purchases.keys() - {number}), count - 1)
    people = zip((example, *others), (number, *numbers), strict=True)
    emails: set[str] = set()
    return tuple(
        Visitor(
            user_id=f"user-{customer.national_id}",
            row_id=customer.row_id,
            national_id=customer.national_id,
            shop_id=shop_id,
            first_name=customer.first_name.title(),
            last_name=customer.last_name.title(),
            email=_email(customer, emails),
        )
        for customer, shop_id in people
    )


def _email(customer: Customer, taken: set[str]) -> str:
    """An address of nobody, different for each: FEBRL has none."""
    name = f"{customer.first_name}.{customer.last_name}".lower().replace(" ", "-")
    same = sum(1 for email in taken if email.partition("@")[0].rstrip("0123456789") == name)
    email = f"{name}{same + 1 if same else ''}@example.net"
    taken.add(email)
    return email


def _play(visitors: Sequence[Visitor], cast: Cast, chance: Random) -> Iterator[Call]:
    for _ in range(cast.nameless):
        yield from browse_without_a_name(chance)
    on_stage = iter(visitors)
    for _ in range(cast.on_two_devices):
        yield from shop_on_two_devices(next(on_stage), chance)
    for _ in range(cast.tablets):
        yield from share_a_tablet((next(on_stage), next(on_stage)), chance)
    for _ in range(cast.with_an_alias):
        yield from alias_an_old_visit(next(on_stage), chance)
    for _ in range(cast.logged_out):
        yield from log_out(next(on_stage), chance)
