// Transactions by their ids, each with its record. No row for an id that nothing has.
//
// @mode    read
// @param   transaction_ids  LIST OF STRING  opaque ids of transactions
// @returns many  record_id STRING, id STRING, key STRING, kind STRING, amount FLOAT?, currency STRING?, quantity INTEGER?, occurred_at INTEGER
UNWIND $transaction_ids AS transaction_id
MATCH (bought:Transaction {id: transaction_id})
MATCH (record:SourceRecord {key: bought.record_key})
RETURN record.id AS record_id, bought.id AS id, bought.key AS key, bought.kind AS kind, bought.amount AS amount,
       bought.currency AS currency, bought.quantity AS quantity, bought.occurred_at AS occurred_at
