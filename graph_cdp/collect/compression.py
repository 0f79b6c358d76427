"""Files that are compressed: inflated as they are read, so that memory does not grow with what they inflate to."""

import gzip
import sys
import zlib
from typing import BinaryIO, Literal, TypeAlias, cast

from graph_cdp.errors import Invalid

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Compression: TypeAlias = Literal["none", "gzip", "zstd"]

DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)
"""What reading raises where a compressed file is cut off or broken. What came before it was read and is good."""

_BEGINNINGS: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


class BadFile(Invalid):
    """A file that is not of the form that was declared, or broken from its beginning."""

    code = "INVALID_FILE"


def find_compression(file: BinaryIO) -> Compression:
    """How `file` is compressed, by its first bytes, which no text begins with."""
    begin = file.read(4)
    file.seek(0)
    for mark, compression in _BEGINNINGS.items():
        if begin.startswith(mark):
            return compression
    return "none"


def inflate(file: BinaryIO, declared: Compression | None) -> BinaryIO:
    """What `file` holds, inflated while it is read; by its first bytes where nothing is declared.

    zstd windows beyond 128 MiB are refused, as its own tool does.

    Raises:
        BadFile: it is not compressed as declared.
    """
    found = find_compression(file)
    if declared not in {None, found}:
        raise BadFile(f"file.compression says {declared}; by its first bytes the file is: {found}.")
    if found == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
    if found == "zstd":
        return cast("BinaryIO", zstd.ZstdFile(file))
    return file
