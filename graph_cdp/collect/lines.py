"""The lines of a text file, each of bounded length, and where the next one begins."""

import io
from dataclasses import dataclass
from typing import BinaryIO, Self

LINE_CHARACTERS_MAX = 1 << 20
"""Thirty times the largest row that is accepted. Of a longer line no more is held in memory, so that a file without
line ends, or a few kilobytes that inflate to gigabytes, cannot exhaust it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place between two rows: the number of the last line before it, and where the next begins.

    `offset` is opaque: what the text reader calls its position (bytes, and the state of its decoder), or a row.
    """

    line: int = 0
    offset: int = 0


BEGINNING = Place()


class LineTooLong(Exception):
    """A line of more than `LINE_CHARACTERS_MAX` characters was passed over."""


class Lines:
    """Reads line by line. Bytes that are not in the encoding become lone surrogates, which the rows look for.

    The file stays the caller's to close.
    """

    def __init__(self, file: BinaryIO, *, encoding: str, newline: str) -> None:
        whole = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
        self._text = io.TextIOWrapper(file, encoding=whole, errors="surrogateescape", newline=newline)
        self.number = 0
        self._end: Place | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LINE_CHARACTERS_MAX)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LINE_CHARACTERS_MAX and line[-1] not in "\r\n":
            while line and line[-1] not in "\r\n":
                line = self._text.readline(LINE_CHARACTERS_MAX)
            raise LineTooLong
        return line

    def place(self) -> Place:
        """Where the next line begins."""
        return self._end or Place(line=self.number, offset=self._text.tell())

    def go_to(self, place: Place) -> None:
        """Go on from a place that `place` told before, of the same file."""
        self._text.seek(place.offset)
        self.number = place.line

    def release(self) -> None:
        """Leave the file to its owner: without this it would be closed with the lines."""
        if not self._text.closed:
            self._end = self.place()
            self._text.detach()
