"""The tills of the franchises: receipts by card or by e-mail, and what is brought back."""

from datetime import datetime, timedelta
from random import Random

from graph_cdp.demo.retailer.households import Household, Human, happens
from graph_cdp.demo.retailer.written import ARTICLES, STORES, Written, some_time

RETURNS_SHARE = 0.08


def go_shopping(home: Household, written: Written) -> None:
    """Each of them buys up to four times; who has no card, or forgot it, leaves an e-mail or nothing."""
    chance = home.chance("tills")
    for human in home.humans:
        for visit in range(
            3 if human.number == 0 else chance.choices((0, 1, 2, 3, 4), (15, 30, 25, 20, 10))[0]
        ):
            by = "card" if human.card and (home.number == 0 or happens(chance, 0.8)) else "email"
            contact = human.card if by == "card" else human.email
            if contact:
                _buy(home, human, written, chance, (f"{human.number:05d}-{visit}", by, contact))


def _buy(
    home: Household, human: Human, written: Written, chance: Random, receipt: tuple[str, str, str]
) -> None:
    number, by, contact = receipt
    source, at = f"till-{home.franchise}", some_time(chance, first_day=61, last_day=330)
    shop = chance.choice([store["code"] for store in STORES if store["franchise"] == home.franchise])
    written.know(f"{source}:{'loyalty_card' if by == 'card' else 'email'}:{contact}", human)
    lines = chance.sample(ARTICLES, 2 if human.number == 0 else chance.randint(1, 3))
    head = {"ticket": f"T-{number}", "date": _time(at), "magasin": shop, "client": contact}
    for sku, name, _, price in lines:
        line = {"ean": sku, "libellé": name, "qté": str(chance.choice((1, 1, 1, 2))), "prix": _amount(price)}
        written.files[f"{source}-{by}"].append({**head, **line})
    if by == "card" and (happens(chance, RETURNS_SHARE) or number == "00000-1"):
        back = at + timedelta(days=chance.randint(1, 30))
        written.files[f"{source}-returns"].append(
            {
                **head,
                "ticket": f"R-{number}",
                "date": _time(back),
                "rendu": f"T-{number}",
                "montant": _amount(lines[0][3]),
            }
        )


def _time(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"


def _amount(price: float) -> str:
    return f"{price:.2f}".replace(".", ",")
