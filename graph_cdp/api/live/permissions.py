"""Who may listen to what: the gate in front of all subscriptions. Deny by default: one without a row is refused to everybody."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationType, get_operation_ast
from strawberry.extensions import SchemaExtension

from graph_cdp.api.context import Context
from graph_cdp.api.mutations.permissions import root_fields
from graph_cdp.api.permissions.fields import SUBSCRIPTION_RULES
from graph_cdp.api.permissions.rules import DENIED, refusal


class SubscriptionGate(SchemaExtension):
    """Refuses an operation that holds a subscription which the caller's role may not listen to."""

    def on_execute(self) -> Iterator[None]:
        """Look at the operation before anything is read."""
        document = self.execution_context.graphql_document
        operation = get_operation_ast(document, self.execution_context.operation_name) if document else None
        if document and operation and operation.operation == OperationType.SUBSCRIPTION:
            context: Context = self.execution_context.context
            for name in root_fields(document, operation.selection_set):
                rule = SUBSCRIPTION_RULES.get(name, DENIED)
                if name != "__typename" and context.principal.role not in rule.roles:
                    error = refusal(context.principal.role, f"Subscription.{name}", rule)
                    raise GraphQLError(error.message, operation, extensions={"code": error.code})
        yield
