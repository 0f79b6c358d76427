// Matches of records, new or with another weight: one of a pair, from its lower key to its higher.
//
// @mode    write
// @param   matches  LIST OF LIST  [lower key, higher key, weight, probability], sorted
// @param   policy   STRING        the version by which they were found
// @returns none
UNWIND $matches AS row
MATCH (left:SourceRecord {key: row[0]})
MATCH (right:SourceRecord {key: row[1]})
MERGE (left)-[match:MATCHES]->(right)
SET match.weight = row[2], match.probability = row[3], match.policy = $policy
