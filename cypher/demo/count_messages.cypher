// How many messages of a source the graph holds whose id begins like this.
//
// @mode    read
// @param   source  STRING  the source's name
// @param   prefix  STRING  how the message ids begin; '' counts them all
// @returns one  message_count INTEGER
MATCH (event:Event {source: $source})
WHERE event.message_id STARTS WITH $prefix
RETURN count(event) AS message_count
