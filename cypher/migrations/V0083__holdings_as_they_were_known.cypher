// When graph_cdp learned that a record held an identifier (recorded_at), and that it no longer did (ended_at).

UNWIND ['ended_at'] AS name
CALL db.createProperty(name)
RETURN count(*);
