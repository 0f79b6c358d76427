// Some people, whoever they are: what the service reads to warm the database up.
//
// @mode    read
// @scan    stops after as many people as it returns
// @param   row_limit  INTEGER  how many
// @returns many  person_id STRING
MATCH (person:Person)
WHERE NOT person:Merged
RETURN person.id AS person_id
LIMIT $row_limit
