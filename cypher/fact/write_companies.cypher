// New values of companies that are locked.
//
// @mode    write
// @param   companies  LIST OF MAP  {key, properties: by the names of the allow-list of companies' fields}
// @returns none
UNWIND $companies AS row
MATCH (company:Company {key: row.key})
SET company += row.properties
