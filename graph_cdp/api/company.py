"""Firms that people belong to."""

import strawberry

from graph_cdp.api.connections import Edge, PageInfo
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column

COMPANIES = Rows(
    name="companies",
    match="""MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[member:MEMBER_OF]->(it:Company)
WITH it, min(member.since) AS since""",
    at="since",
    order="ASC",
    carried=("since",),
)


@strawberry.type(description="A firm.")
class Company(Node):
    """A company: each field keeps its newest value."""

    company_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    key: str = column("it.key", "The source and its own number: `crm:0017`.")
    name: str | None = column("it.name", "Its name: `Acme`.")
    industry: str | None = column("it.industry", "Its industry: `Textiles`.")
    employees: str | None = column("it.employees", "How many work there: `120`.")
    plan: str | None = column("it.plan", "The plan that it has: `enterprise`.")
    revenue: str | None = column("it.revenue", "Its revenue: `12000000`.")
    registration_number: str | None = column(
        "it.registration_number", "Its number in the register of companies: a SIREN, an HRB."
    )
    website: str | None = column("it.website", "Its site: `https://acme.example`.")
    email: str | None = column("it.email", "Its e-mail address; it identifies nobody.")
    phone: str | None = column("it.phone", "Its phone number; it identifies nobody.")
    street: str | None = column("it.street", "House number and street.")
    city: str | None = column("it.city", "Town.")
    postal_code: str | None = column("it.postal_code", "Postal code.")
    region: str | None = column("it.region", "State, province or region.")
    country: str | None = column("it.country", "Country: `FR`.")
    description: str | None = column("it.description", "Free text.")


@strawberry.type(description="A firm that one person belongs to.")
class CompanyEdge(Edge[Company]):
    """What belongs to the membership."""

    since: Timestamp = column("since", "When a source first said that the person belongs to it.")


@strawberry.type(description="One page of the firms that a person belongs to.")
class CompanyConnection:
    """Relay's connection, with edges of its own."""

    edges: list[CompanyEdge] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")
    total_count: int = strawberry.field(description="How many firms the person belongs to: `1`.")
