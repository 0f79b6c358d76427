// A timeline is sorted by time and, where times are equal, by id. With the id in the index a page is read as it stands there: nothing is
// sorted, and of the rows that it leaves out no node is touched.

CREATE INDEX event_record_key_occurred_at_id IF NOT EXISTS FOR (n:Event) ON (n.record_key, n.occurred_at, n.id);
CREATE INDEX transaction_record_key_occurred_at_id IF NOT EXISTS FOR (n:Transaction) ON (n.record_key, n.occurred_at, n.id);
CREATE INDEX consent_record_record_key_occurred_at_id IF NOT EXISTS FOR (n:ConsentRecord) ON (n.record_key, n.occurred_at, n.id);
DROP INDEX event_record_key_occurred_at IF EXISTS;
DROP INDEX transaction_record_key_occurred_at IF EXISTS;
DROP INDEX consent_record_record_key_occurred_at IF EXISTS;
