// What was received lately is counted by day without reading what is older.

CREATE INDEX event_received_at IF NOT EXISTS FOR (n:Event) ON (n.received_at);
