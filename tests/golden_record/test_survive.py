"""Survivorship, rule by rule."""

import pytest

from graph_cdp.golden_record.model import FieldRule, RuleName, StatingRecord, Survivor, Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP, BadSurvivorship, parse_survivorship
from graph_cdp.golden_record.rules import survive
from graph_cdp.ids import RecordId, RecordKey
from graph_cdp.source.rules import TraitValue

City = tuple[str, int, bool]


def record(key: str, trust: int = 0, /, **stated: tuple[str, int] | City) -> StatingRecord:
    """A record that states each trait as (value, at) or (value, at, verified)."""
    return StatingRecord(
        key=RecordKey(key),
        id=RecordId(f"id of {key}"),
        trust=trust,
        traits={
            name: TraitValue(value=said[0], at=said[1], verified=len(said) > 2 and said[2])
            for name, said in stated.items()
        },
    )


CRM = record("crm:row:1", 80, city=("Lyon", 100), first_name=("Marie", 100))
SHOP = record("shop:row:7", 50, city=("Paris", 300), first_name=("Marie-Claire", 200))
TILL = record("pos:row:4", 20, city=("Lyon", 200), first_name=("Mimi", 300))


@pytest.mark.parametrize(
    ("rule", "value", "key"),
    [
        ("most_recent", "Paris", "shop:row:7"),
        ("most_trusted_source", "Lyon", "crm:row:1"),
        ("most_frequent", "Lyon", "pos:row:4"),
        ("longest", "Paris", "shop:row:7"),
    ],
)
def test_one_city_survives(rule: RuleName, value: str, key: str) -> None:
    golden = survive([CRM, SHOP, TILL], Survivorship(default=FieldRule(rule=rule)))

    assert (golden["city"].value, golden["city"].record_id) == (value, f"id of {key}")


def test_each_field_follows_its_own_rule() -> None:
    survivorship = Survivorship(
        default=FieldRule(rule="most_recent"), fields={"first_name": FieldRule(rule="longest")}
    )

    assert survive([CRM, SHOP, TILL], survivorship) == {
        "first_name": Survivor(value="Marie-Claire", record_id=RecordId("id of shop:row:7"), at=200),
        "city": Survivor(value="Paris", record_id=RecordId("id of shop:row:7"), at=300),
    }


@pytest.mark.parametrize(
    ("records", "key"),
    [
        ([record("a", city=("x", 1)), record("b", city=("y", 2))], "b"),
        ([record("a", 1, city=("x", 1)), record("b", 2, city=("y", 1))], "b"),
        ([record("b", 1, city=("x", 1)), record("a", 1, city=("y", 1))], "a"),
    ],
    ids=["newest", "then most trusted", "then smallest key"],
)
@pytest.mark.parametrize("rule", ["most_recent", "most_frequent", "longest"])
def test_ties_are_broken_in_one_way(records: list[StatingRecord], key: str, rule: RuleName) -> None:
    for order in (records, records[::-1]):
        golden = survive(order, Survivorship(default=FieldRule(rule=rule)))

        assert golden["city"].record_id == f"id of {key}"


def test_among_the_most_trusted_the_newest_survives() -> None:
    records = [
        record("a", 5, city=("x", 1)), record("b", 5, city=("y", 2)), record("c", 1, city=("z", 3)),
    ]  # fmt: skip

    golden = survive(records, Survivorship(default=FieldRule(rule="most_trusted_source")))

    assert golden["city"].value == "y"


def test_a_verified_value_beats_newer_ones_that_are_not() -> None:
    survivorship = Survivorship(default=FieldRule(verified=True))
    old, new = record("a", email=("old@x.fr", 1, True)), record("b", email=("new@x.fr", 2))

    assert survive([old, new], survivorship)["email"].value == "old@x.fr"
    assert survive([record("a", email=("old@x.fr", 1)), new], survivorship)["email"].value == "new@x.fr"


def test_of_several_verified_values_the_rule_decides() -> None:
    survivorship = Survivorship(default=FieldRule(rule="longest", verified=True))
    records = [
        record("a", email=("short@x.fr", 2, True)),
        record("b", email=("longer@x.fr", 1, True)),
        record("c", email=("longest.of.all@x.fr", 3)),
    ]

    assert survive(records, survivorship)["email"].value == "longer@x.fr"


def test_length_counts_characters_and_not_bytes_or_halves() -> None:
    records = [record("a", city=("🜁🜂", 2)), record("b", city=("abc", 1))]

    assert survive(records, Survivorship(default=FieldRule(rule="longest")))["city"].value == "abc"


def test_who_states_nothing_has_no_golden_record() -> None:
    assert survive([record("web:anonymous:a1")], DEFAULT_SURVIVORSHIP) == {}


def test_rules_are_declared_in_yaml() -> None:
    declared = """
        default: most_recent
        fields:
          email: verified
          birth_date: {rule: verified, otherwise: most_trusted_source}
          gender: most_frequent
    """

    assert parse_survivorship(declared) == Survivorship(
        default=FieldRule(rule="most_recent"),
        fields={
            "email": FieldRule(rule="most_recent", verified=True),
            "birth_date": FieldRule(rule="most_trusted_source", verified=True),
            "gender": FieldRule(rule="most_frequent"),
        },
    )


def test_nothing_declared_is_our_choice() -> None:
    assert parse_survivorship("{}") == DEFAULT_SURVIVORSHIP


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("fields: {email: newest}", "fields.email: a rule is most_recent, most_trusted_source,"),
        ("fields: {shoe_size: longest}", "fields: 'shoe_size' is not one of ['title', 'first_name'"),
        ("fields: {email: {rule: verified}}", "fields.email: a rule is most_recent"),
        ("fields: {email: {rule: verified, otherwise: verified}}", "fields.email: a rule is most_recent"),
        ("rules: {}", "the survivorship: Additional properties are not allowed ('rules' was unexpected). There are: default, fields"),
        ("default: longest\ndefault: longest", "The survivorship says default twice (line 2)"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(declared: str, said: str) -> None:
    with pytest.raises(BadSurvivorship) as error:
        parse_survivorship(declared)
    assert said in error.value.message
