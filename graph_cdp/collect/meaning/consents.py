"""What messages are stamped with: the visitor's preferences by category, as Segment's and others' consent managers send them.

https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/
"""

import re
from collections.abc import Iterator

from graph_cdp.collect.meaning.said import MISSING
from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.intake.limits import NAME_CHARACTERS_MAX, SIGNAL_CHARACTERS_MAX
from graph_cdp.source.facts.model import Consent

CATEGORIES_MAX = 50
"""Categories of one stamp that are read; consent managers have about five."""

CHOSEN = "segment consent preference updated"
"""The event of the choice itself; every other message only repeats it."""


def read_consents(subject: Subject) -> Iterator[Consent]:
    """A statement for each category that the message is stamped with.

    A stamp is about the device that sent it: consent never goes from a device to the person who signs in later. Where no
    device is named a refusal covers the person, and a consent that is given covers nothing.
    """
    stamp = subject.context.part("consent")
    preferences = stamp.part("categoryPreferences").switches() if stamp else {}
    if not preferences:
        return
    about = ("anonymous_id", subject.anonymous_id) if subject.anonymous_id else None
    signal = stamp.text("tcf", "tcString", "tcfString", characters_max=SIGNAL_CHARACTERS_MAX)
    for category, is_given in sorted(preferences.items())[:CATEGORIES_MAX]:
        purpose = re.sub(r"\W+", "_", category.strip().lower()).strip("_")
        if not purpose or len(purpose) > NAME_CHARACTERS_MAX:
            stamp.note("unreadable", "categoryPreferences")
        elif is_given and about is None:
            stamp.note(MISSING, "anonymousId")
        else:
            yield Consent(
                purpose=purpose,
                channel="web",
                state="given" if is_given else "refused",
                about=about,
                method="preferences",
                signal=signal,
                repeats=subject.event != CHOSEN,
            )
