// What records have in common that makes them worth comparing as they arrive.

CREATE CONSTRAINT match_key_hash IF NOT EXISTS FOR (n:MatchKey) REQUIRE n.hash IS UNIQUE;
CREATE INDEX match_key_full IF NOT EXISTS FOR (n:MatchKey) ON (n.full);

UNWIND ['hash', 'full', 'current'] AS name
CALL db.createProperty(name)
RETURN count(*);

CALL db.createLabel('Unmatched');
CALL db.createRelationshipType('HAS_MATCH_KEY');
