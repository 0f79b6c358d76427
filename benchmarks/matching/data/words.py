"""Names, places and mistakes that the generators share."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

Row = dict[str, str | None]

GIVEN_F = [
    "Marie",
    "Camille",
    "Léa",
    "Manon",
    "Emma",
    "Jade",
    "Louise",
    "Alice",
    "Lina",
    "Rose",
    "Anna",
    "Inès",
    "Sarah",
    "Laura",
    "Pauline",
    "Claire",
    "Sophie",
    "Isabelle",
    "Nathalie",
    "Sylvie",
    "Catherine",
    "Françoise",
    "Monique",
    "Jacqueline",
    "Anne-Marie",
    "Zoé",
    "Margaux",
    "Élodie",
    "Hélène",
    "Fatima",
    "Aïcha",
    "Chloé",
    "Julie",
    "Céline",
    "Valérie",
]
GIVEN_M = [
    "Jean",
    "Pierre",
    "Louis",
    "Julien",
    "Nicolas",
    "Thomas",
    "Lucas",
    "Hugo",
    "Gabriel",
    "Raphaël",
    "Arthur",
    "Jules",
    "Paul",
    "Antoine",
    "Maxime",
    "Alexandre",
    "Théo",
    "Victor",
    "Karim",
    "Mohamed",
    "Michel",
    "Alain",
    "Patrick",
    "Philippe",
    "Christophe",
    "Stéphane",
    "Laurent",
    "David",
    "Olivier",
    "Éric",
    "Jean-Pierre",
    "Loïc",
    "Benoît",
    "Yann",
]
_SYLLABLES = [
    "mar",
    "tin",
    "ber",
    "nard",
    "du",
    "bois",
    "pe",
    "tit",
    "mo",
    "reau",
    "lau",
    "rent",
    "si",
    "mon",
    "mi",
    "chel",
    "le",
    "fe",
    "vre",
    "ro",
    "ger",
    "gar",
    "cia",
    "da",
    "vid",
    "bar",
    "bier",
    "gi",
    "rard",
    "fon",
    "taine",
    "ri",
    "chard",
    "au",
    "ba",
    "che",
    "guil",
    "lou",
]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary of its own for each seed. Surnames and given names have few common ones and many rare ones."""

    chance: random.Random
    surnames: Sequence[str]
    streets: Sequence[str]
    cities: Sequence[str]

    def surname(self) -> str:
        """A surname."""
        return self.surnames[skewed(self.chance, len(self.surnames))]

    def given_name(self, gender: str) -> str:
        """A given name of a gender, `F` or `M`."""
        names = GIVEN_F if gender == "F" else GIVEN_M
        return names[skewed(self.chance, len(names))]

    def street(self) -> str:
        """A house in a street."""
        return f"{self.chance.randint(1, 150)} {self.chance.choice(self.streets)}"

    def city(self) -> tuple[str, str]:
        """A city and its postal code."""
        place = skewed(self.chance, len(self.cities))
        return self.cities[place], f"{1 + place % 95:02}{100 * (place // 95):03}"


def make_words(chance: random.Random, *, people: int) -> Words:
    """The vocabulary of a population: a larger one has more surnames and streets."""

    def made(count: int, least: int, most: int) -> list[str]:
        found = {"".join(chance.choices(_SYLLABLES, k=chance.randint(least, most))) for _ in range(count)}
        return sorted(found, key=lambda one: (len(one), one[::-1]))

    count = max(500, min(20_000, people // 10))
    streets = [f"{chance.choice(('rue', 'avenue', 'allée', 'bd'))} {one}" for one in made(count, 2, 4)]
    return Words(
        chance=chance,
        surnames=[one.capitalize() for one in made(count, 2, 4)],
        streets=streets,
        cities=[one.capitalize() for one in made(max(60, count // 5), 2, 4)],
    )


def skewed(chance: random.Random, count: int) -> int:
    """A place below `count`: the first ones often."""
    return int(count * chance.random() ** 2)


def misspell(chance: random.Random, text: str) -> str:
    """One slip of the keyboard: two letters swapped, one left out, doubled or wrong."""
    if len(text) < 3:
        return text
    place = chance.randrange(len(text) - 1)
    match chance.randrange(4):
        case 0:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        case 1:
            return text[:place] + text[place + 1 :]
        case 2:
            return text[:place] + text[place] + text[place:]
        case _:
            return text[:place] + chance.choice(_LETTERS) + text[place + 1 :]


def spoil(chance: random.Random, row: Row, shares: dict[str, tuple[float, float]]) -> None:
    """Empty and misspell cells: of each column the shares that are empty, and that have a slip."""
    for column, (empty, slips) in shares.items():
        cell = row[column]
        if chance.random() < empty:
            row[column] = None
        elif cell and chance.random() < slips:
            row[column] = misspell(chance, cell)
