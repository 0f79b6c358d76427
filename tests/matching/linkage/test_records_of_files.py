"""Columns as strangers name them: what they mean, which are compared, and what a human is told of the others."""

from random import Random

import pytest

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import match_tables
from graph_cdp.bulk.records import read_records
from graph_cdp.matching.linkage.fields import UNKNOWN_MAX, detect_fields
from graph_cdp.matching.linkage.patterns import TooManyFields
from graph_cdp.matching.linkage.policy import MatchPolicy
from tests.matching.linkage.test_several import said


def table(columns: dict[str, list[str | None]]) -> Table:
    return Table(name="t", columns=columns)


@pytest.mark.parametrize(
    "headers",
    [
        "Vorname Nachname Geburtsdatum E-Mail-Adresse Telefonnummer Anschrift PLZ Wohnort",
        "Nombre Apellidos Fecha_de_nacimiento Correo_electrónico Teléfono Dirección Código_postal Ciudad",
        "Nome Cognome Data_di_nascita Email Cellulare Indirizzo CAP Città",
        "Nome Sobrenome Data_de_nascimento E-mail Telefone Endereço Postcode Cidade",
        "Voornaam Achternaam Geboortedatum E-mail Telefoon Straat Postcode Woonplaats",
        "Imię Nazwisko Data_urodzenia Adres_e-mail Numer_telefonu Ulica Kod_pocztowy Miasto",
        "Όνομα Επώνυμο Ημερομηνία_γέννησης Email Τηλέφωνο Οδός ΤΚ Πόλη",  # noqa: RUF001 - Greek
        "contact.first contact.last contact.dob contact.emails contact.phones address.street address.zip address.city",
    ],
)
def test_columns_are_known_by_their_names_in_many_languages(headers: str) -> None:
    assert list(detect_fields(headers.split()).values()) == [
        "given_name",
        "surname",
        "birth_date",
        "email",
        "phone",
        "address",
        "postal_code",
        "city",
    ]


@pytest.mark.parametrize(
    ("headers", "meaning"),
    [
        ("vorname name", "surname"),
        ("first_name last_name name", "name"),
        ("name dob", "full_name"),
        ("name address", "name"),
    ],
)
def test_a_column_called_name_is_what_the_others_leave(headers: str, meaning: str) -> None:
    assert detect_fields(headers.split())["name"] == meaning


PEOPLE = ["Léa Martin", "DUPONT Jean", "Dr. Anne Roy", "Tibor Kovacs", "Moreau, Paul"]
FIRMS = ["Boulangerie Paul", "Martin SARL", "Kovacs GmbH", "Chez Anne", "Garage du Centre"]


@pytest.mark.parametrize(
    ("names", "beside", "compared"),
    [
        (PEOPLE, "email", {"given_name", "surname", "email"}),
        (PEOPLE, "address", {"name", "address"}),
        (FIRMS, "email", {"name", "email"}),
        (["Jean Martin SA", *PEOPLE], "email", {"name", "email"}),
    ],
)
def test_a_column_called_name_is_parted_where_its_values_are_names_of_people(
    names: list[str | None], beside: str, compared: set[str]
) -> None:
    said: list[str | None] = [f"someone{n}@example.com" for n in range(len(names))]
    records = read_records([table({"name": names, beside: said})], MatchPolicy())
    assert {column.field.name for column in records.columns} == compared


@pytest.mark.parametrize(
    ("headers", "meanings"),
    [
        ("email;email pro", ["email", "email 2"]),
        ("Tel. fixe;Tel. portable", ["phone", "phone 2"]),
        ("home_phone;work_phone;mobile", ["phone", "phone 2", "phone 3"]),
        ("E-Mail (privat);E-Mail (dienstlich)", ["email", "email 2"]),
        ("phone model;work;email status", ["phone model", "work", "email status"]),
    ],
)
def test_one_of_several_addresses_or_phones_is_one(headers: str, meanings: list[str]) -> None:
    assert list(detect_fields(headers.split(";")).values()) == meanings


def test_phones_are_read_as_they_are_dialled_in_the_country_of_their_record() -> None:
    phones: list[str | None] = [
        "0475 12 34 56",
        "+32 475 12 34 56",
        "06 12 34 56 78",
        "0176 12345678",
        "0612345678",
        "+33612345678",
        None,
    ]
    countries: list[str | None] = ["Belgique", "BE", "France", "DE", None, "BE", "BE"]
    assert said(table({"Tel. mobil": phones, "Pays": countries}))["phone"] == [
        "+32475123456",
        "+32475123456",
        "+33612345678",
        "+4917612345678",
        "+33612345678",
        "+33612345678",
        None,
    ]


