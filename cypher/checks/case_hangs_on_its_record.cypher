// A case that does not hang on exactly the record whose key it carries; one that nobody raised hangs on none.
//
// @mode    read
// @returns many  case_id STRING, record_count INTEGER
MATCH (matter:Case)
WITH matter,
     COUNT { (record:SourceRecord)-[:RAISED]->(matter) WHERE record.key = matter.record_key } AS record_count,
     COUNT { (:SourceRecord)-[:RAISED]->(matter) } AS any_count
WHERE any_count <> record_count OR record_count <> CASE WHEN matter.record_key IS NULL THEN 0 ELSE 1 END
RETURN matter.id AS case_id, any_count AS record_count
LIMIT 100
