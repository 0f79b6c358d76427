// A transaction that does not hang on exactly the record whose key it carries. An order that only its return has told of so
// far hangs on none.
//
// @mode    read
// @returns many  transaction_id STRING, record_count INTEGER
MATCH (transaction:Transaction)
WITH transaction,
     COUNT { (record:SourceRecord)-[:MADE]->(transaction) WHERE record.key = transaction.record_key } AS record_count,
     COUNT { (:SourceRecord)-[:MADE]->(transaction) } AS any_count
WHERE any_count <> record_count
   OR record_count <> 1 AND NOT (transaction.record_key IS NULL AND EXISTS { ()-[:RETURNS]->(transaction) })
RETURN transaction.id AS transaction_id, any_count AS record_count
LIMIT 100
