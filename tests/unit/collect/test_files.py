"""Files of every format and compression: what is read, and what a bad file costs."""

import gzip
import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]
import pytest

from graph_cdp.collect.compression import BadFile
from graph_cdp.collect.files import find_format, read_rows
from graph_cdp.collect.lines import LINE_CHARACTERS_MAX
from graph_cdp.collect.mapping import BadMapping, FileMapping, parse_mapping
from graph_cdp.collect.row import Row, UnreadRow

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

arrow: Any = pa
parquet: Any = pq
CSV = parse_mapping("entity: record\nrecord_id: id")
NDJSON = parse_mapping(
    "entity: record\nrecord_id: id\nfile: {format: ndjson}\ntraits: {city: address.city, email: mail}"
)
PARQUET = parse_mapping(
    "entity: record\nrecord_id: id\nfile: {format: parquet}\ntraits: {city: address.city, email: mail}"
)
ROWS = b"id,name\n" + b"".join(b"%d,name of %d\n" % (n, n * 7919) for n in range(50_000))


def read(content: bytes, mapping: FileMapping = CSV) -> list[Row | UnreadRow]:
    return list(read_rows(io.BytesIO(content), mapping))


def told(rows: list[Row | UnreadRow]) -> list[tuple[int, str]]:
    return [(row.line, row.code if isinstance(row, UnreadRow) else row.cells["id"]) for row in rows]


def table(rows: list[dict[str, object]], group: int = 1_000, **types: object) -> bytes:
    buffer = io.BytesIO()
    schema = arrow.schema(list(types.items())) if types else None
    made = arrow.Table.from_pylist(rows, schema=schema)
    parquet.write_table(made, buffer, row_group_size=group, compression="none", use_dictionary=False)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"), ("a.TSV.gz", "csv"), ("a", "csv"), ("a.zst", "csv"), ("A.NDJSON", "ndjson"),
        ("a.jsonl.zst", "ndjson"), ("a.csv.jsonl", "ndjson"), ("a.parquet", "parquet"), ("a.pq", "parquet"),
    ],
)  # fmt: skip
def test_a_name_tells_the_format(name: str, form: str) -> None:
    assert find_format(name) == form


@pytest.mark.parametrize("compress", [gzip.compress, zstd.compress])
def test_a_compressed_file_has_the_same_rows(compress: Any) -> None:
    assert read(compress(b"id,name\n1,a\n\n2,b\n")) == read(b"id,name\n1,a\n\n2,b\n")


def test_a_gzip_file_may_have_members() -> None:
    assert told(read(gzip.compress(b"id\n1\n") + gzip.compress(b"2\n"))) == [(2, "1"), (3, "2")]


