// Who may come in: API keys, found by the hash of their secret.

CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (n:ApiKey) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT api_key_hash IF NOT EXISTS FOR (n:ApiKey) REQUIRE n.hash IS UNIQUE;

CALL db.createProperty('name');
CALL db.createProperty('prefix');
CALL db.createProperty('role');
CALL db.createProperty('source');
CALL db.createProperty('created_at');
CALL db.createProperty('expires_at');
CALL db.createProperty('revoked_at');
