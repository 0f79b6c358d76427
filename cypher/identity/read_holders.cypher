// The records that hold these identifiers now.
//
// @mode    read
// @param   identifiers  LIST OF LIST  [kind, value]
// @returns many  kind STRING, value STRING, id STRING, contested BOOLEAN, record_keys LIST OF STRING
UNWIND $identifiers AS pair
MATCH (identifier:Identifier {kind: pair[0], value: pair[1]})
RETURN identifier.kind AS kind, identifier.value AS value, identifier.id AS id,
       coalesce(identifier.contested, false) AS contested,
       [(identifier)<-[holding:HAS_IDENTIFIER]-(record:SourceRecord) WHERE holding.valid_to IS NULL | record.key]
         AS record_keys
