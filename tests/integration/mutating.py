"""Changing the graph in tests by GraphQL mutations, over HTTP, through the service as it is composed."""

from dataclasses import dataclass
from typing import Any

import httpx

from graph_cdp.access.model import NewKey, Role
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.transactions import Graph

RESULT = "idempotency_key was_duplicate record_id person_id error { code message }"

WRITE_RECORDS = f"""mutation ($records: [RecordInput!]!, $source: String) {{
  write_records(records: $records, source: $source) {{ results {{ {RESULT} }} }} }}"""
IDENTIFY = f"""mutation ($input: IdentifyInput!, $source: String) {{
  identify(input: $input, source: $source) {{ {RESULT} }} }}"""
TRACK = f"""mutation ($input: TrackInput!, $source: String) {{
  track(input: $input, source: $source) {{ {RESULT} }} }}"""
WRITE_TRANSACTIONS = f"""mutation ($transactions: [TransactionInput!]!, $source: String) {{
  write_transactions(transactions: $transactions, source: $source) {{ results {{ {RESULT} }} }} }}"""
RECORD_CONSENT = f"""mutation ($input: RecordConsentInput!, $source: String) {{
  record_consent(input: $input, source: $source) {{ {RESULT} }} }}"""
WRITE_PRODUCTS = f"""mutation ($products: [ProductInput!]!, $source: String) {{
  write_products(products: $products, source: $source) {{ results {{ {RESULT} }} }} }}"""
WRITE_STORES = f"""mutation ($stores: [StoreInput!]!, $source: String) {{
  write_stores(stores: $stores, source: $source) {{ results {{ {RESULT} }} }} }}"""
WRITE_COMPANIES = f"""mutation ($companies: [CompanyInput!]!, $source: String) {{
  write_companies(companies: $companies, source: $source) {{ results {{ {RESULT} }} }} }}"""
WRITE_ORG_UNITS = """mutation ($input: WriteOrgUnitsInput!) {
  write_org_units(input: $input) { idempotency_key was_duplicate error { code message } } }"""
GIVE_VERDICT = """mutation ($input: GiveVerdictInput!) {
  give_verdict(input: $input) { was_duplicate verdict_id records { record_id person_id } error { code message } } }"""
SETTLED = """idempotency_key was_duplicate error { code message }
  letters { became message letter { dead_letter_id state code rule } }"""
REPLAY_DEAD_LETTERS = f"""mutation ($input: ReplayDeadLettersInput!) {{
  replay_dead_letters(input: $input) {{ {SETTLED} }} }}"""
MEND_DEAD_LETTER = f"""mutation ($input: MendDeadLetterInput!) {{
  mend_dead_letter(input: $input) {{ {SETTLED} }} }}"""
DISCARD_DEAD_LETTERS = f"""mutation ($input: DiscardDeadLettersInput!) {{
  discard_dead_letters(input: $input) {{ {SETTLED} }} }}"""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever holds a key of a role."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def ask(self, document: str, **variables: object) -> Answer:
        """The whole answer to a document."""
        body = {"query": document, "variables": variables}
        response = await self.client.post("/graphql", json=body, headers=self.headers)
        return response.json()

    async def call(self, document: str, **variables: object) -> Any:
        """What the one mutation of a document answers; a list of results without its envelope."""
        answer = await self.ask(document, **variables)
        assert "errors" not in answer, answer["errors"]
        (result,) = answer["data"].values()
        return result.get("results", result)

    async def refusal(self, document: str, **variables: object) -> str:
        """The code with which a whole call is refused."""
        answer = await self.ask(document, **variables)
        (error,) = answer["errors"]
        assert not answer.get("data") or set(answer["data"].values()) == {None}
        return error["extensions"]["code"]


async def caller(client: httpx.AsyncClient, graph: Graph, role: Role, *, source: str = "web") -> Caller:
    """Somebody with a new key of a role; an ingest key writes for `source`."""
    new = NewKey(name=role, role=role, source=source if role == "ingest" else None)
    _, secret = await create_key(graph, new, now=system_clock())
    return Caller(client=client, headers={"Authorization": f"Bearer {secret}"})
