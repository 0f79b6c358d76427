"""What a person sees during a long wait."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from graph_cdp.graph.server.progress import Say


@contextmanager
def waiting(console: Console) -> Generator[Say]:
    """A `Say` for the length of the block: each sentence stays beside a spinner until the next one comes.

    Where nobody watches (a log, a pipe) each is one line.
    """
    if not console.is_terminal:
        yield lambda text: console.print(escape(f"{text} …"), highlight=False, soft_wrap=True)
        return
    with console.status("") as status:
        yield lambda text: status.update(escape(f"{text} …"))
