from datetime import date

from graph_cdp.demo.retailer.households import build_household
from graph_cdp.demo.retailer.load import FILES
from graph_cdp.demo.retailer.written import Written
from graph_cdp.demo.retailer.year import SAMPLE_HOUSEHOLDS, WHOLE_HOUSEHOLDS, live_a_year


def test_one_seed_tells_one_year() -> None:
    assert live_a_year(SAMPLE_HOUSEHOLDS) == live_a_year(SAMPLE_HOUSEHOLDS)


def test_a_sample_is_a_part_of_the_whole() -> None:
    sample, whole = live_a_year(3), live_a_year(6)

    assert {call.message_id for call in sample.calls} <= {call.message_id for call in whole.calls}
    for name, rows in sample.rows.items():
        assert whole.rows[name][: len(rows)] == rows


def test_the_whole_year_has_the_size_that_its_page_says() -> None:
    year = live_a_year(WHOLE_HOUSEHOLDS)

    assert (len(set(year.human_of.values())), len(year.human_of), len(year.tablets)) == (1343, 3569, 22)
    assert len({call.message_id for call in year.calls}) == len(year.calls)
    assert set(year.rows) == set(FILES)


def test_the_first_household_is_the_family_of_the_examples() -> None:
    family = build_household(0)

    assert [(human.first_name, human.born) for human in family.humans] == [
        ("Hélène", date(1984, 3, 9)),
        ("Karim", date(1981, 11, 23)),
        ("Margaux", date(2009, 6, 2)),
    ]
    assert family.landline == "03 53 01 99 99"


def test_a_record_of_two_people_is_nobodys() -> None:
    written, (first, second) = Written(), build_household(0).humans[:2]

    written.know("till-nord:email:both@example.net", first)
    written.know("till-nord:email:both@example.net", second)
    written.know("till-nord:email:both@example.net", first)

    assert written.human_of == {"till-nord:email:both@example.net": None}


def test_some_couples_share_an_email() -> None:
    homes = [build_household(number) for number in range(SAMPLE_HOUSEHOLDS)]
    couples = [home.humans[:2] for home in homes if len(home.humans) > 1]

    assert sum(one.email is not None and one.email == other.email for one, other in couples) == 3
