// Stores that messages mention, made where they are new; one that is there is not locked.
//
// @mode    write
// @param   codes  LIST OF STRING  sorted
// @param   now    INTEGER         epoch milliseconds
// @returns none
UNWIND $codes AS code
MERGE (store:Store {code: code})
ON CREATE SET store.created_at = $now
