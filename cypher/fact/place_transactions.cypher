// The stores that transactions were made at, in place of those that were said before. The stores are there already.
//
// @mode    write
// @param   transactions  LIST OF MAP  {key, store: code or null}, locked, sorted by store
// @returns none
UNWIND $transactions AS row
MATCH (transaction:Transaction {key: row.key})
CALL (transaction) {
  MATCH (transaction)-[former:AT]->(:Store)
  DELETE former
}
WITH transaction, row
WHERE row.store IS NOT NULL
MATCH (store:Store {code: row.store})
CREATE (transaction)-[:AT]->(store)
