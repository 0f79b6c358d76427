"""One concept, one word: the glossary has every term, and the code uses none of the words it refuses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, files, parse, write

GLOSSARY = "docs/concepts/glossary.md"

TERMS = (
    "source record", "identifier", "person", "golden record", "survivorship", "resolve", "merge", "split",
    "match key", "blocking rule", "comparison", "comparison level", "m/u probability", "match weight",
    "clerical review", "verdict", "purpose", "lawful basis", "consent record", "erasure", "access",
    "ledger entry", "balance", "tier",
)  # fmt: skip

_ROW = re.compile(r"^\| (?P<term>[^|]+?) \|(?P<meaning>[^|]*)\|(?P<refused>[^|]*)\|$", re.MULTILINE)
_WORD = re.compile(r"`([a-z_]+)`")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def rows(folder: Path) -> list[tuple[str, str]]:
    """The terms of the glossary, each with its column of refused words."""
    text = (folder / GLOSSARY).read_text(encoding="utf-8")
    return [(match["term"].strip("* "), match["refused"]) for match in _ROW.finditer(text)]


def missing_terms(folder: Path) -> list[str]:
    said = {term.strip() for terms, _ in rows(folder) for term in terms.split(",")}
    return [term for term in TERMS if term not in said]


def refused_words(folder: Path) -> set[str]:
    """The words in backquotes of the third column; the others there are refused in prose, and legal elsewhere."""
    return {word for _, refused in rows(folder) for word in _WORD.findall(refused)}


def refused_names(folder: Path) -> Iterator[str]:
    """Identifiers of the code that hold a refused word: `profile_id` and `ProfileMerger` hold `profile`."""
    refused = refused_words(folder)
    for path in files(folder / "graph_cdp", ".py"):
        for name in sorted(defined_names(parse(path))):
            snake = "_" + "_".join(part.lower() for part in _PART.findall(name)) + "_"
            for word in sorted(refused):
                if f"_{word}_" in snake or f"_{word}s_" in snake:
                    yield f"{path.relative_to(folder)}: {name} says '{word}'; {GLOSSARY} has the word to use"


def defined_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.arg():
                names.add(node.arg)
            case _:
                pass
    return names


def test_the_glossary_has_every_term() -> None:
    assert missing_terms(ROOT) == []


def test_the_code_uses_no_refused_word() -> None:
    assert refused_words(ROOT), "the glossary refuses no word: has its form changed?"
    assert list(refused_names(ROOT)) == []


def test_a_missing_term_is_found(tmp_path: Path) -> None:
    table = "".join(f"| {term} | what it means | |\n" for term in TERMS if term != "tier")
    write(tmp_path, {GLOSSARY: table})

    assert missing_terms(tmp_path) == ["tier"]


def test_a_refused_word_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            GLOSSARY: "| person | the resolved cluster | `profile`, `opt_in`, user |\n",
            "graph_cdp/a.py": "class ProfileMerger:\n    def find_profiles(self, user, opt_in_at): ...\n",
            "graph_cdp/b.py": "profiler = 1\nprint(profile)\n",
        },
    )

    assert list(refused_names(tmp_path)) == [
        f"graph_cdp/a.py: {name} says '{word}'; {GLOSSARY} has the word to use"
        for name, word in (
            ("ProfileMerger", "profile"),
            ("find_profiles", "profile"),
            ("opt_in_at", "opt_in"),
        )
    ]
