"""How much one caller may send, and why. Those of Segment are kept, so that its clients fit exactly."""

BODY_BYTES_MAX = 500 * 1024
"""One request, inflated. Segment's limit; its clients stop at 475,000 (Python) or 491,520 bytes (Node)."""

BODIES_BYTES_MAX = 32 * BODY_BYTES_MAX
"""All requests that are being read or answered, together: as objects of Python they take about ten times as much. 640
batches of 100 messages, so that it is the queue that fills first where requests are not the largest."""

BATCH_MESSAGES_MAX = 2_500
"""Messages in one request. Segment's limit."""

BODY_SECONDS_MAX = 20.0
"""Time in which a request's body must have arrived: uvicorn would wait for ever."""

DRAIN_BYTES_MAX = 8 * BODY_BYTES_MAX
"""What is read and forgotten of a body that was refused, so that its sender reads why; beyond, the line is cut."""

DRAIN_SECONDS_MAX = 2.0
"""Likewise."""

ROWS_BATCH_MAX = 500
"""Rows of a file in one transaction: more are no quicker, and take more of the database's memory."""

LINES_MAX = 1_000
"""Lines of one transaction: its rows are held in memory, and written together."""

LINES_BYTES_MAX = 512 * 1024
"""All rows of one transaction, as they are kept."""

TRANSACTIONS_REMEMBERED_MAX = 200_000
"""How far back rows of one transaction are noticed that do not stand together: some 20 MB."""
