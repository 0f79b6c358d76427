// A page of people, by id: whoever's golden record is computed again.
//
// @mode    read
// @param   after_id   STRING   id of the last person seen; empty to start
// @param   row_limit  INTEGER  how many
// @returns many  person_id STRING
MATCH (person:Person)
WHERE person.id > $after_id AND NOT person:Merged
RETURN person.id AS person_id
ORDER BY person.id
LIMIT $row_limit
