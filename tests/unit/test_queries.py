"""The loader of query files: a header cannot lie."""

from pathlib import Path

import pytest

from graph_cdp.graph.queries import FalseHeader, load_query, parse_query

GOOD = """// The person an identifier resolves to.
//
// @mode    read
// @param   kind   STRING  the identifier's kind
// @param   value  STRING  the normalised value
// @returns one?  person_id STRING, record_count INTEGER
MATCH (:Identifier {kind: $kind, value: $value}) // $not_a_parameter
RETURN '$neither' AS person_id, 1 AS record_count
"""


def test_header_becomes_the_contract() -> None:
    query = parse_query("identity/find", GOOD)

    assert query.summary == "The person an identifier resolves to."
    assert query.mode == "read"
    assert query.params == {"kind": "STRING", "value": "STRING"}
    assert query.cardinality == "one?"
    assert query.columns == {"person_id": "STRING", "record_count": "INTEGER"}
    assert query.scan is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("// @mode    read\n", "", "'@mode read' or '@mode write' is missing"),
        ("// @param   value  STRING  the normalised value\n", "", "uses ['value'] without an '@param' line"),
        ("value: $value}", "value: 1}", "declares ['value'] but does not use it"),
        ("// @returns one?  person_id STRING, record_count INTEGER\n", "", "with its columns is missing"),
        ("record_count INTEGER", "record_count", "the column 'record_count' must read 'name TYPE'"),
        ("one?  person_id STRING, record_count INTEGER", "one?", "'@returns none' has no columns"),
        (
            "// @param   kind   STRING  the identifier's kind",
            "// @param   kind",
            "must read '@param name TYPE",
        ),
        ("// The person an identifier resolves to.\n", "//\n", "the first line must say in a sentence"),
    ],
)
def test_false_header_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(FalseHeader) as error:
        parse_query("identity/find", GOOD.replace(old, new))
    assert complaint in error.value.message


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FalseHeader) as error:
        load_query("identity/absent", tmp_path)
    assert error.value.message.startswith("identity/absent.cypher is missing")
