"""Files: how they are read, what becomes of their rows, and where rejected ones are listed."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from graph_cdp.collect.compression import BadFile
from graph_cdp.collect.files import read_rows
from graph_cdp.collect.importer import Import, RejectedFile, Rejection, Tally, import_file
from graph_cdp.collect.mapping import BadMapping, parse_mapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.model import Message

RECEIPT = RowReceipt(source="crm", received_at=1_767_268_800_000, region="FR")
SMALL = parse_mapping("entity: record\nrecord_id: id\ntraits: {first_name: name}")


def read(content: bytes, mapping: str = "entity: record\nrecord_id: id") -> list[Row | UnreadRow]:
    return list(read_rows(io.BytesIO(content), parse_mapping(mapping)))


def test_rows_are_read_with_their_line_numbers() -> None:
    content = b'\xef\xbb\xbfid, name\r\n1, "a, b"\r\n\r\n 2 ,"x\r\ny"\r\n3,=cmd|x\r\n'
    assert read(content) == [
        Row(line=2, cells={"id": "1", "name": "a, b", "$line": "2"}),
        Row(line=5, cells={"id": "2", "name": "x\r\ny", "$line": "5"}),
        Row(line=6, cells={"id": "3", "name": "=cmd|x", "$line": "6"}),
    ]


def test_cells_may_stand_between_blanks_or_tabs_or_in_another_encoding() -> None:
    blanks = "entity: record\nrecord_id: a\nfile: {delimiter: whitespace, columns: [a, b]}"
    assert read(b" 1  2\r\n\n3\t4", blanks) == [
        Row(line=1, cells={"a": "1", "b": "2", "$line": "1"}),
        Row(line=3, cells={"a": "3", "b": "4", "$line": "3"}),
    ]
    tabs = "entity: record\nrecord_id: id\nfile: {delimiter: tab, encoding: cp1252}"
    assert read(b"id\tname\n1\tL\xe9a", tabs) == [Row(line=2, cells={"id": "1", "name": "Léa", "$line": "2"})]


def test_a_row_that_cannot_be_read_is_rejected_and_the_next_is_read() -> None:
    content = b"id,name\n1\n2,L\xe9a\n3,a,b\n4," + b"x" * 140_000 + b"\n5,ok\n"
    rows = read(content)
    assert [(row.line, row.code if isinstance(row, UnreadRow) else row.cells["id"]) for row in rows] == [
        (2, "WRONG_NUMBER_OF_CELLS"),
        (3, "INVALID_TEXT"),
        (4, "WRONG_NUMBER_OF_CELLS"),
        (5, "INVALID_ROW"),
        (6, "5"),
    ]


def test_columns_without_a_name_are_called_by_their_place() -> None:
    """Spreadsheets export blank columns beside the table; two of them were one name twice."""
    (row,) = read(b"id,name,,\n1,L\xc3\xa9a,,x\n")
    assert isinstance(row, Row)
    assert row.cells == {"id": "1", "name": "Léa", "column 3": "", "column 4": "x", "$line": "2"}


def test_utf_16_that_is_not_declared_is_told() -> None:
    content = "\ufeffid,name\n1,Léa\n".encode("utf-16-le")
    with pytest.raises(BadFile, match="Declare it: file.encoding: utf-16"):
        read(content)
    (row,) = read(content, "entity: record\nrecord_id: id\nfile: {encoding: utf-16}")
    assert isinstance(row, Row)
    assert row.cells["name"] == "Léa"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file has no header"),
        (b"\n1", "The file has no header"),
        (b"name,city\n", "The file has no column id; it has name, city."),
        (
            b"id;name\n",
            "The file has no column id; it has id;name. Its header is one cell: see file.delimiter.",
        ),
        (b"id,id\n", "The header names the column 'id' twice"),
    ],
)
def test_a_file_that_the_mapping_does_not_fit_is_refused_before_it_begins(content: bytes, said: str) -> None:
    with pytest.raises(BadMapping) as error:
        read(content)
    assert said in error.value.message


class Store:
    """An ingest that remembers batches, knows what it has seen, and refuses or fails as it is told."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.seen: set[str] = set()
        self.refuses: str | None = None
        self.fails: Exception | None = None

    async def ingest(self, messages: Sequence[Message]) -> list[Outcome]:
        if self.fails:
            raise self.fails
        self.sizes.append(len(messages))
        outcomes = [self._outcome(message) for message in messages]
        self.seen |= {message.message_id for message in messages}
        return outcomes

    def _outcome(self, message: Message) -> Outcome:
        if message.record_key == self.refuses:
            return REUSED
        return DUPLICATE if message.message_id in self.seen else ACCEPTED


