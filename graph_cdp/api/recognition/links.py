"""The signed link: how the id of a browser travels from one domain of a network to another. Pure.

A token names a browser's own id and the time until which it holds, and is signed, so that nobody can make one up; it holds
for two minutes, so that a link that is passed on does not make two people one.
"""

import hashlib
import hmac

from graph_cdp.api.base64url import from_base64url, to_base64url
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis

LINK_MS = 120_000
"""Long enough for a click on a slow line, too short to be shared."""

SIGNATURE_BYTES = 16
"""128 bits: nothing to guess within two minutes."""


class BadLink(Invalid):
    """The link was not made here, or is too old."""

    code = "BAD_LINK"


def sign_link(anonymous_id: str, *, secret: bytes, now: Millis) -> str:
    """The token of a browser's id, which holds for `LINK_MS`."""
    text = f"{now + LINK_MS}:{anonymous_id}".encode()
    return to_base64url(_signature(text, secret) + text)


def read_link(token: str, *, secret: bytes, now: Millis) -> str:
    """The browser's id in a token.

    Raises:
        BadLink: it was not signed with this secret, or no longer holds.
    """
    raw = from_base64url(token)
    signature, text = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(text, secret)):
        raise BadLink("This link was not made here. Go on with the browser's own id.")
    until, _, anonymous_id = text.decode().partition(":")
    if int(until) < now:
        raise BadLink("This link is older than two minutes. Go on with the browser's own id.")
    return anonymous_id


def _signature(text: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, text, hashlib.sha256).digest()[:SIGNATURE_BYTES]
