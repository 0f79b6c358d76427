"""What makes a key good."""

from dataclasses import replace

import pytest

from graph_cdp.access.model import ApiKey, KeyId, NewKey, Principal, Role
from graph_cdp.access.rules import BadKey, admit, has_secret_shape, hash_secret, make_key, make_secret
from graph_cdp.errors import Invalid

NOW = 1_767_225_600_000
SECRET = "gcdp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


def key(role: Role = "app", *, expires_at: int | None = None) -> ApiKey:
    new = NewKey(
        name=" shop frontend ", role=role, source="web" if role == "ingest" else None, expires_at=expires_at
    )
    return make_key(new, key_id=KeyId("k1"), secret=SECRET, now=NOW)


def test_a_secret_is_256_bits_after_a_prefix_that_people_recognise() -> None:
    assert make_secret(bytes(range(32))) == SECRET


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_secret_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"a secret is made of 32 bytes, not {length}"):
        make_secret(bytes(length))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (SECRET, True),
        ("gcdp_" + "-_" * 21 + "z", True),
        (SECRET[:-1], False),
        (SECRET + "A", False),
        (SECRET.replace("gcdp_", "sk__"), False),
        (SECRET[:-1] + "é", False),
        (SECRET + "\n", False),
        ("", False),
    ],
)
def test_what_could_not_be_a_secret_is_told_apart(text: str, is_one: bool) -> None:
    assert has_secret_shape(text) is is_one


def test_a_key_keeps_the_hash_and_the_first_characters_and_never_the_secret() -> None:
    made = key()

    assert made == ApiKey(
        id=KeyId("k1"),
        name="shop frontend",
        prefix="gcdp_AAECAw",
        hash=hash_secret(SECRET),
        role="app",
        source=None,
        created_at=NOW,
    )
    assert SECRET not in repr(made)


NO_NAME = "A key needs a name of 1 to 100 characters that says what it is for."


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (NewKey(name="  ", role="app"), NO_NAME),
        (NewKey(name="x" * 101, role="app"), NO_NAME),
        (NewKey(name="web", role="ingest"), "An ingest key writes for one source: name the source."),
        (
            NewKey(name="web", role="ingest", source="Web!"),
            "A source's name is 1 to 64 of the characters a-z, 0-9, '_' and '-'.",
        ),
        (
            NewKey(name="me", role="admin", source="web"),
            "Only an ingest key is bound to a source; leave it out for the role admin.",
        ),
        (
            NewKey(name="me", role="app", expires_at=NOW),
            "The key would expire at once; let it expire in the future, or never.",
        ),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(new: NewKey, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_key(new, key_id=KeyId("k1"), secret=SECRET, now=NOW)

    assert refused.value.message == message


def test_a_good_key_stands_for_its_role_and_source() -> None:
    app, ingest = key("app"), key("ingest")

    assert admit(app, secret_hash=app.hash, now=NOW) == Principal(key_id=KeyId("k1"), role="app")
    assert admit(ingest, secret_hash=ingest.hash, now=NOW) == Principal(
        key_id=KeyId("k1"), role="ingest", source="web"
    )


def test_a_key_holds_until_it_expires() -> None:
    lasting = key(expires_at=NOW + 10)

    assert admit(lasting, secret_hash=lasting.hash, now=NOW + 9).role == "app"
    with pytest.raises(BadKey):
        admit(lasting, secret_hash=lasting.hash, now=NOW + 10)


def test_unknown_expired_and_revoked_keys_are_refused_in_the_same_words() -> None:
    good = key()
    revoked = replace(good, revoked_at=NOW)
    messages: set[str] = set()
    for stored, secret_hash, now in (
        (None, good.hash, NOW),
        (good, hash_secret("gcdp_other"), NOW),
        (revoked, good.hash, NOW),
        (key(expires_at=NOW + 1), good.hash, NOW + 1),
    ):
        with pytest.raises(BadKey) as refused:
            admit(stored, secret_hash=secret_hash, now=now)
        messages.add(refused.value.message)

    assert messages == {"This key is not known, or no longer valid. Ask an administrator for a new one."}
