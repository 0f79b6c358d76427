// A consent that does not hang on exactly the record whose key it carries, or is about more than one contact point.
//
// @mode    read
// @returns many  consent_id STRING, record_count INTEGER, point_count INTEGER
MATCH (consent:ConsentRecord)
WITH consent,
     COUNT { (record:SourceRecord)-[:GAVE]->(consent) WHERE record.key = consent.record_key } AS record_count,
     COUNT { (consent)-[:ABOUT]->(:Identifier) } AS point_count
WHERE record_count <> 1 OR point_count > 1
RETURN consent.id AS consent_id, record_count, point_count
LIMIT 100
