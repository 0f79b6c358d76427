"""What is public says what it is and why."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, FunctionNode, files, parse, write


def undocumented(folder: Path) -> Iterator[str]:
    """Modules with code, public classes, and public functions and methods, that have no docstring."""
    for path in files(folder, ".py"):
        tree = parse(path)
        where = path.relative_to(folder)
        if tree.body and ast.get_docstring(tree) is None:
            yield f"{where}: the module"
        yield from (f"{where}: {name}" for name in silent(tree.body))


def silent(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if not isinstance(node, FunctionNode | ast.ClassDef) or node.name.startswith("_"):
            continue
        overload = any(ast.unparse(d).endswith("overload") for d in node.decorator_list)
        if ast.get_docstring(node) is None and not overload:
            yield f"{prefix}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from silent(node.body, f"{prefix}{node.name}.")


def test_everything_public_has_a_docstring() -> None:
    assert list(undocumented(ROOT / "graph_cdp")) == []


def test_what_has_no_docstring_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "empty.py": "",
            "silent.py": "class Person:\n    def merge(self): ...\n    def _own(self): ...\n\ndef split(): ...\n",
            "told.py": '"""Told."""\n\ndef _own(): ...\n\ndef split():\n    """Split."""\n',
        },
    )

    assert list(undocumented(tmp_path)) == [
        "silent.py: the module",
        "silent.py: Person",
        "silent.py: Person.merge",
        "silent.py: split",
    ]
