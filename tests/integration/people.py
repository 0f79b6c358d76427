"""A small graph with exact contents, for the tests of the API: what it holds is written here by hand, so that the API
is tested against the graph's model and not against another part of the code.

Marie is known by two records (the CRM's and the web shop's) that share her e-mail; the person that the shop first
made of her was merged into her. Paul shares Marie's phone, which is therefore contested. Somebody is anonymous.
"""

from collections.abc import Sequence
from typing import LiteralString

from neo4j import AsyncManagedTransaction

from graph_cdp.graph.transactions import Graph

MARIE = "00000000-0000-4000-8000-000000000001"
MARIE_ONCE = "00000000-0000-4000-8000-000000000002"
MARIE_AT_FIRST = "00000000-0000-4000-8000-000000000003"
PAUL = "00000000-0000-4000-8000-000000000004"
SOMEBODY = "00000000-0000-4000-8000-000000000005"
NOBODY = "00000000-0000-4000-8000-00000000dead"

CRM_RECORD = "10000000-0000-4000-8000-000000000001"
WEB_RECORD = "10000000-0000-4000-8000-000000000002"
PAULS_RECORD = "10000000-0000-4000-8000-000000000003"
ANONYMOUS_RECORD = "10000000-0000-4000-8000-000000000004"

EMAIL_ID = "20000000-0000-4000-8000-000000000001"
PHONE_ID = "20000000-0000-4000-8000-000000000002"
USER_ID = "20000000-0000-4000-8000-000000000003"

NEW_YEAR = 1_767_225_600_000
"""2026-01-01T00:00:00.000Z."""

DAY = 86_400_000


def event_id(number: int) -> str:
    return f"30000000-0000-4000-8000-{number:012}"


def transaction_id(number: int) -> str:
    return f"40000000-0000-4000-8000-{number:012}"


def event(number: int, *, record_key: str, occurred_at: int, **properties: str) -> dict[str, object]:
    """The properties of an event; its number makes its ids."""
    return {
        "id": event_id(number),
        "message_id": f"m{number}",
        "source": record_key.partition(":")[0],
        "record_key": record_key,
        "type": "track",
        "name": f"Event {number}",
        "occurred_at": occurred_at,
        "received_at": occurred_at + 1,
        "payload": f'{{"messageId":"m{number}"}}',
        **properties,
    }


def bought(number: int, *, record_key: str, occurred_at: int, **properties: object) -> dict[str, object]:
    """The properties of a transaction; its number makes its ids."""
    return {
        "id": transaction_id(number),
        "key": f"shop:{number}",
        "record_key": record_key,
        "kind": "order",
        "amount": 10.5 * number,
        "currency": "EUR",
        "quantity": number,
        "occurred_at": occurred_at,
        **properties,
    }


