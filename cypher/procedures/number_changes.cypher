// Number the changes of a transaction, as its last statement: the counter's lock makes the order of the numbers the
// order of the commits.
//
// @mode    write
// @param   change_ids  LIST OF STRING  the changes, in the order in which they were made
// @returns one  sequence_first INTEGER?, sequence_last INTEGER?
MERGE (counter:Counter {name: 'identity_change'})
ON CREATE SET counter.value = 0
SET counter.value = counter.value + size($change_ids)
WITH counter.value - size($change_ids) AS before
UNWIND range(1, size($change_ids)) AS position
MATCH (change:IdentityChange {id: $change_ids[position - 1]})
SET change.sequence = before + position
RETURN min(change.sequence) AS sequence_first, max(change.sequence) AS sequence_last
