// All organisational units, locked until the commit, each with the id of the one above it.
//
// @mode    write
// @returns many  id STRING, name STRING, part_of STRING?
// @scan    a network has some hundred units, and a change must see all of them
MATCH (unit:OrgUnit)
REMOVE unit._lock
WITH unit
OPTIONAL MATCH (unit)-[:PART_OF]->(above:OrgUnit)
RETURN unit.id AS id, coalesce(unit.name, unit.id) AS name, above.id AS part_of
ORDER BY id
