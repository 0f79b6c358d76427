"""Who lives in the retailer's world: households with their people. Pure and seeded, one household at a time.

Each household has a seed of its own, so the first forty of seven hundred are those of a world of forty.
Names and streets are common French ones, put together at random. The phones are those that the regulator keeps
free for fiction, the addresses those of a domain that nobody can own (RFC 2606).
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

SEED = 2025
CARDS_BEGIN = 2_990_100_000

Franchise = Literal["nord", "sud"]

WOMEN = (
    "Camille", "Léa", "Chloé", "Manon", "Inès", "Jade", "Sarah", "Nathalie", "Isabelle", "Sylvie", "Céline",
    "Aurélie", "Élodie", "Fatima", "Françoise", "Monique", "Anne-Sophie", "Hélène", "Margaux", "Yasmine",
)  # fmt: skip
MEN = (
    "Lucas", "Hugo", "Théo", "Nathan", "Mehdi", "Julien", "Nicolas", "Thierry", "Philippe", "Laurent", "Sébastien",
    "François", "Jean-Pierre", "Gérard", "Antoine", "Karim", "Rémi", "Benoît", "Olivier", "Étienne",
)  # fmt: skip
SURNAMES = (
    "Martin", "Bernard", "Dubois", "Petit", "Durand", "Leroy", "Moreau", "Lefèvre", "Garcia", "Roux", "Fournier",
    "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau", "Vincent", "Müller", "Faure", "Benali",
    "Mercier", "Nguyen", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier", "François", "Legrand", "Gauthier",
    "Perrin", "Robin", "Clément", "Morin", "Nicolas", "Henry", "Da Silva", "Le Gall", "Traoré",
)  # fmt: skip
STREETS = (
    "rue de la République", "avenue Jean-Jaurès", "rue Victor-Hugo", "place du Général-de-Gaulle", "rue des Lilas",
    "boulevard Pasteur", "rue de l'Église", "allée des Tilleuls", "chemin du Moulin", "impasse des Roses",
)  # fmt: skip
TOWNS: dict[Franchise, tuple[tuple[str, str], ...]] = {
    "nord": (("59000", "Lille"), ("59100", "Roubaix"), ("62000", "Arras"), ("59500", "Douai")),
    "sud": (("06000", "Nice"), ("06400", "Cannes"), ("13100", "Aix-en-Provence"), ("83000", "Toulon")),
}


def happens(chance: Random, share: float) -> bool:
    """Whether something happens that happens in this share of all cases."""
    return chance.random() < share


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """Someone, as they truly are. `card` and `user_id` are None of who has no loyalty card, or no account."""

    number: int
    first_name: str
    last_name: str
    is_woman: bool
    born: date
    mobile: str | None
    email: str | None
    card: str | None
    user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """People who live together. `landline` is the phone of all of them; a tablet is used by the first two."""

    number: int
    franchise: Franchise
    street: str
    postal_code: str
    city: str
    landline: str | None
    has_tablet: bool
    humans: tuple[Human, ...]

    def chance(self, what: str) -> Random:
        """The household's own chance for one part of its life."""
        return _chance(self.number, what)


def build_household(number: int) -> Household:
    """The household of this number: the same on every machine. Number 0 is the family that the examples show."""
    if number == 0:
        return EXAMPLE
    chance = _chance(number, "people")
    franchise: Franchise = chance.choice(("nord", "sud"))
    postal_code, city = chance.choice(TOWNS[franchise])
    surname, other = chance.sample(SURNAMES, 2)
    size = chance.choices((1, 2, 3, 4), weights=(40, 28, 16, 16))[0]
    names = chance.sample(WOMEN, size), chance.sample(MEN, size)
    first_is_woman = happens(chance, 0.5)
    shares_email = happens(chance, 0.12)
    humans: list[Human] = []
    for place in range(size):
        is_woman = first_is_woman == (place % 2 == 0)
        keeps_name = place != 1 or happens(chance, 0.6)
        human = _human(
            chance,
            number * 10 + place,
            names=(names[0 if is_woman else 1][place], surname if keeps_name else other),
            is_woman=is_woman,
            is_child=place > 1,
        )
        humans.append(human)
    if shares_email and size > 1:
        humans[1] = replace(humans[1], email=humans[0].email)
    prefix = "03 53 01" if franchise == "nord" else "04 65 71"
    return Household(
        number=number,
        franchise=franchise,
        street=f"{chance.randint(1, 140)} {chance.choice(STREETS)}",
        postal_code=postal_code,
        city=city,
        landline=_fictive(prefix, number) if happens(chance, 0.55) else None,
        has_tablet=size > 1 and happens(chance, 0.15),
        humans=tuple(humans),
    )


def fold(text: str) -> str:
    """The text in ASCII letters, as tills print it."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _human(chance: Random, number: int, *, names: tuple[str, str], is_woman: bool, is_child: bool) -> Human:
    first_name, last_name = names
    age = chance.randint(15, 19) if is_child else chance.randint(24, 84)
    has_mobile, has_email = happens(chance, 0.9), happens(chance, 0.5 if is_child else 0.92)
    has_card, has_account = happens(chance, 0.35 if is_child else 0.75), happens(chance, 0.45)
    local = fold(f"{first_name}.{last_name}").lower().replace(" ", "").replace("'", "")
    return Human(
        number=number,
        first_name=first_name,
        last_name=last_name,
        is_woman=is_woman,
        born=date(2025 - age, 1, 1) + timedelta(days=chance.randrange(365)),
        mobile=_fictive("07 39 98", number) if has_mobile else None,
        email=f"{local}{number}@example.net" if has_email else None,
        card=str(CARDS_BEGIN + number) if has_card else None,
        user_id=f"c{number:05d}" if has_account and has_email else None,
    )


def _fictive(prefix: str, number: int) -> str:
    last = f"{number % 10_000:04d}"
    return f"{prefix} {last[:2]} {last[2:]}"


def _chance(number: int, what: str) -> Random:
    return Random(f"{SEED}-{number}-{what}")  # noqa: S311 - a story, not a secret


EXAMPLE = Household(
    number=0,
    franchise="nord",
    street="12 rue des Lilas",
    postal_code="59000",
    city="Lille",
    landline="03 53 01 99 99",
    has_tablet=True,
    humans=(
        Human(
            number=0, first_name="Hélène", last_name="Lefèvre", is_woman=True, born=date(1984, 3, 9),
            mobile="07 39 98 00 07", email="helene.lefevre@example.net", card="2990100000", user_id="c00000",
        ),
        Human(
            number=1, first_name="Karim", last_name="Lefèvre", is_woman=False, born=date(1981, 11, 23),
            mobile="07 39 98 00 08", email="karim.lefevre@example.net", card="2990100001", user_id="c00001",
        ),
        Human(
            number=2, first_name="Margaux", last_name="Lefèvre", is_woman=True, born=date(2009, 6, 2),
            mobile=None, email=None, card="2990100002", user_id=None,
        ),
    ),
)  # fmt: skip
"""A family with one landline, one tablet, a card each: whoever confuses them confuses families."""
