// A change without a number, or a journal whose numbers do not run from 1 to the counter's value.
//
// @mode    read
// @returns many  counted INTEGER, numbered INTEGER, last INTEGER, counter INTEGER
OPTIONAL MATCH (counter:Counter {name: 'identity_change'})
WITH coalesce(counter.value, 0) AS counter
OPTIONAL MATCH (change:IdentityChange)
WITH counter, count(change) AS counted, count(change.sequence) AS numbered, coalesce(max(change.sequence), 0) AS last
WHERE counted <> numbered OR counted <> last OR last <> counter
RETURN counted, numbered, last, counter
