"""Marie with something of everything: what she bought, was sent, said and allowed. Added to the people of `people.py`."""

from typing import LiteralString

from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from tests.integration import people
from tests.integration.people import DAY, NEW_YEAR

SHOP_ORDER, SHOP_RETURN = people.transaction_id(1), people.transaction_id(2)
CONSENT_GIVEN, CONSENT_REFUSED, CONSENT_OBJECTION = "c1" * 32, "c2" * 32, "c3" * 32
CAMPAIGN = "50000000-0000-4000-8000-000000000001"
CASE = "60000000-0000-4000-8000-000000000001"
COMPANY = "70000000-0000-4000-8000-000000000001"
DEVICE = "20000000-0000-4000-8000-000000000004"

FACTS: LiteralString = """
MATCH (crm:SourceRecord {key: 'crm:row:1'}), (web:SourceRecord {key: 'web:user:u1'})
MATCH (sold:Transaction {key: 'shop:1'}), (back:Transaction {key: 'shop:2'}), (mail:Event {message_id: 'm3'})
MATCH (email:Identifier {id: $email})
CREATE (shirt:Product {sku: 'SKU-1', name: 'Linen shirt', price: 59.9, currency: 'EUR', stock: 12, created_at: $at})
CREATE (socks:Product {sku: 'SKU 2/é', introduced: true, created_at: $at})
CREATE (lyon:Store {code: 'LYON-2', name: 'Lyon Part-Dieu', city: 'Lyon', created_at: $at})
CREATE (sold)-[:CONTAINS {position: 2, quantity: 2.0, unit_price: 4.5, name: 'Socks'}]->(socks)
CREATE (sold)-[:CONTAINS {position: 1, quantity: 1.0, unit_price: 59.9, name: 'Shirt'}]->(shirt)
CREATE (sold)-[:AT]->(lyon)
CREATE (back)-[:RETURNS]->(sold)
CREATE (campaign:Campaign {id: $campaign, key: 'mail:spring', name: 'Spring sale', source: 'mail', channel: 'email', created_at: $at})
SET mail:Interaction, mail.interaction = 'clicked', mail.channel = 'email', mail.link = 'https://shop.example/'
CREATE (mail)-[:OF_CAMPAIGN]->(campaign)
CREATE (crm)-[:RAISED]->(matter:Case {id: $case, key: 'desk:1', source: 'desk', kind: 'complaint', subject: 'Parcel arrived open',
  topic: 'delivery', satisfaction: 0.2, opened_at: $at + $day, record_key: 'crm:row:1', stated_at: $at, created_at: $at})
CREATE (matter)-[:AT]->(lyon)
CREATE (company:Company {id: $company, key: 'crm:0017', name: 'Acme', email: 'info@acme.example'})
CREATE (crm)-[:MEMBER_OF {since: $at}]->(company)
CREATE (device:Identifier:Device {id: $device, kind: 'anonymous_id', value: 'a-7f3c', platform: 'web', created_at: $at})
CREATE (web)-[:HAS_IDENTIFIER {first_seen_at: $at, last_seen_at: $at + $day}]->(device)
WITH crm, web, email
UNWIND [
  {id: $given, state: 'given', at: $at, about: email, by: crm},
  {id: $refused, state: 'refused', at: $at + $day, about: email, by: web},
  {id: $objection, state: 'withdrawn', at: $at + 2 * $day, about: null, by: crm}
] AS row
WITH row, row.by AS by, row.about AS about
CREATE (by)-[:GAVE]->(consent:ConsentRecord {id: row.id, record_key: by.key, purpose: 'newsletter', channel: 'email',
  state: row.state, lawful_basis: 'consent', source: by.source, occurred_at: row.at, confirmed_at: row.at, recorded_at: row.at,
  evidence: 'form 17'})
FOREACH (point IN CASE WHEN about IS NULL THEN [] ELSE [about] END | CREATE (consent)-[:ABOUT]->(point))
"""


async def seed_rich(graph: Graph) -> None:
    """Marie, Paul and somebody; Marie did something of everything."""
    await people.seed_people(graph)
    keys = ("web:user:u1", "crm:row:1", "crm:row:2")
    await people.seed_events(
        graph, [people.event(n, record_key=keys[n % 3], occurred_at=NEW_YEAR + n // 2) for n in range(12)]
    )
    await people.seed_transactions(
        graph,
        [
            people.bought(1, record_key="crm:row:1", occurred_at=NEW_YEAR, store=None),
            people.bought(2, record_key="web:user:u1", occurred_at=NEW_YEAR + DAY, kind="return", amount=4.5),
            people.bought(3, record_key="web:user:u1", occurred_at=NEW_YEAR + 2 * DAY, amount=100.25),
            people.bought(4, record_key="crm:row:1", occurred_at=NEW_YEAR + 3 * DAY, status="cancelled"),
        ],
    )
    await graph.write(_write)


async def _write(tx: Tx) -> None:
    parameters = {
        "at": NEW_YEAR, "day": DAY, "email": people.EMAIL_ID, "campaign": CAMPAIGN, "case": CASE, "company": COMPANY,
        "device": DEVICE, "given": CONSENT_GIVEN, "refused": CONSENT_REFUSED, "objection": CONSENT_OBJECTION,
    }  # fmt: skip
    await (await tx.run(FACTS, parameters)).consume()
