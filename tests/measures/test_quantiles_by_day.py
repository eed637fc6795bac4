"""Quantiles of all days at once are those of each day by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.measures import Counts
from kpi.measures.quantiles_by_day import quantiles_by_day
from kpi.stats import kaplan_meier, quantile, quantiles_of_groups

ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(-1, 2), st.integers(0, 40), st.booleans()), max_size=60
)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.sampled_from([0.25, 0.5, 0.9]), st.booleans())
def test_each_day_by_itself(rows: list[tuple[int, int, int, bool]], q: float, censored: bool) -> None:
    day, agent, value, ended = np.array(rows, np.int64).reshape(-1, 4).T
    counts = Counts.of_rows(day, agent, value, ended, 1 - ended)
    found, n = quantiles_by_day(counts, q, (1, 5), censored=censored)
    assert found.size == n.size == 5
    for place, number in enumerate(range(1, 6)):
        mine = counts.select((number, number))
        if censored and mine.censored.any():
            alone = kaplan_meier(mine.value, mine.observed, mine.censored).quantile(q)
        else:
            alone = quantile(mine.value, mine.observed, q)
        assert (None if np.isnan(found[place]) else found[place]) == alone
        assert n[place] == (mine.total if censored else mine.observed.sum())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.integers(-9, 9), st.integers(0, 4), min_size=1, max_size=6), min_size=1, max_size=6
    ),
    st.floats(0, 1),
)
def test_each_group_by_itself(groups: list[dict[int, int]], q: float) -> None:
    pieces = [sorted(group.items()) for group in groups]
    starts = np.cumsum([0, *map(len, pieces)])[:-1]
    values, counts = zip(*(pair for piece in pieces for pair in piece), strict=True)
    found = quantiles_of_groups(values, counts, starts, q)
    for piece, one in zip(pieces, found.tolist(), strict=True):
        alone = quantile([value for value, _ in piece], [count for _, count in piece], q)
        assert (None if np.isnan(one) else one) == alone


def test_no_rows_and_wrong_shares() -> None:
    found, n = quantiles_by_day(Counts.empty(), 0.5, (3, 5), censored=True)
    assert np.isnan(found).all()
    assert not n.any()
    assert quantiles_of_groups([], [], [], 0.5).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantiles_of_groups([1], [1], [0], 1.5)
