"""A stream of messages such as a shop's sites and apps send: four in five are about somebody who is known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

NEW_SHARE = 0.2
DUPLICATE_SHARE = 0.1
IDENTIFY_SHARE, ALIAS_SHARE = 0.12, 0.04
"""Of the messages about people who are known; the rest are tracks."""

REMEMBERED = 2_000
"""Of how many messages a duplicate is one: those of the last seconds, some still on their way."""

START = datetime(2026, 1, 1, tzinfo=UTC)
CITIES = ("Paris", "Lyon", "Lille", "Nantes", "Nice", "Brest")


@dataclass(slots=True, kw_only=True)
class Visitors:
    """The stream of a seed. `distinct` counts its messages without the duplicates; ids begin with `prefix`."""

    seed: int
    prefix: str = ""
    duplicates: float = DUPLICATE_SHARE
    distinct: int = 0
    people: int = 0
    recent: list[Json] = field(default_factory=list[Json])
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(f"visitors {self.seed}")

    def batch(self, size: int) -> list[Json]:
        """The next messages."""
        return [self._next() for _ in range(size)]

    def batches(self, size: int) -> Iterator[list[Json]]:
        """Batches without end."""
        while True:
            yield self.batch(size)

    def _next(self) -> Json:
        if self.recent and self.chance.random() < self.duplicates:
            return self.chance.choice(self.recent)
        message = (
            self._about_new() if self.chance.random() < NEW_SHARE or not self.people else self._about_known()
        )
        number = self.distinct
        message |= {
            "messageId": f"{self.prefix}m{number}",
            "timestamp": (START + timedelta(milliseconds=number)).isoformat(timespec="milliseconds"),
        }
        self.distinct += 1
        if len(self.recent) < REMEMBERED:
            self.recent.append(message)
        else:
            self.recent[number % REMEMBERED] = message
        return message

    def _about_new(self) -> Json:
        number, self.people = self.people, self.people + 1
        traits = {"email": f"{self.prefix}u{number}@example.fr", "firstName": "Jean", "city": "Paris"}
        return {"type": "identify", "userId": f"{self.prefix}u{number}", "traits": traits}

    def _about_known(self) -> Json:
        number = self.chance.randrange(self.people)
        user = f"{self.prefix}u{number}"
        kind = self.chance.random()
        if kind < IDENTIFY_SHARE:
            return {"type": "identify", "userId": user, "traits": {"city": self.chance.choice(CITIES)}}
        if kind < IDENTIFY_SHARE + ALIAS_SHARE:
            return {"type": "alias", "userId": user, "previousId": f"{self.prefix}a{number}"}
        properties = {"sku": f"{number % 1_000:08}", "price": 19.9, "quantity": 1, "currency": "EUR"}
        return {"type": "track", "event": "Product Viewed", "userId": user, "properties": properties}
