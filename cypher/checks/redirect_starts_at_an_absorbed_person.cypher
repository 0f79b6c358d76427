// A person that still is one, or was called back by a split, whose id leads elsewhere all the same.
//
// @mode    read
// @returns many  person_id STRING, into_person_id STRING
MATCH (person:Person)-[:MERGED_INTO]->(into:Person)
WHERE NOT person:Merged
RETURN person.id AS person_id, into.id AS into_person_id
LIMIT 100
