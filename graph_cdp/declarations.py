"""Reading what people declare in YAML, checked by a JSON Schema: mistakes are named by their place, never guessed at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator, ValidationError

from graph_cdp.errors import Invalid

CHARACTERS_MAX = 64 * 1024
"""A declaration is read by people; one of that size was generated, and belongs in several files."""

PROBLEMS_SHOWN_MAX = 5

_BOOLEAN = "tag:yaml.org,2002:bool"
_SURPRISING = {_BOOLEAN, "tag:yaml.org,2002:timestamp"}


class BadDeclaration(Invalid):
    """A declared file that does not say what to do."""

    code = "INVALID_DECLARATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of declared file: what messages call it, the error that its mistakes are, and its schema."""

    what: str
    error: type[Invalid]
    schema: Mapping[str, Any]
    hints: Mapping[str, str]
    """What to say where a keyword of the schema (`not`) would only repeat itself."""
    characters_max: int = CHARACTERS_MAX


def read_declaration(text: str, kind: Kind) -> dict[str, Any]:
    """What a YAML text declares, as its schema allows.

    Raises:
        Invalid: it is no YAML, says a key twice, or does not fit the schema (`kind.error`).
    """
    declared = _load(text, kind)
    if isinstance(declared, str):  # what it says is not ours to repeat: it may be a file of customers
        raise kind.error(f"The {kind.what} has no keys and values in YAML. Is this the right file?")
    require_fit(find_misfits(declared, kind), kind)
    return cast("dict[str, Any]", declared)


def require_fit(problems: list[str], kind: Kind) -> None:
    """Nothing, if there are no problems.

    Raises:
        Invalid: there are; the first few are told (`kind.error`).
    """
    if problems:
        raise kind.error(f"The {kind.what} does not fit: " + "; ".join(problems[:PROBLEMS_SHOWN_MAX]) + ".")


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans, as in YAML 1.2, and a date is text.

    A column of a file may be called `no` (French for number), and 1.1 would read it as false.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to say it
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _SURPRISING]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType] - the library has no types
    _BOOLEAN, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")
)


class _LongLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass]
    """The same for what was generated: in C where PyYAML has it, which is faster, and names the places of mistakes less well."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def _load(text: str, kind: Kind) -> object:
    if len(text) > kind.characters_max:
        raise kind.error(f"The {kind.what} has more than {kind.characters_max:,} characters.")
    try:
        return _construct(
            cast("yaml.SafeLoader", (_Loader if len(text) <= CHARACTERS_MAX else _LongLoader)(text)), kind
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise kind.error(
            f"The {kind.what} is no YAML{where}: {getattr(error, 'problem', 'see its syntax')}."
        ) from None


def _construct(loader: yaml.SafeLoader, kind: Kind) -> object:
    try:
        node = loader.get_single_node()
        _refuse_twice(node, kind)
        return None if node is None else loader.construct_document(node)  # pyright: ignore[reportUnknownMemberType]
    finally:
        loader.dispose()


def _refuse_twice(node: yaml.Node | None, kind: Kind) -> None:
    """A key may not stand twice in a mapping: YAML would keep the last in silence."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twice(item, kind)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                raise kind.error(f"The {kind.what} says {key.value} twice (line {key.start_mark.line + 1}).")
            seen.add(str(key.value))
            _refuse_twice(value, kind)


def find_misfits(declared: object, kind: Kind) -> list[str]:
    """What of a declaration the schema does not allow, each with its place."""
    validator = Draft202012Validator(kind.schema)
    errors: list[ValidationError] = list(validator.iter_errors(cast("dict[str, Any]", declared)))  # pyright: ignore[reportUnknownMemberType]
    return [_explain(error, kind) for error in sorted(errors, key=_place)]


def _place(error: ValidationError) -> str:
    return ".".join(str(step) for step in error.absolute_path)


def _explain(error: ValidationError, kind: Kind) -> str:
    place = _place(error) or f"the {kind.what}"
    validator = str(error.validator)
    if validator in kind.hints:
        return f"{place}: {kind.hints[validator]}"
    if validator == "additionalProperties":
        known = ", ".join(cast("dict[str, Any]", error.schema).get("properties", {}))
        return f"{place}: {error.message}. There are: {known}"
    return f"{place}: {error.message}"
