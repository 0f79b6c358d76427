// What a matching of all records learned, once a version: by it records are compared as they arrive.
//
// @mode    write
// @param   version  STRING   of the policy
// @param   text     STRING   JSON
// @param   now      INTEGER  epoch milliseconds
// @returns none
MERGE (policy:MatchPolicy {version: $version})
ON CREATE SET policy.text = $text, policy.created_at = $now
SET policy.current = true
