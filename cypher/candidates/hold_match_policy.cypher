// The policy by which records are compared as they arrive, locked until the commit: one comparison at a time, and none while
// all records are matched anew.
//
// @mode    write
// @scan    one node a training
// @returns one?  version STRING
MATCH (policy:MatchPolicy)
WHERE policy.current
REMOVE policy._lock
WITH policy
WHERE policy.current
RETURN policy.version AS version
