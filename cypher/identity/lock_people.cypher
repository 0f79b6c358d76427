// The people of a component, locked until the commit.
//
// @mode    write
// @param   person_ids  LIST OF STRING  sorted
// @returns none
UNWIND $person_ids AS person_id
MATCH (person:Person {id: person_id})
REMOVE person._lock
