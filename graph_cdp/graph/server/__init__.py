"""The database that graph-cdp talks to: yours, one in Docker, or one on this machine without Docker."""

from graph_cdp.graph.server.choose import ensure_database

__all__ = ["ensure_database"]
