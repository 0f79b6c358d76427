"""Verdicts teach `graph-cdp resolve`: what humans said of some pairs changes what is matched of all that are like them."""

from collections.abc import Mapping
from typing import Literal

import pytest
from neo4j import AsyncDriver

from graph_cdp.bulk.labels import Label, Used
from graph_cdp.bulk.matches import as_labels
from graph_cdp.candidates.model import MatchableRecord
from graph_cdp.flows.give_verdict import GiveVerdict, NewVerdict
from graph_cdp.flows.match_graph import Found
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.model import Verdict
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordId, RecordKey
from tests.identity.through_graph import RECEIVED_AT
from tests.integration.arrivals import whole
from tests.integration.querying import query
from tests.integration.test_match_graph import load, row
from tests.matching.linkage.test_labels import couples

WOMEN, ASKED = 80, 15
"""How many women there are, half of them with a man; how many of these couples a human is asked about."""


async def women_and_men(graph: Graph, driver: AsyncDriver) -> Mapping[str, RecordId]:
    """Couples of whom he wrote only the initial, which is hers, too: the id of each record by what the file calls it."""
    columns = couples().columns
    rows = [
        (id_, {"given_name": given, "surname": surname, "postcode": f"1{id_.split('-')[0]:0>4}"})
        for id_, given, surname in zip(
            *(map(str, columns[name]) for name in ("record_id", "prenom", "nom")), strict=True
        )
        if int(id_.split("-")[0]) < WOMEN
    ]
    messages = [row("crm", id_, said, 10**12 + 99_991_337 * place) for place, (id_, said) in enumerate(rows)]
    await load(graph, driver, messages)
    found = await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key, r.id AS id")
    return {one["key"].removeprefix("crm:row:"): RecordId(one["id"]) for one in found}


def couples_matched(found: Found) -> int:
    """How many men match the woman they live with, each of whom has two records."""
    return sum("-2-0" in pair.left + pair.right for pair in found.difference.written)


@pytest.mark.neo4j
async def test_verdicts_on_a_few_couples_part_the_others(graph: Graph, driver: AsyncDriver) -> None:
    ids = await women_and_men(graph, driver)
    before = await whole(graph).find()
    give = GiveVerdict(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    for n in range(1, 2 * ASKED, 2):
        sides = frozenset({ids[f"{n}-1-0"], ids[f"{n}-1-1"]}), frozenset({ids[f"{n}-2-0"]})
        await give(
            NewVerdict(kind="not_same", left=sides[0], right=sides[1], by="a steward", reason="a couple")
        )

    after = await whole(graph).find()

    assert (couples_matched(before), couples_matched(after)) == (WOMEN, 0)
    assert before.labels is None
    assert after.labels == Used(not_same=2 * ASKED, agreeing=2 * ASKED)
    assert len(after.difference.written) == WOMEN


def test_the_newest_word_on_a_pair_is_its_label_and_who_says_too_little_has_none() -> None:
    def record(key: str, **said: str) -> MatchableRecord:
        return MatchableRecord(key=RecordKey(key), source="crm", said=said, matches={})

    def verdict(kind: Literal["same", "not_same"], at: int, *right: str) -> Verdict:
        sides = frozenset({RecordKey("a")}), frozenset(map(RecordKey, right))
        return Verdict(id=f"{kind} {at}", kind=kind, at=at, left=sides[0], right=sides[1])

    records = [record(key, surname="Roy", city="Lyon") for key in "abc"] + [record("d", surname="Roy")]
    labels = as_labels([verdict("same", 2, "c", "d"), verdict("not_same", 1, "b", "c")], records)
    assert labels == [Label(left="a", right="b", same=False), Label(left="a", right="c", same=True)]
