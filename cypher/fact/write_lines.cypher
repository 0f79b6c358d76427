// The lines of transactions that have just been locked, in place of those that they had, on the products that are there: fewer than
// were told of where a product is not.
//
// Products are met in the order of their sku: a relationship locks a product that few others hold.
//
// @mode    write
// @param   transactions  LIST OF MAP  {key, lines: [[sku, position, quantity, unit_price, name], …]}, locked, one a key
// @returns one  line_count INTEGER
UNWIND $transactions AS row
MATCH (transaction:Transaction {key: row.key})
CALL (transaction) {
  MATCH (transaction)-[former:CONTAINS]->(:Product)
  DELETE former
}
UNWIND row.lines AS line
WITH transaction, line
ORDER BY line[0]
MATCH (product:Product {sku: line[0]})
CREATE (transaction)-[:CONTAINS {position: line[1], quantity: line[2], unit_price: line[3], name: line[4]}]->(product)
RETURN count(*) AS line_count
