// The policy by which records are compared as they arrive, if there is one.
//
// @mode    read
// @scan    one node a training
// @param   known  STRING  the version of which the text is at hand, or empty
// @returns one?  version STRING, text STRING?
MATCH (policy:MatchPolicy)
WHERE policy.current
RETURN policy.version AS version, CASE WHEN policy.version <> $known THEN policy.text END AS text
