// An organisational unit that is above itself, or has two above it: then a scope has no end, or is not one.
//
// @mode    read
// @returns many  org_unit_id STRING, above_count INTEGER
MATCH (unit:OrgUnit)
WITH unit, COUNT { (unit)-[:PART_OF]->(:OrgUnit) } AS above_count
WHERE above_count > 1 OR EXISTS { (unit)-[:PART_OF]->+(unit) }
RETURN unit.id AS org_unit_id, above_count
LIMIT 100
