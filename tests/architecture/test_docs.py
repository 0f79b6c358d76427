"""The pages: every link leads somewhere, every page is reachable, every decision has its parts."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, files, write

INDEX = "docs/README.md"
DECISION_PARTS = ("Context", "Decision", "Consequences", "Alternatives")

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)


def pages(folder: Path) -> list[Path]:
    return [
        *sorted(folder.glob("*.md")),
        *(files(folder / "docs", ".md") if (folder / "docs").is_dir() else ()),
    ]


def links(page: Path) -> Iterator[str]:
    """The targets of a page's relative links, without those inside code."""
    text = _CODE.sub("", _FENCE.sub("", page.read_text(encoding="utf-8")))
    for target in _LINK.findall(text):
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield target


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made where the page is read: lower case, hyphens for spaces."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = (re.sub(r"[`*]", "", title).lower() for title in _HEADING.findall(text))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def dead_links(folder: Path) -> Iterator[str]:
    for page in pages(folder):
        for link in links(page):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists():
                yield f"{page.relative_to(folder)}: {link} leads to no file"
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                yield f"{page.relative_to(folder)}: {link} leads to no heading"


def unreachable_pages(folder: Path) -> Iterator[str]:
    """Pages of docs/ to which the index does not lead."""
    index = folder / INDEX
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    for page in files(folder / "docs", ".md"):
        if page != index and page.resolve() not in linked:
            yield f"{page.relative_to(folder)}: {INDEX} does not lead there"


def malformed_decisions(folder: Path) -> Iterator[str]:
    """Decisions whose name, number or headings are not those of the form."""
    for number, page in enumerate(files(folder / "docs" / "decisions", ".md"), start=1):
        where = page.relative_to(folder)
        if not re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.md", page.name):
            yield f"{where}: the next decision is {number:04d}-some-words.md"
        text = page.read_text(encoding="utf-8")
        if not text.startswith(f"# {number}. "):
            yield f"{where}: must begin with '# {number}. '"
        parts = tuple(title for title in _HEADING.findall(text)[1:] if title in DECISION_PARTS)
        if parts != DECISION_PARTS:
            yield f"{where}: has {list(parts)}, must have {list(DECISION_PARTS)} in this order"


def test_every_relative_link_leads_somewhere() -> None:
    assert list(dead_links(ROOT)) == []


def test_the_index_leads_to_every_page() -> None:
    assert list(unreachable_pages(ROOT)) == []


def test_every_decision_has_its_number_and_parts() -> None:
    assert list(malformed_decisions(ROOT)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "README.md": "[a](docs/a.md) [b](docs/b.md) [c](docs/a.md#the-two-ids) [d](docs/a.md#nowhere)\n"
            "[e](https://example.org) `[f](code)`\n```\n[g](fenced)\n```\n",
            "docs/a.md": "# A\n\n## The two `ids`\n",
        },
    )

    assert list(dead_links(tmp_path)) == [
        "README.md: docs/b.md leads to no file",
        "README.md: docs/a.md#nowhere leads to no heading",
    ]


def test_an_unreachable_page_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"docs/README.md": "[a](guides/a.md#x)", "docs/guides/a.md": "", "docs/guides/b.md": ""})

    assert list(unreachable_pages(tmp_path)) == ["docs/guides/b.md: docs/README.md does not lead there"]


def test_a_malformed_decision_is_found(tmp_path: Path) -> None:
    good = "# 1. Record\n\n## Context\n\n## Decision\n\n## Consequences\n\n## Alternatives\n"
    write(
        tmp_path,
        {
            "docs/decisions/0001-record.md": good,
            "docs/decisions/0003-gap.md": good.replace("# 1.", "# 2."),
            "docs/decisions/0004-part.md": good.replace("# 1.", "# 3.").replace("## Context\n\n", ""),
        },
    )

    assert list(malformed_decisions(tmp_path)) == [
        "docs/decisions/0003-gap.md: the next decision is 0002-some-words.md",
        "docs/decisions/0004-part.md: the next decision is 0003-some-words.md",
        (
            "docs/decisions/0004-part.md: has ['Decision', 'Consequences', 'Alternatives'], "
            "must have ['Context', 'Decision', 'Consequences', 'Alternatives'] in this order"
        ),
    ]
