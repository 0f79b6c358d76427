"""Where a query starts: how the objects of the root are found by what the caller names them by."""

from collections.abc import Mapping
from typing import Any

import strawberry

from graph_cdp.api.errors import BadId, BadIdentifier
from graph_cdp.api.identifier import IdentifierInput
from graph_cdp.api.node import parse_id, split_global_id
from graph_cdp.api.selection.fields import ByType, Filter, Params, Start
from graph_cdp.errors import Conflict, Invalid
from graph_cdp.intake.identifiers import IDENTIFYING_KINDS
from graph_cdp.matching.normalise import Junk, Normalised, Unusable, normalise_identifier


class ContestedIdentifier(Conflict):
    """The identifier points at several people, so at none."""

    code = "CONTESTED_IDENTIFIER"


def contested() -> ContestedIdentifier:
    """Several people hold the identifier that was asked for."""
    return ContestedIdentifier(
        "Several people hold this identifier, so it points at none. Ask by another one."
    )


def bind_person(arguments: Mapping[str, Any], region: str) -> Params:
    """The parameters of the person that is asked for.

    Raises:
        Invalid: not exactly one argument was given, the id is none, there is no such kind, or the value identifies nobody.
    """
    id_, identifier = arguments.get("id"), arguments.get("identifier")
    if bool(id_) == bool(identifier):
        raise Invalid("Pass either `id` or `identifier`.", code="BAD_ARGUMENTS")
    if id_:
        return {"person_id": parse_id("Person", str(id_)), "kind": None, "value": None}
    return {"person_id": None, **_normalise(identifier or {}, region)}


def _normalise(wanted: Mapping[str, str], region: str) -> Params:
    kind = wanted.get("kind", "")
    if kind not in IDENTIFYING_KINDS:
        raise BadIdentifier(
            f"There is no such kind of identifier; there are {', '.join(sorted(IDENTIFYING_KINDS))}."
        )
    match normalise_identifier(kind, wanted.get("value", ""), region=region):
        case Junk():
            raise BadIdentifier("This value is a placeholder that many share; it identifies nobody.")
        case Unusable():
            raise BadIdentifier(f"This value cannot be read as an identifier of the kind `{kind}`.")
        case Normalised(value=value):
            return {"kind": kind, "value": value}


_BY_ID = """MATCH (:Person {id: $person_id})-[:MERGED_INTO*0..]->(it:Person)
WHERE NOT it:Merged
WITH it, $person_id AS requested_id"""

_BY_IDENTIFIER = """MATCH (:Identifier {kind: $kind, value: $value})<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(it:Person)
WHERE holding.valid_to IS NULL
WITH DISTINCT it, null AS requested_id LIMIT 2"""

PERSON = Start(
    parameters=("person_id", "kind", "value"),
    arguments=(
        Filter(name="id", type=strawberry.ID | None, description="A person's `id` or `person_id`."),
        Filter(
            name="identifier",
            type=IdentifierInput | None,
            description='An identifier that the person holds: `{kind: "email", value: "marie@example.com"}`.',
        ),
    ),
    bind=bind_person,
    carried=("requested_id",),
    several=contested,
    match=f"""CALL () {{
{_BY_ID}
RETURN it, requested_id
UNION
{_BY_IDENTIFIER}
RETURN it, requested_id
}}
WITH it, requested_id""",
    match_by={"id": _BY_ID, "identifier": _BY_IDENTIFIER},
)


def _by_key(label: str, key: str, argument: Filter) -> Start:
    return Start(
        parameters=("key",),
        arguments=(argument,),
        bind=lambda arguments, _region: {"key": str(arguments[argument.name])},
        match=f"MATCH (it:{label} {{{key}: $key}})",
    )


PRODUCT = _by_key("Product", "sku", Filter(name="sku", type=str, description="Its number: `SKU-1017`."))
STORE = _by_key("Store", "code", Filter(name="code", type=str, description="Its code: `LYON-2`."))

NODE_ID = Filter(name="id", type=strawberry.ID, description="A global id: the `id` of an object.")

LABELS: Mapping[str, tuple[str, str]] = {
    "SourceRecord": ("SourceRecord", "id"),
    "Identifier": ("Identifier", "id"),
    "Device": ("Identifier:Device", "id"),
    "Event": ("Event", "id"),
    "Interaction": ("Event", "id"),
    "Transaction": ("Transaction", "id"),
    "Product": ("Product", "sku"),
    "Store": ("Store", "code"),
    "Campaign": ("Campaign", "id"),
    "Case": ("Case", "id"),
    "Company": ("Company", "id"),
    "ConsentRecord": ("ConsentRecord", "id"),
}
"""The label and the key of each type that `node` finds, but for people."""

HERE: Mapping[str, str] = {
    "Event": "it.record_key IS NOT NULL",
    "Interaction": "it:Interaction AND it.record_key IS NOT NULL",
    "Transaction": "it.kind IS NOT NULL",
}
"""What must hold of a node of this label for it to be shown: one of which only its key is known is not."""


def choose_node(arguments: Mapping[str, Any]) -> tuple[str, Start]:
    """The type in a global id, and how it is found.

    Raises:
        BadId: it is no global id.
    """
    parts = split_global_id(str(arguments["id"]))
    if parts and parts[0] == "Person":
        return "Person", PERSON
    if parts is None or parts[0] not in LABELS:
        raise BadId("This is no global id: pass the `id` of an object.")
    return parts[0], NODES[parts[0]]


def _bind_node(arguments: Mapping[str, Any], _region: str) -> Params:
    parts = split_global_id(str(arguments["id"]))
    return {"key": parts[1] if parts else None}


NODES: Mapping[str, Start] = {
    type_: Start(
        parameters=("key",),
        bind=_bind_node,
        match=f"MATCH (it:{label} {{{key}: $key}}) WHERE {HERE.get(type_, 'true')}",
    )
    for type_, (label, key) in LABELS.items()
}

NODE = ByType(choose=choose_node, arguments=(NODE_ID,))
