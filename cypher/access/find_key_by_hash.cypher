// The API key with this hash, whether or not it may still be used; no row when there is none.
//
// @mode    read
// @param   hash  STRING  the SHA-256 of the secret, 64 hexadecimal digits
// @returns one?  id STRING, name STRING, prefix STRING, hash STRING, role STRING, source STRING?, org_unit STRING?, created_at INTEGER, expires_at INTEGER?, revoked_at INTEGER?
MATCH (key:ApiKey {hash: $hash})
RETURN key.id AS id, key.name AS name, key.prefix AS prefix, key.hash AS hash, key.role AS role,
       key.source AS source, key.org_unit AS org_unit, key.created_at AS created_at, key.expires_at AS expires_at,
       key.revoked_at AS revoked_at
