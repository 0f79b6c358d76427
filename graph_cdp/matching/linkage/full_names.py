"""Columns of whole names: whether they are of people, and their given names and surnames."""

from graph_cdp.matching.full_names import LEGAL_FORMS, part_name
from graph_cdp.matching.linkage.cells import Cells, recode
from graph_cdp.matching.names import fold, has_nicknames

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
    """Given names and surnames of whole names."""
    parts = [part_name(value) for value in cells.values]
    return recode(cells, (given or None for given, _ in parts)), recode(
        cells, (last or None for _, last in parts)
    )
