"""Tags of contacts, however a cell holds them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kpi.model import Grain
from kpi.resolutions import Kept, tag_names
from kpi.resolutions.preceding import FEWEST, tags, tags_of

CELLS = [
    ["a", " b ", "a"],
    ("b", "c"),
    np.array(["c"], dtype=object),
    "a, b;c",
    "a b",
    "",
    "  ",
    None,
    float("nan"),
    [],
    ["", "c"],
]
HELD = [
    ("a", "b"),
    ("b", "c"),
    ("c",),
    ("a", "b", "c"),
    ("a", "b"),
    (),
    (),
    (),
    (),
    (),
    ("c",),
]


@pytest.fixture(scope="module")
def tagged(kept: Kept) -> Kept:
    """The sample's contacts, whose tags are the cells above in turn."""
    table = kept.table
    cells = pd.Series([CELLS[row % len(CELLS)] for row in range(len(table))], dtype=object)
    source = table.source.assign(tags=cells.to_numpy())
    tables = {**kept.facts.tables, Grain.TICKETS: replace(table, source=source)}
    return replace(kept, facts=replace(kept.facts, tables=tables))


def test_every_kind_of_cell(tagged: Kept) -> None:
    assert tags_of(tagged)[: len(CELLS)] == HELD
    rows = np.array([10, 3, 5])
    assert tags_of(tagged, rows) == [HELD[10], HELD[3], HELD[5]]
    assert tag_names(tagged) == ("a", "b", "c")


def test_masks_are_those_of_the_cells(tagged: Kept) -> None:
    every = np.arange(len(tagged.table))
    found = {token.value: token.of(every).tolist() for token in tags(tagged)}
    assert found == {name: [name in held for held in tags_of(tagged)] for name in ("a", "b", "c")}


def test_a_rare_tag_is_not_looked_at(tagged: Kept) -> None:
    cells = tagged.table.source["tags"].copy()
    cells.iloc[: FEWEST - 1] = "rare"
    cells.iloc[FEWEST - 1 : 2 * FEWEST - 1] = "seldom"
    table = replace(tagged.table, source=tagged.table.source.assign(tags=cells))
    fewer = replace(tagged, facts=replace(tagged.facts, tables={**tagged.facts.tables, Grain.TICKETS: table}))
    assert [token.value for token in tags(fewer)] == ["a", "b", "c", "seldom"]
