"""Who somebody was at a time: through merges and splits, and never what is only known by now."""

import asyncio
from typing import Any

import httpx
import pytest

from graph_cdp.access.service import system_clock
from graph_cdp.api.node import iso_8601
from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import GIVE_VERDICT, IDENTIFY, WRITE_RECORDS, Caller, caller

pytestmark = pytest.mark.neo4j

AS_OF = """query ($id: ID!, $at: String!) { person_as_of(id: $id, at: $at) {
  person_id golden_record { email first_name }
  records { total_count edges { node { record_id source kind until } } } } }"""


async def tick() -> str:
    """A time between two changes."""
    await asyncio.sleep(0.005)
    now = iso_8601(system_clock())
    await asyncio.sleep(0.005)
    return now


async def then(admin: Caller, id_: str, at: str) -> tuple[str, list[str], Any]:
    """The person id, its records and its golden record; instead of that the code of its error."""
    answer = await admin.ask(AS_OF, id=id_, at=at)
    person = answer["data"]["person_as_of"]
    records = [edge["node"]["record_id"] for edge in person["records"]["edges"]]
    assert person["records"]["total_count"] == len(records)
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    return person["person_id"], sorted(records), codes[0] if codes else person["golden_record"]


async def write(admin: Caller, key: str, row_id: str, **traits: str) -> Any:
    record = {"idempotency_key": key, "row_id": row_id, "traits": traits}
    (result,) = await admin.call(WRITE_RECORDS, records=[record], source="crm")
    return result


async def join_and_part(admin: Caller, one: str, other: str) -> tuple[str, str]:
    """A human says that two records are one person, and then that they are not; the moment after each."""
    verdict = {
        "idempotency_key": "v1", "kind": "SAME", "reason": "One person.", "left": [one], "right": [other],
    }  # fmt: skip
    await admin.call(GIVE_VERDICT, input=verdict)
    merged = await tick()
    await admin.call(GIVE_VERDICT, input={**verdict, "idempotency_key": "v2", "kind": "NOT_SAME"})
    return merged, await tick()


async def test_an_id_answers_with_who_it_was(service: httpx.AsyncClient, graph: Graph) -> None:
    admin = await caller(service, graph, "admin")
    before = await tick()
    one = await write(admin, "r1", "1", email="a@x.fr", first_name="Ann")
    other = await write(admin, "r2", "2", email="b@x.fr", first_name="Ann")
    apart = await tick()
    user = await admin.call(
        IDENTIFY,
        input={"idempotency_key": "i1", "about": {"user_id": "u1"}, "traits": {"email": "a@x.fr"}},
        source="web",
    )
    joined = await tick()
    merged, split = await join_and_part(admin, one["record_id"], other["record_id"])

    (a, b), (r1, r2, r3) = (
        (one["person_id"], other["person_id"]),
        (one["record_id"], other["record_id"], user["record_id"]),
    )
    assert (await admin.ask(AS_OF, id=a, at=before))["data"] == {"person_as_of": None}
    assert await then(admin, a, apart) == (a, [r1], "PAST_NOT_KEPT")
    assert await then(admin, b, apart) == (b, [r2], "PAST_NOT_KEPT")
    assert await then(admin, a, joined) == (a, sorted([r1, r3]), {"email": "a@x.fr", "first_name": "Ann"})
    assert await then(admin, b, merged) == (a, sorted([r1, r2, r3]), "PAST_NOT_KEPT")
    assert await then(admin, a, split) == (a, sorted([r1, r3]), {"email": "a@x.fr", "first_name": "Ann"})
    assert await then(admin, b, split) == (b, [r2], {"email": "b@x.fr", "first_name": "Ann"})


async def test_what_a_record_said_before_is_not_shown_as_what_it_says_now(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    admin = await caller(service, graph, "admin")
    person_id = (await write(admin, "r1", "1", email="a@x.fr", first_name="Ann"))["person_id"]
    first = await tick()
    known = await then(admin, person_id, first)
    await write(admin, "r2", "1", email="a@x.fr", first_name="Anna")
    second = await tick()

    assert known[2] == {"email": "a@x.fr", "first_name": "Ann"}
    assert (await then(admin, person_id, first))[2] == "PAST_NOT_KEPT"
    assert (await then(admin, person_id, second))[2] == {"email": "a@x.fr", "first_name": "Anna"}
    assert await admin.refusal(AS_OF, id=person_id, at="yesterday") == "INVALID_TIMESTAMP"


HELD = """query ($id: ID!, $at: String!) { person_as_of(id: $id, at: $at) {
  identifiers { total_count edges { node { kind value since } } } } }"""


async def held(asker: Caller, id_: str, at: str) -> list[tuple[str, str]]:
    """The kinds and values of the identifiers of then, sorted; none is known only since."""
    answer = await asker.ask(HELD, id=id_, at=at)
    page = answer["data"]["person_as_of"]["identifiers"]
    nodes = [edge["node"] for edge in page["edges"]]
    assert page["total_count"] == len(nodes)
    assert all(node["since"] <= at for node in nodes)
    return sorted((node["kind"], node["value"]) for node in nodes)


async def test_identifiers_are_those_that_were_known_to_be_held(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    """A row is written with one address, then with another, then joined with a second record, and split from it again."""
    admin, marketer = await caller(service, graph, "admin"), await caller(service, graph, "marketer")
    one = await write(admin, "r1", "1", email="a@x.fr")
    other = await write(admin, "r2", "2", email="b@x.fr")
    first = await tick()
    await write(admin, "r3", "1", email="c@x.fr")
    changed = await tick()
    merged, split = await join_and_part(admin, one["record_id"], other["record_id"])

    a, number = one["person_id"], {key: ("customer_id", f"crm:{key}") for key in ("1", "2")}
    assert await held(admin, a, first) == [number["1"], ("email", "a@x.fr")]
    assert await held(admin, a, changed) == [number["1"], ("email", "c@x.fr")]
    assert await held(admin, a, merged) == sorted(
        [*number.values(), ("email", "b@x.fr"), ("email", "c@x.fr")]
    )
    assert await held(admin, a, split) == [number["1"], ("email", "c@x.fr")]
    assert await held(admin, other["person_id"], merged) == await held(admin, a, merged)
    assert {value for _, value in await held(marketer, a, first)} == {"***"}


async def test_an_identifier_that_is_told_late_was_not_known_before(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    """What counts is when graph_cdp learned of it, not when it happened."""
    admin = await caller(service, graph, "admin")
    said = {"idempotency_key": "i1", "about": {"user_id": "u1"}}
    user = await admin.call(IDENTIFY, input=said, source="web")
    before = await tick()
    late = {"idempotency_key": "i2", "traits": {"email": "a@x.fr"}, "occurred_at": "2020-01-01T00:00:00Z"}
    await admin.call(IDENTIFY, input={**said, **late}, source="web")
    after = await tick()

    assert await held(admin, user["person_id"], before) == [("user_id", "u1")]
    assert await held(admin, user["person_id"], after) == [("email", "a@x.fr"), ("user_id", "u1")]
