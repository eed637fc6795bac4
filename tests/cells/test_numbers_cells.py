"""Numbers as people write them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import read_numbers, recognise_numbers


def column(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def values(*cells: str) -> list[float | None]:
    shape = recognise_numbers(column(*cells))
    assert shape is not None
    return [None if pd.isna(value) else value for value in read_numbers(column(*cells), shape).values]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,50 €", "0,00 €", "-"], [1234.5, 0, None]),
        (["1,234.5", "12"], [1234.5, 12]),
        (["1,234", "2.5"], [1234, 2.5]),
        (["1.234", "2,5"], [1234, 2.5]),
        (["12 345", "1\u202f000\u202f000", "7"], [12345, 1_000_000, 7]),
        (["12 345,6", "1 000"], [12345.6, 1000]),
        (["1'234.5", "2"], [1234.5, 2]),
        (["(12)", "-3", "−4", "5-", "+6"], [-12, -3, -4, -5, 6]),
        (["$1,234.00", "US$ 5", "-$2"], [1234, 5, -2]),
        (["€ 5,5", "6,5 EUR"], [5.5, 6.5]),
        (["94.01%", "1 %", "0"], [0.9401, 0.01, 0]),
        (["0,384"], [0.384]),
        ([".5", "1."], [0.5, 1]),
        (["1.5E+03", "2"], [1500, 2]),
        (["123456789012345678901234", "1"], [1.2345678901234568e23, 1]),
    ],
)
def test_columns(cells: list[str], expected: list[float | None]) -> None:
    assert values(*cells) == pytest.approx(expected)


def test_what_can_be_meant_both_ways_is_said() -> None:
    shape = recognise_numbers(column("1,234", "5,678"))
    assert shape is not None
    assert not shape.certain
    assert read_numbers(column("1,234"), shape).values.tolist() == [1234]
    assert read_numbers(column("1,234"), shape.with_decimal(",")).values.tolist() == [1.234]
    sister = recognise_numbers(column("1,234", "5,678"), decimal=",")
    assert sister is not None
    assert (sister.certain, sister.decimal) == (True, ",")


def test_a_proven_sign_is_not_changed() -> None:
    shape = recognise_numbers(column("1,5"))
    assert shape is not None
    assert shape.with_decimal(".") == shape
    with pytest.raises(ValueError, match="decimal sign"):
        shape.with_decimal(";")


@pytest.mark.parametrize(
    "cells", [["abc", "1"], ["12 min"], ["1:30"], ["2025-11-03"], ["1,23,4"], ["", "-"], []]
)
def test_what_is_no_column_of_numbers(cells: list[str]) -> None:
    assert recognise_numbers(column(*cells)) is None


def test_what_cannot_be_read_is_counted() -> None:
    text = column(*["5 €"] * 8, "4 $", "x", "-", "")
    shape = recognise_numbers(text)
    assert shape is not None
    reading = read_numbers(text, shape, column="Cost")
    assert reading.values.isna().tolist() == [False] * 8 + [True] * 4
    assert [(f.code, f.count, f.column) for f in reading.findings] == [
        ("C_PLACEHOLDER", 1, "Cost"),
        ("C_NUM_UNPARSEABLE", 1, "Cost"),
        ("C_NUM_UNPARSEABLE", 1, "Cost"),
    ]
    assert "another unit" in reading.findings[2].examples[0][2]


def test_percents_and_plain_numbers_are_not_mixed() -> None:
    text = column(*["94%"] * 9, "0.94")
    shape = recognise_numbers(text)
    assert shape is not None
    assert shape.percent
    assert read_numbers(text, shape).values.isna().tolist() == [False] * 9 + [True]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30),
    st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]),
)
def test_generated_numbers_come_back(cents: list[int], signs: tuple[str, str]) -> None:
    decimal, thousands = signs
    cells = [
        f"{cent / 100:,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands) for cent in cents
    ]
    assert values(*cells) == pytest.approx([cent / 100 for cent in cents])
