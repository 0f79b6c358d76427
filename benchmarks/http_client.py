"""HTTP as a benchmark's client writes it: by itself, since the client of a library takes more of the processor than the
service does.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Connection:
    """A connection that is kept, with one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, head: str, body: bytes = b"") -> bytes:
        """The body of the answer, whose length the server says. `head` is the first line, and headers.

        Raises:
            SystemExit: the answer is no 200; then the benchmark measures nothing.
        """
        self._writer.write(f"{head}\r\nHost: bench\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if not answer.startswith(b"http/1.1 200"):
            raise SystemExit("A server refused; this measures nothing.")
        return await self._reader.readexactly(
            int(answer.partition(b"content-length:")[2].split(maxsplit=1)[0])
        )


@asynccontextmanager
async def connections(url: str, count: int) -> AsyncGenerator[list[Connection]]:
    """So many connections to `http://host:port`, closed with the block."""
    host, port = url.removeprefix("http://").split(":")
    streams = [await asyncio.open_connection(host, int(port)) for _ in range(count)]
    try:
        yield [Connection(reader, writer) for reader, writer in streams]
    finally:
        for _, writer in streams:
            writer.close()
