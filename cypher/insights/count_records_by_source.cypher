// How many records each source has.
//
// @mode    read
// @scan    all sources: there are some tens
// @returns many  source STRING, records INTEGER
MATCH (source:Source)
RETURN source.name AS source, COUNT { (source)<-[:FROM]-() } AS records
ORDER BY source
