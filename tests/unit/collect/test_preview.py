"""What is said of a file before it is imported: a preview of its rows, and a mapping that is guessed."""

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.collect.guess import guess_mapping
from graph_cdp.collect.importer import Rejection
from graph_cdp.collect.left_out import describe_left_out
from graph_cdp.collect.mapping import FileFormat, FileMapping, Format, parse_mapping
from graph_cdp.collect.preview import preview_file
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.model import Message

RECEIPT = RowReceipt(source="crm", received_at=1_767_268_800_000, region="FR")
SMALL = parse_mapping("entity: record\nrecord_id: id\ntraits: {email: mail}")
CUSTOMERS = """\
no;modifié;civilité;prénom;nom;naissance;adresse électronique;tél;n°;rue;cp;ville;carte;portable
17;31/01/2025 18:05;Mme;Léa;Martin;14/05/1990;lea@martin.fr;06 12 34 56 78;1;rue X;75002;Paris;2990;0611111111
18;31/01/2025 18:06;M.;Hugo;Petit;;hugo@petit.fr;;;;;Lyon;;
"""
GUESSED = """\
# Guessed from customers.csv: its names, and its first 2 rows.
# Each guess says why. Read them, mend them, save this, then try it with --dry-run.
entity: record  # no column is called as amounts are
file:
  format: csv  # by the file's name, or as --format said
  delimiter: ";"  # the rows have the same number of cells by it
  encoding: cp1252  # it is not UTF-8; this is what Western European tools write instead
timestamp: {column: modifié, format: "%d/%m/%Y %H:%M"}  # by its name; all its cells are %d/%m/%Y %H:%M
record_id: "no"  # by its name; no two rows share it
traits:
  title: civilité  # by its name
  first_name: prénom  # by its name
  last_name: nom  # by its name
  birth_date: {column: naissance, format: "%d/%m/%Y"}  # by its name; all its cells are %d/%m/%Y
  email: "adresse électronique"  # its cells are e-mail addresses
  phone: tél  # by its name
  street: rue  # by its name
  postal_code: cp  # by its name
  city: ville  # by its name
  phone_2: portable  # by its name
identifiers:
  - {kind: loyalty_card, column: carte}  # by its name
# Not guessed:
#   "n°": its name says nothing that is known here
"""
SALES = "ticket,client,date,montant,qte,type\nT1,17,02/03/2026,12.50,1,V\nT2,17,04/05/2026,3.00,2,V\n"
AMBIGUOUS = (
    'timestamp: {column: date, format: "%d/%m/%Y"}  # by its name; its cells are %d/%m/%Y, but could be %m/%d/%Y: '
    "which is it?"
)


def guess(content: bytes, form: Format = "csv") -> str:
    mapping = FileMapping(entity="record", file=FileFormat(format=form))
    return guess_mapping(io.BytesIO(content), mapping, name="customers.csv")


def test_the_first_rows_are_shown_as_they_would_be_understood_and_all_are_counted() -> None:
    content = b"id,mail\n1, Lea@X.FR\nnull,a@x.fr\n3\n" + b"4,d@x.fr\n" * 30 + b"null,\n"
    preview = preview_file(io.BytesIO(content), SMALL, RECEIPT)
    assert (preview.rows, preview.rejections) == (34, 3)
    assert preview.rejected == {"NO_IDENTITY": 2, "WRONG_NUMBER_OF_CELLS": 1}
    assert list(preview.first) == list(range(2, 22))
    first, second = preview.first[2], preview.first[3]
    assert isinstance(first, Message)
    assert (first.record_key, first.traits) == ("crm:row:1", {"email": "lea@x.fr"})
    assert isinstance(second, Rejection)
    assert (second.line, second.code) == (3, "NO_IDENTITY")
    assert preview_file(io.BytesIO(content), SMALL, RECEIPT, rows_max=2).rejected == {"NO_IDENTITY": 1}


def test_a_mapping_is_guessed_from_names_and_cells_and_each_guess_says_why() -> None:
    guessed = guess(CUSTOMERS.encode("cp1252"))
    assert guessed == GUESSED
    mapping = parse_mapping(guessed)
    rows = preview_file(io.BytesIO(CUSTOMERS.encode("cp1252")), mapping, RECEIPT)
    assert rows.rejected == {}
    message = rows.first[2]
    assert isinstance(message, Message)
    assert [f"{key.kind} {key.value}" for key in message.identifiers] == [
        "customer_id crm:17", "email lea@martin.fr", "loyalty_card 2990", "phone +33611111111", "phone +33612345678",
    ]  # fmt: skip


