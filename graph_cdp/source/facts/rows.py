"""Statements of facts as the rows that the query files take. Pure.

Of several statements about one thing only the newest is written; the query compares it with what the graph holds.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Generic, TypeVar

from graph_cdp.ids import Millis
from graph_cdp.source.facts.model import (
    COMPANY_FIELDS,
    Case,
    Company,
    Consent,
    Device,
    Interaction,
    Statement,
    Store,
    Transaction,
    TransactionStatus,
)

T = TypeVar("T")

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[T]):
    """A fact of one kind, with its statement."""

    fact: T
    by: Statement


def of_kind(statements: Iterable[Statement], kind: type[T]) -> list[Said[T]]:
    """The statements whose fact is of this kind."""
    return [Said(fact=one.fact, by=one) for one in statements if isinstance(one.fact, kind)]


def newest(said: Iterable[Said[T]], key: Callable[[T], str]) -> list[Said[T]]:
    """The newest statement about each thing, by its key, in the order of the keys."""
    found: dict[str, Said[T]] = {}
    for one in said:
        name = key(one.fact)
        if name not in found or found[name].by.order < one.by.order:
            found[name] = one
    return [one for _, one in sorted(found.items())]


def properties(fact: object, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """A fact's fields; those that it leaves out are null, which removes what an older statement said."""
    return {name: getattr(fact, name) for name in _names(type(fact), frozenset(without))}


@cache
def _names(kind: type[Any], left_out: frozenset[str]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.name not in left_out)


def stated(said: Said[Any]) -> dict[str, Any]:
    """What decides which of two statements is newer."""
    return {"stated_at": said.by.occurred_at, "stated_hash": said.by.body_hash}


def transaction_row(said: Said[Transaction], id_: str) -> dict[str, Any]:
    """A row of `write_transactions`."""
    separate = ("key", "status", "store", "returns", "lines")
    return {
        "key": said.fact.key,
        "id": id_,
        "record_key": said.by.record_key,
        "properties": properties(said.fact, without=separate),
        **stated(said),
    }


def status_rows(statements: Sequence[Statement], new_id: Callable[[], str]) -> list[dict[str, Any]]:
    """Rows of `write_statuses`: what transactions say of how far they are, and what is said of nothing else."""
    whole = [
        Said(fact=TransactionStatus(key=fact.key, kind=fact.kind, status=fact.status), by=one)
        for one in statements
        if isinstance(fact := one.fact, Transaction) and fact.status is not None
    ]
    return [
        {
            "key": one.fact.key,
            "id": new_id(),
            "record_key": one.by.record_key,
            "kind": one.fact.kind,
            "status": one.fact.status,
            **stated(one),
        }
        for one in newest([*whole, *of_kind(statements, TransactionStatus)], lambda fact: fact.key)
    ]


def line_row(transaction: Transaction) -> dict[str, Any]:
    """A row of `write_lines`."""
    return {
        "key": transaction.key,
        "lines": [
            [line.sku, position, line.quantity, line.unit_price, line.name]
            for position, line in enumerate(transaction.lines, start=1)
        ],
    }


def mentioned_stores(statements: Sequence[Statement]) -> list[str]:
    """The codes of the stores that transactions and cases mention."""
    facts = [one.fact for one in statements]
    return sorted({fact.store for fact in facts if isinstance(fact, Transaction | Case) and fact.store})


def store_row(said: Said[Store]) -> dict[str, Any]:
    """A row of `write_stores`."""
    return {
        "code": said.fact.code,
        "org_unit": said.fact.org_unit,
        "properties": properties(said.fact, without=("code", "org_unit")),
        **stated(said),
    }


def interaction_row(said: Said[Interaction], id_: str) -> dict[str, Any]:
    """A row of `note_interactions`."""
    return {
        "source": said.by.source,
        "message_id": said.by.message_id,
        "campaign_key": said.fact.campaign_key,
        "id": id_,
        "name": said.fact.campaign_name,
        "kind": said.fact.kind,
        "channel": said.fact.channel,
        "link": said.fact.link,
    }


def company_properties(known: dict[str, Any], said: Iterable[Said[Company]]) -> dict[str, Any]:
    """What changes of a company: each field takes its newest value; of equally new ones the greater."""
    changed: dict[str, Any] = {}
    for one in said:
        for name, value in one.fact.fields.items():
            now = {**known, **changed}
            if name in COMPANY_FIELDS and _order(now, name) < (one.by.occurred_at, value):
                changed |= {name: value, f"{name}_at": one.by.occurred_at}
    return changed


def _order(known: dict[str, Any], name: str) -> tuple[Millis, str]:
    return known.get(f"{name}_at", -(2**63)), known.get(name, "")


def case_row(said: Said[Case], id_: str) -> dict[str, Any]:
    """A row of `write_cases`."""
    return {
        "key": said.fact.key,
        "id": id_,
        "source": said.by.source,
        "record_key": said.by.record_key,
        "store": said.fact.store,
        "properties": properties(said.fact, without=("key", "store")),
        **stated(said),
    }


def device_row(said: Said[Device]) -> dict[str, Any]:
    """A row of `write_devices`."""
    kind, value = said.fact.identifier
    return {
        "kind": kind,
        "value": value,
        "properties": properties(said.fact, without=("identifier",)),
        **stated(said),
    }


def consent_rows(consents: Iterable[Said[Consent]], new_id: Callable[[], str]) -> list[dict[str, Any]]:
    """Rows of `append_consents`, one an id, by contact point. The id is a function of what is said, so that it is there
    once; what one batch repeats is one row, from the first time to the last.
    """
    place: dict[tuple[str, str], int] = {}
    rows: dict[str, dict[str, Any]] = {}
    for one in sorted(consents, key=lambda one: (one.fact.about or ("", ""), one.by.occurred_at)):
        message = one.by.source, one.by.message_id
        place[message] = place.get(message, 0) + 1
        id_ = _consent_id(one, place[message])
        row = {
            "id": id_,
            "record_key": one.by.record_key,
            "about": [*one.fact.about, new_id()] if one.fact.about else None,
            "first_at": one.by.occurred_at,
            "properties": properties(one.fact, without=("about", "repeats")) | {"source": one.by.source},
        }
        rows.setdefault(id_, row)["last_at"] = one.by.occurred_at
    return list(rows.values())


def _consent_id(said: Said[Consent], place: int) -> str:
    fact, by = said.fact, said.by
    identity: tuple[object, ...] = (by.source, by.message_id, place)
    if fact.repeats:
        day = by.occurred_at // DAY_MS
        identity = (
            by.record_key,
            *(fact.about or ()),
            fact.purpose,
            fact.channel,
            fact.state,
            fact.signal,
            day,
        )
    text = "\n".join(str(part) for part in identity)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
