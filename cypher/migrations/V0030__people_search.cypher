// People are found by words: names, places, addresses, as their golden records have them. The index follows the commit within
// a moment, so that a write does not wait for it.

CREATE FULLTEXT INDEX person_search IF NOT EXISTS
FOR (n:Person) ON EACH [n.first_name, n.last_name, n.name, n.email, n.phone, n.company, n.city]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding', `fulltext.eventually_consistent`: true}};
