"""How a file is written, found out from its beginning: encoding and delimiter."""

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from graph_cdp.collect.compression import DAMAGE, inflate
from graph_cdp.collect.mapping import FileFormat

BYTES_READ = 1 << 18
ROWS_COMPARED = 100
DELIMITERS = {";": ";", ",": ",", "\t": "tab", "|": "|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """How a file is written, and what of it is to be declared: key, value, and why it is thought so."""

    form: FileFormat
    said: Sequence[tuple[str, str, str]]


def sniff(file: BinaryIO, form: FileFormat) -> Sniffed:
    """The form of a file, whose format is known. It is read again from the start afterwards."""
    said = [("format", form.format or "csv", "by the file's name, or as --format said")]
    if form.format not in {None, "csv"}:
        return Sniffed(form=form, said=said)
    content = _beginning(file, form)
    encoding, why_encoding = _encoding(content)
    text = content.decode(encoding, "replace")
    delimiter, why_delimiter = _delimiter(text.splitlines()[: ROWS_COMPARED + 1])
    said += [
        ("delimiter", DELIMITERS[delimiter], why_delimiter),
        ("encoding", encoding, why_encoding),
    ]
    return Sniffed(form=replace(form, format="csv", delimiter=delimiter, encoding=encoding), said=said)


def _beginning(file: BinaryIO, form: FileFormat) -> bytes:
    try:
        return inflate(file, form.compression).read(BYTES_READ)
    except DAMAGE:
        return b""
    finally:
        file.seek(0)


def _encoding(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "its first bytes say so"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(content)
    except UnicodeDecodeError:
        return "cp1252", "it is not UTF-8; this is what Western European tools write instead"
    return "utf-8", "its bytes fit"


def _delimiter(lines: Sequence[str]) -> tuple[str, str]:
    """That by which the most rows have as many cells as the first one, and at least two."""
    best, agreeing = ",", 0
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        agree = widths.count(widths[0]) * widths[0] if widths and widths[0] > 1 else 0
        if agree > agreeing:
            best, agreeing = delimiter, agree
    return best, "the rows have the same number of cells by it" if agreeing else "no other fits either"
