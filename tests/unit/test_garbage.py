"""Commands that look for no garbage leave Python as they found it."""

import gc

from graph_cdp.commands.garbage import no_pauses


def test_garbage_is_looked_for_again_afterwards() -> None:
    with no_pauses():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_looked_for_none_before_does_not_afterwards() -> None:
    with no_pauses():
        with no_pauses():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
