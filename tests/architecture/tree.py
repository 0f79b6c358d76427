"""The files of the project as the architecture tests see them: what is written by people, not what is built."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BUILT = {
    ".git", ".venv", ".graph-cdp", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", "__pycache__", "build", "dist", "node_modules", "vendor",
}  # fmt: skip

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def files(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Every file below a folder with one of the suffixes (none given: every file), sorted, without what is built."""
    for path in sorted(folder.iterdir()):
        if path.name in BUILT or path.name.endswith(".egg-info") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path, *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    """Every function and method, nested ones included."""
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node


def write(root: Path, files_: dict[str, str]) -> Path:
    """A small project with these files: where a test plants what a check must find."""
    for name, text in files_.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
