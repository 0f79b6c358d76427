"""Who may change what: a table of the mutations and the roles, and the gate in front of them all.

Deny by default: a mutation without a row is refused to everybody, and a test fails. The gate looks at the whole operation
before any of it is done, so that one that holds a forbidden mutation changes nothing.
"""

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationType,
    SelectionSetNode,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from graph_cdp.access.model import Role
from graph_cdp.api.context import Context

SOURCES: frozenset[Role] = frozenset({"ingest", "steward", "admin"})
"""Who may say what a source knows: the source itself, by its key, and whoever corrects it."""

STEWARDS: frozenset[Role] = frozenset({"steward", "admin"})

MUTATION_ROLES: Mapping[str, frozenset[Role]] = {
    "write_records": SOURCES,
    "identify": SOURCES,
    "track": SOURCES,
    "write_transactions": SOURCES,
    "record_consent": SOURCES,
    "write_products": SOURCES,
    "write_companies": SOURCES,
    "write_stores": SOURCES,
    "write_org_units": STEWARDS,
    "give_verdict": STEWARDS,
    "replay_dead_letters": STEWARDS,
    "mend_dead_letter": STEWARDS,
    "discard_dead_letters": STEWARDS,
}


class MutationGate(SchemaExtension):
    """Refuses an operation that holds a mutation which the caller's role may not call."""

    def on_execute(self) -> Iterator[None]:
        """Look at every mutation of the operation before the first is done."""
        document = self.execution_context.graphql_document
        operation = get_operation_ast(document, self.execution_context.operation_name) if document else None
        if document and operation and operation.operation == OperationType.MUTATION:
            context: Context = self.execution_context.context
            role = context.principal.role
            for name in root_fields(document, operation.selection_set):
                if name != "__typename" and role not in MUTATION_ROLES.get(name, frozenset()):
                    raise GraphQLError(
                        f"A key with the role {role} may not call {name}; nothing of this operation was done.",
                        operation,
                        extensions={"code": "FORBIDDEN"},
                    )
        yield


def root_fields(document: DocumentNode, selections: SelectionSetNode) -> Iterator[str]:
    """The names of all fields at the top of an operation, those in fragments too; each fragment is walked once."""
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    waiting = [selections]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, FragmentSpreadNode):
                fragment = fragments.pop(node.name.value, None)
                if fragment:
                    waiting.append(fragment.selection_set)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
