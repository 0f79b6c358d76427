// Messages that were refused, by the beginnings of their ids.
//
// @mode    read
// @param   ids  LIST OF STRING  at least eight characters of each
// @returns many  id STRING, source STRING, message_id STRING?, code STRING, message STRING, rule STRING?, payload STRING, received_at INTEGER, door STRING, place INTEGER, is_whole BOOLEAN, state STRING, org_unit STRING?, last_received_at INTEGER?, settled_at INTEGER?, tried_by STRING?, import_id STRING?
UNWIND $ids AS beginning
MATCH (letter:DeadLetter)
WHERE letter.id STARTS WITH beginning
WITH DISTINCT letter
RETURN letter.id AS id, letter.source AS source, letter.message_id AS message_id, letter.code AS code,
       letter.message AS message, letter.rule AS rule, letter.payload AS payload, letter.received_at AS received_at,
       letter.door AS door, letter.place AS place, letter.is_whole AS is_whole, letter.state AS state,
       letter.org_unit AS org_unit, letter.last_received_at AS last_received_at, letter.settled_at AS settled_at,
       letter.tried_by AS tried_by, letter.import_id AS import_id
ORDER BY received_at DESC, id DESC
