// How many events and transactions of people were written after a time each, and the sum of those times: it is another one as
// soon as there is a new one. A row: [number of the watch, how many, their sum].
//
// @mode    read
// @param   watches  LIST OF LIST  [number of the watch, person id, epoch milliseconds after which to count]
// @returns one  rows LIST OF LIST
UNWIND $watches AS watch
CALL (watch) {
  MATCH (:Person {id: watch[1]})-[:MERGED_INTO*0..]->(:Person)<-[:RESOLVES_TO]-(record:SourceRecord)
  CALL (watch, record) {
    MATCH (fact:Event)
    USING INDEX SEEK fact:Event(record_key, recorded_at)
    WHERE fact.record_key = record.key AND fact.recorded_at > watch[2]
    RETURN fact.recorded_at AS at
    UNION ALL
    MATCH (fact:Transaction)
    USING INDEX SEEK fact:Transaction(record_key, recorded_at)
    WHERE fact.record_key = record.key AND fact.recorded_at > watch[2] AND fact.kind IS NOT NULL
    RETURN fact.recorded_at AS at
  }
  RETURN count(at) AS found, sum(at) AS total
}
RETURN collect([watch[0], found, total]) AS rows
