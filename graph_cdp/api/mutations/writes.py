"""What mutations need of the rest of the service: where messages go, and what is declared of sources."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from graph_cdp.access.service import system_clock
from graph_cdp.dead_letters.model import Attempt, DeadLetter
from graph_cdp.flows.give_verdict import GiveVerdict
from graph_cdp.flows.once import DoRepeatably
from graph_cdp.flows.outcome import Outcome
from graph_cdp.flows.write_org_units import WriteOrgUnits
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedInput:
    """An input that was refused, with what it said and why: what a dead letter is made of."""

    source: str
    message_id: str
    code: str
    message: str
    rule: str | None
    said: Mapping[str, object]
    received_at: Millis


Submit: TypeAlias = Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
"""Stores messages; one outcome a message, in order, once they are committed."""

Bury: TypeAlias = Callable[[Sequence[RefusedInput]], Awaitable[None]]
"""Keeps refused inputs, and returns once they are committed."""


class Replays(Protocol):
    """What is needed of `collect.replay.Replay`."""

    async def __call__(self, letters: Sequence[DeadLetter], *, now: Millis, by: str) -> list[Attempt]:
        """Send letters again, as they were received."""
        ...

    async def mend(self, letter: DeadLetter, text: bytes, *, now: Millis, by: str) -> Attempt:
        """Send a corrected body in the place of a letter."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What mutations of dead letters need: `graph` is where letters are settled."""

    graph: Graph
    replay: Replays
    do: DoRepeatably


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Where mutations go. `reading` is where their results are read after the commit."""

    submit: Submit
    bury: Bury
    give_verdict: GiveVerdict
    write_org_units: WriteOrgUnits
    letters: Letters
    reading: Graph
    region: str
    sources: DeclaredSources = field(default_factory=DeclaredSources)
    clock: Callable[[], Millis] = system_clock

    def receipt(self, source: str) -> RowReceipt:
        """How inputs of this source reach us now."""
        rules = self.sources.rules(source)
        return RowReceipt(
            source=source, received_at=self.clock(), region=rules.region or self.region, rules=rules
        )
