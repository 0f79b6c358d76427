// How many people have how many records.
//
// @mode    read
// @scan    all people are counted by their size: a report that the service makes every few minutes
// @returns many  records INTEGER, people INTEGER
MATCH (person:Person)
WHERE NOT person:Merged
RETURN count { (person)<-[:RESOLVES_TO]-() } AS records, count(*) AS people
ORDER BY records
