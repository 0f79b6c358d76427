// The network of brands, regions, franchises and stores, and what sources belong to; what records say is
// verified, and what business rules flag.

CREATE CONSTRAINT org_unit_id IF NOT EXISTS FOR (n:OrgUnit) REQUIRE n.id IS UNIQUE;

CALL db.createRelationshipType('BELONGS_TO');
CALL db.createRelationshipType('PART_OF');

CALL db.createLabel('Flagged');
CALL db.createProperty('verified');
CALL db.createProperty('flags');
