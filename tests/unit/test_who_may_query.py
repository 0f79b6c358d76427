"""Who may query at all."""

from typing import get_args

import pytest

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.api.auth import may_not_query, may_query


@pytest.mark.parametrize("role", get_args(Role))
def test_a_key_that_is_bound_to_a_unit_reads_nothing(role: Role) -> None:
    """A query shows whole people: what other franchises know of them, too."""
    free, bound = (Principal(key_id=KeyId("k"), role=role, org_unit=unit) for unit in (None, "lille"))

    assert may_query(free) is (role != "ingest")
    assert not may_query(bound)
    assert may_not_query(bound).message.startswith("A key that is bound to a unit may not query")
