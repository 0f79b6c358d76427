// What the records of a person state that belong to an organisational unit, or to one below it. A record belongs to its own
// unit; where it has none, to that of its source.
// An absorbed person answers as the one it resolves to now. No row where no record is in scope.
//
// @mode    read
// @param   person_id    STRING  id of a person
// @param   org_unit_id  STRING  id of the unit: a franchise, a store
// @returns many  key STRING, id STRING, trust INTEGER, properties MAP
MATCH (:Person {id: $person_id})-[:MERGED_INTO*0..]->(person:Person)
WHERE NOT person:Merged
MATCH (person)<-[:RESOLVES_TO]-(record:SourceRecord)-[:FROM]->(source:Source)
WHERE EXISTS { (record)-[:BELONGS_TO]->(:OrgUnit)-[:PART_OF*0..16]->(:OrgUnit {id: $org_unit_id}) }
   OR NOT EXISTS { (record)-[:BELONGS_TO]->(:OrgUnit) }
      AND EXISTS { (source)-[:BELONGS_TO]->(:OrgUnit)-[:PART_OF*0..16]->(:OrgUnit {id: $org_unit_id}) }
RETURN record.key AS key, record.id AS id, source.trust AS trust, properties(record) AS properties
