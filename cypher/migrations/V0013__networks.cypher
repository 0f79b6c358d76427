// Keys that are bound to a unit of the network. What records belong to is said by BELONGS_TO, as of sources.

CALL db.createProperty('org_unit');
