// When a record's newest event occurred; of records that were made before this, it stays unknown.

CALL db.createProperty('last_event_at');
