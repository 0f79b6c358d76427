// Revoke an API key, for ever; one that is revoked already keeps its time. No row when nothing has that id.
//
// @mode    write
// @param   id   STRING   the key's opaque id
// @param   now  INTEGER  epoch ms
// @returns one?  id STRING
MATCH (key:ApiKey {id: $id})
SET key.revoked_at = coalesce(key.revoked_at, $now)
RETURN key.id AS id
