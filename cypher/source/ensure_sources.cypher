// The sources of a batch, made where they are new.
//
// @mode    write
// @param   names  LIST OF STRING  sorted, so that two batches never wait for each other in a circle
// @param   now    INTEGER         epoch milliseconds
// @returns none
UNWIND $names AS name
MERGE (source:Source {name: name})
ON CREATE SET source.created_at = $now, source.trust = 0
