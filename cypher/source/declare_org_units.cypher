// The network of organisational units as it is declared: each part of the one above it, and of no other.
//
// @mode    write
// @param   org_units  LIST OF MAP  {id, name, part_of: id of the unit above, or null}
// @returns none
UNWIND $org_units AS row
MERGE (unit:OrgUnit {id: row.id})
SET unit.name = row.name
WITH unit, row
OPTIONAL MATCH (unit)-[former:PART_OF]->(:OrgUnit)
DELETE former
WITH DISTINCT unit, row
WHERE row.part_of IS NOT NULL
MERGE (above:OrgUnit {id: row.part_of})
CREATE (unit)-[:PART_OF]->(above)
