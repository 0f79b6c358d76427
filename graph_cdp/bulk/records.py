"""The records of files under common fields: what their columns mean, which of them are compared, and what of them could not be read."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from graph_cdp.bulk.dialling import with_country_codes
from graph_cdp.bulk.files import BadRecords, Table
from graph_cdp.bulk.several import part_cells
from graph_cdp.matching.linkage.cells import NOTHING, Cells, append, encode, nothing, recode
from graph_cdp.matching.linkage.columns import (
    Column,
    date_orders,
    drop_idle,
    make_columns,
    most_telling,
)
from graph_cdp.matching.linkage.fields import (
    FULL_NAME,
    IGNORED,
    NAME,
    RECORD_ID,
    SOURCE,
    TEXT_FILL_MIN,
    UNKNOWN_MAX,
    detect_fields,
    field_of,
    is_known,
    may_be_full_names,
    numbers_rows,
)
from graph_cdp.matching.linkage.full_names import are_of_people, part_names
from graph_cdp.matching.linkage.policy import MatchPolicy

NAMES_TOLD_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of all files, one after the other: the id and the source of each, what they say, and which sources write the day of
    a date before the month. `told`: what a human should know of columns that are not compared, or hardly.
    """

    ids: Sequence[str]
    sources: Cells
    columns: Sequence[Column]
    day_first: Mapping[str, bool]
    told: Sequence[str] = ()


def read_records(tables: Sequence[Table], policy: MatchPolicy) -> Records:
    """The records of all tables under common fields.

    Raises:
        BadRecords: two records have one id.
    """
    ids_of: list[Sequence[str]] = []
    prefixes: list[str] = []
    distinct = False
    sources = nothing(0)
    cells: dict[str, Cells] = {}
    for table in tables:
        by_meaning = _by_meaning(table, policy)
        distinct = len(tables) == 1 and RECORD_ID in by_meaning and _is_key(by_meaning[RECORD_ID])
        before = len(sources)
        ids_of.append(_ids(table, by_meaning, prefix=f"{table.name}:" if len(tables) > 1 else ""))
        # A line has its file's name already.
        prefixes.append(f"{table.name}:" if RECORD_ID in by_meaning else "")
        said = encode(by_meaning.pop(SOURCE, nothing(table.records)))
        sources = _below(sources, said, table.name if len(tables) > 1 else "")
        for meaning in by_meaning.keys() - {RECORD_ID, IGNORED}:
            above = cells.get(meaning) or nothing(before)
            cells[meaning] = append(above, encode(by_meaning[meaning]))
        for meaning, column in cells.items():
            if len(column) < len(sources):
                cells[meaning] = append(column, nothing(len(sources) - len(column)))
    ids, told_of_ids = (ids_of[0], []) if distinct else _together(tables, ids_of, prefixes)
    day_first = date_orders(cells, sources, known=policy.day_first)
    dialled = cells | _dialled(cells, policy.region)
    made = make_columns(dialled, sources, region=policy.region, day_first=day_first)
    columns = _compared(made, policy, records=len(ids))
    return Records(
        ids=ids,
        sources=sources,
        columns=columns,
        day_first=day_first,
        told=[*told_of_ids, *_told(cells, made, columns, region=policy.region)],
    )


def _dialled(cells: Mapping[str, Cells], region: str) -> dict[str, Cells]:
    """The phones, where records name their country."""
    if "country" not in cells:
        return {}
    phones = (name for name in cells if field_of(name).meaning == "phone")
    return {name: with_country_codes(cells[name], cells["country"], region=region) for name in phones}


def _below(sources: Cells, said: Cells, otherwise: str) -> Cells:
    """The sources of records, and below them those that a table says, or the source that its records have otherwise."""
    named = recode(said, (source or None for source in said.values))
    if np.any(named.codes == NOTHING):
        codes = np.where(named.codes == NOTHING, len(named.values), named.codes)
        named = Cells(codes=codes, values=[*named.values, otherwise])
    together = append(sources, named)
    return recode(together, together.values)


def _by_meaning(table: Table, policy: MatchPolicy) -> MutableMapping[str, Sequence[str | None]]:
    """The columns by what they mean: declared, or known by their names."""
    meanings = detect_fields(header for header in table.columns if header not in policy.columns)
    meanings |= {header: policy.columns[header] for header in table.columns if header in policy.columns}
    if RECORD_ID not in meanings.values():
        numbering = (header for header in meanings if header not in policy.columns and numbers_rows(header))
        meanings |= {header: RECORD_ID for header in numbering if _is_key(table.columns[header])}
    by_meaning = {meaning: table.columns[header] for header, meaning in reversed(meanings.items())}
    if may_be_full_names(by_meaning) and _is_of_people(by_meaning[NAME], policy):
        by_meaning[FULL_NAME] = by_meaning.pop(NAME)
    if FULL_NAME in by_meaning:
        given, surname = part_names(encode(by_meaning.pop(FULL_NAME)))
        by_meaning = {"given_name": given, "surname": surname} | by_meaning
    part_cells(by_meaning)
    return by_meaning


