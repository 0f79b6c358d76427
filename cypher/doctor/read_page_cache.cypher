// The page cache that the server was given, for example '512.00MiB'; no row where it is not told.
//
// @mode    read
// @returns one?  size STRING?
SHOW SETTINGS 'server.memory.pagecache.size'
YIELD value AS size
RETURN size
