"""What is written down of the retailer's year while households live it: rows, calls, and who each record truly is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeAlias

from graph_cdp.demo.keys import RETAILER_SOURCE
from graph_cdp.demo.retailer.households import Human
from graph_cdp.demo.scenes import Call
from graph_cdp.ids import Millis

SITE, LOYALTY = RETAILER_SOURCE, "loyalty"
"""The sources of the brand: its site and its loyalty programme. Each franchise has its tills: `till-nord`, `till-sud`."""

CALLS_PREFIX = "retailer-"
"""How the ids of the calls begin."""

YEAR_BEGINS = date(2025, 1, 1)

Row: TypeAlias = Mapping[str, str]

ARTICLES = (
    ("MC-101", "Écharpe en laine", "Accessoires", 39.90), ("MC-102", "Gants en cuir", "Accessoires", 49.00),
    ("MC-201", "Marinière", "Hauts", 35.00), ("MC-202", "Chemise en lin", "Hauts", 59.90),
    ("MC-203", "Pull col roulé", "Hauts", 69.90), ("MC-301", "Jean droit", "Bas", 79.00),
    ("MC-302", "Jupe plissée", "Bas", 65.00), ("MC-401", "Manteau en laine", "Manteaux", 189.00),
    ("MC-402", "Imperméable", "Manteaux", 129.00), ("MC-501", "Bottines", "Chaussures", 119.00),
    ("MC-502", "Espadrilles", "Chaussures", 29.90), ("MC-601", "Sac de plage", "Accessoires", 24.50),
)  # fmt: skip
"""What the retailer sells: number, name, category, price in EUR."""

STORES: tuple[Row, ...] = (
    {"code": "N01", "name": "Maison Curie Lille", "city": "Lille", "franchise": "nord"},
    {"code": "N02", "name": "Maison Curie Arras", "city": "Arras", "franchise": "nord"},
    {"code": "S01", "name": "Maison Curie Nice", "city": "Nice", "franchise": "sud"},
    {"code": "S02", "name": "Maison Curie Toulon", "city": "Toulon", "franchise": "sud"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The year so far. `human_of` says which human a record is, None where it is more than one."""

    files: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list[Call])
    human_of: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    tablets: list[str] = field(default_factory=list[str])

    def know(self, record_key: str, human: Human) -> None:
        """A record is this human; if it was another one before, it is nobody's."""
        known = self.human_of.setdefault(record_key, human.number)
        if known != human.number:
            self.human_of[record_key] = None


def some_time(chance: Random, *, first_day: int = 0, last_day: int = 364) -> datetime:
    """A minute of opening hours of a day of the year, counted from 0, without a zone: the clock on the wall."""
    day = YEAR_BEGINS + timedelta(days=chance.randint(first_day, last_day))
    return datetime(day.year, day.month, day.day, chance.randint(9, 19), chance.randint(0, 59))  # noqa: DTZ001 - a wall


def millis(moment: datetime) -> Millis:
    """The moment on the site's clock, which is UTC."""
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)
