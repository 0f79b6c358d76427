// The absorbed people that these records once founded, the ids that a split gives back, and where each leads now.
//
// The hint, since a plan made while the graph is empty would read all people, and be kept for a while.
//
// @mode    read
// @param   record_keys  LIST OF STRING  keys of records
// @returns many  person_id STRING, created_at INTEGER, founded_by STRING, merged_into STRING
UNWIND $record_keys AS record_key
MATCH (person:Person {founded_by: record_key})-[:MERGED_INTO]->(into:Person)
USING INDEX SEEK person:Person(founded_by)
RETURN person.id AS person_id, person.created_at AS created_at, person.founded_by AS founded_by, into.id AS merged_into
