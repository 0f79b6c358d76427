// The orders that returns take back. An order that has not come yet is there as a key, which it fills when it comes: so the
// two find each other in either order, also where two transactions write them at once.
//
// @mode    write
// @param   returns  LIST OF MAP  {key: of a locked return, order_key, id: of the order if it is new}, sorted by order_key
// @returns none
UNWIND $returns AS row
MATCH (taken:Transaction {key: row.key})
CALL (taken) {
  MATCH (taken)-[former:RETURNS]->(:Transaction)
  DELETE former
}
WITH taken, row
WHERE row.order_key IS NOT NULL
MERGE (order:Transaction {key: row.order_key})
ON CREATE SET order.id = row.id
CREATE (taken)-[:RETURNS]->(order)
