// What is said of stores, and the units that they belong to; the newest statement about each wins.
//
// @mode    write
// @param   stores  LIST OF MAP  {code, stated_at, stated_hash, org_unit, properties}, sorted by code, one a code
// @param   now     INTEGER      epoch milliseconds
// @returns none
UNWIND $stores AS row
MERGE (store:Store {code: row.code})
ON CREATE SET store.created_at = $now
REMOVE store._lock
WITH row, store
WHERE store.stated_at IS NULL OR store.stated_at < row.stated_at
  OR store.stated_at = row.stated_at AND store.stated_hash < row.stated_hash
SET store += row.properties, store.stated_at = row.stated_at, store.stated_hash = row.stated_hash
WITH row, store
OPTIONAL MATCH (store)-[former:BELONGS_TO]->(:OrgUnit)
DELETE former
WITH DISTINCT row, store
WHERE row.org_unit IS NOT NULL
MERGE (unit:OrgUnit {id: row.org_unit})
CREATE (store)-[:BELONGS_TO]->(unit)
