// What is declared of sources: their kind, their trust, the unit that they belong to. Returns the names of those whose
// trust changed and that have records: golden records computed before may say otherwise now.
//
// @mode    write
// @param   sources  LIST OF MAP  {name, kind, party, trust, belongs_to: id of a unit, or null}, sorted by name
// @param   now      INTEGER      epoch milliseconds
// @returns one  changed LIST OF STRING
UNWIND $sources AS row
MERGE (source:Source {name: row.name})
ON CREATE SET source.created_at = $now, source.trust = row.trust
WITH source, row, source.trust AS before
SET source.kind = row.kind, source.party = row.party, source.trust = row.trust
WITH source, row, before
OPTIONAL MATCH (source)-[former:BELONGS_TO]->(:OrgUnit)
DELETE former
WITH DISTINCT source, row, before
FOREACH (id IN [id IN [row.belongs_to] WHERE id IS NOT NULL] |
  MERGE (unit:OrgUnit {id: id})
  CREATE (source)-[:BELONGS_TO]->(unit))
WITH source, row, before
WHERE before <> row.trust AND EXISTS { (source)<-[:FROM]-(:SourceRecord) }
RETURN collect(source.name) AS changed
