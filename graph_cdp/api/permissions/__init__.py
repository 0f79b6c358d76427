"""Who may read what: deny by default, one row for each field."""

from graph_cdp.api.permissions.fields import FIELD_RULES, find_rule, is_structure
from graph_cdp.api.permissions.rules import MASKED_ROLES, QUERY_ROLES, Rule, refusal

__all__ = ["FIELD_RULES", "MASKED_ROLES", "QUERY_ROLES", "Rule", "find_rule", "is_structure", "refusal"]
