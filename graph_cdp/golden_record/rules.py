"""Which value of each field survives: pure, and the same as `cypher/procedures/compute_golden_records.cypher`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from graph_cdp.golden_record.model import FieldRule, RuleName, StatingRecord, Survivor, Survivorship
from graph_cdp.ids import RecordId
from graph_cdp.source.model import TRAITS
from graph_cdp.source.rules import TraitValue

_Statement = tuple[TraitValue, StatingRecord]


def survive(records: Iterable[StatingRecord], survivorship: Survivorship) -> dict[str, Survivor]:
    """The golden record of one person: of each field that some record states, the value that survives.

    Ties go to the newest statement, then the most trusted source, then the smallest record key. As no two records
    have one key, exactly one statement wins, in whatever order the records come.
    """
    stated: dict[str, list[_Statement]] = {}
    for record in records:
        for name, value in record.traits.items():
            stated.setdefault(name, []).append((value, record))
    return {name: _survivor(stated[name], survivorship.rule(name)) for name in TRAITS if name in stated}


def sole_golden_record(record_id: RecordId, traits: Mapping[str, TraitValue]) -> dict[str, str | int]:
    """The golden record of a person with one record, as properties of the person: by whichever rule, all that it states."""
    properties: dict[str, str | int] = {}
    for name, value in traits.items():
        properties[name] = value.value
        properties[f"{name}_from"] = record_id
        properties[f"{name}_at"] = value.at
    return properties


def _survivor(statements: Sequence[_Statement], rule: FieldRule) -> Survivor:
    holders = Counter(value.value for value, _ in statements)

    def order(statement: _Statement) -> tuple[bool, int, int, int, str]:
        value, record = statement
        rank = _rank(rule.rule, statement, frequency=holders[value.value])
        return (not (rule.verified and value.verified), -rank, -value.at, -record.trust, record.key)

    value, record = min(statements, key=order)
    return Survivor(value=value.value, record_id=record.id, at=value.at)


def _rank(rule: RuleName, statement: _Statement, *, frequency: int) -> int:
    value, record = statement
    match rule:
        case "most_recent":
            return 0  # the first tie-break is the time
        case "most_trusted_source":
            return record.trust
        case "most_frequent":
            return frequency
        case "longest":
            return len(value.value)
