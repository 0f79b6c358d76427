"""Rows of NDJSON: one JSON object a line, read as strictly as the body of a request."""

from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.members import tree_row
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.intake.json_body import BadJson, find_fault, read_json


def ndjson_row(text: str, mapping: FileMapping, *, line: int) -> Row | UnreadRow | None:
    """The row that a line is; None if it is blank."""
    if not text.strip():
        return None
    try:
        tree = read_json(text.encode("utf-8", "surrogateescape"), exact=True)
    except BadJson as error:
        said = error.message.replace("The body", "The line")
        return UnreadRow(line=line, code=error.code, message=said, said=text)
    if fault := find_fault(tree):
        return UnreadRow(line=line, code=fault.code, message=fault.message, said=tree)
    if not isinstance(tree, dict):
        message = "The line holds JSON, but no object. Is it an array? jq -c '.[]' makes it lines."
        return UnreadRow(line=line, code="INVALID_ROW", message=message, said=tree)
    return tree_row(tree, mapping, line=line)
