"""A French retail identity stream: records of one kind from four systems, some people often, with families that share things."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from benchmarks.matching.data.words import Row, Words, make_words, spoil

EMPTY_AND_SLIPS = {
    "prenom": (0.12, 0.06), "nom": (0.12, 0.06), "date_naissance": (0.5, 0.01), "email": (0.4, 0.01),
    "telephone": (0.45, 0.005), "adresse": (0.5, 0.06), "code_postal": (0.3, 0.01), "ville": (0.3, 0.05), "device": (0.7, 0.0),
}  # fmt: skip
JUNK_MAILS = ("test@test.com", "noreply@shop.fr", "client@magasin.fr", "a@a.fr")
JUNK_PHONES = ("0000000000", "0600000000", "0123456789", "0611111111")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    given: str
    surname: str
    born: tuple[int, int, int]
    mail: str
    mobile: str
    home_phone: str
    own_device: str
    home_device: str
    street: str
    city: tuple[str, str]


def make_stream(records: int, *, seed: int) -> tuple[list[Row], list[str]]:
    """The records, and the true person of each."""
    made = list(islice(stream_rows(records, seed=seed), records))
    return [row for row, _ in made], [person for _, person in made]


def stream_rows(records: int, *, seed: int) -> Iterator[tuple[Row, str]]:
    """Records without end, each with its true person, of a population of which so many leave as many records as that."""
    chance = random.Random(seed)
    words = make_words(chance, people=records // 3)
    people = made = 0
    while True:
        for person in _household(words, people):
            people += 1
            for row in _records(words, person):
                yield {"record_id": f"r{made}", **row}, f"p{people}"
                made += 1


def _household(words: Words, number: int) -> list[_Person]:
    chance = words.chance
    surname, street, city = words.surname(), words.street(), words.city()
    home_phone = f"0{chance.randint(1, 5)}{chance.randint(10_000_000, 99_999_999)}"
    people: list[_Person] = []
    for place in range(chance.choice((1, 1, 2, 2, 3, 4, 5))):
        given = words.given_name(chance.choice("FM"))
        born = (chance.randint(1940, 2005), chance.randint(1, 12), chance.randint(1, 28))
        if place and chance.random() < 0.03:
            born = people[-1].born
        letters = f"{given}.{surname}".lower().translate(str.maketrans("éèêëïîôàç", "eeeeiioac"))
        mail = f"{letters}{chance.randint(1, 999)}@{chance.choice(('gmail.com', 'orange.fr', 'free.fr'))}"
        if place and chance.random() < 0.05:
            mail = people[0].mail
        people.append(
            _Person(
                given=given, surname=surname, born=born, mail=mail,
                mobile=f"06{chance.randint(10_000_000, 99_999_999)}", home_phone=home_phone,
                own_device=f"d{number}-{place}", home_device=f"d{number}", street=street, city=city,
            )
        )  # fmt: skip
    return people


def _records(words: Words, person: _Person) -> list[Row]:
    """What a person leaves behind in time: they move, they marry, they change their e-mail."""
    chance = words.chance
    rows: list[Row] = []
    for number in range(chance.choice((1, 1, 2, 2, 3, 4, 6, 9))):
        if number and chance.random() < 0.02:
            person = replace(person, surname=words.surname())
        if number and chance.random() < 0.04:
            person = replace(person, street=words.street(), city=words.city())
        if number and chance.random() < 0.03:
            person = replace(person, mail=f"m{chance.randint(1, 10**9)}@gmail.com")
        rows.append(_row(chance, person))
    return rows


def _row(chance: random.Random, person: _Person) -> Row:
    source = chance.choice(("crm", "web", "pos", "app"))
    year, month, day = person.born
    row: Row = {
        "source": source,
        "prenom": person.given,
        "nom": person.surname,
        "date_naissance": f"{day:02}/{month:02}/{year}"
        if source in {"crm", "pos"}
        else f"{year}-{month:02}-{day:02}",
        "email": person.mail,
        "telephone": person.mobile if chance.random() < 0.6 else person.home_phone,
        "adresse": person.street,
        "code_postal": person.city[1],
        "ville": person.city[0],
        "device": person.own_device if chance.random() < 0.5 else person.home_device,
    }
    spoil(chance, row, EMPTY_AND_SLIPS)
    if chance.random() < 0.02:
        row["email"] = chance.choice(JUNK_MAILS)
    if chance.random() < 0.02:
        row["telephone"] = chance.choice(JUNK_PHONES)
    if chance.random() < 0.03:
        row["prenom"] = f"{person.given[0]}."
    if chance.random() < 0.01:
        row["prenom"], row["nom"] = row["nom"], row["prenom"]
    if row["nom"] and chance.random() < 0.3:
        row["nom"] = row["nom"].upper()
    if row["date_naissance"] and chance.random() < 0.01:
        row["date_naissance"] = "01/01/1900"
    return row