@pytest.mark.parametrize("compress", [gzip.compress, zstd.compress])
def test_of_a_file_that_was_cut_off_the_rows_before_are_read(compress: Any) -> None:
    whole = compress(ROWS)
    rows = told(read(whole[: len(whole) // 2]))
    assert rows[-1] == (len(rows) + 1, "DAMAGED_FILE")
    assert len(rows) > 1_000
    assert rows[:-1] == [(n + 2, str(n)) for n in range(len(rows) - 1)]


def test_a_file_that_is_damaged_at_once_or_compressed_otherwise_is_refused() -> None:
    declared = parse_mapping("entity: record\nrecord_id: id\nfile: {compression: zstd}")
    for content, mapping, said in [
        (
            gzip.compress(b"id\n1\n", mtime=0)[:12],
            CSV,
            "The file cannot be inflated, not even its first line.",
        ),
        (b"\x28\xb5\x2f\xfdjunk", CSV, "The file cannot be inflated, not even its first line."),
        (
            gzip.compress(b"id\n1\n", mtime=0),
            declared,
            "file.compression says zstd; by its first bytes the file is: gzip.",
        ),
        (b"PAR1" + b"x" * 100, PARQUET, "The file is no Parquet, or cut off: its footer cannot be read."),
        (b"", PARQUET, "The file is no Parquet, or cut off: its footer cannot be read."),
        (
            gzip.compress(b"PAR1", mtime=0),
            PARQUET,
            "A Parquet file is compressed inside; inflate this one first",
        ),
        (b"x" * (LINE_CHARACTERS_MAX + 1), CSV, "The first line is longer than any header."),
    ]:
        with pytest.raises(BadFile) as error:
            read(content, mapping)
        assert error.value.message.startswith(said)


def test_a_line_that_inflates_to_megabytes_costs_its_own_row_only() -> None:
    bomb = gzip.compress(b"id,name\n1,a\n2," + b"0" * (40 * LINE_CHARACTERS_MAX) + b"\n3,c\n")
    assert len(bomb) < LINE_CHARACTERS_MAX
    assert told(read(bomb)) == [(2, "1"), (3, "ROW_TOO_LARGE"), (4, "3")]
    line = b'{"id":1}\n{"id":"' + b"0" * (2 * LINE_CHARACTERS_MAX) + b'"}\n{"id":3}'
    assert told(read(gzip.compress(line), NDJSON)) == [(1, "1"), (2, "ROW_TOO_LARGE"), (3, "3")]


def test_members_of_json_become_cells_with_dotted_names_and_numbers_stay_what_they_are() -> None:
    content = (
        b'\xef\xbb\xbf{"id": 17, "address": {"city": " Lyon ", "geo": {"lat": 45.750}}, "vip": true, "x": null}\r\n'
        b'\n{"id": -0, "score": 1.10, "big": 9223372036854775807, "tags": ["a", {"b": 1.0}]}'
    )
    assert read(content, NDJSON) == [
        Row(line=1, cells={
            "id": "17", "address.city": "Lyon", "address.geo.lat": "45.750", "vip": "true", "x": "", "mail": "",
            "$line": "1",
        }),
        Row(line=3, cells={
            "id": "-0", "score": "1.10", "big": "9223372036854775807", "tags": '["a",{"b":"1.0"}]', "address.city": "",
            "mail": "", "$line": "3",
        }),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "INVALID_JSON"),
        (b"nul", "INVALID_JSON"),
        (b'{"id":"\x01"}', "INVALID_JSON"),
        (b"{'id':1}", "INVALID_JSON"),
        (b"[1]", "INVALID_ROW"),
        (b"17", "INVALID_ROW"),
        (b'{"id":1,"id":2}', "DUPLICATE_KEY"),
        (b'{"id":1,"address.city":"a","address":{"city":"b"}}', "DUPLICATE_KEY"),
        (b'{"id":NaN}', "INVALID_NUMBER"),
        (b'{"id":1e400}', "INVALID_NUMBER"),
        (b'{"id":9223372036854775808}', "INVALID_NUMBER"),
        (b'{"id":1,"a":' + b"[" * 32 + b"]" * 32 + b"}", "TOO_DEEP"),
        (b"[" * 100_000 + b"]" * 100_000, "TOO_DEEP"),
        (b'{"id":"\\ud800"}', "INVALID_TEXT"),
        (b'{"id":1,"\\udc00":1}', "INVALID_TEXT"),
        (b'{"id":1,"tags":["\\ud800"]}', "INVALID_TEXT"),
        (b'{"id":"L\xe9a"}', "INVALID_TEXT"),
        (b'{"id":["1"]}', "INVALID_CELL"),
        (b'{"id":{"value":"1"}}', "INVALID_CELL"),
        (b'{"id":1,"address":{"city":[]}}', "INVALID_CELL"),
    ],
)
def test_a_line_of_bad_json_is_rejected_and_the_next_is_read(line: bytes, code: str) -> None:
    assert told(read(line + b'\n{"id":"next"}\n', NDJSON)) == [(1, code), (2, "next")]


@pytest.mark.parametrize(
    "odd", ["\0", "\u202e\u200b", "=cmd|' /C calc'!A0", "'}) DETACH DELETE n //", "__proto__"]
)
def test_odd_but_lawful_text_is_read_as_it_is(odd: str) -> None:
    line = json.dumps({"id": odd}).encode()
    assert told(read(line, NDJSON)) == [(1, odd)]
    assert told(read(b'id,name\n"' + odd.encode() + b'",x\n')) == [(2, odd)]


def test_parquet_has_typed_and_nested_cells() -> None:
    row: dict[str, object] = {
        "id": 17.0, "mail": None, "address": {"city": "Lyon"}, "born": date(1990, 5, 4), "spent": Decimal("1.10"),
        "at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "vip": False, "share": 0.1, "tags": ["a"], "raw": b"x",
        "missing": float("nan"),
    }  # fmt: skip
    assert read(table([row]), PARQUET) == [
        Row(line=1, cells={
            "id": "17", "mail": "", "address.city": "Lyon", "born": "1990-05-04", "spent": "1.10",
            "at": "2026-01-02T03:04:05.000006+00:00", "vip": "false", "share": "0.1", "tags": '["a"]', "raw": "x",
            "missing": "", "$line": "1",
        })
    ]  # fmt: skip


def test_nanoseconds_of_parquet_are_cut_to_microseconds() -> None:
    mapping = parse_mapping("entity: record\nrecord_id: id\nfile: {format: parquet}")
    content = table([{"id": 1, "at": 1_767_268_800_000_000_999}], id=arrow.int64(), at=arrow.timestamp("ns"))
    assert read(content, mapping) == [
        Row(line=1, cells={"id": "1", "at": "2026-01-01T12:00:00", "$line": "1"})
    ]


def test_of_a_damaged_parquet_file_the_other_row_groups_are_read() -> None:
    mapping = parse_mapping("entity: record\nrecord_id: id\nfile: {format: parquet}")
    content = bytearray(table([{"id": f"name {n}"} for n in range(6)], group=2))
    at = parquet.ParquetFile(io.BytesIO(bytes(content))).metadata.row_group(1).column(0).data_page_offset
    content[at : at + 8] = b"\xff" * 8
    assert told(read(bytes(content), mapping)) == [
        (1, "name 0"), (2, "name 1"), (4, "DAMAGED_FILE"), (5, "name 4"), (6, "name 5"),
    ]  # fmt: skip


def test_a_row_of_parquet_with_bytes_that_are_no_text_or_infinite_is_rejected() -> None:
    mapping = parse_mapping("entity: record\nrecord_id: id\nfile: {format: parquet}")
    content = table([{"id": b"\xff", "n": 1.0}, {"id": b"b", "n": float("inf")}, {"id": b"c", "n": 2.0}])
    assert told(read(content, mapping)) == [(1, "INVALID_TEXT"), (2, "INVALID_NUMBER"), (3, "c")]


def test_a_column_that_parquet_lacks_is_named() -> None:
    with pytest.raises(BadMapping) as error:
        read(table([{"id": 1, "address": {"zip": "x"}, "mail": "m"}]), PARQUET)
    assert (
        error.value.message == "The file has no column address.city; it has address, address.zip, id, mail."
    )


@pytest.mark.parametrize(
    ("mapping", "content"),
    [
        (CSV, b'\xef\xbb\xbfid,name\r\n1,L\xc3\xa9a\r\n2,"x\r\ny"\r\n\r\n3,c\r\n4,d'),
        (CSV, gzip.compress(b"id,name\n1,a\n2,b\n3,c\n4,d\n", mtime=0)),
        (CSV, zstd.compress(b"id,name\n1,a\n2,b\n3,c\n4,d\n")),
        (
            parse_mapping("entity: record\nrecord_id: id\nfile: {encoding: utf-16}"),
            "id,name\n1,é\n2,b\n3,c\n4,d\n".encode("utf-16"),
        ),
        (NDJSON, b'{"id":1}\n{"id":"\xc3\xa9"}\n\n{"id":3}\n{"id":4}\n'),
        (PARQUET, table([{"id": n, "mail": "m", "address": {"city": "c"}} for n in range(5)], group=2)),
    ],
)
def test_reading_goes_on_from_every_place(mapping: FileMapping, content: bytes) -> None:
    rows = read_rows(io.BytesIO(content), mapping)
    places = [(rows.place(), row) for row in rows]
    whole = [row for _, row in places]
    assert len(whole) >= 4
    for number, (_, row) in enumerate(places[:-1]):
        assert isinstance(row, Row)
        again = read_rows(io.BytesIO(content), mapping, places[number][0])
        assert list(again) == whole[number + 1 :]
