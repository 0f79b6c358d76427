// Imports of files that show a moment which neither their rows nor their mapping names.

CALL db.createProperty('as_of');
