// People who hold more values of a kind than its limit: one record said so many, or a stronger kind joined them.
//
// @mode    read
// @scan    all people's identifiers are counted by kind: a report that the service makes every few minutes
// @param   limits       MAP      the most values a person, by kind
// @param   other_limit  INTEGER  the same for a kind that has no limit of its own; null is none
// @param   unlimited    LIST OF STRING  kinds without a limit
// @param   row_limit    INTEGER  how many people at most
// @returns many  person_id STRING, kind STRING, held INTEGER, held_max INTEGER
MATCH (person:Person)<-[:RESOLVES_TO]-(:SourceRecord)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE holding.valid_to IS NULL AND NOT identifier.kind IN $unlimited
WITH person, identifier.kind AS kind, count(DISTINCT identifier) AS held
WITH person, kind, held, coalesce($limits[kind], $other_limit) AS held_max
WHERE held > held_max
RETURN person.id AS person_id, kind, held, held_max
ORDER BY held - held_max DESC, person_id, kind
LIMIT $row_limit