def _is_of_people(names: Sequence[str | None], policy: MatchPolicy) -> bool:
    """Whether a column called `name` has whole names of people: as the policy learned it, or as they look."""
    return NAME not in policy.learned.m if policy.learned else are_of_people(encode(names))


def _is_key(cells: Sequence[str | None]) -> bool:
    """Whether every record has a value, and none that of another."""
    column = encode(cells)
    return len(column.values) == len(column) and not np.any(column.codes == NOTHING)


def _ids(table: Table, by_meaning: Mapping[str, Sequence[str | None]], *, prefix: str) -> list[str]:
    """The id of each record: as its column says, or its line."""
    said = by_meaning.get(RECORD_ID)
    if said is None:
        return [f"{prefix}{line}" for line in range(1, table.records + 1)]
    if isinstance(said, Cells) and not np.any(said.codes == NOTHING):
        return list(map(said.values.__getitem__, said.codes.tolist()))
    return [f"{table.name}:{line}" if id_ is None else id_ for line, id_ in enumerate(said, start=1)]


def _together(
    tables: Sequence[Table], ids_of: Sequence[Sequence[str]], prefixes: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The ids of all records, and what is to be told of them: those that are unique in each file only have its prefix before them.

    Raises:
        BadRecords: two records of one file have one id.
    """
    ids = list(chain.from_iterable(ids_of))
    if len(set(ids)) == len(ids):
        return ids, []
    twice = sum(len(some) - len(set(some)) for some in ids_of)
    if twice:
        raise BadRecords(
            f"{twice:,} records have the id of another: name the column of ids in the policy (record_id)."
        )
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        raise BadRecords("Files of one name have records of one id: call the files otherwise.")
    told = f"Records of several files have the same id: each is called by its file and its id, as in {names[0]}:17."
    prefixed = zip(prefixes, ids_of, strict=True)
    return [f"{prefix}{id_}" for prefix, some in prefixed for id_ in some], [told]


def _compared(made: Iterable[Column], policy: MatchPolicy, *, records: int) -> list[Column]:
    """The columns that can tell records apart; of those of unknown meaning, the ones that tell most."""
    learned = policy.learned.m if policy.learned else ()
    columns = drop_idle(made, known=learned, records=records, fill_min=TEXT_FILL_MIN)
    said = {*learned, *policy.columns.values()}
    unknown = [column for column in columns if not is_known(column.field) and column.field.name not in said]
    left_out = {column.field.name for column in unknown} - {
        column.field.name for column in most_telling(unknown, UNKNOWN_MAX)
    }
    return [column for column in columns if column.field.name not in left_out]


def _told(
    cells: Mapping[str, Cells], made: Sequence[Column], compared: Sequence[Column], *, region: str
) -> Iterator[str]:
    """What of the columns a human should know: sentences that hold no value."""
    names = {column.field.name for column in compared}
    if compared and not any(is_known(column.field) for column in compared):
        yield (
            "No column is known by its name: is the first line of the file one of names? Say what columns mean in the policy (columns)."
        )
    beyond: list[str] = []
    for column in made:
        name = column.field.name
        said = int(np.count_nonzero(cells[name].codes != NOTHING))
        read = int(np.count_nonzero(column.codes != NOTHING))
        if 2 * read < said:
            hint = f" of {region} (region in the policy)" if name.startswith("phone") else ""
            yield f"{name}: {said - read:,} of {said:,} cells say nothing, or cannot be read as {column.field.name}{hint}."
        elif name not in names and len(column.values) == 1:
            yield f"{name}: not compared, for it says the same everywhere."
        elif name not in names and read and not is_known(column.field):
            beyond.append(name)
        elif name not in names and read:
            yield f"{name}: not compared, for fewer than a tenth of the records say it."
    if beyond:
        some = ", ".join(beyond[:NAMES_TOLD_MAX]) + (", ..." if len(beyond) > NAMES_TOLD_MAX else "")
        yield (
            f"Not compared: {len(beyond):,} columns of unknown meaning that say little ({some}). Name in the policy (columns) "
            "those that matter."
        )
