"""How much one caller may send, and why. Those of Segment are kept, so that its clients fit exactly."""

EVENT_BYTES_MAX = 32 * 1024
"""One message as compact JSON (UTF-8), with what it takes from its batch. Segment's limit: its clients refuse more."""

BODY_BYTES_MAX = 500 * 1024
"""One request, inflated. Segment's limit; its clients stop at 475,000 (Python) or 491,520 bytes (Node)."""

BATCH_MESSAGES_MAX = 2_500
"""Messages in one request. Segment's limit."""

MESSAGE_ID_CHARACTERS_MAX = 100
"""Segment's limit; the id is indexed."""

NAME_CHARACTERS_MAX = 500
"""The name of an event, page or screen: they are read in lists and menus."""

JSON_DEPTH_MAX = 32
"""Objects and arrays inside one another, the message itself being the first. No client nests deeper than 10."""

BODY_SECONDS_MAX = 20.0
"""Time in which a request's body must have arrived: uvicorn would wait for ever."""

DRAIN_BYTES_MAX = 8 * BODY_BYTES_MAX
"""What is read and forgotten of a body that was refused, so that its sender reads why; beyond, the line is cut."""

DRAIN_SECONDS_MAX = 2.0
"""Likewise."""

FUTURE_MS_MAX = 24 * 3600 * 1000
"""How far ahead of our clock a message may have occurred: a whole day is a wrong time zone, more is a wrong date."""

EARLIEST_MS = -2_208_988_800_000
"""1900-01-01T00:00:00Z. No source tells of anything earlier; a year 0001 is an unset date."""

ROWS_BATCH_MAX = 2_000
"""Rows of a file in one transaction: more are no quicker, and take more of the database's memory."""
