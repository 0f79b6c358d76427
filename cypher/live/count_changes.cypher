// How many changes of identity concern people after a number each, and the sum of their numbers: it is another one as soon as
// there is a new one. A row: [number of the watch, how many, their sum].
//
// @mode    read
// @param   watches  LIST OF LIST  [number of the watch, person id, the number after which to count]
// @returns one  rows LIST OF LIST
UNWIND $watches AS watch
CALL (watch) {
  MATCH (:Person {id: watch[1]})-[:MERGED_INTO*0..]->(stage:Person)
  CALL (watch, stage) {
    MATCH (change:IdentityChange)
    WHERE change.person_id = stage.id AND change.sequence > watch[2]
    RETURN change
    UNION
    MATCH (change:IdentityChange)
    WHERE change.from_person_id = stage.id AND change.sequence > watch[2]
    RETURN change
  }
  WITH DISTINCT change.sequence AS at
  RETURN count(at) AS found, sum(at) AS total
}
RETURN collect([watch[0], found, total]) AS rows
