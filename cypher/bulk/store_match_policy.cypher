// What a matching learned, once a version.
//
// @mode    write
// @param   version  STRING   of the policy
// @param   text     STRING   JSON
// @param   now      INTEGER  epoch milliseconds
// @returns none
MERGE (policy:MatchPolicy {version: $version})
ON CREATE SET policy.text = $text, policy.created_at = $now
