"""Segment's specification of e-mail events, and its like for texts and pushes: interactions with campaigns, and consent that
is withdrawn by unsubscribing.

https://segment.com/docs/connections/spec/email/
"""

from collections.abc import Iterator

from graph_cdp.collect.meaning.said import MISSING
from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.matching.normalise import Normalised, normalise_identifier
from graph_cdp.source.facts.model import Channel, Consent, Fact, Interaction, InteractionKind

PURPOSE = "marketing"
"""What somebody who unsubscribes no longer wants."""

CHANNELS: dict[str, Channel] = {
    "email": "email", "sms": "sms", "text message": "sms", "push notification": "push", "push": "push",
}  # fmt: skip
ACTIONS: dict[str, InteractionKind] = {
    "sent": "sent", "delivered": "delivered", "received": "delivered", "opened": "opened", "link clicked": "clicked",
    "clicked": "clicked", "tapped": "clicked", "bounced": "bounced", "marked as spam": "complained",
    "unsubscribed": "unsubscribed", "converted": "converted",
}  # fmt: skip
EVENTS: dict[str, tuple[Channel, InteractionKind]] = {
    f"{spelling} {action}": (channel, kind)
    for spelling, channel in CHANNELS.items()
    for action, kind in ACTIONS.items()
}
EVENTS["unsubscribed"] = ("email", "unsubscribed")

CONTACTS: dict[Channel, str] = {"email": "email", "sms": "phone", "phone": "phone"}
"""The kind of identifier that a channel reaches; a push reaches a device."""


def read_interactions(subject: Subject) -> Iterator[Fact]:
    """The interaction that an event is, and what it says of consent."""
    meaning = EVENTS.get(subject.event)
    if meaning is None:
        return
    channel, kind = meaning
    said, campaign = subject.properties, subject.context.part("campaign")
    number = said.key("campaign_id", "campaignId", "email_id", "emailId")
    if number is None and said.has("campaign"):  # so the specification of pushes has it
        campaign = said.part("campaign") or campaign
    number = number or campaign.key("id", "name")
    if number is None:
        said.note(MISSING, "campaign_id")
    else:
        yield Interaction(
            campaign_key=subject.key(number),
            kind=kind,
            channel=channel,
            campaign_name=said.text("campaign_name", "campaignName") or campaign.text("name"),
            link=said.text("link_url", "url", "link", characters_max=2_000) if kind == "clicked" else None,
        )
    if kind in {"unsubscribed", "complained"}:
        yield Consent(
            purpose=PURPOSE, channel=channel, state="withdrawn", about=_contact(subject, channel), method=kind
        )


def _contact(subject: Subject, channel: Channel) -> tuple[str, str] | None:
    """The contact point that is meant: the one that the event names, else the only one of the message, else all."""
    if channel == "push":
        return ("anonymous_id", subject.anonymous_id) if subject.anonymous_id else None
    kind = CONTACTS[channel]
    named = subject.properties.text("email_address", "email", "recipient", "phone", "phone_number")
    normal = normalise_identifier(kind, named, region=subject.region) if named else None
    return (kind, normal.value) if isinstance(normal, Normalised) else subject.only(kind)
