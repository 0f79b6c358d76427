"""The log of the service names nobody who opens a websocket."""

import logging

import pytest

from graph_cdp.commands.serve import names_nobody


@pytest.mark.parametrize(
    ("message", "arguments", "kept"),
    [
        ('%s - "WebSocket %s" [accepted]', ("203.0.113.7:4711", "/graphql?key=gcdp_x"), False),
        ('%s - "WebSocket %s" 403', ("203.0.113.7:4711", "/graphql"), False),
        ("Application startup complete.", (), True),
    ],
)
def test_lines_with_an_address_are_left_out(message: str, arguments: tuple[str, ...], *, kept: bool) -> None:
    line = logging.LogRecord("uvicorn.error", logging.INFO, "", 0, message, arguments, None)

    assert names_nobody(line) is kept
