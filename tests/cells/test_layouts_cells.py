"""Distinct cells and layouts."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells.layouts import LONGEST, distinct, layouts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=40))
def test_every_row_finds_its_cell_and_every_cell_one_layout(cells: list[str | None]) -> None:
    text = pd.Series(cells, dtype="str")
    column = distinct(text)
    values = column.values.to_pylist()
    assert len(set(values)) == len(values)
    assert column.weights.sum() == len(text)
    for cell, code in zip(cells, column.codes, strict=True):
        found = values[code]
        assert found == found.strip()
        if cell is not None and cell.isascii() and cell.isprintable():
            assert found == " ".join(cell.split(" ")).strip() or "  " in cell
    seen: list[int] = []
    for layout in layouts(column.values):
        assert layout.cells.shape == (len(layout.rows), len(layout.signature))
        for row, cell in zip(layout.rows, layout.cells, strict=True):
            assert bytes(cell).decode() == values[row]
        seen.extend(layout.rows.tolist())
    kept = [number for number, value in enumerate(values) if 0 < len(value.encode()) <= LONGEST]
    assert sorted(seen) == kept


def test_blanks_of_all_kinds_are_one() -> None:
    column = distinct(pd.Series(["a\u00a0b", "a  b", " a\u202fb\n", "a b"], dtype="str"))
    assert column.values.to_pylist() == ["a b"]
    assert column.codes.tolist() == [0, 0, 0, 0]
