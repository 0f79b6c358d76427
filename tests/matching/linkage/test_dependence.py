"""Which fields of places say the same twice."""

from random import Random

from graph_cdp.matching.linkage.columns import make_columns
from graph_cdp.matching.linkage.dependence import dependences


def test_town_and_postal_code_count_against_each_other_where_an_address_foretells_both() -> None:
    """Of records without an address nothing else would: they would be one person by town and code alone."""
    chance = Random(1)
    towns = [chance.randrange(40) for _ in range(2_000)]
    cells: dict[str, list[str | None]] = {
        "address": [
            f"{chance.randrange(60)} rue {town}" if chance.random() < 0.5 else None for town in towns
        ],
        "city": [f"Ville{town}" for town in towns],
        "postal_code": [f"{town:05}" for town in towns],
    }
    columns = make_columns(cells, [""] * len(towns), region="FR")

    assert set(dependences(columns)) == {("city", "postal_code"), ("address", "city")}
