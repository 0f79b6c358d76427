"""What a rule of a field can say: which roles read it, and for which it is masked."""

from collections.abc import Callable
from dataclasses import dataclass

from graph_cdp.access.model import Role
from graph_cdp.errors import Forbidden

QUERY_ROLES: frozenset[Role] = frozenset({"admin", "app", "marketer", "privacy", "steward"})
"""Deny by default: a role that is not named here reads nothing."""

MASKED_ROLES: frozenset[Role] = frozenset({"marketer"})
"""Who sees that there is a value, and not which."""

STEWARDS: frozenset[Role] = frozenset({"admin", "privacy", "steward"})
"""Who sees what a source sent, word by word."""

Mask = Callable[[object], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may read a field. `mask` is what masked roles see instead of its value; None: the value."""

    roles: frozenset[Role]
    mask: Mask | None = None

    def mask_for(self, role: Role) -> Mask | None:
        """How the value is masked for this role."""
        return self.mask if role in MASKED_ROLES else None


def mask_email(value: object) -> object:
    """`jean.martin@dupont.fr` as `j***@d***.fr`."""
    local, at, domain = str(value).rpartition("@")
    name, dot, end = domain.rpartition(".")
    if not (local and at and name and dot):
        return mask_text(value)
    return f"{local[0]}***@{name[0]}***.{end}"


def mask_text(value: object) -> object:
    """`Martin` as `M***`."""
    return f"{str(value)[:1]}***"


def mask_phone(value: object) -> object:
    """`+33612345678` as `+33***78`."""
    text = str(value)
    return f"{text[:3]}***{text[-2:]}" if len(text) > 7 else "***"  # noqa: PLR2004 - shorter ones would be told


def mask_year(value: object) -> object:
    """`1986-04-30` as `1986-**-**`."""
    return f"{str(value)[:4]}-**-**"


def mask_all(value: object) -> object:
    """Nothing of it."""
    del value
    return "***"


OPEN = Rule(roles=QUERY_ROLES)
OPERATORS_ONLY = Rule(roles=frozenset({"admin", "steward"}))
STEWARDS_ONLY = Rule(roles=STEWARDS)
DENIED = Rule(roles=frozenset())


def masked(mask: Mask) -> Rule:
    """Read by all who may query; masked for some."""
    return Rule(roles=QUERY_ROLES, mask=mask)


def refusal(role: Role, field: str, rule: Rule) -> Forbidden:
    """Why somebody may not read a field."""
    readers = " or ".join(sorted(rule.roles)) or "nobody"
    return Forbidden(f"A key with the role {role} may not read {field}; {readers} may.")
