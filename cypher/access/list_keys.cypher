// All API keys, oldest first.
//
// @mode    read
// @scan    an installation has tens of keys
// @returns many  id STRING, name STRING, prefix STRING, hash STRING, role STRING, source STRING?, org_unit STRING?, created_at INTEGER, expires_at INTEGER?, revoked_at INTEGER?
MATCH (key:ApiKey)
RETURN key.id AS id, key.name AS name, key.prefix AS prefix, key.hash AS hash, key.role AS role,
       key.source AS source, key.org_unit AS org_unit, key.created_at AS created_at, key.expires_at AS expires_at,
       key.revoked_at AS revoked_at
ORDER BY created_at, id
