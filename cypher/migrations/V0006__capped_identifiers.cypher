// An identifier that too many people hold is no longer followed.

CALL db.createProperty('capped');
