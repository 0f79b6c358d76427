// What the graph holds after a load. `merge_count` counts the people who were absorbed by another.
//
// @mode    read
// @scan    counts what the whole of a demo's graph holds, once a load; most counts come from the count store
// @returns one  record_count INTEGER, person_count INTEGER, known_count INTEGER, event_count INTEGER, transaction_count INTEGER, merge_count INTEGER, contested_count INTEGER, review_count INTEGER, dead_letter_count INTEGER
RETURN
  COUNT { (:SourceRecord) } AS record_count,
  COUNT { (:Person) } - COUNT { (:Merged) } AS person_count,
  COUNT { (person:Person) WHERE person.known } AS known_count,
  COUNT { (:Event) } AS event_count,
  COUNT { (:Transaction) } AS transaction_count,
  COUNT { (:Merged) } AS merge_count,
  COUNT { (identifier:Identifier) WHERE identifier.contested } AS contested_count,
  COUNT { (task:ReviewTask) WHERE task.closed_at IS NULL } AS review_count,
  COUNT { (:DeadLetter) } AS dead_letter_count
