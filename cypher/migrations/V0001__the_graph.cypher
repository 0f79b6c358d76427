// The graph of DESIGN 2: keys, the indexes of the ways through it, and its vocabulary, so that a query which
// misspells a name is found by the contract test even on an empty database.

CREATE CONSTRAINT source_name IF NOT EXISTS FOR (n:Source) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT source_record_key IF NOT EXISTS FOR (n:SourceRecord) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT source_record_id IF NOT EXISTS FOR (n:SourceRecord) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT identifier_kind_value IF NOT EXISTS FOR (n:Identifier) REQUIRE (n.kind, n.value) IS UNIQUE;
CREATE CONSTRAINT identifier_id IF NOT EXISTS FOR (n:Identifier) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT event_source_message_id IF NOT EXISTS FOR (n:Event) REQUIRE (n.source, n.message_id) IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT transaction_key IF NOT EXISTS FOR (n:Transaction) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT transaction_id IF NOT EXISTS FOR (n:Transaction) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT identity_change_id IF NOT EXISTS FOR (n:IdentityChange) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT identity_change_sequence IF NOT EXISTS FOR (n:IdentityChange) REQUIRE n.sequence IS UNIQUE;
CREATE CONSTRAINT counter_name IF NOT EXISTS FOR (n:Counter) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT review_task_id IF NOT EXISTS FOR (n:ReviewTask) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT review_task_identifier_id IF NOT EXISTS FOR (n:ReviewTask) REQUIRE n.identifier_id IS UNIQUE;
CREATE CONSTRAINT verdict_id IF NOT EXISTS FOR (n:Verdict) REQUIRE n.id IS UNIQUE;

CREATE INDEX event_record_key_occurred_at IF NOT EXISTS FOR (n:Event) ON (n.record_key, n.occurred_at);
CREATE INDEX transaction_record_key_occurred_at IF NOT EXISTS FOR (n:Transaction) ON (n.record_key, n.occurred_at);
CREATE INDEX identity_change_person_id IF NOT EXISTS FOR (n:IdentityChange) ON (n.person_id);
CREATE INDEX person_founded_by IF NOT EXISTS FOR (n:Person) ON (n.founded_by);

CALL db.createLabel('Merged');
CALL db.createLabel('Device');
CALL db.createRelationshipType('FROM');
CALL db.createRelationshipType('RESOLVES_TO');
CALL db.createRelationshipType('RESOLVED_TO');
CALL db.createRelationshipType('HAS_IDENTIFIER');
CALL db.createRelationshipType('PERFORMED');
CALL db.createRelationshipType('MADE');
CALL db.createRelationshipType('MERGED_INTO');
CALL db.createRelationshipType('MATCHES');
CALL db.createRelationshipType('ON');
CALL db.createRelationshipType('ABOUT');

UNWIND [
  '_lock', 'created_at', 'updated_at', 'known', 'founded_by', 'source', 'kind', 'value', 'type', 'trust', 'party',
  'version_at', 'version_hash', 'first_seen_at', 'last_seen_at', 'valid_to', 'since', 'until', 'change_id',
  'contested', 'occurred_at', 'received_at', 'payload', 'body_hash', 'amount', 'currency', 'quantity', 'merged_at',
  'person_ids', 'record_ids', 'state', 'opened_at', 'closed_at', 'reason', 'evidence', 'policy', 'at', 'by', 'side',
  'from_person_id', 'weight', 'probability', 'statements_done', 'statements_total', 'applied_at', 'checksum',
  'owner', 'expires_at', 'touched_at', 'identity_at'
] AS name
CALL db.createProperty(name)
RETURN count(*);

UNWIND [
  'title', 'first_name', 'last_name', 'gender', 'birth_date', 'email', 'email_2', 'phone', 'phone_2', 'street',
  'city', 'postal_code', 'region', 'country', 'language', 'company', 'job_title', 'username', 'website', 'avatar',
  'description', 'age', 'name'
] AS name
CALL db.createProperty(name)
CALL db.createProperty(name + '_at')
CALL db.createProperty(name + '_from')
RETURN count(*);
