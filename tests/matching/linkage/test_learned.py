"""What was learned is kept as text, and means the same when it is read again."""

import numpy as np

from graph_cdp.bulk.match import match_tables
from graph_cdp.matching.linkage.learned import read_model, version_of, write_model
from graph_cdp.matching.linkage.policy import MatchPolicy
from tests.matching.linkage.test_match_files import febrl


def test_a_model_that_is_read_again_weighs_the_same() -> None:
    model = match_tables(febrl(1), MatchPolicy()).model
    assert model is not None
    text = write_model(model)
    again = read_model(text)

    assert write_model(again) == text
    assert version_of(text) == version_of(write_model(again))
    assert model.corrections.keys() == again.corrections.keys()
    levels = {name: np.arange(-1, len(m), dtype=np.int64)[[0, 1, -1]] for name, m in model.m.items()}
    for one, other in zip(model.odds(levels), again.odds(levels), strict=True):
        assert np.allclose(one, other, atol=1e-6)