async def run(content: bytes, store: Store, rejections: list[Rejection]) -> Tally:
    job = Import(mapping=SMALL, receipt=RECEIPT, ingest=store.ingest)
    return await import_file(io.BytesIO(content), job, reject=rejections.extend)


async def test_rows_are_stored_in_batches_and_again_they_are_duplicates() -> None:
    content = b"id,name\n" + b"".join(b"%d,x\n" % number for number in range(1, 1_201))
    store, rejections = Store(), list[Rejection]()
    first = await run(content, store, rejections)
    assert (first.accepted, first.duplicates, first.rejections, first.bytes_read) == (
        1_200,
        0,
        0,
        len(content),
    )
    again = await run(content, store, rejections)
    assert (again.accepted, again.duplicates, again.rows) == (0, 1_200, 1_200)
    assert store.sizes == [500, 500, 200, 500, 500, 200]
    assert rejections == []


async def test_rejected_rows_are_told_by_line_and_reason_in_order() -> None:
    store, rejections = Store(), list[Rejection]()
    store.refuses = "crm:row:2"
    tally = await run(b"id,name\n1,a\n2,b\nnull,c\n4\n5,e\n", store, rejections)
    assert [(one.line, one.code) for one in rejections] == [
        (3, "MESSAGE_ID_REUSED"),
        (4, "NO_IDENTITY"),
        (5, "WRONG_NUMBER_OF_CELLS"),
    ]
    assert (tally.accepted, tally.rejections) == (2, 3)
    assert tally.rejected == {"MESSAGE_ID_REUSED": 1, "NO_IDENTITY": 1, "WRONG_NUMBER_OF_CELLS": 1}


async def test_an_outage_ends_the_import() -> None:
    store = Store()
    store.fails = ConnectionResetError()
    with pytest.raises(Unavailable):
        await run(b"id,name\n1,a\n", store, [])


async def test_an_import_that_was_stopped_goes_on_where_it_stopped() -> None:
    content = b"id,name\n" + b"".join(b"%d,x\n" % number for number in range(1, 1_201)) + b"null,x\n"
    store, kept = Store(), list[tuple[Tally, str]]()

    async def save(tally: Tally, state: str) -> None:
        kept.append((tally, state))
        if len(kept) == 2:
            raise KeyboardInterrupt

    job = Import(mapping=SMALL, receipt=RECEIPT, ingest=store.ingest, save=save)
    with pytest.raises(KeyboardInterrupt):
        await import_file(io.BytesIO(content), job, reject=list[Rejection]().extend)
    rejections: list[Rejection] = []
    again = replace(job, start=kept[0][0])
    tally = await import_file(io.BytesIO(content), again, reject=rejections.extend)
    assert [(one.rows, one.place.line, state) for one, state in kept] == [
        (500, 501, "pending"),
        (1_000, 1_001, "pending"),
        (1_000, 1_001, "pending"),
        (1_201, 1_202, "pending"),
        (1_201, 1_202, "done"),
    ]
    assert store.sizes == [500, 500, 200, 500, 200]
    assert (tally.accepted, tally.duplicates, tally.rejected) == (500, 700, {"NO_IDENTITY": 1})
    assert [one.line for one in rejections] == [1_202]


def test_of_the_list_of_an_import_that_goes_on_the_rows_before_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.rejected.csv"
    RejectedFile(path).add([Rejection(line=n, code="NO_IDENTITY", message="a, b") for n in (3, 9, 10)])
    with path.open("a") as file:
        file.write('11,NO_IDEN"')
    listed = RejectedFile(path, line=9)
    listed.add([Rejection(line=10, code="INVALID_CELL", message="c")])
    assert path.read_text("utf-8").splitlines() == [
        "line,code,reason", '3,NO_IDENTITY,"a, b"', '9,NO_IDENTITY,"a, b"', "10,INVALID_CELL,c",
    ]  # fmt: skip


def test_the_list_of_rejected_rows_holds_no_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.rejected.csv"
    path.write_text("of an earlier import")
    listed = RejectedFile(path)
    assert not path.exists()
    listed.add([Rejection(line=3, code="NO_IDENTITY", message="record_id is blank.")])
    listed.add([Rejection(line=9, code="INVALID_CELL", message="quantity is no whole number, or too large.")])
    assert path.read_text("utf-8").splitlines() == [
        "line,code,reason",
        "3,NO_IDENTITY,record_id is blank.",
        '9,INVALID_CELL,"quantity is no whole number, or too large."',
    ]
