"""A seeded stream of messages that meet: people with accounts, cards and devices, who share half of them.

Every identifier comes from a small pool, so that writers collide. Half of the shared ones are contested: an e-mail
of two accounts, a phone of a family, a tablet of a shop. Times are few, so that they tie.
"""

from random import Random

from tests.identity.scenario import TIMESTAMP, Json

GIVEN_NAMES = ("Anne", "Paul", "Léa", "Hugo", "Emma", "Jade")


def stream(seed: int, *, count: int, shared: int = 200) -> list[Json]:
    """`count` messages over `shared` identifiers; a tenth of them twice, with the same id."""
    chance = Random(f"stream {seed}")
    people = [_Person(number, chance) for number in range(shared // 4)]
    messages = [
        {
            "messageId": f"m{seed}-{number}",
            "timestamp": TIMESTAMP,
            **_say(chance.choice(people), people, chance),
        }
        for number in range(count)
    ]
    again = chance.sample(messages, count // 10)
    return (
        [*messages, *again]
        if chance.random() < 0.5
        else chance.sample([*messages, *again], count + len(again))
    )


class _Person:
    """Who sends: their own identifiers, and those that they share with a neighbour."""

    def __init__(self, number: int, chance: Random) -> None:
        self.number = number
        self.user_id = f"u{number}"
        self.email = f"p{number}@x.fr"
        self.phone = f"06{number:08d}"
        self.device = f"d{number}"
        self.card = f"2990{number:04d}"
        self.first_name = chance.choice(GIVEN_NAMES)
        family = number // 3  # three share a phone and a tablet
        self.family_phone = f"07{family:08d}"
        self.tablet = f"tab{family}"


def _say(person: _Person, people: list[_Person], chance: Random) -> Json:
    other = people[(person.number + chance.choice((0, 0, 0, 1))) % len(people)]
    email = chance.choice((person.email, person.email, other.email))
    phone = chance.choice((person.phone, person.family_phone))
    device = chance.choice((person.device, person.tablet))
    names: Json = {"first_name": person.first_name} if chance.random() < 0.5 else {}
    login: Json = {"type": "identify", "source": "web", "userId": person.user_id}
    claimed = chance.choice((device, other.user_id))
    receipt = f"r{chance.randrange(len(people))}"
    said: tuple[Json, ...] = (
        {"type": "page", "source": "web", "anonymousId": device, "name": "Home"},
        {**login, "anonymousId": device, "traits": names},
        {**login, "traits": {"email": email, **names}},
        {
            "type": "identify",
            "source": "app",
            "anonymousId": device,
            "traits": {"email": email, "phone": phone},
        },
        _row("pos", receipt, {"loyalty_card": person.card, "phone": phone, **names}),
        _row("crm", f"c{person.number}", {"email": email, "email_2": other.email, "phone": phone, **names}),
        {"type": "alias", "source": "web", "previousId": claimed, "userId": person.user_id},
    )
    return chance.choice(said)


def _row(source: str, record_id: str, traits: Json) -> Json:
    return {"type": "record", "source": source, "record_id": record_id, "traits": traits}
