"""Lists of what people did: read record by record in the order of the index and merged, so that a page costs the same for a
person with 10 events and one with 100,000.
"""

from typing import cast

from graph_cdp.api.selection.fields import Filter, Rows


def timeline(label: str, *, at: str = "occurred_at", where: str = "true") -> str:
    """Where each `it` of a label is, that the records of `parent` did; newest first, and no more of a record than a page has."""
    return f"""MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
CALL (record) {{
  MATCH (it:{label})
  USING INDEX SEEK it:{label}(record_key, {at}, id)
  WHERE it.record_key = record.key AND it.{at} <= $at AND it.id IS NOT NULL
    AND CASE it.{at} WHEN $at THEN it.id < $id ELSE true END
    AND {where}
  RETURN it
  ORDER BY it.record_key DESC, it.{at} DESC, it.id DESC
  LIMIT $row_limit
}}"""


def counted(label: str, *, at: str, where: str) -> str:
    """All of them."""
    return f"""MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
MATCH (it:{label})
USING INDEX SEEK it:{label}(record_key, {at}, id)
WHERE it.record_key = record.key AND it.{at} IS NOT NULL AND it.id IS NOT NULL AND {where}"""


def timeline_rows(
    name: str, label: str, *, at: str = "occurred_at", where: str = "true", filters: tuple[Filter, ...] = ()
) -> Rows:
    """A list of what the records of a person did."""
    return Rows(
        name=name,
        match=timeline(label, at=at, where=where),
        at=f"it.{at}",
        count=counted(label, at=at, where=where),
        filters=filters,
    )


def only(name: str, type_: object, description: str) -> Filter:
    """An argument that keeps only rows of some kinds; all if left out or empty."""
    return Filter(name=name, type=type_, description=description, bind=enum_values)


def enum_values(given: object) -> list[str] | None:
    """The graph's words for values of an enum."""
    values = cast("list[object]", given) if isinstance(given, list) else []
    return sorted({str(getattr(one, "value", one)) for one in values}) or None
