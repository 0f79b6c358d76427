"""Six sources of an administration: each has its own columns, writes dates in its own way, and knows a part of the people."""

import random
from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.matching.data.words import Row, Words, make_words, spoil

FORMATS: Mapping[str, tuple[str, Sequence[str]]] = {
    "tax": ("%d/%m/%Y", ("given_name", "surname", "birth_date", "address", "postcode", "national_id")),
    "health": ("%Y-%m-%d", ("given_name", "surname", "birth_date", "sex", "postcode", "phone")),
    "schools": ("%d.%m.%Y", ("given_name", "surname", "birth_date", "address", "city")),
    "licences": ("%m/%d/%Y", ("given_name", "surname", "birth_date", "sex", "city", "postcode")),
    "library": ("%d %b %Y", ("given_name", "surname", "birth_date", "email", "phone")),
    "housing": ("%Y%m%d", ("given_name", "surname", "birth_date", "address", "city", "phone")),
}
KNOWN, TWICE = 0.45, 0.04
EMPTY_AND_SLIPS = {
    "given_name": (0.01, 0.07), "surname": (0.01, 0.08), "birth_date": (0.06, 0.01), "address": (0.08, 0.1), "city": (0.05, 0.05),
    "postcode": (0.05, 0.02), "national_id": (0.2, 0.01), "phone": (0.3, 0.01), "email": (0.3, 0.02), "sex": (0.03, 0.0),
}  # fmt: skip


def make_administrative(people: int, *, seed: int) -> tuple[list[Row], list[str]]:
    """The records of all sources under all columns, and the true person of each."""
    chance = random.Random(seed)
    words = make_words(chance, people=people)
    rows: list[Row] = []
    truth: list[str] = []
    number = 0
    while number < people:
        surname, street, city = words.surname(), words.street(), words.city()
        phone = f"01{chance.randint(10_000_000, 99_999_999)}"
        for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
            number += 1
            said = _person(words, surname) | {
                "address": street,
                "city": city[0],
                "postcode": city[1],
                "phone": phone,
            }
            for source, row in _records(words, said):
                rows.append({"record_id": f"a{len(rows)}", "source": source, **row})
                truth.append(f"p{number}")
    return rows, truth


def _person(words: Words, surname: str) -> dict[str, str]:
    chance = words.chance
    gender = chance.choice("FM")
    born = date.fromordinal(chance.randint(date(1935, 1, 1).toordinal(), date(2012, 12, 31).toordinal()))
    return {
        "given_name": words.given_name(gender),
        "surname": surname,
        "sex": gender,
        "birth_date": born.isoformat(),
        "national_id": f"{chance.randint(10**12, 10**13 - 1)}",
        "email": f"u{chance.randint(1, 10**8)}@mail.fr",
    }


def _records(words: Words, said: dict[str, str]) -> list[tuple[str, Row]]:
    chance = words.chance
    found: list[tuple[str, Row]] = []
    for source, (form, columns) in FORMATS.items():
        for _ in range((chance.random() < KNOWN) + (chance.random() < TWICE)):
            now = dict(said)
            if chance.random() < 0.06:
                now |= {"address": words.street(), "city": words.city()[0], "postcode": words.city()[1]}
            if said["sex"] == "F" and chance.random() < 0.04:
                now["surname"] = words.surname()
            row: Row = {column: now[column] if column in columns else None for column in EMPTY_AND_SLIPS}
            row["birth_date"] = date.fromisoformat(now["birth_date"]).strftime(form)
            spoil(chance, row, EMPTY_AND_SLIPS)
            found.append((source, row))
    return found
