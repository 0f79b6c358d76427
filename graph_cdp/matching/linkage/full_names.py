"""Whole names in one column, parted into given name and surname, so that they are compared as those are."""

from graph_cdp.matching.linkage.cells import Cells, recode
from graph_cdp.matching.names import fold, has_nicknames
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import is_said

_TITLES = "mr mrs ms miss dr prof m mme mlle monsieur madame herr frau sr sra srta don dona sig sigra dott pan pani bay bayan"
TITLES = frozenset(_TITLES.split())

LEGAL_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sarl",
        "eurl",
        "sasu",
        "snc",
        "sci",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "ltd",
        "limited",
        "llc",
        "inc",
        "corp",
        "plc",
        "bv",
        "nv",
        "srl",
        "spa",
        "sl",
        "sro",
        "ab",
        "oy",
        "aps",
    ]
)
KNOWN_MIN, OF_FIRMS_MAX, WORDS_USUAL = 0.33, 0.02, range(2, 5)
"""Of names of people a third begin or end with a given name that is known; of those of firms few do, and many have a legal form."""

LOOKED_AT = 10_000
"""Values of a column that are looked at."""


def are_of_people(cells: Cells) -> bool:
    """Whether the values of a column look like whole names of people, and not like those of firms, places or articles."""
    names = [fold(value).split() for value in cells.values[:LOOKED_AT]]
    usual = [words for words in names if len(words) in WORDS_USUAL]
    known = sum(has_nicknames(words[0]) or has_nicknames(words[-1]) for words in usual)
    of_firms = sum(not LEGAL_FORMS.isdisjoint(words) for words in names)
    return bool(names) and known >= KNOWN_MIN * len(names) and of_firms <= OF_FIRMS_MAX * len(names)


def part_names(cells: Cells) -> tuple[Cells, Cells]:
    """Given names and surnames. `Martin, Lea` has its surname first; without a comma the last word is the surname, titles before it left out.
    What stands for no name, such as `CLIENT PASSAGE`, has neither.

    Where a source writes the surname first without a comma, the two are swapped, which is near enough for a comparison.
    """
    parts = [_part(value) for value in cells.values]
    return recode(cells, (given or None for given, _ in parts)), recode(
        cells, (last or None for _, last in parts)
    )


def _part(value: str) -> tuple[str, str]:
    line = one_line(value)
    if not is_said("name", line):
        return "", ""
    surname, comma, given = line.partition(",")
    if comma and given.strip():
        return given.strip(), surname.strip()
    words = line.replace(",", " ").split()
    while len(words) > 1 and fold(words[0]) in TITLES:
        words.pop(0)
    return " ".join(words[:-1]), words[-1] if words else ""
