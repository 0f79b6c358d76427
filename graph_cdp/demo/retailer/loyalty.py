"""The loyalty programme: who enrolled, as clerks typed it, and the consents that were given and taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from graph_cdp.demo.retailer.households import CARDS_BEGIN, Household, Human, fold, happens
from graph_cdp.demo.retailer.written import LOYALTY, Written, some_time

JUNK_EMAILS = ("test@test.fr", "null", "pasdemail@pasdemail.fr", "nc")
JUNK_PHONES = ("0000000000", "inconnu", "00 00 00 00 00")
SECOND_CARD = 5_000_000
"""How far the number of a replaced card lies from the first one's."""


def enrol(home: Household, written: Written) -> None:
    """Whoever has a card has a row; one in fifteen has two, for a card that was lost. Then their consents."""
    chance = home.chance("loyalty")
    for human in home.humans:
        if human.card is None:
            continue
        first = f"M{human.number:05d}"
        at = some_time(chance, last_day=60)
        _write_row(home, human, written, chance, (first, human.card, at))
        if happens(chance, 0.07) and home.number:
            card = str(CARDS_BEGIN + SECOND_CARD + human.number)
            _write_row(home, human, written, chance, (f"{first}B", card, some_time(chance, first_day=200)))
        for kind, row in _consents(human, chance, first, at):
            written.files[f"consents-{kind}"].append(row)


def _write_row(
    home: Household, human: Human, written: Written, chance: Random, row: tuple[str, str, datetime]
) -> None:
    number, card, at = row
    is_told_well = home.number == 0 or happens(chance, 0.8)
    email = human.email if is_told_well or happens(chance, 0.8) else chance.choice(JUNK_EMAILS)
    mobile = human.mobile if is_told_well or happens(chance, 0.8) else chance.choice(JUNK_PHONES)
    surname = human.last_name if is_told_well else fold(human.last_name).upper()
    written.know(f"{LOYALTY}:row:{number}", human)
    written.files[LOYALTY].append(
        {
            "no": number,
            "modifié": f"{at:%d/%m/%Y %H:%M}",
            "civilité": "Mme" if human.is_woman else "M.",
            "prénom": human.first_name if is_told_well else _mistype(human.first_name, chance),
            "nom": surname,
            "naissance": f"{human.born:%d/%m/%Y}" if is_told_well or happens(chance, 0.5) else "",
            "mail": email or "",
            "mobile": mobile or "",
            "fixe": home.landline or "",
            "adresse": home.street,
            "cp": home.postal_code,
            "ville": home.city,
            "franchise": home.franchise,
            "carte": card,
        }
    )


def _consents(
    human: Human, chance: Random, number: str, at: datetime
) -> Iterator[tuple[str, dict[str, str]]]:
    """By e-mail and by SMS: given at enrolment or refused, and sometimes taken back. The example takes back her SMS."""
    for channel, contact in (("email", human.email), ("sms", human.mobile)):
        if contact is None:
            continue
        given = human.number == 0 or happens(chance, 0.7)
        row = {"no": number, "but": "newsletter", "canal": channel, "contact": contact, "avis": "2025-01"}
        yield channel, {**row, "date": f"{at:%d/%m/%Y %H:%M}", "état": "oui" if given else "non"}
        if given and (happens(chance, 0.15) or (human.number == 0 and channel == "sms")):
            later = at + timedelta(days=chance.randint(20, 250))
            yield channel, {**row, "date": f"{later:%d/%m/%Y %H:%M}", "état": "retrait"}


def _mistype(name: str, chance: Random) -> str:
    """The name without its accents, or with two letters that changed places."""
    plain = fold(name)
    place = chance.randrange(1, len(plain) - 1)
    if happens(chance, 0.6):
        return plain
    return plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
