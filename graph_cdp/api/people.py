"""Finding people: by words as somebody types them, and by any identifier; and why each was found."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import strawberry
from rapidfuzz.distance import Levenshtein

from graph_cdp.api.connections import Edge, PageInfo
from graph_cdp.api.permissions import find_rule
from graph_cdp.api.person import Person
from graph_cdp.api.selection.fields import Filter, Rows, column
from graph_cdp.errors import Invalid
from graph_cdp.matching.names import fold
from graph_cdp.matching.normalise import Normalised, normalise_identifier

SEARCH_CHARACTERS_MAX = 200
WORDS_MAX = 8
"""More words cost more, and find no better."""

FOUND_MAX = 1_000
"""Nobody pages further; a search that finds more wants another word."""

BY_WORDS, BY_IDENTIFIER = 10_000_000, 20_000_000
"""What a score begins with: of nobody can words make so many, so that who is found by words as they stand comes before who is
found by one that is mistyped.
"""

SEARCHED = ("first_name", "last_name", "name", "email", "phone", "company", "city")
"""The fields of the golden record that are searched: those of the full-text index."""

OPEN = tuple(name for name in SEARCHED if find_rule("GoldenRecord", name).mask is None)
"""Those that are masked to nobody. Of the others a part of a word, or nearly one, finds nothing for those to whom they are
masked: they would learn a name letter by letter.
"""

IDENTIFIER_KINDS = (
    "user_id",
    "customer_id",
    "loyalty_card",
    "email",
    "phone",
    "anonymous_id",
    "advertising_id",
    "national_id",
)

_WORD = re.compile(r"[^\W_]+")


class BadSearch(Invalid):
    """Nothing in the text can be searched for."""

    code = "BAD_SEARCH"


def as_lucene(text: str, guessed: Collection[str] = SEARCHED) -> dict[str, str]:
    """What the full-text index is asked for the words of a text: `words`, where each is there, or begins one; `close`, where
    one at least is there only with an edit or two. In fields that are not `guessed` only whole words are found.

    Raises:
        BadSearch: it has no words, or is too long.
    """
    words = _words(text)[:WORDS_MAX]
    if not words or len(text) > SEARCH_CHARACTERS_MAX:
        raise BadSearch(
            f"`search` needs a word, and at most {SEARCH_CHARACTERS_MAX} characters: `marie dupont`."
        )
    fields = [""] if set(guessed) == set(SEARCHED) else [f"{name}:" for name in guessed]

    def anywhere(part: str) -> str:
        return " ".join(f"{field}{part}" for field in fields)

    begun = {word: f"{word}^4 {anywhere(f'{word}*^2')}" for word in words}
    exact = " ".join(f"+({begun[word]})" for word in words)
    nearly = " ".join(f"+({begun[word]} {anywhere(f'{word}~{_edits(word)}')})" for word in words)
    return {"words": exact, "close": f"{nearly} -({exact})"}


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _edits(word: str) -> int:
    return 2 if len(word) >= 7 else 1 if len(word) >= 4 else 0  # noqa: PLR2004 - as search engines do


def as_identifiers(text: str) -> list[list[str]]:
    """The identifiers that a text may be, one a kind, normalised."""
    outcomes = ((kind, normalise_identifier(kind, text, region="FR")) for kind in IDENTIFIER_KINDS)
    return [[kind, found.value] for kind, found in outcomes if isinstance(found, Normalised)]


def explain_match(evidence: list[Any]) -> list[str]:
    """Why a person was found: the kinds of identifiers, and the fields that hold a word, or nearly."""
    identifiers, (text, guessed), *values = evidence
    reasons = [kind for kind in identifiers if kind != "text"]
    for name, value in zip(SEARCHED, values, strict=True):
        how = _nearness(_words(text), _words(value)) if value else None
        may_tell = how == "exact" or (how and name in guessed)
        if may_tell and name not in reasons:
            reasons.append(name if how == "exact" else f"{name} ({how})")
    return reasons


def _nearness(asked: list[str], held: list[str]) -> str | None:
    if any(word in held for word in asked):
        return "exact"
    if any(one.startswith(word) for word in asked for one in held):
        return "beginning"
    close = any(Levenshtein.distance(word, one) <= _edits(word) for word in asked for one in held)
    return "close" if close else None


_IS_WANTED = "NOT it:Merged AND ($is_known IS NULL OR it.known = $is_known)"

FOUND = f"""CALL () {{
  CALL db.index.fulltext.queryNodes('person_search', $search.words, {{limit: {FOUND_MAX}}}) YIELD node AS it, score AS fit
  WHERE {_IS_WANTED}
  RETURN it, {BY_WORDS} + toInteger(fit * 1000) AS score, 'text' AS reason
  UNION ALL
  UNWIND $search.identifiers AS wanted
  MATCH (:Identifier {{kind: wanted[0], value: wanted[1]}})<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(it:Person)
  WHERE holding.valid_to IS NULL AND {_IS_WANTED}
  RETURN it, {BY_IDENTIFIER} AS score, wanted[0] AS reason
}}
WITH it, max(score) AS score, collect(DISTINCT reason) AS reasons
WITH collect([it, score, reasons]) AS found"""
"""Those who hold the identifier, and those of whom each word is there or begins one."""


def _with_close(condition: str) -> str:
    """Them, and where `condition` holds those of whom a word is mistyped. These are found slowest and fit least."""
    return f"""{FOUND}
