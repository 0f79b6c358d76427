// The firms that records belong to, since the first time that it was said.
//
// @mode    write
// @param   members  LIST OF MAP  {record_key, company_key, since}: both are locked
// @returns none
UNWIND $members AS row
MATCH (record:SourceRecord {key: row.record_key})
MATCH (company:Company {key: row.company_key})
MERGE (record)-[member:MEMBER_OF]->(company)
ON CREATE SET member.since = row.since
ON MATCH SET member.since = CASE WHEN member.since <= row.since THEN member.since ELSE row.since END
