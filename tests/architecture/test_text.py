"""What no file of the project may say: where packages come from, whose machine it was, what was left undone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, write

# Written in parts, so that this file passes its own checks.
HOSTS = tuple(
    f"{name}.{domain}"
    for name, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("repo.maven.apache", "org"),
        ("repo1.maven", "org"),
        ("maven.org", "maven2"),
        ("registry-1.docker", "io"),
        ("index.docker", "io"),
        ("hub.docker", "com"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("deb.debian", "org"),
        ("archive.ubuntu", "com"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:work|root|Users|opt/wheels|home/[a-z]+)(?=/|\b)(?!\w)")
LEFT_UNDONE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")

HASHED = {"requirements.lock", "bootstrap.lock", "package-lock.json"}
"""Locks: hashes may spell anything, so only hosts are looked for."""


def lines(folder: Path) -> Iterator[tuple[str, str]]:
    """Every line of every text file, with where it is."""
    for path in files(folder):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{path.relative_to(folder)}:{number}", line


def registry_hosts(folder: Path) -> Iterator[str]:
    for where, line in lines(folder):
        for host in HOSTS:
            if host in line:
                yield f"{where}: names {host}; whose registry is used is the reader's choice"


def machine_paths(folder: Path) -> Iterator[str]:
    for where, line in lines(folder):
        found = MACHINE_PATH.search(line)
        if found and where.split(":")[0].rsplit("/", 1)[-1] not in HASHED:
            yield f"{where}: names {found[0]}, a folder of one machine"


def unfinished(folder: Path) -> Iterator[str]:
    for where, line in lines(folder):
        found = LEFT_UNDONE.search(line)
        if found and where.split(":")[0].rsplit("/", 1)[-1] not in HASHED:
            yield f"{where}: {found[0]}; finish it, or write an issue and say there what is missing"


def test_no_file_names_a_package_registry() -> None:
    assert list(registry_hosts(ROOT)) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert list(machine_paths(ROOT)) == []


def test_nothing_is_marked_as_unfinished() -> None:
    assert list(unfinished(ROOT)) == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_planted_registry_is_found(tmp_path: Path, host: str) -> None:
    write(tmp_path, {"lock.json": f'one\n"resolved": "https://files.{host}/x"\n'})

    assert [found.split(":")[1] for found in registry_hosts(tmp_path)] == ["2"]


@pytest.mark.parametrize("path", ["work/main", "root/.m2", "home/ann/x", "Users/ann", "opt/wheels"])
def test_a_planted_machine_path_is_found(tmp_path: Path, path: str) -> None:
    write(
        tmp_path,
        {"a.md": f"see `/{path}` for more\n", "b.md": f"`/network`, docs/{path}, $HOME/{path}, /rooted\n"},
    )

    assert [found.split(":")[0] for found in machine_paths(tmp_path)] == ["a.md"]


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"])
def test_a_planted_mark_of_unfinished_work_is_found(tmp_path: Path, word: str) -> None:
    write(
        tmp_path, {"deep/a.cypher": f"// {word}: later\n", "b.py": f"# {word.lower()} list of the shopper\n"}
    )

    assert [found.split(":")[0] for found in unfinished(tmp_path)] == ["deep/a.cypher"]
