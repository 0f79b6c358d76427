"""What people say to a firm: calls, complaints, requests, answers to surveys, mentions in social media. No specification of
Segment's names these; the names are those that help desks and survey tools send.
"""

from collections.abc import Iterator

from graph_cdp.collect.meaning.said import Said
from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.source.facts.model import Case, CaseKind

EVENTS: dict[str, tuple[CaseKind, str | None]] = {
    "call completed": ("call", "closed"), "call received": ("call", None), "call ended": ("call", "closed"),
    "complaint filed": ("complaint", "open"), "complaint received": ("complaint", "open"),
    "complaint resolved": ("complaint", "closed"), "complaint closed": ("complaint", "closed"),
    "ticket opened": ("request", "open"), "ticket created": ("request", "open"), "ticket updated": ("request", None),
    "ticket solved": ("request", "closed"), "ticket closed": ("request", "closed"),
    "case opened": ("request", "open"), "case closed": ("request", "closed"), "request received": ("request", "open"),
    "survey answered": ("survey", "closed"), "survey completed": ("survey", "closed"),
    "review submitted": ("survey", "closed"), "nps answered": ("survey", "closed"),
    "brand mentioned": ("mention", None), "mention received": ("mention", None),
}  # fmt: skip
NUMBERS = (
    "case_id",
    "caseId",
    "ticket_id",
    "ticketId",
    "complaint_id",
    "call_id",
    "callId",
    "response_id",
    "mention_id",
)
SCALES: dict[str, tuple[float, float]] = {
    "nps": (0, 10),
    "csat": (1, 5),
    "stars": (1, 5),
    "satisfaction": (0, 1),
}
"""The least and the greatest value of a scale whose name says which it is."""


def read_cases(subject: Subject) -> Iterator[Case]:
    """The case that an event is about. Without a number of its own it is the message's."""
    meaning = EVENTS.get(subject.event)
    if meaning is None:
        return
    kind, status = meaning
    said = subject.properties
    yield Case(
        key=subject.key(f"case/{said.key(*NUMBERS) or subject.message_id}"),
        kind=kind,
        status=said.text("status") or status,
        channel=said.text("channel"),
        subject=said.text("subject", "title", "survey_name"),
        topic=said.text("topic", "category", "reason"),
        satisfaction=read_satisfaction(said),
        opened_at=said.time("opened_at", "created_at"),
        closed_at=said.time("closed_at", "solved_at"),
        store=said.key("store_id", "store_code", "store"),
    )


def read_satisfaction(said: Said) -> float | None:
    """How satisfied, from 0 to 1. A plain `rating` needs its `scale`, the greatest value: 4 of what would be a guess."""
    for name, (least, greatest) in SCALES.items():
        if said.has(name):
            value = said.amount(name, least=least, below=greatest + 1e-9)
            return None if value is None else round((value - least) / (greatest - least), 4)
    scale = said.amount("scale", least=1, below=1_001)
    value = said.amount("rating", "score", least=0, below=(scale or 0) + 1e-9) if scale else None
    return None if value is None or scale is None else round(value / scale, 4)
