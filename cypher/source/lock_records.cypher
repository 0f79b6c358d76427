// Which messages of a batch are stored already, with the hash of what they said; and the records that the others are
// about, locked until its commit, made where they are new (their sources, too), with their present state.
//
// REMOVE takes the lock of a node even where the property is absent, and writes nothing. A record that was never updated
// states nothing: it has no properties to read. A new one did nothing yet: its newest event is before all times. What a record is linked to is walked once.
// A message: [place in `messages`, hash of the body].
// A row: [key, id, properties or null, [a link, …]], a link one of
// [kind, value, first_seen_at, last_seen_at, valid_to], ['RESOLVES_TO', person id], ['ON', id of a verdict about it],
// [key of a record that it matches, weight, probability].
//
// @mode    write
// @param   messages  LIST OF LIST  [source, message id]
// @param   records   LIST OF LIST  [key, id, source, kind, [place of a message about it, …]], sorted by key
// @param   now       INTEGER       epoch milliseconds
// @returns one  stored LIST OF LIST, rows LIST OF LIST
CALL () {
  UNWIND range(0, size($messages) - 1) AS place
  MATCH (event:Event {source: $messages[place][0], message_id: $messages[place][1]})
  RETURN collect([place, event.body_hash]) AS stored
}
WITH stored, [message IN stored | message[0]] AS known
CALL (known) {
  UNWIND $records AS row
  WITH row
  WHERE any(place IN row[4] WHERE NOT place IN known)
  MERGE (record:SourceRecord {key: row[0]})
  ON CREATE SET record.id = row[1], record.source = row[2], record.kind = row[3], record.created_at = $now,
    record.last_event_at = -9223372036854775807
  REMOVE record._lock
  FOREACH (_ IN CASE WHEN record.id = row[1] THEN [1] ELSE [] END |
    MERGE (source:Source {name: row[2]})
    ON CREATE SET source.created_at = $now, source.trust = 0
    CREATE (record)-[:FROM]->(source))
  WITH record
  RETURN collect([
    record.key, record.id, CASE WHEN record.updated_at IS NOT NULL THEN properties(record) END,
    [(record)-[link:HAS_IDENTIFIER|RESOLVES_TO|ON|MATCHES]-(other) | CASE type(link)
      WHEN 'HAS_IDENTIFIER' THEN [other.kind, other.value, link.first_seen_at, link.last_seen_at, link.valid_to]
      WHEN 'MATCHES' THEN [other.key, link.weight, link.probability]
      ELSE [type(link), other.id]
    END]
  ]) AS rows
}
RETURN stored, rows
