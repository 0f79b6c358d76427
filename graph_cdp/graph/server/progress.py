"""How long work tells what it is doing: by a function that the caller gives, who knows where a person looks."""

from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]
"""Takes a sentence without a full stop about what is now being waited for, for example 'Starting Neo4j'."""


def say_nothing(_text: str) -> None:
    """The `Say` of those whom nobody watches."""
