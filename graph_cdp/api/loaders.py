"""What a request reads, batched: all that is asked for at one level of a query is one statement.

A loader of a page groups what differs only in the person, so that `records(first: 5)` of fifty people is one
statement too. Loaders live as long as a request: they remember what they read, which must not be older.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from strawberry.dataloader import DataLoader

from graph_cdp.api.connections import Page
from graph_cdp.api.reads import event, person, transaction
from graph_cdp.dead_letters.repository import find_dead_letters
from graph_cdp.graph.transactions import Graph

KEYS_MAX = 1_000
"""Keys in one statement."""

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A page of something of a person; `only` are the types or kinds that are asked for, None: all."""

    person_id: str
    page: Page
    only: tuple[str, ...] | None = None


class OfPerson(Protocol):
    """A row of a list of people's something."""

    @property
    def person_id(self) -> str | None:
        """Whose it is."""
        ...


PersonRows = TypeVar("PersonRows", bound=OfPerson)


def by_key(
    read: Callable[[list[Key]], Awaitable[Sequence[Row]]], key: Callable[[Row], Key]
) -> DataLoader[Key, Row | None]:
    """A loader of single rows: None for a key that nothing has."""

    async def load(keys: list[Key]) -> list[Row | None]:
        found = {key(row): row for row in await read(keys)}
        return [found.get(wanted) for wanted in keys]

    return DataLoader(load_fn=load, max_batch_size=KEYS_MAX)


def by_page(
    read: Callable[[list[str], PersonPage], Awaitable[Sequence[PersonRows]]],
) -> DataLoader[PersonPage, list[PersonRows]]:
    """A loader of pages: `read` takes the people whose pages are alike, and one of those pages."""

    async def load(wanted: list[PersonPage]) -> list[list[PersonRows]]:
        alike: dict[Hashable, list[PersonPage]] = {}
        for one in wanted:
            alike.setdefault((one.page, one.only), []).append(one)
        groups = list(alike.values())
        answers = await asyncio.gather(
            *(read([one.person_id for one in group], group[0]) for group in groups)
        )
        found: dict[PersonPage, list[PersonRows]] = {one: [] for one in wanted}
        for group, rows in zip(groups, answers, strict=True):
            of_person = {one.person_id: found[one] for one in group}
            for row in rows:
                of_person[row.person_id or ""].append(row)
        return [found[one] for one in wanted]

    return DataLoader(load_fn=load, max_batch_size=KEYS_MAX)


class Loaders:
    """One loader a way through the graph; `graph` is for what is asked once in a request, such as a list of all."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        read = graph.read
        self.people = by_key(
            lambda ids: read(person.find_people, person_ids=ids), lambda row: row.requested_id
        )
        self.matches = by_key(
            lambda keys: read(person.find_people_by_identifiers, identifiers=keys), lambda row: row.identifier
        )
        self.records = by_key(lambda ids: read(person.find_records, record_ids=ids), lambda row: row.id)
        self.identifiers = by_key(
            lambda ids: read(person.find_identifiers, identifier_ids=ids), lambda row: row.id
        )
        self.events = by_key(lambda ids: read(event.find_events, event_ids=ids), lambda row: row.id)
        self.payloads = by_key(lambda ids: read(event.find_payloads, event_ids=ids), lambda row: row.id)
        self.dead_letters = by_key(lambda ids: read(find_dead_letters, ids=ids), lambda row: row.id)
        self.transactions = by_key(
            lambda ids: read(transaction.find_transactions, transaction_ids=ids), lambda row: row.id
        )
        self.records_of = by_page(lambda ids, key: read(person.list_records, person_ids=ids, page=key.page))
        self.identifiers_of = by_page(
            lambda ids, key: read(person.list_identifiers, person_ids=ids, page=key.page)
        )
        self.events_of = by_page(
            lambda ids, key: read(event.list_events, person_ids=ids, page=key.page, types=key.only)
        )
        self.transactions_of = by_page(
            lambda ids, key: read(
                transaction.list_transactions, person_ids=ids, page=key.page, kinds=key.only
            )
        )
