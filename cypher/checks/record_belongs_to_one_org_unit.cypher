// A record that belongs to more than one organisational unit: two franchises would see it.
//
// @mode    read
// @returns many  record_id STRING, org_unit_count INTEGER
MATCH (record:SourceRecord)
WITH record, COUNT { (record)-[:BELONGS_TO]->(:OrgUnit) } AS org_unit_count
WHERE org_unit_count > 1
RETURN record.id AS record_id, org_unit_count
LIMIT 100
