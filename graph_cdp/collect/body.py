"""Reading a request's body with all limits held while it arrives: its size, its size inflated, its time, and what all
bodies together hold of the memory.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager, suppress
from typing import TypeAlias

from starlette.requests import ClientDisconnect, Request

from graph_cdp.collect.batcher import QueueFull
from graph_cdp.collect.limits import (
    BODIES_BYTES_MAX,
    BODY_BYTES_MAX,
    BODY_SECONDS_MAX,
    DRAIN_BYTES_MAX,
    DRAIN_SECONDS_MAX,
)
from graph_cdp.errors import Invalid

GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""Tells zlib to expect gzip's own header and checksum."""


class BodyTooLarge(Invalid):
    """A body beyond the limit, as sent or inflated."""

    code = "BODY_TOO_LARGE"


class BodyTooSlow(Invalid):
    """A body that did not arrive in time."""

    code = "BODY_TIMEOUT"


class BadEncoding(Invalid):
    """A Content-Encoding that is not read here, or a body that is not what it says."""

    code = "INVALID_GZIP"


Hold: TypeAlias = Callable[[int], None]
"""Counts bytes that are held from now on; raises `QueueFull` where they are too many."""


class Bodies:
    """The bytes of all bodies that are being read, or whose messages are not yet answered.

    Messages that wait are limited by the batcher; this is for what comes before: many large requests at once must not
    fill the memory while they are read.
    """

    def __init__(self, *, bytes_max: int = BODIES_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self.bytes = 0

    @contextmanager
    def room(self) -> Generator[Hold]:
        """Room for one body, given back with the block."""
        held = 0

        def hold(size: int) -> None:
            nonlocal held
            if self.bytes + size > self._bytes_max:
                raise QueueFull("Too many requests are being read; send this again in a moment.")
            self.bytes += size
            held += size

        try:
            yield hold
        finally:
            self.bytes -= held


async def read_body(request: Request, hold: Hold) -> bytes:
    """The body, inflated if it is gzip; what it takes of the memory is counted by `hold` as it arrives.

    Raises:
        QueueFull: too much of the memory is taken by bodies.
        BodyTooLarge: it has more than `BODY_BYTES_MAX` bytes, as sent or inflated.
        BodyTooSlow: it did not arrive within `BODY_SECONDS_MAX`, or the client went away.
        BadEncoding: it is no gzip though it says so, is cut short, or has another encoding.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise BadEncoding("Content-Encoding must be gzip, or absent.", code="UNSUPPORTED_ENCODING")
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            chunks = _counted(request.stream(), hold)
            return await (_inflate(chunks, hold) if encoding == "gzip" else _join(chunks))
    except TimeoutError:
        raise BodyTooSlow(f"The body did not arrive within {BODY_SECONDS_MAX:g} seconds.") from None
    except ClientDisconnect:
        raise BodyTooSlow("The client went away before its body had arrived.") from None


async def drain_body(request: Request) -> None:
    """Read and forget what the client is still sending, within limits.

    A connection that is closed before its request has been read is reset, and the client, which has not seen the
    answer, sends all of it again.
    """
    size = 0
    # RuntimeError: the body has been read to its end.
    with suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(DRAIN_SECONDS_MAX):
            async for chunk in request.stream():
                size += len(chunk)
                if size > DRAIN_BYTES_MAX:
                    return


async def _counted(chunks: AsyncIterator[bytes], hold: Hold) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise _too_large()
        hold(len(chunk))
        yield chunk


async def _join(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _inflate(chunks: AsyncIterator[bytes], hold: Hold) -> bytes:
    inflater = zlib.decompressobj(GZIP_WINDOW)
    inflated = bytearray()
    try:
        async for chunk in chunks:
            part = inflater.decompress(chunk, BODY_BYTES_MAX + 1 - len(inflated))
            hold(len(part))
            inflated += part
            if len(inflated) > BODY_BYTES_MAX or inflater.unconsumed_tail:
                raise _too_large()
            if inflater.unused_data:
                raise BadEncoding("Something follows the gzip data; send one gzip member.")
    except zlib.error:
        raise BadEncoding("The body is no gzip, though Content-Encoding says so.") from None
    if not inflater.eof:
        raise BadEncoding("The gzip data is cut short.")
    return bytes(inflated)


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(f"The body has more than {BODY_BYTES_MAX:,} bytes; send smaller batches.")
