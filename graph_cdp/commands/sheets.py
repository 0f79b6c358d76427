"""CSV files that people open in spreadsheets, which save them in their own way; and places where files are written."""

import csv
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from graph_cdp.bulk.forms import is_utf_16
from graph_cdp.errors import Invalid

DELIMITERS = ",;\t"


class BadOutput(Invalid):
    """A file cannot be written where it was wanted."""

    code = "CANNOT_WRITE"


@contextmanager
def open_sheet(path: Path) -> Generator["csv.DictReader[str]"]:
    """The rows of a file by its first line, whatever parts its cells; in UTF-8 or UTF-16. Bytes that are neither stay what they are, so that
    they are equal to themselves.
    """
    encoding = "utf-16" if is_utf_16(path) else "utf-8-sig"
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        names = file.readline()
        file.seek(0)
        yield csv.DictReader(file, restval="", delimiter=max(DELIMITERS, key=names.count))


def require_writable(*paths: Path | None) -> None:
    """Nothing, if files can be written there: asked before the work, for its result would be lost.

    Raises:
        BadOutput: the folder is not there, is not writable, or the path is one.
    """
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise BadOutput(f"{path} is a folder: name a file in it.")
        if not path.absolute().parent.is_dir():
            raise BadOutput(f"{path} cannot be written: there is no folder {path.parent}.")
        if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
            raise BadOutput(f"{path} cannot be written: it, or its folder, is read-only.")
