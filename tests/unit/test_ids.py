"""Ids are random UUIDs of version 4, spelt as RFC 9562 spells them."""

import uuid

from graph_cdp.ids import new_id


def test_a_new_id_is_a_random_uuid_in_its_usual_spelling() -> None:
    ids = [new_id() for _ in range(2_000)]
    read = [uuid.UUID(one) for one in ids]
    assert [str(one) for one in read] == ids
    assert {(one.version, one.variant) for one in read} == {(4, uuid.RFC_4122)}
    assert len(set(ids)) == 2_000
