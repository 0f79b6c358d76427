// A field of a golden record that comes from a record which does not resolve to that person.
//
// @mode    read
// @returns many  person_id STRING, field STRING
MATCH (person:Person)
WHERE NOT person:Merged
UNWIND [name IN keys(person) WHERE name ENDS WITH '_from'] AS name
WITH person, name
WHERE NOT EXISTS { (person)<-[:RESOLVES_TO]-(record:SourceRecord) WHERE record.id = person[name] }
RETURN person.id AS person_id, left(name, size(name) - 5) AS field
LIMIT 100
