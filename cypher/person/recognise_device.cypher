// Whether a device belongs to one known person. No row for a device that nobody holds, or that several people use.
//
// @mode    read
// @param   anonymous_id  STRING  the normalised id that the device gave itself
// @returns one?   is_known BOOLEAN
MATCH (device:Identifier {kind: 'anonymous_id', value: $anonymous_id})
WHERE NOT coalesce(device.contested, false)
MATCH (device)<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(person:Person)
WHERE holding.valid_to IS NULL
WITH collect(DISTINCT person.known) AS known, count(DISTINCT person) AS people
WHERE people = 1
RETURN known[0] AS is_known
