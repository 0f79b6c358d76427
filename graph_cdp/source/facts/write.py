"""Facts become nodes and relationships, on the records of their messages, in the transaction of the batch.

The statements run in one order everywhere, each over rows sorted by key, so that two writers lock alike and do not wait in a
ring. Each runs only where there is something for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_cdp.graph.queries import Tx
from graph_cdp.ids import Millis
from graph_cdp.source.facts import products, rows
from graph_cdp.source.facts import repository as graph
from graph_cdp.source.facts.model import (
    Case,
    Company,
    Consent,
    Device,
    Interaction,
    Product,
    Statement,
    Store,
    Transaction,
)
from graph_cdp.source.facts.rows import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWriter:
    """What writing facts needs beside them: the time at which they are written, a source of ids, and which products were
    introduced before.
    """

    now: Millis
    new_id: Callable[[], str]
    introduced: products.Introduced = field(default_factory=products.Introduced)

    async def write(self, tx: Tx, *, statements: Sequence[Statement]) -> list[dict[str, Any]]:
        """Write what these statements say. The records and events of their messages are there, and locked.

        Returns what `introduced` is to remember once the transaction is committed.
        """
        introduced = await self._catalogue(tx, statements)
        await self._transactions(tx, statements)
        await self._interactions(tx, statements)
        await self._companies(tx, rows.of_kind(statements, Company))
        await self._cases(tx, statements)
        await self._devices(tx, statements)
        consents = rows.of_kind(statements, Consent)
        if consents:
            await graph.append_consents(tx, consents=rows.consent_rows(consents, self.new_id), now=self.now)
        return introduced

    async def _catalogue(self, tx: Tx, statements: Sequence[Statement]) -> list[dict[str, Any]]:
        introduced = self.introduced.new(products.introduced_rows(statements))
        if introduced:
            await graph.introduce_products(tx, products=introduced, now=self.now)
        codes = rows.mentioned_stores(statements)
        if codes:
            await graph.introduce_stores(tx, codes=codes, now=self.now)
        fed = [one for one in rows.of_kind(statements, Product) if not one.fact.introduces]
        if fed:
            newest = rows.newest(fed, lambda fact: fact.sku)
            await graph.write_products(
                tx, products=[products.product_row(one) for one in newest], now=self.now
            )
        stores = rows.newest(rows.of_kind(statements, Store), lambda fact: fact.code)
        if stores:
            await graph.write_stores(tx, stores=[rows.store_row(one) for one in stores], now=self.now)
        return introduced

    async def _transactions(self, tx: Tx, statements: Sequence[Statement]) -> None:
        said = rows.newest(rows.of_kind(statements, Transaction), lambda fact: fact.key)
        if said:
            await self._whole_transactions(tx, said, statements)
        statuses = rows.status_rows(statements, self.new_id)
        if statuses:
            await graph.write_statuses(tx, statuses=statuses, now=self.now)

    async def _whole_transactions(
        self, tx: Tx, said: Sequence[Said[Transaction]], statements: Sequence[Statement]
    ) -> None:
        written = {
            one.key: one
            for one in await graph.write_transactions(
                tx, transactions=[rows.transaction_row(one, self.new_id()) for one in said], now=self.now
            )
        }
        won = [one.fact for one in said if written[one.fact.key].wins]
        again = {one.key for one in written.values() if one.stated_before}
        with_lines = [rows.line_row(fact) for fact in won if fact.lines or fact.key in again]
        if with_lines:
            await self._lines(tx, with_lines, statements)
        placed = [{"key": fact.key, "store": fact.store} for fact in won if fact.store or fact.key in again]
        if placed:
            in_order = sorted(placed, key=lambda row: row["store"] or "")
            await graph.place_transactions(tx, transactions=in_order)
        returns = [
            {"key": fact.key, "order_key": fact.returns, "id": self.new_id()}
            for fact in won
            if fact.returns or fact.key in again
        ]
        if returns:
            await graph.link_returns(tx, returns=sorted(returns, key=lambda row: row["order_key"] or ""))

    async def _lines(self, tx: Tx, transactions: graph.Rows, statements: Sequence[Statement]) -> None:
        """No line is lost, though somebody has deleted a product that this process remembers to have introduced."""
        told = sum(len(row["lines"]) for row in transactions)
        if await graph.write_lines(tx, transactions=transactions) < told:
            await graph.introduce_products(tx, products=products.introduced_rows(statements), now=self.now)
            await graph.write_lines(tx, transactions=transactions)

    async def _interactions(self, tx: Tx, statements: Sequence[Statement]) -> None:
        said = rows.of_kind(statements, Interaction)
        if said:
            interactions = [
                rows.interaction_row(one, self.new_id())
                for one in sorted(said, key=lambda one: one.fact.campaign_key)
            ]
            await graph.note_interactions(tx, interactions=interactions, now=self.now)

    async def _companies(self, tx: Tx, said: Sequence[Said[Company]]) -> None:
        if not said:
            return
        sources = {one.fact.key: one.by.source for one in said}
        locked = await graph.lock_companies(
            tx,
            companies=[
                {"key": key, "id": self.new_id(), "source": source} for key, source in sorted(sources.items())
            ],
            now=self.now,
        )
        changes = [
            {
                "key": company.key,
                "properties": rows.company_properties(
                    dict(company.properties), [one for one in said if one.fact.key == company.key]
                ),
            }
            for company in locked
        ]
        await graph.write_companies(tx, companies=[one for one in changes if one["properties"]])
        members = [
            {
                "record_key": one.by.record_key,
                "company_key": one.fact.key,
                "since": one.by.occurred_at,
            }
            for one in said
            if one.by.record_key is not None
        ]
        if members:
            await graph.join_companies(tx, members=members)

    async def _cases(self, tx: Tx, statements: Sequence[Statement]) -> None:
        said = rows.newest(rows.of_kind(statements, Case), lambda fact: fact.key)
        if said:
            cases = [rows.case_row(one, self.new_id()) for one in said]
            await graph.write_cases(tx, cases=cases, now=self.now)

    async def _devices(self, tx: Tx, statements: Sequence[Statement]) -> None:
        said = rows.newest(rows.of_kind(statements, Device), lambda fact: "\n".join(fact.identifier))
        if said:
            await graph.write_devices(tx, devices=[rows.device_row(one) for one in said])
