"""A column with very many values is no dimension; right at the limit it still is."""

from __future__ import annotations

import pandas as pd
import pytest

from kpi.facts.dimensions import MOST_VALUES, categories, dimensions_of
from kpi.facts.nouns import NONE


@pytest.mark.parametrize(
    ("values", "missing", "kept"), [(1000, 0, True), (999, 1, True), (1000, 1, False), (1001, 0, False)]
)
def test_the_limit_counts_categories_with_none(values: int, missing: int, kept: bool) -> None:
    assert MOST_VALUES == 1_000
    column = pd.Series([f"v{number}" for number in range(values)] + [None] * missing, dtype="str")
    found = dimensions_of(pd.DataFrame({"custom:Shelf": column, "agent_name": column}))
    assert ("Shelf" in found) is kept
    assert len(found["agent"].categories) == values + missing


def test_texts_that_are_the_same_after_stripping_count_once() -> None:
    made = categories(pd.Series(["a", "a ", " a", "b", None, NONE], dtype="str"), 3)
    assert made is not None
    assert list(made.categories) == ["a", "b", NONE]
    assert categories(pd.Series(["a", "a ", " a", "b", None], dtype="str"), 2) is None
