// How far the import of a file is, on its job, so that one that was killed goes on where it stopped.

UNWIND ['file_hash', 'mapping_hash', 'line', 'place', 'accepted', 'duplicates', 'rejected', 'bytes_read', 'updated_at']
  AS name
CALL db.createProperty(name)
RETURN count(*);
