"""Python's garbage collector, for commands that make many objects and keep few."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

THRESHOLDS = (10_000, 10, 200)
"""How seldom Python looks for garbage that refers to itself: among new objects after so many of them, among all objects
after 20 million. Its defaults (700, 10, 10) stop the service for a fifth of a second every other second of a load.
"""


def keep_pauses_short() -> None:
    """Let the garbage collector pass over what lives as long as the process, and look through old objects seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


@contextmanager
def no_pauses() -> Generator[None]:
    """Look for no garbage that refers to itself: for a command that works by long columns, makes hardly any, and ends soon."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # what is left is old: it is not looked through at once
        if looked:
            gc.enable()
