"""What the facts of a message are about: the message's own source, id and identifiers."""

from collections.abc import Collection
from dataclasses import dataclass

from graph_cdp.collect.meaning.said import Said
from graph_cdp.source.facts.model import number_key
from graph_cdp.source.model import IdentifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A message on the way to its facts. `event` is the name of a track message as `said.event_name` spells it, else empty;
    `anonymous_id` the device that sent it, in its normal form.
    """

    source: str
    message_id: str
    type: str
    event: str
    properties: Said
    context: Said
    traits: Said
    identifiers: Collection[IdentifierKey]
    anonymous_id: str | None
    region: str

    def key(self, number: str) -> str:
        """The key of a thing that its source numbers."""
        return number_key(self.source, number)

    def only(self, kind: str) -> IdentifierKey | None:
        """The message's identifier of this kind, if there is exactly one."""
        found = [one for one in self.identifiers if one.kind == kind]
        return found[0] if len(found) == 1 else None
