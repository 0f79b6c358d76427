"""What other systems got wrong about merges and what hangs on people, each by the number of its report: here it goes right."""

from typing import Any

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import GIVE_VERDICT, IDENTIFY, RECORD_CONSENT, TRACK, Caller, caller
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

CONSENTS = """query ($id: ID!) { person(id: $id) {
  consents { contact_value is_allowed decided_by { state } } } }"""


async def identify(steward: Caller, user: str) -> dict[str, Any]:
    item = {"idempotency_key": user, "about": {"user_id": user}, "traits": {"email": f"{user}@x.fr"}}
    return await steward.call(IDENTIFY, input=item, source="web")


async def say(steward: Caller, user: str, at: str, **said: object) -> None:
    statement = {"purpose": "newsletter", "channel": "EMAIL", **said}
    item = {"idempotency_key": f"{user} {at}", "about": {"user_id": user}, "occurred_at": at}
    result = await steward.call(RECORD_CONSENT, input={**item, "statements": [statement]}, source="web")
    assert result["error"] is None


async def consents(steward: Caller, person_id: str) -> list[tuple[str | None, bool, str]]:
    answer = await steward.ask(CONSENTS, id=person_id)
    return [
        (one["contact_value"], one["is_allowed"], one["decided_by"]["state"])
        for one in answer["data"]["person"]["consents"]
    ]


async def test_mautic_5495_a_merge_resumes_no_marketing_to_someone_who_objected(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    """A merge took the consent of one contact for both: whoever had objected was written to again."""
    steward = await caller(service, graph, "steward")
    paul, marie = await identify(steward, "paul"), await identify(steward, "marie")
    point = {"kind": "email", "value": "marie@x.fr"}
    await say(steward, "marie", "2026-01-01T00:00:00Z", state="GIVEN", contact_point=point)
    await say(steward, "paul", "2026-02-01T00:00:00Z", state="WITHDRAWN")
    assert await consents(steward, marie["person_id"]) == [("marie@x.fr", True, "GIVEN")]

    verdict = {"idempotency_key": "v1", "kind": "SAME", "reason": "One person.", "left": [paul["record_id"]]}
    result = await steward.call(GIVE_VERDICT, input={**verdict, "right": [marie["record_id"]]})

    assert {one["person_id"] for one in result["records"]} == {paul["person_id"]}
    for person_id in (paul["person_id"], marie["person_id"]):
        assert await consents(steward, person_id) == [
            (None, False, "WITHDRAWN"),
            ("marie@x.fr", False, "WITHDRAWN"),
        ]


async def test_unomi_240_events_saved_just_before_a_merge_are_on_the_merged_persons_timeline(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    """Events that were saved a moment before a merge were missed by it."""
    steward = await caller(service, graph, "steward")
    about = {"anonymous_id": "a1"}
    for number in range(3):
        item = {"idempotency_key": f"t{number}", "about": about, "event": "Product Viewed"}
        assert (await steward.call(TRACK, input=item, source="web"))["error"] is None

    merged = {"idempotency_key": "i1", "about": {"user_id": "u1", **about}}
    person_id = (await steward.call(IDENTIFY, input=merged, source="web"))["person_id"]

    timeline = """MATCH (:Person {id: $id})<-[:RESOLVES_TO]-(:SourceRecord)-[:PERFORMED]->(e:Event)
    RETURN e.message_id AS id ORDER BY id"""
    assert [row["id"] for row in await query(graph, timeline, id=person_id)] == ["i1", "t0", "t1", "t2"]