CALL (found) {{
  UNWIND found AS one
  RETURN one[0] AS it, one[1] AS score, one[2] AS reasons
  UNION ALL
  WITH found WHERE {condition}
  CALL db.index.fulltext.queryNodes('person_search', $search.close, {{limit: {FOUND_MAX}}}) YIELD node AS it, score AS fit
  WHERE {_IS_WANTED} AND NOT it IN [one IN found WHERE one[1] = {BY_IDENTIFIER} | one[0]]
  RETURN it, toInteger(fit * 1000) AS score, ['text'] AS reasons
}}
WITH it, score, reasons, [$search.text, $search.guessed] AS asked"""


def _search_in(guessed: Collection[str]) -> Filter:
    return Filter(
        name="search",
        type=str,
        description="Words of names, places or addresses, or any identifier: `marie dupond lyon`, `06 12 34 56 78`.",
        bind=lambda text: {
            **as_lucene(text, guessed),
            "text": text,
            "guessed": list(guessed),
            "identifiers": as_identifiers(text),
        },
    )


_KNOWN = Filter(name="is_known", type=bool | None, description="Only known people, or only unknown ones.")

_ALL = Rows(
    name="people",
    match=_with_close(
        "size([one IN found WHERE one[1] < $at OR one[1] = $at AND one[0].id < $id]) < $row_limit"
    ),
    count=_with_close("true"),
    at="score",
    carried=("score", "reasons", "asked"),
    filters=(_search_in(SEARCHED), _KNOWN),
)

PEOPLE = replace(_ALL, masked=replace(_ALL, filters=(_search_in(OPEN), _KNOWN)))
"""Those who bear the words, or nearly; for masked roles whole words only, where the values are masked."""


@strawberry.type(description="A person that a search found.")
class PeopleEdge(Edge[Person]):
    """What belongs to the search."""

    score: int = column("score", "How well it fits; of one search the best comes first: `10004211`.")
    matched: list[str] = column(
        f"[reasons, asked, {', '.join(f'it.{name}' for name in SEARCHED)}]",
        'Why it was found: identifiers and fields, `(beginning)` or `(close)` where not the whole word: `["email", "last_name '
        '(close)"]`.',
        shown=explain_match,
    )


@strawberry.type(description="One page of the people that a search found, best first.")
class PeopleConnection:
    """Relay's connection, with edges of its own."""

    edges: list[PeopleEdge] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")
    total_count: int = strawberry.field(
        description="How many people were found, up to 1,000 by words as they stand and 1,000 by mistyped ones: `3`."
    )
