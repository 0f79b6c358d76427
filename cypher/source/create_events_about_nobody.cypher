// The messages of a batch that are about nobody (a product, a store, a verdict): each by itself, with no record.
//
// @mode    write
// @param   events  LIST OF MAP  the properties of each; record_key is not among them
// @returns none
UNWIND $events AS properties
CREATE (event:Event)
SET event = properties
FOREACH (_ IN CASE WHEN properties.flags IS NULL THEN [] ELSE [1] END | SET event:Flagged)
