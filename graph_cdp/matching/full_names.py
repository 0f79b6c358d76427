"""Whole names, parted into given name and surname, so that they are compared as those are."""

from collections.abc import Sequence

from graph_cdp.matching.names import fold
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import is_said

_TITLES = "mr mrs ms miss dr prof m mme mlle monsieur madame herr frau sr sra srta don dona sig sigra dott pan pani bay bayan"
TITLES = frozenset(_TITLES.split())

_PARTICLES = "de du des d la le les l del della dello dei di da do dos das von vom van der den dem zu zur zum ter ten te af av el al bin ben ibn abu st saint mac mc"
PARTICLES = frozenset(_PARTICLES.split())
"""Words that belong to the surname behind them: `Charles de Gaulle`, `Ludwig van Beethoven`."""

SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "junior", "senior", "fils", "filho", "neto"])
"""Words that belong to the surname before them."""

_LEGAL_FORMS = "sa sas sarl eurl sasu snc sci gmbh ag kg ohg ug ltd limited llc inc corp plc bv nv srl spa sl sro ab oy aps"
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())

NAME_TRAITS = ("first_name", "last_name", "name")
"""The traits that names are said by, in the order in which `names_of` takes them."""

WORDS_MAX = 6
"""Words that a whole name has at most: `Maria del Carmen Lopez Garcia` has five."""


def part_name(value: str) -> tuple[str, str]:
    """Given name and surname of a whole name, each empty where it is not told.

    `Martin, Lea` has its surname first; without a comma the last word is the surname, with its particles and suffixes. Titles before it are
    left out, and what stands for no name, such as `CLIENT PASSAGE`, has neither. Where a source writes the surname first without a comma, the
    two are swapped, which comparisons of names allow for.
    """
    line = one_line(value)
    if not is_said("name", line):
        return "", ""
    surname, comma, given = line.partition(",")
    if comma and given.strip():
        return given.strip(), surname.strip()
    words = line.replace(",", " ").split()
    while len(words) > 1 and fold(words[0]) in TITLES:
        words.pop(0)
    start = _start_of_surname(words)
    return " ".join(words[:start]), " ".join(words[start:])


def _start_of_surname(words: Sequence[str]) -> int:
    """The place of the first word of a surname; a name of one word is one."""
    start = max(0, len(words) - 1)
    while start > 1 and fold(words[start]) in SUFFIXES:
        start -= 1
    while start > 1 and fold(words[start - 1]) in PARTICLES:
        start -= 1
    return start


def names_of(
    first_name: str | None, last_name: str | None, name: str | None
) -> tuple[str | None, str | None]:
    """Given name and surname of who has these traits: those that are said, else those of a whole name that looks like a person's: neither
    a firm's, nor a handle with figures.
    """
    if first_name or last_name or not name:
        return first_name, last_name
    words = fold(name).split()
    if len(words) > WORDS_MAX or not LEGAL_FORMS.isdisjoint(words) or any(map(str.isdigit, name)):
        return None, None
    given, surname = part_name(name)
    return given or None, surname or None
