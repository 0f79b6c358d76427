r"""Patterns of values, in a part of the language of regular expressions that cannot be made to hang. Pure.

A pattern is alternatives (`|`), each a row of characters, classes (`[A-Z]`, `\d`, `.`) and their repetitions (`?`, `*`,
`+`, `{5}`, `{2,4}`). There are no groups and no references. It is not searched with backtracking: one walk along the
value keeps the set of places that the pattern may have reached (Thompson, 1968), so the time is at most the length of
the value times the length of the pattern, whatever both say. Python's `re` has no time limit, and one `(a+)+` from a
file of rules would stop the service for every source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

PATTERN_CHARACTERS_MAX = 200
VALUE_CHARACTERS_MAX = 512
"""A longer value fits no pattern: what has a pattern is a code, a number, an address of a mailbox."""

REPETITIONS_MAX = 512

_ATOM = re.compile(
    r"(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<escape>\\[dDwWsS.\\|?*+{}()\[\]^$/\-])|(?P<plain>[^\\\[\]|?*+{}()^$])"
)
_TIMES = re.compile(r"[?*+]|\{(?P<least>[0-9]{1,3})(?P<comma>,(?P<most>[0-9]{1,3})?)?\}")
_FIXED = {"?": (0, 1), "*": (0, REPETITIONS_MAX), "+": (1, REPETITIONS_MAX)}


class BadPattern(ValueError):
    """A text that is no pattern; its message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """Characters of one kind, `least` to `most` of them."""

    character: re.Pattern[str]
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern that whole values fit or do not. Made by `parse_pattern`."""

    text: str
    alternatives: tuple[tuple[_Step, ...], ...] = field(repr=False, compare=False)

    def fits(self, value: str) -> bool:
        """Whether all of `value` is as the pattern says; one that is too long is not."""
        if len(value) > VALUE_CHARACTERS_MAX:
            return False
        return any(_fits(steps, value) for steps in self.alternatives)


def parse_pattern(text: str) -> Pattern:
    """The pattern that a text declares.

    Raises:
        BadPattern: it is too long, or uses what patterns do not have.
    """
    if len(text) > PATTERN_CHARACTERS_MAX:
        raise BadPattern(f"a pattern has at most {PATTERN_CHARACTERS_MAX} characters")
    alternatives: list[list[_Step]] = [[]]
    at = 0
    while at < len(text):
        if text[at] == "|":
            alternatives.append([])
            at += 1
            continue
        step, at = _read_step(text, at)
        alternatives[-1].append(step)
    return Pattern(text=text, alternatives=tuple(tuple(steps) for steps in alternatives))


def _read_step(text: str, at: int) -> tuple[_Step, int]:
    atom = _ATOM.match(text, at)
    if atom is None:
        raise BadPattern(
            f"at character {at + 1}: a pattern has characters, classes such as [A-Z] or \\d, repetitions ? * + {{n}} "
            "{{n,m}}, and | between alternatives; no groups, anchors or look-arounds (it fits the whole value)"
        )
    try:
        character = re.compile(atom[0], re.DOTALL | re.ASCII)
    except (re.error, FutureWarning):
        raise BadPattern(f"at character {at + 1}: {atom[0]} is no class of characters") from None
    times = _TIMES.match(text, atom.end())
    least, most = _read_times(times) if times else (1, 1)
    return _Step(character=character, least=least, most=most), times.end() if times else atom.end()


def _read_times(times: re.Match[str]) -> tuple[int, int]:
    if times[0] in _FIXED:
        return _FIXED[times[0]]
    least = int(times["least"])
    most = int(times["most"]) if times["most"] else (REPETITIONS_MAX if times["comma"] else least)
    if least > most or most > REPETITIONS_MAX:
        raise BadPattern(f"{times[0]} counts from {least} to {most}; the most is {REPETITIONS_MAX}")
    return least, most


def _fits(steps: tuple[_Step, ...], value: str) -> bool:
    places = [True] + [False] * len(value)
    for step in steps:
        places = _walk(step, value, places)
    return places[-1]


def _walk(step: _Step, value: str, places: list[bool]) -> list[bool]:
    """Where the pattern may be after a step: from each place, `least` to `most` characters on, all of the step's kind."""
    starts = [0] * (len(places) + 1)
    for place, end in enumerate(_runs(step, value)):
        first, last = place + step.least, min(place + step.most, end)
        if places[place] and first <= last:
            starts[first] += 1
            starts[last + 1] -= 1
    return [count > 0 for count in accumulate(starts[:-1])]


def _runs(step: _Step, value: str) -> Iterator[int]:
    """For each place, where the run of characters of the step's kind that begins there ends."""
    ends = list(range(len(value) + 1))
    for place in range(len(value) - 1, -1, -1):
        if step.character.fullmatch(value[place]):
            ends[place] = ends[place + 1]
    return iter(ends)
