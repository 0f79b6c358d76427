// Store an API key: its hash, never its secret. Running it again changes nothing.
//
// @mode    write
// @param   id          STRING   the key's opaque id
// @param   name        STRING   what the key is for, as a person would say it
// @param   prefix      STRING   the secret's first characters, by which a person recognises it
// @param   hash        STRING   the SHA-256 of the secret, 64 hexadecimal digits
// @param   role        STRING   what its holder may do
// @param   source      STRING   the one source that an ingest key writes for; null for other roles
// @param   org_unit    STRING   id of the unit of the network that it is bound to; null: none
// @param   created_at  INTEGER  now, epoch ms
// @param   expires_at  INTEGER  from when it is refused, epoch ms; null: never
// @returns none
MERGE (key:ApiKey {id: $id})
ON CREATE SET key.name = $name, key.prefix = $prefix, key.hash = $hash, key.role = $role,
              key.source = $source, key.org_unit = $org_unit, key.created_at = $created_at, key.expires_at = $expires_at
