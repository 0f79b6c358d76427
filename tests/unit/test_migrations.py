"""Migration files: how they are read."""

from pathlib import Path

import pytest

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.migrations import load_migrations, split_statements


def test_statements_end_at_semicolons_outside_strings_names_and_comments() -> None:
    text = """
    // first; not here
    CREATE (:A {text: 'a; b', other: "it\\"s; so"});
    /* nor; here */ MATCH (n:`odd; name`)
      RETURN n;
    """
    assert split_statements(text) == (
        """CREATE (:A {text: 'a; b', other: "it\\"s; so"})""",
        "MATCH (n:`odd; name`) RETURN n",
    )


def test_layout_and_comments_do_not_change_the_checksum(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder, text in (
        (first, "CREATE (:A);\nCREATE (:B);"),
        (second, "// why\nCREATE\n  (:A) ;CREATE (:B);"),
    ):
        folder.mkdir()
        (folder / "V0001__a.cypher").write_text(text, encoding="utf-8")
    assert load_migrations(first)[0].statements == ("CREATE (:A)", "CREATE (:B)")
    assert load_migrations(first)[0].checksum == load_migrations(second)[0].checksum


@pytest.mark.parametrize("names", [["0001_a"], ["V1__a"], ["V0001__a", "V0001__b"]])
def test_misnamed_migration_is_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / f"{name}.cypher").write_text("RETURN 1;", encoding="utf-8")
    with pytest.raises(Misconfigured):
        load_migrations(tmp_path)
