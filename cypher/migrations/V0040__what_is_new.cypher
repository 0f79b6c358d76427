// What is new of a person is found without reading what is old: facts by when they were written, changes of identity by
// their number, those that took records away too.

CREATE INDEX event_record_key_recorded_at IF NOT EXISTS FOR (n:Event) ON (n.record_key, n.recorded_at);
CREATE INDEX transaction_record_key_recorded_at IF NOT EXISTS FOR (n:Transaction) ON (n.record_key, n.recorded_at);
CREATE INDEX identity_change_person_id_sequence IF NOT EXISTS FOR (n:IdentityChange) ON (n.person_id, n.sequence);
CREATE INDEX identity_change_from_person_id_sequence IF NOT EXISTS
FOR (n:IdentityChange) ON (n.from_person_id, n.sequence);
DROP INDEX identity_change_person_id IF EXISTS;

MATCH (change:IdentityChange {kind: 'split'})
WHERE change.from_person_id IS NULL
SET change.from_person_id = change.person_ids[0];
