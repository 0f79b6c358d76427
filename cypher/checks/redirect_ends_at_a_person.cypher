// An absorbed person whose id does not lead to exactly one person that still is one.
//
// @mode    read
// @returns many  person_id STRING, end_count INTEGER
MATCH (absorbed:Person)
WHERE absorbed:Merged
WITH absorbed, COUNT { (absorbed)-[:MERGED_INTO]->+(person:Person) WHERE NOT person:Merged } AS end_count
WHERE end_count <> 1
RETURN absorbed.id AS person_id, end_count
LIMIT 100