def test_a_guess_of_purchases_says_that_days_may_be_months() -> None:
    guessed = guess(SALES.encode()).splitlines()
    assert guessed[2] == "entity: transaction  # a column is called as amounts are"
    assert guessed[7:] == [
        "transaction_id: ticket  # by its name",
        "customer_id: client  # by its name",
        AMBIGUOUS,
        "amount: montant  # by its name",
        "quantity: qte  # by its name",
        "# Not guessed:",
        "#   type: its name says nothing that is known here",
    ]
    decimals = SALES.replace(",", ";").replace("12.50", "12,50").replace("3.00", "3,00")
    assert guess(decimals.encode()).splitlines()[7] == (
        '  decimal: ","  # the amounts have commas, and no points'
    )


LINES = """\
ticket;date;magasin;carte;mail;ean;libellé;qté;prix
T-1017;2025-02-01T10:15:00;S1;2990-0017;a@x.fr;3600523;Écharpe;2;19,90
T-1017;2025-02-01T10:15:00;S1;2990-0017;a@x.fr;3600999;Sac;1;5,00
"""
PRODUCTS = "EAN,Désignation,Marque,Prix TTC,Devise,Stock,Taille,Couleur\n3600523,Écharpe,Lacoste,19.90,EUR,12,U,bleu\n"
STORES = "code_magasin,enseigne,adresse,cp,ville,pays,franchise\nS1,Paris Nord,1 rue X,75018,Paris,FR,nord\n"
CONTACTS = "client_id;customer_name;email_pro;email_perso;home_phone;mobile_phone\n1;Léa Roux;lea@firm.fr;lea@x.fr;0145454545;0612345678\n"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (
            LINES,
            [
                "entity: transaction_line  # columns are called as numbers of purchases and of articles are",
                '  decimal: ","  # the amounts have commas, and no points',
                "transaction_id: ticket  # by its name",
                'timestamp: {column: date, format: "iso"}  # by its name; all its cells are iso',
                "store: magasin  # by its name",
                "customer: {identifier: loyalty_card, column: carte}  # by its name",
                "line:",
                "  sku: ean  # by its name",
                "  name: libellé  # by its name",
                "  quantity: qté  # by its name",
                "  unit_price: prix  # by its name",
                "# Not guessed:",
                "#   mail: whose a row is says carte",
            ],
        ),
        (
            CONTACTS,
            [
                "entity: record  # no column is called as amounts are",
                "record_id: client_id  # by its name; no two rows share it",
                "traits:",
                "  name: customer_name  # by its name",
                "  email: email_pro  # by its name",
                "  email_2: email_perso  # by its name",
                "  phone: home_phone  # by its name",
                "  phone_2: mobile_phone  # by its name",
            ],
        ),
        (
            PRODUCTS,
            [
                "entity: product  # columns are called as numbers of articles and what describes them",
                "sku: EAN  # by its name",
                "name: Désignation  # by its name",
                "brand: Marque  # by its name",
                'price: "Prix TTC"  # by its name',
                "currency: Devise  # by its name",
                "stock: Stock  # by its name",
                "size: Taille  # by its name",
                "color: Couleur  # by its name",
            ],
        ),
        (
            STORES,
            [
                "entity: store  # a column is called as numbers of stores are, and none as a customer's",
                "code: code_magasin  # by its name",
                "name: enseigne  # by its name",
                "street: adresse  # by its name",
                "postal_code: cp  # by its name",
                "city: ville  # by its name",
                "country: pays  # by its name",
                "org_unit: franchise  # by its name",
            ],
        ),
    ],
)
def test_what_the_rows_are_is_guessed_and_the_guess_reads_them(content: str, body: list[str]) -> None:
    guessed = guess(content.encode())
    form = ("file:", "  format:", "  delimiter:", "  encoding:", "# Guessed", "# Each")
    assert [line for line in guessed.splitlines() if not line.startswith(form)] == body
    preview = preview_file(io.BytesIO(content.encode()), parse_mapping(guessed), RECEIPT)
    assert (preview.rows, preview.rejections) == (1, 0)


@pytest.mark.parametrize(
    ("header", "entity"),
    [
        ("id,nom,prénom,mail,code_magasin", "record"),
        ("client_id,nom,store_id", "record"),
        ("commande,client,date,total,magasin", "transaction"),
        ("date,client,ean,prix", "transaction"),
        ("reference,date,montant", "transaction"),
    ],
)
def test_a_column_of_a_store_or_an_article_makes_no_store_or_article_of_a_row(
    header: str, entity: str
) -> None:
    row = ",".join(["1"] * len(header.split(",")))
    assert f"\nentity: {entity}  #" in guess(f"{header}\n{row}\n".encode())


