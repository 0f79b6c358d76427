// How many people, records and identifiers there are; what is contested, waits for a human, or for the job.
//
// @mode    read
// @scan    all people are looked at for those who are known: a report that the service makes every few minutes
// @returns one  people INTEGER, known_people INTEGER, absorbed_people INTEGER, records INTEGER, identifiers INTEGER, contested_identifiers INTEGER, review_tasks INTEGER, pending_marks INTEGER, oldest_mark_at INTEGER
CALL () { MATCH (person:Person) WHERE NOT person:Merged
  RETURN count(person) AS people, count(CASE WHEN person.known THEN 1 END) AS known_people }
CALL () { MATCH (absorbed:Merged) RETURN count(absorbed) AS absorbed_people }
CALL () { MATCH (record:SourceRecord) RETURN count(record) AS records }
CALL () { MATCH (identifier:Identifier) RETURN count(identifier) AS identifiers }
CALL () { MATCH (contested:Identifier {contested: true}) RETURN count(contested) AS contested_identifiers }
CALL () { MATCH (task:ReviewTask {state: 'open'}) RETURN count(task) AS review_tasks }
CALL () { MATCH (job:Job {kind: 'resolve', state: 'pending'}) WHERE job.marked_at IS NOT NULL
  RETURN count(job) AS pending_marks, min(job.marked_at) AS oldest_mark_at }
RETURN people, known_people, absorbed_people, records, identifiers, contested_identifiers, review_tasks,
  pending_marks, oldest_mark_at
