"""What is written of a record: the difference between its state before and after a batch. Pure."""

from graph_cdp.ids import Millis
from graph_cdp.source.rules import Held, RecordState

Properties = dict[str, str | int | list[str] | None]


def changed_properties(before: RecordState, after: RecordState, *, now: Millis) -> Properties:
    """The properties of the record that change, null where one goes; none where it says what it said."""
    if before.traits == after.traits and before.version == after.version:
        return {}
    properties: Properties = {"updated_at": now}
    for name in before.traits.keys() | after.traits.keys():
        if before.traits.get(name) != after.traits.get(name):
            said = after.traits.get(name)
            properties[name] = said.value if said else None
            properties[f"{name}_at"] = said.at if said else None
    if _verified(before) != _verified(after):
        properties["verified"] = _verified(after) or None
    if after.version is not None and after.version != before.version:
        properties["version_at"], properties["version_hash"] = after.version
    return properties


def _verified(state: RecordState) -> list[str]:
    return sorted(name for name, said in state.traits.items() if said.verified)


def changed_holdings(before: RecordState, after: RecordState) -> list[list[object]]:
    """The intervals that were open before and change: [kind, value, {the times that do}]."""
    changed: list[list[object]] = []
    for identifier, held in after.held.items():
        former = before.held.get(identifier)
        if former is not None and former.valid_to is None and held != former:
            times = {name: at for name, at, was in zip(Held._fields, held, former, strict=True) if at != was}
            changed.append([*identifier, times])
    return changed


def opened_holdings(before: RecordState, after: RecordState) -> list[list[object]]:
    """The intervals that begin: [kind, value, first_seen_at, last_seen_at, valid_to]."""
    opened: list[list[object]] = []
    for identifier, held in after.held.items():
        former: Held | None = before.held.get(identifier)
        if former is None or (former.valid_to is not None and held != former):
            opened.append([*identifier, *held])
    return opened
