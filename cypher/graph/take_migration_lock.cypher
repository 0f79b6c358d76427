// Take the lock of migrations, or extend it; false while another owner holds it and its lease has not run out.
//
// The node of the id 'lock' is the lock. The database's clock counts, so that hosts need not agree on the time.
//
// @mode    write
// @param   owner     STRING   who takes it, an opaque id
// @param   lease_ms  INTEGER  how long it holds without being extended
// @returns one  taken BOOLEAN
MERGE (lock:Migration {id: 'lock'})
SET lock.touched_at = timestamp()
WITH lock, coalesce(lock.owner, $owner) = $owner OR lock.expires_at < timestamp() AS taken
FOREACH (_ IN CASE WHEN taken THEN [1] ELSE [] END |
  SET lock.owner = $owner, lock.expires_at = timestamp() + $lease_ms)
RETURN taken
