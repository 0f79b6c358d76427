"""What can be wrong with an installation, found before it hurts, each with how to mend it."""

from graph_cdp.doctor.examine import examine
from graph_cdp.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
