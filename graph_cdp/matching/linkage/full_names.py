"""Whole names in one column, parted into given name and surname, so that they are compared as those are."""

from graph_cdp.matching.linkage.cells import Cells, recode
from graph_cdp.matching.names import fold
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import is_said

_TITLES = "mr mrs ms miss dr prof m mme mlle monsieur madame herr frau sr sra srta don dona sig sigra dott pan pani bay bayan"
TITLES = frozenset(_TITLES.split())


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
