// Whether stewards' procedures can be installed (APOC Extended is there), and how many are.
//
// @mode    read
// @returns one  installers INTEGER, installed INTEGER
SHOW PROCEDURES
YIELD name
RETURN count(CASE WHEN name = 'apoc.custom.installProcedure' THEN 1 END) AS installers,
       count(CASE WHEN name STARTS WITH 'custom.cdp.' THEN 1 END) AS installed
