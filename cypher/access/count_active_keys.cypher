// How many API keys may be used now.
//
// @mode    read
// @scan    an installation has tens of keys
// @param   now  INTEGER  epoch ms
// @returns one  active INTEGER
MATCH (key:ApiKey)
WHERE key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > $now)
RETURN count(key) AS active
