// These companies, locked until the commit, made where they are new, with what is known of each.
// A row: [key, properties].
//
// @mode    write
// @param   companies  LIST OF MAP  {key, id, source}, sorted by key
// @param   now        INTEGER      epoch milliseconds
// @returns one  rows LIST OF LIST
UNWIND $companies AS row
MERGE (company:Company {key: row.key})
ON CREATE SET company.id = row.id, company.source = row.source, company.created_at = $now
REMOVE company._lock
RETURN collect([company.key, properties(company)]) AS rows
