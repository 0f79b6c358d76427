// Dead letters of the rows of a file name the import that refused them, whose job keeps the mapping to read them by.

UNWIND ['import_id', 'mapping'] AS name
CALL db.createProperty(name)
RETURN count(*);
