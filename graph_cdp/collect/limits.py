"""How much one caller may send, and why. Those of Segment are kept, so that its clients fit exactly."""

BODY_BYTES_MAX = 500 * 1024
"""One request, inflated. Segment's limit; its clients stop at 475,000 (Python) or 491,520 bytes (Node)."""

BATCH_MESSAGES_MAX = 2_500
"""Messages in one request. Segment's limit."""

BODY_SECONDS_MAX = 20.0
"""Time in which a request's body must have arrived: uvicorn would wait for ever."""

DRAIN_BYTES_MAX = 8 * BODY_BYTES_MAX
"""What is read and forgotten of a body that was refused, so that its sender reads why; beyond, the line is cut."""

DRAIN_SECONDS_MAX = 2.0
"""Likewise."""

ROWS_BATCH_MAX = 500
"""Rows of a file in one transaction."""
