// A page of each person's transactions, newest first; read as a timeline is.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people
// @param   kinds       LIST OF STRING  only transactions of these kinds; null: of all
// @param   before_at   INTEGER         occurred_at of the last row seen, epoch ms; the largest integer to start
// @param   before_id   STRING          its id; empty to start
// @param   row_limit   INTEGER         rows for each person
// @returns many  person_id STRING, record_id STRING, id STRING, key STRING, kind STRING, amount FLOAT?, currency STRING?, quantity INTEGER?, occurred_at INTEGER
UNWIND $person_ids AS person_id
CALL (person_id) {
  MATCH (:Person {id: person_id})<-[:RESOLVES_TO]-(record:SourceRecord)
  CALL (record) {
    MATCH (bought:Transaction)
    USING INDEX SEEK bought:Transaction(record_key, occurred_at)
    WHERE bought.record_key = record.key AND bought.occurred_at <= $before_at
      // CASE, since OR would become a union of two reads of all; record_key, since the index is sorted by it first.
      AND CASE bought.occurred_at WHEN $before_at THEN bought.id < $before_id ELSE true END
      AND ($kinds IS NULL OR bought.kind IN $kinds)
    RETURN bought
    ORDER BY bought.record_key DESC, bought.occurred_at DESC, bought.id DESC
    LIMIT $row_limit
  }
  RETURN record, bought
  ORDER BY bought.occurred_at DESC, bought.id DESC
  LIMIT $row_limit
}
RETURN person_id, record.id AS record_id, bought.id AS id, bought.key AS key, bought.kind AS kind,
       bought.amount AS amount, bought.currency AS currency, bought.quantity AS quantity,
       bought.occurred_at AS occurred_at
ORDER BY occurred_at DESC, id DESC
