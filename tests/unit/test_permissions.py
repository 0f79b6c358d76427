"""Who may read what: every field has its row, every row its field, and the printed table is that of the code."""

from typing import cast, get_args

import pytest
from graphql import GraphQLObjectType

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.api.context import Context
from graph_cdp.api.errors import format_error
from graph_cdp.api.mutations.permissions import MUTATION_ROLES
from graph_cdp.api.permissions import FIELD_RULES, QUERY_ROLES, find_rule, is_structure
from graph_cdp.api.permissions.fields import QUERY_RULES, SUBSCRIPTION_RULES
from graph_cdp.api.permissions.rules import mask_email, mask_phone, mask_text, mask_year
from graph_cdp.api.permissions.table import FIELDS_PAGE, print_table
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.fields import READS
from graph_cdp.graph.transactions import Graph
from tests.architecture.tree import ROOT


def read_fields() -> set[tuple[str, str]]:
    """The fields that are read from the graph."""
    return {
        (type_.name, name)
        for type_ in schema.core.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if (declaration := field.extensions.get("strawberry-definition")) and READS in declaration.metadata
    }


def test_every_field_has_its_rule_and_every_rule_its_field() -> None:
    ruled = {(type_, field) for type_, fields in FIELD_RULES.items() for field in fields}

    assert sorted(read_fields() - ruled) == []
    assert sorted(ruled - read_fields()) == []
    query = schema.core.query_type
    assert query is not None
    assert query.fields.keys() == FIELD_RULES["Query"].keys() | QUERY_RULES.keys()


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("dead_letters", "{ dead_letters { edges { cursor } } }"),
        ("dead_letter", f'{{ dead_letter(id: "{"a" * 64}") {{ code }} }}'),
        ("dead_letter_counts", "{ dead_letter_counts { code } }"),
        ("identity_health", "{ identity_health { people } }"),
    ],
)
async def test_what_resolves_itself_refuses_every_other_role(role: Role, name: str, document: str) -> None:
    nowhere = cast("Graph", object())
    context = Context(principal=Principal(key_id=KeyId("key"), role=role), graph=nowhere, default_region="FR")
    result = await schema.execute(document, context_value=context)

    codes = [format_error(error)["extensions"]["code"] for error in result.errors or ()]
    assert (codes == ["FORBIDDEN"]) == (role not in QUERY_RULES[name].roles)


def test_every_subscription_has_its_rule() -> None:
    subscription = schema.core.subscription_type
    assert subscription is not None
    assert set(subscription.fields) == set(SUBSCRIPTION_RULES)


def test_a_field_without_a_rule_is_refused_to_everybody() -> None:
    assert find_rule("Person", "unheard_of").roles == frozenset()
    assert find_rule("Unheard", "of").roles == frozenset()


def test_the_fields_of_lists_are_structure_and_others_are_not() -> None:
    assert is_structure("PeopleConnection", "total_count")
    assert not is_structure("PeopleEdge", "matched")
    assert not is_structure("Person", "node")


def test_every_mutation_has_its_roles() -> None:
    mutation = schema.core.mutation_type
    assert mutation is not None
    assert set(mutation.fields) == set(MUTATION_ROLES)


def test_a_role_that_may_not_query_reads_no_field() -> None:
    others = set(get_args(Role)) - QUERY_ROLES

    assert others == {"ingest"}
    assert [
        name
        for name, fields in FIELD_RULES.items()
        for rule in fields.values()
        if not others.isdisjoint(rule.roles)
    ] == []


@pytest.mark.parametrize(
    ("mask", "value", "seen"),
    [
        (mask_email, "jean.martin@dupont.fr", "j***@d***.fr"),
        (mask_email, "marie@mail.example.co.uk", "m***@m***.uk"),
        (mask_email, "no address", "n***"),
        (mask_phone, "+33612345678", "+33***78"),
        (mask_phone, "1234567", "***"),
        (mask_text, "Martin", "M***"),
        (mask_text, "", "***"),
        (mask_year, "1986-04-30", "1986-**-**"),
    ],
)
def test_a_masked_value_shows_that_there_is_one_and_not_which(mask: object, value: str, seen: str) -> None:
    assert callable(mask)
    assert mask(value) == seen


def test_the_printed_table_is_that_of_the_code() -> None:
    page = (ROOT / FIELDS_PAGE).read_text(encoding="utf-8")

    assert page == print_table(), "run `graph-cdp sdl --write`, look at the difference, and commit it"
