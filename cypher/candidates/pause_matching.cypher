// No policy compares records as they arrive until one is stored; whoever compares some now has finished.
//
// @mode    write
// @scan    one node a training
// @returns none
MATCH (policy:MatchPolicy)
WHERE policy.current
REMOVE policy.current
