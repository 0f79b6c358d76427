"""Lists of what people did: read record by record in the order of the index and merged, so that a page costs the same for a
person with 10 events and one with 100,000.
"""

from collections.abc import Sequence
from typing import cast

from graph_cdp.api.selection.fields import Filter, Rows

SELDOM = {"Transaction": "MADE", "ConsentRecord": "GAVE"}
"""What most records have none of, by the relationship that says so: it is looked at in a tenth of the time that the index takes to
find nothing. Events are not among them: a record begins with one.
"""

AFTER = "it.{at} <= $at AND CASE it.{at} WHEN $at THEN it.id < $id ELSE true END"
"""What lies behind a cursor, by what can be sought in the index."""


def timeline(label: str, *, at: str, conditions: Sequence[str], records: str | None = None) -> str:
    """Where each `it` of a label is, that the records of `parent` did, or those that `records` finds; newest first, and no more of a record
    than a page has.
    """
    made = f"WHERE EXISTS {{ (record)-[:{SELDOM[label]}]->() }}\n" if label in SELDOM else ""
    records = records or f"MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)\n{made}"
    return f"""{records}CALL (record) {{
  MATCH (it:{label})
  USING INDEX SEEK it:{label}(record_key, {at}, id)
  WHERE it.record_key = record.key AND it.id IS NOT NULL AND {" AND ".join(conditions)}
  RETURN it
  ORDER BY it.record_key DESC, it.{at} DESC, it.id DESC
  LIMIT $row_limit
}}"""


def counted(label: str, *, at: str, conditions: Sequence[str]) -> str:
    """All of them."""
    return f"""MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
MATCH (it:{label})
USING INDEX SEEK it:{label}(record_key, {at}, id)
WHERE it.record_key = record.key AND it.id IS NOT NULL AND {" AND ".join(conditions)}"""


def timeline_rows(
    name: str,
    label: str,
    *,
    always: Sequence[str] = (),
    wanted: Sequence[str] = (),
    filters: tuple[Filter, ...] = (),
) -> Rows:
    """A list of what the records of a person did: of all that is `always` in it, what the filters say is `wanted`."""
    at = "occurred_at"
    is_there = f"it.{at} IS NOT NULL"
    return Rows(
        name=name,
        match=timeline(label, at=at, conditions=[AFTER.format(at=at), *always, *wanted]),
        first=timeline(label, at=at, conditions=[is_there, *always]),
        at=f"it.{at}",
        count=counted(label, at=at, conditions=[is_there, *always, *wanted]),
        filters=filters,
    )


def only(name: str, type_: object, description: str) -> Filter:
    """An argument that keeps only rows of some kinds; all if left out or empty."""
    return Filter(name=name, type=type_, description=description, bind=enum_values)


def enum_values(given: object) -> list[str] | None:
    """The graph's words for values of an enum."""
    values = cast("list[object]", given) if isinstance(given, list) else []
    return sorted({str(getattr(one, "value", one)) for one in values}) or None
