"""How much memory a managed database is given."""

import os
from pathlib import Path

from graph_cdp.graph.server.config import Memory, parse_bytes
from graph_cdp.settings import Settings

AUTO = "auto"
HEAP_BYTES_MIN, HEAP_BYTES_MAX = 1 << 30, 4 << 30
HEAP_SHARE = 8
"""In a heap of 1 GB the collector is never done with the batches of an import: it took 140 of 700 µs a row, and 12 with 3 GB. Beyond
4 GB nothing is gained.
"""

PAGECACHE_BYTES_MIN = 512 << 20
PAGECACHE_SHARE = 4
"""A store that does not fit in its page cache is read from disk, 3 to 10 times as slowly; the cache takes memory only as the store
grows. So it may take a quarter of the machine, and leaves the rest to the heap, the service and others.
"""

_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory_of(settings: Settings) -> Memory:
    """Heap and page cache as the settings say, or as this machine bears.

    Raises:
        Misconfigured: one of them is not an amount of memory.
    """
    heap, pagecache = settings.neo4j_heap, settings.neo4j_pagecache
    if heap == AUTO:
        heap = f"{fitting_heap(machine_bytes()) >> 20}m"
    if pagecache == AUTO:
        pagecache = f"{fitting_pagecache(machine_bytes()) >> 20}m"
    for size in (heap, pagecache):
        parse_bytes(size)
    return Memory(heap=heap, pagecache=pagecache)


def fitting_heap(total_bytes: int) -> int:
    """The bytes of heap that a machine of so much memory bears."""
    return min(max(HEAP_BYTES_MIN, total_bytes // HEAP_SHARE), HEAP_BYTES_MAX)


def fitting_pagecache(total_bytes: int) -> int:
    """The bytes of page cache that a machine of so much memory bears."""
    return max(PAGECACHE_BYTES_MIN, total_bytes // PAGECACHE_SHARE)


def machine_bytes() -> int:
    """The memory of this machine, or of the container that this is, in bytes."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _CONTAINER_LIMIT.read_text("utf-8").strip() if _CONTAINER_LIMIT.is_file() else ""
    return min(total, int(limit)) if limit.isdecimal() else total