def test_a_line_is_called_by_its_file_once() -> None:
    """Beside files whose records have the same ids."""
    numbered, *others = (
        Table(name=name, columns={header: ["1", "2"], "email": ["a@x.fr", "b@x.fr"]})
        for name, header in (("lines", "shoe size"), ("crm", "Client N°"), ("shop", "customer_id"))
    )
    records = read_records([numbered, *others], MatchPolicy())
    assert records.ids == ["lines:1", "lines:2", "crm:1", "crm:2", "shop:1", "shop:2"]


def test_whole_names_are_compared_as_given_name_and_surname() -> None:
    found = said(
        table(
            {
                "name": ["Dr. Léa Martin", "Martin, Léa", "Zoé", None, "Client Passage"],
                "dob": ["1990-05-04", "1990-05-04", None, "1980-01-02", None],
            }
        )
    )
    assert found["given_name"] == ["lea", "lea", None, None, None]
    assert found["surname"] == ["martin", "martin", "zoe", None, None]


def test_a_number_of_every_row_is_its_id_and_one_that_rows_share_is_not() -> None:
    names: list[str | None] = ["Léa", "Zoé"]
    assert read_records([table({"Kundennr": ["007", "008"], "vorname": names})], MatchPolicy()).ids == [
        "007",
        "008",
    ]
    assert read_records([table({"Kundennr": ["007", "007"], "vorname": names})], MatchPolicy()).ids == [
        "1",
        "2",
    ]
    assert read_records([table({"Kundennr": ["007", None], "vorname": names})], MatchPolicy()).ids == [
        "1",
        "2",
    ]


def test_of_very_many_columns_those_are_compared_that_tell_most() -> None:
    """Each pair of columns is a blocking rule: 200 unknown ones took three minutes for 700 records, and were refused then."""
    chance = Random(1)
    rows = range(60)
    columns: dict[str, list[str | None]] = {
        "id": [str(row) for row in rows],
        "nom": [f"nom{row % 30}" for row in rows],
        "birthplace": [f"place{row % 30}" for row in rows],
        "checksum": [str(chance.random()) for _ in rows],
    }
    columns |= {f"flag{n}": [chance.choice("yn") for _ in rows] for n in range(200)}
    matched = match_tables([table(columns)], MatchPolicy())
    names = {column.field.name for column in matched.records.columns}
    assert len(names) == 1 + UNKNOWN_MAX
    assert {"surname", "birthplace"} < names
    assert "checksum" not in names
    (told,) = matched.records.told
    assert told.startswith("Not compared: 190 columns of unknown meaning that say little (checksum, flag0,")


def test_what_a_policy_declares_is_compared_or_refused_at_once() -> None:
    columns: dict[str, list[str | None]] = {f"x{n}": ["a", "b"] for n in range(40)}
    policy = MatchPolicy(columns={name: f"word {name}" for name in columns})
    with pytest.raises(TooManyFields, match="40 columns are too many"):
        match_tables([table(columns)], policy)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            {"tel": ["0151 1234567", "0151 7654321"]},
            "phone: 2 of 2 cells say nothing, or cannot be read as phone of FR (region in the policy).",
        ),
        ({"dob": ["631843200000", "631929600000"]}, "birth_date: 2 of 2 cells say nothing, or cannot be read as birth_date."),
        ({"ville": ["Lyon", "Lyon"]}, "city: not compared, for it says the same everywhere."),
        ({"ville": ["NULL", "-"]}, "city: 2 of 2 cells say nothing, or cannot be read as city."),
    ],
)  # fmt: skip
def test_a_column_that_cannot_be_compared_is_told(columns: dict[str, list[str | None]], told: str) -> None:
    names: list[str | None] = ["Léa", "Zoé"]
    assert read_records([table({"prenom": names, **columns})], MatchPolicy()).told == [told]


def test_a_file_without_a_line_of_names_is_told() -> None:
    (told,) = read_records(
        [table({"Léa": ["Zoé", "Noé"], "Martin": ["Petit", "Durand"]})], MatchPolicy()
    ).told
    assert told.startswith("No column is known by its name: is the first line of the file one of names?")


def test_blank_columns_are_passed_over() -> None:
    assert read_records([table({"prenom": ["Léa", "Zoé"], "tel": [None, None]})], MatchPolicy()).told == []


def test_two_equal_records_are_one_person() -> None:
    columns: dict[str, list[str | None]] = {
        "id": ["1", "2"],
        "prenom": ["Léa", "Léa"],
        "nom": ["Martin", "Martin"],
        "email": ["lea@martin.fr", "lea@martin.fr"],
    }
    assert match_tables([table(columns)], MatchPolicy()).clusters == ["1", "1"]
