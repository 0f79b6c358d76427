// The unit of the network that records belong to, as their newest message that names one has it. A unit that nobody has
// declared yet is made: its records are in no scope but its own until it is declared.
//
// The records are locked by now, so that of two writers the second compares with what the first wrote.
//
// @mode    write
// @param   places  LIST OF MAP  {record_key, org_unit, stated_at, stated_hash}, sorted by org_unit, one a record
// @returns none
UNWIND $places AS row
MATCH (record:SourceRecord {key: row.record_key})
OPTIONAL MATCH (record)-[former:BELONGS_TO]->(:OrgUnit)
WITH row, record, former
WHERE former IS NULL OR former.stated_at < row.stated_at
   OR former.stated_at = row.stated_at AND former.stated_hash < row.stated_hash
DELETE former
MERGE (unit:OrgUnit {id: row.org_unit})
ON CREATE SET unit.name = row.org_unit
CREATE (record)-[:BELONGS_TO {stated_at: row.stated_at, stated_hash: row.stated_hash}]->(unit)
