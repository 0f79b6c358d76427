import pytest

from graph_cdp.demo.truth import LinkQuality, measure_links, person_number


def test_the_two_records_of_a_person_have_one_number() -> None:
    assert [person_number("rec-123-org"), person_number("rec-123-dup-0")] == ["123", "123"]


def test_a_name_that_febrl_does_not_give_is_an_error() -> None:
    with pytest.raises(ValueError, match="FEBRL"):
        person_number("customer-123")


def test_pairs_that_were_found_missed_and_wrongly_made_are_counted() -> None:
    person_of_row = {
        "rec-1-org": "a",
        "rec-1-dup-0": "a",  # found
        "rec-2-org": "b",
        "rec-2-dup-0": "c",  # missed
        "rec-3-org": "b",  # with rec-2-org: wrong
    }

    quality = measure_links(person_of_row)

    assert quality == LinkQuality(found=2, true=2, right=1)
    assert (quality.precision, quality.recall) == (0.5, 0.5)


def test_two_rows_of_one_source_on_one_person_are_a_wrong_pair() -> None:
    assert measure_links({"rec-1-org": "a", "rec-2-org": "a"}) == LinkQuality(found=1, true=0, right=0)


def test_nothing_found_is_precise_and_nothing_to_find_is_complete() -> None:
    quality = measure_links({})

    assert (quality.precision, quality.recall) == (1.0, 1.0)
