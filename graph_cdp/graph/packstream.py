"""Messages of Bolt as bytes. The codec is the driver's, in Rust. It is no part of what the driver promises, so this module alone knows it."""
# pyright: reportPrivateUsage=false, reportPrivateImportUsage=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from struct import pack
from typing import cast

from neo4j._codec.packstream import Structure
from neo4j._codec.packstream.v1 import PackableBuffer, Packer, UnpackableBuffer, Unpacker
from neo4j.exceptions import Neo4jError

CHUNK_BYTES_MAX = 0xFFFF
END = b"\0\0"

HELLO, LOGON, RUN, PULL = b"\x01", b"\x6a", b"\x10", b"\x3f"
SUCCESS, RECORD, FAILURE = 0x70, 0x71, 0x7F


class NotPlain(Exception):
    """A value is a node, a time or a place, of which the driver makes an object."""


def write_message(tag: bytes, *fields: object) -> bytes:
    """A message as it is sent: in chunks."""
    buffer = PackableBuffer()
    Packer(buffer).pack_struct(tag, fields)
    message = bytes(buffer.data)
    parts: list[bytes] = []
    for start in range(0, len(message), CHUNK_BYTES_MAX):
        chunk = message[start : start + CHUNK_BYTES_MAX]
        parts += (pack(">H", len(chunk)), chunk)
    return b"".join((*parts, END))


def tag_of(message: bytes | bytearray) -> int:
    """What a message is: `SUCCESS`, `RECORD`, `FAILURE`, or another."""
    return message[1]


def read_field(message: bytes | bytearray) -> object:
    """The one field of a message: the values of a record, or what a summary says.

    Raises:
        NotPlain: there is more than texts, numbers, truth values and nulls, and lists and maps of them.
    """
    buffer = UnpackableBuffer(message)
    buffer.p = 2
    return Unpacker(buffer).unpack({Structure: _refuse})


def _refuse(_value: object) -> None:
    raise NotPlain


def as_error(failure: bytes | bytearray) -> Neo4jError:
    """The error that a `FAILURE` tells, as the driver tells it."""
    told = cast("dict[str, object]", read_field(failure))
    return Neo4jError._hydrate_neo4j(**told)  # noqa: SLF001 - see above
