"""docs/reference/graph.md says every label and relationship type that the query files use."""

import re
from pathlib import Path

from tests.architecture.tree import ROOT, files, write

PAGE = "docs/reference/graph.md"

LABELS = (
    "Source", "SourceRecord", "Identifier", "Device", "Person", "Merged", "Event", "Transaction", "Product", "Store",
    "Campaign", "Company", "Case", "OrgUnit", "ConsentRecord", "Segment", "LoyaltyProgramme", "EarningRule", "Tier",
    "Reward", "LoyaltyAccount", "LedgerEntry", "IdentityChange", "Verdict", "ReviewTask", "DeadLetter", "Job",
    "AuditEntry", "Migration",
)  # fmt: skip
"""The design's labels: the page explains those to come, too, and says that they are to come."""

_NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_NODE = re.compile(r"\(\s*\w*\s*((?::\s*[A-Z]\w*\s*)+)")
_PREDICATE = re.compile(r"\b[a-z]\w*((?::[A-Z][a-z]\w*)+)")
_DECLARED = re.compile(r"\bdb\.create(?:Label|RelationshipType)\('(\w+)'\)")
_RELATIONSHIP = re.compile(r"\[\s*\w*\s*:\s*([A-Z_|:! ]+)")


def vocabulary(folder: Path) -> dict[str, str]:
    """Each label and relationship type of the query files, with one file that uses it."""
    used: dict[str, str] = {}
    for path in files(folder / "cypher", ".cypher"):
        whole = path.read_text(encoding="utf-8")
        text = _NOT_CODE.sub(" ", whole)
        words = [
            word for group in (*_NODE.findall(text), *_PREDICATE.findall(text)) for word in group.split(":")
        ]
        words += [word for group in _RELATIONSHIP.findall(text) for word in re.split(r"[|:! ]", group)]
        for word in (*words, *_DECLARED.findall(whole)):
            if word.strip():
                used.setdefault(word.strip(), path.relative_to(folder).as_posix())
    return used


def unexplained(folder: Path) -> list[str]:
    page = set(re.findall(r"`:?(\w+)`", (folder / PAGE).read_text(encoding="utf-8")))
    used = {**dict.fromkeys(LABELS, "the design"), **vocabulary(folder)}
    return [
        f"{word}, used by {user}, is not in {PAGE}" for word, user in sorted(used.items()) if word not in page
    ]


def test_the_page_explains_every_label_and_relationship_type() -> None:
    assert unexplained(ROOT) == []


def test_the_vocabulary_is_read_from_every_form(tmp_path: Path) -> None:
    statement = """
    // (:NotThis)-[:NOR_THIS]->()
    MATCH (p:Person:Merged {id: $id})<-[r:RESOLVES_TO|RESOLVED_TO]-(:SourceRecord) WHERE p:Known AND p.x = ':Nor(:This)'
    CREATE (p)-[:MERGED_INTO {at: $at}]->( :Tomb );
    CALL db.createRelationshipType('MATCHES');
    """
    write(tmp_path, {"cypher/a/b.cypher": statement})

    assert set(vocabulary(tmp_path)) == {
        "Person", "Merged", "RESOLVES_TO", "RESOLVED_TO", "SourceRecord", "Known", "MERGED_INTO", "Tomb", "MATCHES",
    }  # fmt: skip


def test_an_unexplained_label_is_found(tmp_path: Path) -> None:
    page = " ".join(f"`{label}`" for label in LABELS if label != "Tier")
    write(tmp_path, {PAGE: page, "cypher/a/b.cypher": "MATCH (:Person)-[:LIKES]->(:Persn) RETURN 1"})

    assert unexplained(tmp_path) == [
        f"LIKES, used by cypher/a/b.cypher, is not in {PAGE}",
        f"Persn, used by cypher/a/b.cypher, is not in {PAGE}",
        f"Tier, used by the design, is not in {PAGE}",
    ]
