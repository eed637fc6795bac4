"""Where each counted value stands among the distinct ones: by table and by search it is the same place."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.measures import Counts

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-1, 2), st.integers(-50, 2**31 - 2), st.booleans()), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([1, 40, 2**21]))
def test_places_lead_back_to_the_values(rows: list[tuple[int, int, int, bool]], within: int) -> None:
    day, agent, value, ended = np.array(rows, np.int64).reshape(-1, 4).T
    counts = Counts.of_rows(day, agent, value % within, ended, 1 - ended)
    values = counts.by_value[0]
    assert counts.places.tolist() == np.searchsorted(values, counts.value).tolist()
    assert values[counts.places].tolist() == counts.value.tolist()
