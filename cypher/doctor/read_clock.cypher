// The database's clock, now.
//
// @mode    read
// @returns one  now INTEGER
RETURN datetime.realtime().epochMillis AS now
