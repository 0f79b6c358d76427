"""The size budget, and the few shapes that the code is made of."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, FunctionNode, files, functions, parse, write

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40
PARAMETERS_MAX = 5

GIVEN = {"self", "cls", "info"}
"""Parameters that the language and Strawberry pass: no caller writes them."""

OPTIONS = "commands"
"""In this folder the parameters of a function are the options of a command, which need not be few."""

VAGUE = {"manager", "managers", "helper", "helpers", "util", "utils", "base", "common", "misc"}


def long_modules(folder: Path) -> Iterator[str]:
    for path in files(folder, ".py"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > MODULE_LINES_MAX:
            yield f"{path.relative_to(folder)}: {count} lines, at most {MODULE_LINES_MAX}"


def long_functions(folder: Path) -> Iterator[str]:
    for path in files(folder, ".py"):
        for function in functions(parse(path)):
            count = code_lines(function)
            if count > FUNCTION_LINES_MAX:
                yield f"{path.relative_to(folder)}: {function.name} has {count} lines, at most {FUNCTION_LINES_MAX}"


def code_lines(function: FunctionNode) -> int:
    """The lines of a function from `def` to its end, without its docstring: prose is not a cost."""
    count = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        count -= (first.end_lineno or first.lineno) - first.lineno + 1
    return count


def wide_functions(folder: Path) -> Iterator[str]:
    for path in files(folder, ".py"):
        if path.parent.name == OPTIONS:
            continue
        for function in functions(parse(path)):
            arguments = function.args
            names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
            count = len([name for name in names if name not in GIVEN])
            if count > PARAMETERS_MAX:
                yield f"{path.relative_to(folder)}: {function.name} takes {count}, at most {PARAMETERS_MAX}"


def loose_dataclasses(folder: Path) -> Iterator[str]:
    """Dataclasses that are not frozen, slotted and, where two values could be confused, keyword-only."""
    for path in files(folder, ".py"):
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for decorator in filter(is_dataclass, node.decorator_list):
                wanted = {"frozen", "slots"} if field_count(node) < 2 else {"frozen", "slots", "kw_only"}
                missing = wanted - true_keywords(decorator)
                if missing:
                    yield f"{path.relative_to(folder)}: {node.name} lacks {sorted(missing)}"


def field_count(node: ast.ClassDef) -> int:
    return sum(isinstance(statement, ast.AnnAssign) for statement in node.body)


def is_dataclass(decorator: ast.expr) -> bool:
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name in {"dataclass", "dataclasses.dataclass"}


def true_keywords(decorator: ast.expr) -> set[str | None]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return {keyword.arg for keyword in keywords if ast.unparse(keyword.value) == "True"}


def vague_names(folder: Path) -> Iterator[str]:
    for path in files(folder, ".py"):
        if path.stem.lower() in VAGUE:
            yield f"{path.relative_to(folder)}: the name does not say what is in it"
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Util", "Utils")):
                yield f"{path.relative_to(folder)}: {node.name} does not say what it is"


@pytest.mark.parametrize("folder", ["graph_cdp", "tests", "benchmarks"])
def test_modules_and_functions_stay_within_their_budget(folder: str) -> None:
    if (ROOT / folder).is_dir():
        assert [*long_modules(ROOT / folder), *long_functions(ROOT / folder)] == []


def test_functions_take_few_parameters() -> None:
    assert list(wide_functions(ROOT / "graph_cdp")) == []


def test_dataclasses_are_frozen_slotted_and_keyword_only() -> None:
    assert list(loose_dataclasses(ROOT / "graph_cdp")) == []


def test_names_of_modules_and_classes_say_what_they_hold() -> None:
    assert list(vague_names(ROOT / "graph_cdp")) == []


def test_a_long_module_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"long.py": "x = 1\n" * 301, "fits.py": "x = 1\n" * 300})

    assert list(long_modules(tmp_path)) == ["long.py: 301 lines, at most 300"]


def test_a_long_function_is_found_and_its_docstring_is_free(tmp_path: Path) -> None:
    body = "    x = 1\n" * 40
    write(
        tmp_path,
        {
            "a.py": f"async def long():\n{body}",
            "b.py": f'def fits():\n    """\n    One.\n    """\n{body[10:]}',
        },
    )

    assert list(long_functions(tmp_path)) == ["a.py: long has 41 lines, at most 40"]


def test_a_wide_function_is_found_but_for_options_of_commands(tmp_path: Path) -> None:
    wide = "def wide(a, b, *, c, d, e, f): ...\n"
    write(
        tmp_path,
        {"a.py": wide, "commands/b.py": wide, "c.py": "def fits(self, info, a, *, b, c, d, e): ...\n"},
    )

    assert list(wide_functions(tmp_path)) == ["a.py: wide takes 6, at most 5"]


def test_a_loose_dataclass_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "@dataclass\nclass Bare: ...\n@dataclass(frozen=True, slots=True)\nclass Two:\n    x: int\n    y: int\n",
            "b.py": "@dataclass(frozen=True, slots=True, kw_only=True)\nclass Good:\n    x: int\n    y: int\n",
            "c.py": "@dataclass(frozen=True, slots=True)\nclass One:\n    x: int\n",
        },
    )

    assert list(loose_dataclasses(tmp_path)) == [
        "a.py: Bare lacks ['frozen', 'slots']",
        "a.py: Two lacks ['kw_only']",
    ]


def test_a_vague_name_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"utils.py": "", "merge.py": "class MergeManager: ...\n"})

    assert list(vague_names(tmp_path)) == [
        "merge.py: MergeManager does not say what it is",
        "utils.py: the name does not say what is in it",
    ]
