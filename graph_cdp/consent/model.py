"""What the rule of consent decides upon, and what it decides."""

from dataclasses import dataclass

from graph_cdp.ids import Millis

ContactPoint = tuple[str, str]
"""The kind and the normalised value of an identifier: an e-mail address, a phone number, a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedConsent:
    """One consent record, as the rule sees it.

    `about` is the contact point that it is about, None for the whole person. `at` is when it was last said. `is_own`: a
    record of the person that is decided upon made it; another holder of the contact point may have made it as well.
    """

    id: str
    purpose: str
    channel: str
    state: str
    at: Millis
    about: ContactPoint | None
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveConsent:
    """What holds for a purpose on a channel at a contact point (None: the whole person), and the statement that decides it."""

    about: ContactPoint | None
    decided_by: StatedConsent

    @property
    def is_allowed(self) -> bool:
        """Whether the person allows it. No statement means no; nobody allows it for all contact points at once."""
        return self.decided_by.state == "given" and self.about is not None
