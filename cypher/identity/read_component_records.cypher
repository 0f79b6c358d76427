// What decides the identity of these records: names, birth date, identifiers held now, and the person they resolve to.
//
// @mode    read
// @param   record_keys  LIST OF STRING  keys of records
// @returns many  key STRING, id STRING, source STRING, trust INTEGER, first_name STRING?, last_name STRING?, birth_date STRING?, person_id STRING?, holdings LIST OF LIST
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[:FROM]->(source:Source)
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN record.key AS key, record.id AS id, record.source AS source, source.trust AS trust,
       record.first_name AS first_name, record.last_name AS last_name, record.birth_date AS birth_date,
       person.id AS person_id,
       [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier) WHERE holding.valid_to IS NULL |
         [identifier.kind, identifier.value, holding.first_seen_at, holding.last_seen_at]
       ] AS holdings
