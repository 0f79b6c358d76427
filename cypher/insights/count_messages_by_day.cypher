// How many messages of each source were received and stored on each day since then, and when the newest one was received.
//
// @mode    read
// @param   since  INTEGER  epoch ms
// @returns many  source STRING, day INTEGER, messages INTEGER, newest_received_at INTEGER
MATCH (event:Event)
USING INDEX event:Event(received_at)
WHERE event.received_at >= $since
RETURN event.source AS source, event.received_at / 86400000 AS day, count(*) AS messages,
       max(event.received_at) AS newest_received_at
ORDER BY source, day
