"""Reading what a fact needs from a message. What cannot be read is left out and noted, and never costs the message.

A message is somebody's history: it is accepted, kept as it was received, and flagged where a fact was not understood.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.intake.json_body import JsonObject, JsonValue
from graph_cdp.intake.limits import TEXT_CHARACTERS_MAX
from graph_cdp.intake.times import parse_iso
from graph_cdp.intake.values import AMOUNT_MAX, COUNT_MAX, read_key, read_line

UNREADABLE = "unreadable"
MISSING = "missing"

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


class Said:
    """The members of one object of a message. A value is looked for under several names; the first that is there counts,
    and a blank text is not there: shops without article numbers of their own send `sku: ""` beside a product_id.

    `notes` is shared by all objects of a message: what could not be read, by its place, as `unreadable:properties.total`.
    Places are names of ours, never of the message, so that no note holds personal data.
    """

    def __init__(self, members: Mapping[str, JsonValue], *, at: str, notes: set[str]) -> None:
        self._members = members
        self._at = at
        self.notes = notes

    def __bool__(self) -> bool:
        return bool(self._members)

    def has(self, *names: str) -> bool:
        """Whether one of these members is there. An empty array says nothing."""
        return any(_is_said(value := self._members.get(name)) and value != [] for name in names)

    def note(self, what: str, name: str) -> None:
        """Note that a member is `UNREADABLE` or `MISSING`."""
        self.notes.add(f"{what}:{self._at}{name}")

    def text(self, *names: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str | None:
        """One line of text; a number counts as one."""
        name, value = self._first(names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return self._unreadable(name)
        try:
            return read_line(str(value), name=name, characters_max=characters_max)
        except Invalid:
            return self._unreadable(name)

    def key(self, *names: str) -> str | None:
        """What the source calls a thing: text or a whole number. Where one name holds none, the next one counts."""
        for name in names:
            value = self._members.get(name)
            if not _is_said(value):
                continue
            try:
                if isinstance(value, str | int) and not isinstance(value, bool):
                    return read_key(str(value), name=name)
            except Invalid:
                pass
            self._unreadable(name)
        return None

    def amount(self, *names: str, least: float = -AMOUNT_MAX, below: float = AMOUNT_MAX) -> float | None:
        """A number, or text that is one with a decimal point: `42,50` would be a guess."""
        name, value = self._first(names)
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = float(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._unreadable(name)
        if not math.isfinite(value) or not least <= value < below:
            return self._unreadable(name)
        return float(value)

    def count(self, *names: str) -> int | None:
        """A whole number of things, 0 or more."""
        amount = self.amount(*names, least=0, below=COUNT_MAX)
        if amount is not None and amount != int(amount):
            return self._unreadable(self._first(names)[0])
        return None if amount is None else int(amount)

    def currency(self, *names: str) -> str | None:
        """A code of ISO 4217, in capitals."""
        name, value = self._first(names)
        if value is None:
            return None
        if not isinstance(value, str) or not _CURRENCY.fullmatch(value.strip()):
            return self._unreadable(name)
        return value.strip().upper()

    def time(self, *names: str) -> Millis | None:
        """A time in ISO 8601."""
        text = self.text(*names)
        if text is None:
            return None
        try:
            return parse_iso(text, field="time")
        except Invalid:
            return self._unreadable(self._first(names)[0])

    def part(self, name: str) -> "Said":
        """An object among the members; empty where there is none."""
        value = self._members.get(name)
        if value is not None and not isinstance(value, dict):
            self.note(UNREADABLE, name)
        members = cast("JsonObject", value) if isinstance(value, dict) else {}
        return Said(members, at=f"{self._at}{name}.", notes=self.notes)

    def parts(self, name: str, *, most: int) -> list["Said"]:
        """The objects of an array; those beyond `most`, and what is no object, are noted."""
        value = self._members.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(UNREADABLE, name)
            return []
        objects = [cast("JsonObject", one) for one in value[:most] if isinstance(one, dict)]
        if len(objects) < len(value):
            self.note(UNREADABLE, name)
        return [Said(one, at=f"{self._at}{name}.", notes=self.notes) for one in objects]

    def switches(self) -> dict[str, bool]:
        """The members that are true or false, by name."""
        found = {name: value for name, value in self._members.items() if isinstance(value, bool)}
        if any(value is not None and not isinstance(value, bool) for value in self._members.values()):
            self.note(UNREADABLE, "*")
        return found

    def _first(self, names: tuple[str, ...]) -> tuple[str, JsonValue]:
        for name in names:
            if _is_said(value := self._members.get(name)):
                return name, value
        return names[0], None

    def _unreadable(self, name: str) -> None:
        self.note(UNREADABLE, name)


def _is_said(value: JsonValue) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


@lru_cache(maxsize=1_000)
def event_name(text: str | None) -> str:
    """The name of an event as the tables of events spell it: `Order Completed`, `order_completed` and `orderCompleted`
    are one.
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+", " ", text or "")
    return parted.strip().lower()
