// The number of the last change of identity; no row where there was none yet.
//
// @mode    read
// @returns one?  sequence INTEGER
MATCH (counter:Counter {name: 'identity_change'})
RETURN counter.value AS sequence
