"""Every error that graph_cdp raises on purpose.

    GraphCdpError
    ├── Invalid            what was sent cannot be accepted as it is
    ├── Unauthenticated    no key, or one that is unknown, expired or revoked
    ├── Forbidden          the key is good, but not for this
    ├── NotFound           nothing has that id
    ├── Conflict           true for the caller, but the graph has moved on or says otherwise
    ├── Unavailable        a part that the service needs does not answer; trying again may help
    └── Misconfigured      the installation or a file of the project is wrong; a person must mend it

Leaves live beside the code that raises them. A message says what happened and what to do next, and never
holds personal data: it may be logged, and shown to whoever called.
"""


class GraphCdpError(Exception):
    """Base of all errors that are raised on purpose.

    `code` is what programs read (UPPER_SNAKE), `message` what people read.
    """

    code = "ERROR"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class Invalid(GraphCdpError):
    """What was sent cannot be accepted as it is."""

    code = "INVALID"


class Unauthenticated(GraphCdpError):
    """No key was sent, or one that is unknown, expired or revoked."""

    code = "UNAUTHENTICATED"


class Forbidden(GraphCdpError):
    """The key is good, but its role does not allow this."""

    code = "FORBIDDEN"


class NotFound(GraphCdpError):
    """Nothing has that id."""

    code = "NOT_FOUND"


class Conflict(GraphCdpError):
    """The graph has moved on, or says otherwise."""

    code = "CONFLICT"


class Unavailable(GraphCdpError):
    """A part that the service needs does not answer."""

    code = "UNAVAILABLE"


class Misconfigured(GraphCdpError):
    """The installation, or a file of the project, is wrong."""

    code = "MISCONFIGURED"
