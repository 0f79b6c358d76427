"""The signed link: what holds, what was made up, what is too old."""

import base64

import pytest

from graph_cdp.api.recognition.links import LINK_MS, BadLink, read_link, sign_link

SECRET = b"s" * 32
NOW = 1_767_225_600_000


def test_a_link_takes_the_id_of_a_browser_along() -> None:
    token = sign_link("a-7f3c: é", secret=SECRET, now=NOW)

    assert read_link(token, secret=SECRET, now=NOW + LINK_MS) == "a-7f3c: é"


def test_a_link_that_is_too_old_is_refused() -> None:
    token = sign_link("a-7f3c", secret=SECRET, now=NOW)

    with pytest.raises(BadLink, match="older than two minutes"):
        read_link(token, secret=SECRET, now=NOW + LINK_MS + 1)


def forged(position: int) -> str:
    raw = bytearray(base64.urlsafe_b64decode(sign_link("a-7f3cxx", secret=SECRET, now=NOW) + "=="))
    raw[position] ^= 1
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "token",
    ["", "é", "****", "AAAA", forged(0), forged(20), forged(-1), sign_link("a", secret=b"other", now=NOW)],
)
def test_a_link_that_was_made_up_is_refused(token: str) -> None:
    with pytest.raises(BadLink, match="was not made here"):
        read_link(token, secret=SECRET, now=NOW)
