"""What people declare of sources and survivorship, in one file: read, and written into the graph in one transaction."""

from dataclasses import dataclass, field
from pathlib import Path

from graph_cdp.declarations import find_misfits, read_declaration, require_fit
from graph_cdp.errors import Misconfigured
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP, SURVIVORSHIP, build_survivorship
from graph_cdp.graph.queries import Tx
from graph_cdp.ids import Millis
from graph_cdp.source.business_rules.declared import SOURCES, build_sources
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.repository import declare_org_units, declare_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is declared: the sources with their rules and trust, and how the golden record survives."""

    sources: DeclaredSources = field(default_factory=DeclaredSources)
    survivorship: Survivorship = DEFAULT_SURVIVORSHIP


def read_declared(path: Path | None) -> Declared:
    """What the file declares; nothing, where there is none.

    Raises:
        Misconfigured: the file cannot be read.
        BadSources: it is no YAML, or does not fit; the message names the place.
        BadSurvivorship: likewise, of its part about survivorship.
    """
    if path is None:
        return Declared()
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(
            f"{path} cannot be read. GRAPH_CDP_SOURCES_FILE names the file in which sources are declared."
        ) from None
    return parse_declared(text)


def parse_declared(text: str) -> Declared:
    """What a YAML text declares. Raises as `read_declared` does."""
    declared = read_declaration(text, SOURCES)
    survivorship = declared.get("survivorship", {})
    require_fit(find_misfits(survivorship, SURVIVORSHIP), SURVIVORSHIP)
    return Declared(sources=build_sources(declared), survivorship=build_survivorship(survivorship))


async def write_declared(tx: Tx, declared: Declared, *, now: Millis) -> list[str]:
    """Write what is declared of sources and units; the sources with records whose trust changed by it.

    Then golden records may say otherwise than the rules: compute them again (`recompute_golden_records`).
    """
    if declared.sources.org_units:
        await declare_org_units(tx, org_units=declared.sources.org_units)
    if not declared.sources.sources:
        return []
    return await declare_sources(tx, sources=list(declared.sources.sources.values()), now=now)
