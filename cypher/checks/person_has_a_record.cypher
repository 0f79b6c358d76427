// A person to whom no record resolves though nobody absorbed it, or an absorbed one to whom a record resolves.
//
// @mode    read
// @returns many  person_id STRING, merged BOOLEAN
MATCH (person:Person)
WHERE person:Merged = EXISTS { (person)<-[:RESOLVES_TO]-(:SourceRecord) }
RETURN person.id AS person_id, person:Merged AS merged
LIMIT 100