def test_what_a_mapping_needs_and_nobody_can_guess_is_named() -> None:
    guessed = guess(b'{"member": {"mail": "a@x.fr"}, "when": "2026"}', "ndjson").splitlines()
    assert guessed[2:] == [
        "entity: record  # no column is called as amounts are",
        "file:",
        "  format: ndjson  # by the file's name, or as --format said",
        "traits:",
        '  email: "member.mail"  # by its name',
        "# record_id: NOT GUESSED, and needed. Name its column.",
        "# Not guessed:",
        "#   when: its name says nothing that is known here",
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Kundennr;Vorname;Nachname;Geburtsdatum;E-Mail-Adresse;Telefonnummer;Straße;PLZ;Ort",
        "id_cliente;Nombre;Apellidos;Fecha de nacimiento;Correo electrónico;Teléfono;Dirección;Código postal;Ciudad",
        "Nr;Imię;Nazwisko;Data urodzenia;E-mail;Numer telefonu;Ulica;Kod pocztowy;Miasto",
    ],
)
def test_columns_are_guessed_in_many_languages(header: str) -> None:
    guessed = guess(f"{header}\n1;A;B;04.05.90;a@x.fr;06;X 1;1;Y\n2;A;B;NULL;;;;;\n".encode())
    assert "# Not guessed" not in guessed
    mapping = parse_mapping(guessed)
    assert mapping.columns == set(header.split(";"))
    assert mapping.traits["birth_date"].format == "%d.%m.%y"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b'[{"id": 1}]',
            "# 1 rows could not be read, the first one (line 1): The line holds JSON, but no object. Is it an array? jq -c '.[]' makes it lines.",
        ),
        (
            b'{"id": 1}\n{"id"',
            "# 1 rows could not be read, the first one (line 2): The line is no JSON: see its character 5.",
        ),
    ],
)
def test_rows_that_a_guess_cannot_read_are_told(content: bytes, told: str) -> None:
    assert guess(content, "ndjson").splitlines()[1] == told


def test_what_is_left_out_of_accepted_rows_is_counted() -> None:
    """All phones of a German file read as French ones: each row is accepted, and none has a phone."""
    mapping = parse_mapping(
        "entity: record\nrecord_id: id\ntraits: {phone: tel, birth_date: {column: né, format: '%d.%m.%Y'}}\n"
        "identifiers: [{kind: loyalty_card, column: card}]"
    )
    content = (
        "id,tel,né,card\n1,0151 1234567,04.05.1990,0000\n2,0151 7654321,1990,\n3,NULL,,2990\nnull,1,2,3\n"
    )
    preview = preview_file(io.BytesIO(content.encode()), mapping, RECEIPT)
    assert preview.left_out == {"phone": 2, "birth_date": 1, "loyalty_card": 1}
    assert describe_left_out(preview.left_out, region="FR") == (
        "Left out of accepted rows, for their cells are no such thing: birth_date 1, loyalty_card 1, phone 2. Phones without a country "
        "code are dialled in FR: `region` in the mapping."
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file, without a database that answers."""
    (tmp_path / "a.csv").write_text("id,mail\n1,Lea@X.FR\nnull,b@x.fr\n2,nobody\n")
    (tmp_path / "a.yaml").write_text("entity: record\nrecord_id: id\ntraits: {email: mail}")
    monkeypatch.setenv("GRAPH_CDP_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def test_a_dry_run_needs_no_database_and_leaves_nothing_behind(folder: Path) -> None:
    words = ["import", str(folder / "a.csv"), "--source", "crm", "--mapping", str(folder / "a.yaml")]
    ran = CliRunner().invoke(app, [*words, "--dry-run"])
    assert ran.exit_code == 3
    assert "email: lea@x.fr" in ran.output
    assert ran.output.splitlines()[-3:] == [
        "Dry run, nothing was stored. 3 rows: 2 would be accepted, or are known already; 1 would be rejected.",
        "Rejected: NO_IDENTITY 1.",
        "Left out of accepted rows, for their cells are no such thing: email 1.",
    ]
    assert CliRunner().invoke(app, [*words, "--dry-run", "--sample", "1"]).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "a.yaml"]


def test_a_guess_is_printed_and_without_one_source_and_mapping_are_needed(folder: Path) -> None:
    guessed = CliRunner().invoke(app, ["import", str(folder / "a.csv"), "--guess"])
    assert (guessed.exit_code, parse_mapping(guessed.output).columns) == (0, {"id", "mail"})
    ran = CliRunner().invoke(app, ["import", str(folder / "a.csv"), "--source", "crm"])
    assert ran.exit_code == 2
