"""One query, one file, one function of the same name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, FunctionNode, files, functions, parse, write

ELSEWHERE = {"migrations", "procedures", "checks"}
"""Folders whose files are no slice's queries: run by the migration runner, by `CALL`, by `graph-cdp check`."""

ROWS = {"list", "tuple", "Sequence", "Iterable", "AsyncIterator"}


def loads(folder: Path) -> dict[str, list[Path]]:
    """The name of each query that a module loads at its top, with the modules that do."""
    found: dict[str, list[Path]] = {}
    for path in files(folder / "graph_cdp", ".py"):
        for statement in parse(path).body:
            value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
            for name in loaded(value) if value else ():
                found.setdefault(name, []).append(path)
    return found


def loaded(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == "load_query":
            argument = node.args[0] if node.args else None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def unpaired_queries(folder: Path) -> Iterator[str]:
    """Files of a slice without their one function, and functions that do not keep the form."""
    by_name = loads(folder)
    for path in files(folder / "cypher", ".cypher"):
        name = path.relative_to(folder / "cypher").with_suffix("").as_posix()
        if name.split("/")[0] in ELSEWHERE:
            continue
        modules = by_name.get(name, [])
        if len(modules) != 1:
            where = ", ".join(module.relative_to(folder).as_posix() for module in modules) or "no module"
            yield f"cypher/{name}.cypher: loaded by {where}; exactly one must"
            continue
        yield from malformed(modules[0].relative_to(folder), parse(modules[0]), path.stem)


def malformed(module: Path, tree: ast.Module, name: str) -> Iterator[str]:
    matching = [function for function in functions(tree) if function.name == name]
    if len(matching) != 1:
        yield f"{module}: {len(matching)} functions named {name}; the query's function has the name of its file"
        return
    function = matching[0]
    positional = [a.arg for a in (*function.args.posonlyargs, *function.args.args) if a.arg != "self"]
    if positional != ["tx"]:
        yield f"{module}: {name} takes {positional} by position; only the transaction `tx` is"
    for untyped in sorted(untyped_parts(function)):
        yield f"{module}: {name} returns {untyped}; a query's function returns a dataclass"


def untyped_parts(function: FunctionNode) -> set[str]:
    """Names in what a function returns that hide the columns: a driver's Record, Any, and rows that are dicts."""
    nodes = list(ast.walk(function.returns)) if function.returns else []
    hidden = {
        node.id for node in nodes if isinstance(node, ast.Name) and node.id in {"Record", "Any", "object"}
    }
    for node in nodes:
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ROWS:
            hidden |= {
                n.id for n in ast.walk(node.slice) if isinstance(n, ast.Name) and n.id in {"dict", "Mapping"}
            }
    return hidden


def lost_queries(folder: Path) -> Iterator[str]:
    """Names that are loaded though no file has them."""
    for name, modules in sorted(loads(folder).items()):
        if not (folder / "cypher" / f"{name}.cypher").is_file():
            yield f"{modules[0].relative_to(folder)}: loads {name}, and there is no cypher/{name}.cypher"


def test_every_query_has_exactly_one_function_of_its_name() -> None:
    assert list(unpaired_queries(ROOT)) == []


def test_every_loaded_query_has_its_file() -> None:
    assert list(lost_queries(ROOT)) == []


GOOD = """
FIND_PERSON = load_query("identity/find_person")

async def find_person(tx: Tx, *, kind: str) -> FoundPerson | None: ...
"""


def test_a_query_and_its_function_are_paired(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "cypher/identity/find_person.cypher": "",
            "cypher/checks/orphans.cypher": "",
            "graph_cdp/identity/repository.py": GOOD,
        },
    )

    assert [*unpaired_queries(tmp_path), *lost_queries(tmp_path)] == []


def test_a_query_that_nobody_or_two_load_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "cypher/identity/find_person.cypher": "",
            "cypher/identity/nobodys.cypher": "",
            "graph_cdp/identity/repository.py": GOOD,
            "graph_cdp/source/repository.py": GOOD,
        },
    )

    assert list(unpaired_queries(tmp_path)) == [
        (
            "cypher/identity/find_person.cypher: loaded by graph_cdp/identity/repository.py, "
            "graph_cdp/source/repository.py; exactly one must"
        ),
        "cypher/identity/nobodys.cypher: loaded by no module; exactly one must",
    ]


def test_a_function_of_another_name_or_form_is_found(tmp_path: Path) -> None:
    bad = GOOD.replace("*, kind: str) -> FoundPerson", "kind: str) -> list[dict[str, str]]")
    write(
        tmp_path,
        {
            "cypher/a/find_person.cypher": "",
            "cypher/b/find_person.cypher": "",
            "graph_cdp/a.py": GOOD.replace("identity/", "a/").replace("def find_person", "def find"),
            "graph_cdp/b.py": bad.replace("identity/", "b/"),
        },
    )

    assert list(unpaired_queries(tmp_path)) == [
        "graph_cdp/a.py: 0 functions named find_person; the query's function has the name of its file",
        "graph_cdp/b.py: find_person takes ['tx', 'kind'] by position; only the transaction `tx` is",
        "graph_cdp/b.py: find_person returns dict; a query's function returns a dataclass",
    ]


def test_a_query_without_its_file_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"graph_cdp/identity/repository.py": GOOD})

    assert list(lost_queries(tmp_path)) == [
        "graph_cdp/identity/repository.py: loads identity/find_person, and there is no cypher/identity/find_person.cypher"
    ]