PEOPLE: LiteralString = """
UNWIND [
  {key: 'crm:row:1', id: $crm_record, source: 'crm', kind: 'row', created_at: $at, updated_at: $at + 5000,
   first_name: 'Marie', first_name_at: $at, last_name: 'Dupont', last_name_at: $at, city: 'Lyon', city_at: $at,
   email: 'marie@example.com', email_at: $at},
  {key: 'web:user:u1', id: $web_record, source: 'web', kind: 'user', created_at: $at + 1000, updated_at: $at + 1000,
   email: 'marie@example.com', email_at: $at + 1000, city: 'Paris', city_at: $at + 1000},
  {key: 'crm:row:2', id: $pauls_record, source: 'crm', kind: 'row', created_at: $at, updated_at: $at,
   first_name: 'Paul', first_name_at: $at},
  {key: 'web:anonymous:a1', id: $anonymous_record, source: 'web', kind: 'anonymous', created_at: $at, updated_at: $at}
] AS row
MERGE (source:Source {name: row.source})
CREATE (record:SourceRecord)-[:FROM]->(source)
SET record = row
WITH collect(record) AS records
UNWIND [
  {id: $marie, known: true, record_keys: ['crm:row:1', 'web:user:u1'], sequence: 1, properties: {
    first_name: 'Marie', first_name_from: $crm_record, first_name_at: $at,
    last_name: 'Dupont', last_name_from: $crm_record, last_name_at: $at,
    city: 'Paris', city_from: $web_record, city_at: $at + 1000,
    email: 'marie@example.com', email_from: $web_record, email_at: $at + 1000}},
  {id: $paul, known: true, record_keys: ['crm:row:2'], sequence: 2, properties: {
    first_name: 'Paul', first_name_from: $pauls_record, first_name_at: $at}},
  {id: $somebody, known: false, record_keys: ['web:anonymous:a1'], sequence: 3, properties: {}}
] AS row
CREATE (person:Person {id: row.id, known: row.known, created_at: $at})
SET person += row.properties
CREATE (:IdentityChange {id: 'change-' + row.sequence, sequence: row.sequence, person_id: row.id})
WITH person, row
UNWIND row.record_keys AS key
MATCH (record:SourceRecord {key: key})
CREATE (record)-[:RESOLVES_TO {since: $at, change_id: 'change-' + row.sequence}]->(person)
WITH count(*) AS done
MATCH (marie:Person {id: $marie})
CREATE (:Counter {name: 'identity_change', value: 3})
CREATE (once:Person:Merged {id: $marie_once, created_at: $at})-[:MERGED_INTO {since: $at}]->(marie)
CREATE (:Person:Merged {id: $marie_at_first, created_at: $at})-[:MERGED_INTO {since: $at}]->(once)
WITH done
UNWIND [
  {id: $email, kind: 'email', value: 'marie@example.com', contested: null,
   held: [['crm:row:1', $at, $at + 5000, null], ['web:user:u1', $at + 1000, $at + 9000, null]]},
  {id: $phone, kind: 'phone', value: '+33612345678', contested: true,
   held: [['crm:row:1', $at, $at, null], ['crm:row:2', $at, $at, null]]},
  {id: $user, kind: 'user_id', value: 'u1', contested: null, held: [['web:user:u1', $at + 1000, $at + 1000, null]]},
  {id: $former, kind: 'email', value: 'before@example.com', contested: null,
   held: [['crm:row:1', $at, $at, $at + 1]]}
] AS row
CREATE (identifier:Identifier {id: row.id, kind: row.kind, value: row.value, contested: row.contested})
WITH identifier, row
UNWIND row.held AS holding
MATCH (record:SourceRecord {key: holding[0]})
CREATE (record)-[:HAS_IDENTIFIER {first_seen_at: holding[1], last_seen_at: holding[2], valid_to: holding[3]}]->
       (identifier)
"""

EVENTS: LiteralString = """
UNWIND $events AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (record)-[:PERFORMED]->(event:Event)
SET event = row
"""

TRANSACTIONS: LiteralString = """
UNWIND $transactions AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (record)-[:MADE]->(bought:Transaction)
SET bought = row
"""


async def seed_people(graph: Graph) -> None:
    """Marie, Paul and somebody, with nothing that they did."""
    ids = {
        "marie": MARIE,
        "marie_once": MARIE_ONCE,
        "marie_at_first": MARIE_AT_FIRST,
        "paul": PAUL,
        "somebody": SOMEBODY,
        "crm_record": CRM_RECORD,
        "web_record": WEB_RECORD,
        "pauls_record": PAULS_RECORD,
        "anonymous_record": ANONYMOUS_RECORD,
        "email": EMAIL_ID,
        "phone": PHONE_ID,
        "user": USER_ID,
        "former": "20000000-0000-4000-8000-000000000009",
    }
    await graph.write(_run, PEOPLE, {**ids, "at": NEW_YEAR})


async def seed_events(graph: Graph, events: Sequence[dict[str, object]]) -> None:
    """Events of records that are there."""
    await graph.write(_run, EVENTS, {"events": events})


async def seed_transactions(graph: Graph, transactions: Sequence[dict[str, object]]) -> None:
    """Transactions of records that are there."""
    await graph.write(_run, TRANSACTIONS, {"transactions": transactions})


async def _run(tx: AsyncManagedTransaction, query: LiteralString, parameters: dict[str, object]) -> None:
    await (await tx.run(query, parameters)).consume()
