"""All facts of one message, and notes of what could not be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph_cdp.collect.meaning.cases import read_cases
from graph_cdp.collect.meaning.companies import read_companies
from graph_cdp.collect.meaning.consents import read_consents
from graph_cdp.collect.meaning.devices import read_devices
from graph_cdp.collect.meaning.ecommerce import read_transactions
from graph_cdp.collect.meaning.mailings import read_interactions
from graph_cdp.collect.meaning.said import Said, event_name
from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.json_body import JsonObject
from graph_cdp.source.facts.model import Fact
from graph_cdp.source.model import Message

OF_EVENTS: tuple[Callable[[Subject], Iterator[Fact]], ...] = (
    read_transactions,
    read_interactions,
    read_cases,
)
OF_ALL: tuple[Callable[[Subject], Iterator[Fact]], ...] = (read_consents, read_companies, read_devices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a message says, and the flags of what it could not be understood to say."""

    facts: tuple[Fact, ...] = ()
    flags: tuple[str, ...] = ()


def read_facts(body: JsonObject, message: Message, found: Found) -> Facts:
    """What a message of Segment's specification says beside who somebody is. Never fails: what cannot be read is flagged."""
    notes: set[str] = set()
    subject = Subject(
        source=message.source,
        message_id=message.message_id,
        type=message.type,
        event=event_name(message.name) if message.type == "track" else "",
        properties=_properties(body, message.type, notes),
        context=_said(body, "context", notes),
        traits=_said(body, "traits", notes),
        identifiers=message.identifiers,
        anonymous_id=found.subject.get("anonymous_id"),
        region=found.region,
    )
    readers = (*OF_EVENTS, *OF_ALL) if subject.event else OF_ALL
    facts = tuple(fact for read in readers for fact in read(subject))
    return Facts(facts=facts, flags=tuple(sorted(notes)))


def _properties(body: JsonObject, kind: str, notes: set[str]) -> Said:
    """What a group is called stands beside its traits, what an event says among its properties."""
    if kind == "group":
        return Said({"groupId": body.get("groupId")}, at="", notes=notes)
    return _said(body, "properties", notes)


def _said(body: JsonObject, name: str, notes: set[str]) -> Said:
    return Said(body, at="", notes=notes).part(name)
