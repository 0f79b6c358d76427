"""Work on all cores of the machine."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def on_all_cores(work: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
    """What comes of each item, in their order. NumPy and RapidFuzz let go of Python's lock, so threads are enough."""
    cores = os.cpu_count() or 1
    waiting = iter(items)
    with ThreadPoolExecutor(cores) as pool:
        running = [pool.submit(work, item) for item in islice(waiting, 2 * cores)]
        while running:
            made = running.pop(0).result()
            running += [pool.submit(work, item) for item in islice(waiting, 1)]
            yield made


def meanwhile(work: Callable[[], Made]) -> Future[Made]:
    """Begin this work, while something else is done."""
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun
