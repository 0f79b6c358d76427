"""Collection without a database: the routes on lists of what came through them."""

import json
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.access.rules import BadKey
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.dead_letters.model import DeadLetter
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.source.model import Message

NOON = 1_767_268_800_000
TRACK = {"type": "track", "event": "A", "userId": "u1", "messageId": "m1"}
KEYS: dict[str, tuple[Role, str | None]] = {
    "good": ("ingest", "web"),
    "boss": ("admin", None),
    "odd": ("steward", "web"),
}


class Door:
    """All that collection needs, in memory: two keys, and lists of what came through."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.letters: list[DeadLetter] = []
        self.outcomes: dict[str, Outcome] = {}
        self.error: Exception | None = None

    async def authenticate(self, secret: str | None) -> Principal:
        if secret not in KEYS:
            raise BadKey("This key is not known.")
        role, source = KEYS[secret]
        return Principal(key_id=KeyId("k"), role=role, source=source)

    async def submit(self, messages: Sequence[Message]) -> list[Outcome]:
        if self.error:
            raise self.error
        self.messages.extend(messages)
        return [self.outcomes.get(message.message_id, ACCEPTED) for message in messages]

    async def bury(self, letters: Sequence[DeadLetter]) -> None:
        self.letters.extend(letters)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def client(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    collection = Collection(keyring=door, submit=door.submit, bury=door.bury, region="FR", clock=lambda: NOON)
    transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
    async with httpx.AsyncClient(transport=transport, base_url="http://collect", auth=("good", "")) as client:
        yield client


async def refusal(client: httpx.AsyncClient, body: bytes, **headers: str) -> tuple[int, str]:
    answer = await client.post(
        "/v1/batch", content=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(answer.json()) == {"code", "message"}
    return answer.status_code, answer.json()["code"]


def batch(*messages: object, **rest: object) -> bytes:
    return json.dumps({"batch": messages, **rest}).encode()
