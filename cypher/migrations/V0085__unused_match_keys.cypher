// By which match keys a record does not look for others.

CALL db.createProperty('unused');
