"""The table of who may do what, as a page of the docs: written from the code, and held to it by a test."""

from collections.abc import Iterator
from typing import get_args

from graph_cdp.access.model import Role
from graph_cdp.api.mutations.permissions import MUTATION_ROLES
from graph_cdp.api.permissions.fields import FIELD_RULES, QUERY_RULES, SUBSCRIPTION_RULES
from graph_cdp.api.permissions.rules import Rule

FIELDS_PAGE = "docs/reference/permissions.md"

HEAD = """# Permissions

Who may read and change what, by the role of the key. Deny by default: a field or a mutation without a row is refused to all, and the tests fail.
This page is written from the code (`graph-cdp sdl --write`).

`●` sees the value, `◐` sees it masked (`j***@d***.fr`), `–` is refused.
"""


def print_table() -> str:
    """The page."""
    roles = sorted(get_args(Role))
    lines = [HEAD, "## Fields\n", *_header("field", roles)]
    for type_, fields in FIELD_RULES.items():
        for name, rule in fields.items():
            lines.append(_row(f"{type_}.{name}", [_cell(rule, role) for role in roles]))
    lines += [
        "",
        "What says how a list is built (`edges`, `node`, `cursor`, `pageInfo`, `total_count`) is as open as the list.",
        "",
    ]
    lines += ["## Operation of the service\n", *_header("query", roles)]
    lines += [_row(name, [_cell(rule, role) for role in roles]) for name, rule in QUERY_RULES.items()]
    lines += ["", "All that such a query shows is as open as the query.", ""]
    lines += ["## Subscriptions\n", *_header("subscription", roles)]
    lines += [_row(name, [_cell(rule, role) for role in roles]) for name, rule in SUBSCRIPTION_RULES.items()]
    lines += ["", "What they tell is shown by the rules of its fields.", ""]
    lines += ["## Mutations\n", *_header("mutation", roles)]
    lines += [
        _row(name, ["●" if role in allowed else "–" for role in roles])
        for name, allowed in MUTATION_ROLES.items()
    ]
    return "\n".join(lines) + "\n"


def _cell(rule: Rule, role: Role) -> str:
    if role not in rule.roles:
        return "–"
    return "◐" if rule.mask_for(role) else "●"


def _header(what: str, roles: list[Role]) -> Iterator[str]:
    yield f"| {what} | {' | '.join(roles)} |"
    yield f"|---|{'---|' * len(roles)}"


def _row(name: str, cells: list[str]) -> str:
    return f"| `{name}` | {' | '.join(cells)} |"
