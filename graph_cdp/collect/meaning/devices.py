"""What the browser or phone is that sent a message.

https://segment.com/docs/connections/spec/common/#context
"""

from collections.abc import Iterator

from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.source.facts.model import Device

KINDS = ("anonymous_id", "advertising_id")


def read_devices(subject: Subject) -> Iterator[Device]:
    """What the context says of the device, once for each id that the device has in this message."""
    context = subject.context
    device, system = context.part("device"), context.part("os")
    hints = context.part("userAgentData")
    if not (device.has("model", "manufacturer", "type") or system.has("name") or hints.has("platform")):
        return
    platform = device.text("type") or system.text("name") or hints.text("platform")
    for identifier in sorted(subject.identifiers):
        if identifier.kind in KINDS:
            yield Device(
                identifier=identifier,
                platform=platform.lower() if platform else None,
                model=device.text("model") or hints.text("model"),
                manufacturer=device.text("manufacturer"),
                os_version=system.text("version") or hints.text("platformVersion"),
                app_version=context.part("app").text("version"),
            )
