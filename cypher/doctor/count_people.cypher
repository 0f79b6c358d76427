// How many people the graph holds: what its size is estimated by.
//
// @mode    read
// @returns one  people INTEGER
MATCH (person:Person)
RETURN count(person) AS people
