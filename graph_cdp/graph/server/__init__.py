"""The database that graph-cdp talks to: yours, one in Docker, or one on this machine without Docker."""

from graph_cdp.graph.server.choose import ensure_database, reset_database, stop_database
from graph_cdp.graph.server.status import DatabaseStatus, database_status

__all__ = ["DatabaseStatus", "database_status", "ensure_database", "reset_database", "stop_database"]
