// Give the lock of migrations back, if it is still the owner's.
//
// @mode    write
// @param   owner  STRING  who took it
// @returns none
MATCH (lock:Migration {id: 'lock', owner: $owner})
SET lock.owner = null, lock.expires_at = null
