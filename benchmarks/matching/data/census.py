"""A census linked across ten years: two sources, each free of duplicates; no identifier; names misspelt, ages off, people moved."""

import random
from dataclasses import dataclass, replace

from benchmarks.matching.data.words import Row, Words, make_words, spoil

OCCUPATIONS = [
    "cultivateur",
    "journalier",
    "domestique",
    "tisserand",
    "couturière",
    "maçon",
    "menuisier",
    "forgeron",
    "meunier",
    "boulanger",
    "instituteur",
    "épicier",
    "lingère",
    "vigneron",
    "charpentier",
    "sabotier",
]
EMPTY_AND_SLIPS = {
    "given_name": (0.01, 0.1), "surname": (0.005, 0.12), "birthplace": (0.04, 0.07), "occupation": (0.25, 0.05),
    "parish": (0.0, 0.02), "birth_year": (0.02, 0.0), "sex": (0.01, 0.0),
}  # fmt: skip
FIRST, SECOND = 1871, 1881


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    number: int
    given: str
    surname: str
    gender: str
    born: int
    birthplace: str
    occupation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Household:
    parish: str
    people: tuple[_Person, ...]


def make_census(households: int, *, seed: int) -> tuple[list[Row], list[str]]:
    """The records of both years, and the true person of each."""
    chance = random.Random(seed)
    words = make_words(chance, people=households * 4)
    people = 0
    rows: list[Row] = []
    truth: list[str] = []
    for _ in range(households):
        first = _household(words, people)
        people += len(first.people)
        newcomers = _household(words, people) if chance.random() < 0.25 else None
        people += len(newcomers.people) if newcomers else 0
        both = ((FIRST, first), (SECOND, _ten_years_on(words, first)), (SECOND, newcomers))
        for year, household in both:
            for person in household.people if household else ():
                row = _row(chance, person, household.parish if household else "", year)
                rows.append({"record_id": f"{year}-{len(rows)}", "source": str(year), **row})
                truth.append(f"p{person.number}")
    return rows, truth


def _household(words: Words, number: int) -> _Household:
    chance = words.chance
    surname, parish, eldest = words.surname(), words.cities[chance.randrange(60)], chance.randint(1810, 1850)
    people: list[_Person] = []
    for place in range(chance.choice((1, 2, 3, 4, 5, 6, 7))):
        gender = "FM"[(place + 1) % 2] if place < 2 else chance.choice("FM")
        born = eldest + chance.randint(-3, 6) if place < 2 else eldest + 22 + 2 * place + chance.randint(0, 2)
        people.append(
            _Person(
                number=number + place,
                given=words.given_name(gender),
                surname=surname,
                gender=gender,
                born=min(born, FIRST),
                birthplace=parish if chance.random() < 0.6 else words.cities[chance.randrange(60)],
                occupation=chance.choice(OCCUPATIONS),
            )
        )
    return _Household(parish=parish, people=tuple(people))


def _ten_years_on(words: Words, household: _Household) -> _Household:
    chance = words.chance
    stay: list[_Person] = []
    for person in household.people:
        if chance.random() < 0.2:
            continue
        grown = person
        if person.gender == "F" and SECOND - 35 < person.born < SECOND - 17 and chance.random() < 0.3:
            grown = replace(grown, surname=words.surname())
        if chance.random() < 0.35:
            grown = replace(grown, occupation=chance.choice(OCCUPATIONS))
        stay.append(grown)
    parish = words.cities[chance.randrange(60)] if chance.random() < 0.15 else household.parish
    return _Household(parish=parish, people=tuple(stay))


def _row(chance: random.Random, person: _Person, parish: str, year: int) -> Row:
    given = person.given[:4] + "." if chance.random() < 0.03 and len(person.given) > 5 else person.given
    row: Row = {
        "given_name": given,
        "surname": person.surname,
        "sex": person.gender,
        "birth_year": str(person.born + chance.choice((0,) * 12 + (-1, 1, -1, 1, -2, 2, 3))),
        "birthplace": person.birthplace,
        "occupation": person.occupation if year - person.born > 14 else None,
        "parish": parish,
    }
    spoil(chance, row, EMPTY_AND_SLIPS)
    return row
