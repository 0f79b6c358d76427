// Messages that were refused and that a call tried to settle, if none did after it.
//
// @mode    read
// @param   tried_by  STRING  the call: whose it was, and its idempotency key
// @returns many  id STRING, source STRING, message_id STRING?, code STRING, message STRING, rule STRING?, payload STRING, received_at INTEGER, door STRING, place INTEGER, is_whole BOOLEAN, state STRING, org_unit STRING?, last_received_at INTEGER?, settled_at INTEGER?, tried_by STRING?, import_id STRING?
MATCH (letter:DeadLetter {tried_by: $tried_by})
RETURN letter.id AS id, letter.source AS source, letter.message_id AS message_id, letter.code AS code,
       letter.message AS message, letter.rule AS rule, letter.payload AS payload, letter.received_at AS received_at,
       letter.door AS door, letter.place AS place, letter.is_whole AS is_whole, letter.state AS state,
       letter.org_unit AS org_unit, letter.last_received_at AS last_received_at, letter.settled_at AS settled_at,
       letter.tried_by AS tried_by, letter.import_id AS import_id
ORDER BY received_at DESC, id DESC
