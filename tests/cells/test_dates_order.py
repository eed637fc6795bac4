"""Day or month first: decided by the whole column."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import DateShape, read_dates, recognise_dates, settle_order

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def shape_of(*cells: str) -> DateShape:
    shape = recognise_dates(pd.Series(list(cells), dtype="str"))
    assert shape is not None
    return shape


def days(cells: list[str], shape: DateShape) -> list[str | None]:
    reading = read_dates(pd.Series(cells, dtype="str"), shape, "UTC", now=NOW)
    return [None if pd.isna(value) else f"{value:%Y-%m-%d}" for value in reading.values]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/10/2025", "13/10/2025"], "dmy"),
        (["03/10/2025", "10/13/2025"], "mdy"),
        (["03/10/2025", "04/11/2025"], "ambiguous"),
        (["03-10-25", "04-11-25"], "ambiguous"),
        (["03.10.2025", "04.11.2025"], "dmy"),
        (["2025-10-03", "2025-11-04"], "ymd"),
        (["03/10/2025", "13-10-2025"], "dmy"),
    ],
)
def test_order(cells: list[str], order: str) -> None:
    assert shape_of(*cells).order == order


def test_an_ambiguous_column_is_not_read() -> None:
    shape = shape_of("03/10/2025")
    with pytest.raises(ValueError, match="order of day and month is not settled"):
        days(["03/10/2025"], shape)
    assert days(["03/10/2025"], shape.with_order("dmy")) == ["2025-10-03"]
    assert days(["03/10/2025"], shape.with_order("mdy")) == ["2025-03-10"]
    with pytest.raises(ValueError, match="an order is"):
        shape.with_order("ymd")


def test_a_sister_column_settles_it() -> None:
    unclear, proven = shape_of("03/10/2025"), shape_of("10/13/2025")
    assert settle_order(unclear, [shape_of("2025-01-01"), proven]).order == "mdy"
    assert settle_order(unclear, [proven, shape_of("13/10/2025")]).order == "ambiguous"
    assert settle_order(unclear, []) == unclear
    assert settle_order(proven, [shape_of("13/10/2025")]).order == "mdy", "what is proven stays"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2025, 12, 31).date()),
        min_size=3,
        max_size=60,
    ),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%m-%d-%y"]),
)
def test_the_order_is_never_decided_cell_by_cell(dates: list[object], pattern: str) -> None:
    """One cell with a day above 12 makes every other cell of the column follow it."""
    proof = datetime(2010, 6, 20).date()
    cells = [day.strftime(pattern) for day in [*dates, proof]]  # type: ignore[attr-defined]
    shape = shape_of(*cells)
    assert not shape.half_converted
    assert shape.order == ("dmy" if pattern.startswith("%d") else "mdy")
    assert days(cells, shape) == [f"{day}" for day in [*dates, proof]]


@settings(max_examples=30, deadline=None)
@given(st.permutations(["03/10/2025", "04/11/2025", "13/10/2025", "05/05/2025"]))
def test_the_order_does_not_depend_on_the_order_of_the_rows(cells: list[str]) -> None:
    assert shape_of(*cells).order == "dmy"


def test_a_slip_in_a_long_column_is_no_date() -> None:
    cells = [f"{day:02d}/06/2025" for day in range(1, 29)] * 4 + ["05/14/2025"]
    shape = shape_of(*cells)
    assert (shape.order, shape.half_converted) == ("dmy", False)
    assert days(cells, shape)[-1] is None


def test_both_orders_proven_in_one_column_is_asked() -> None:
    cells = [f"{day:02d}/06/2025" for day in range(1, 29)] + ["05/14/2025"] * 9
    shape = shape_of(*cells)
    assert (shape.order, shape.half_converted) == ("ambiguous", True)
    reading = read_dates(pd.Series(cells, dtype="str"), shape.with_order("dmy"), "UTC", now=NOW)
    assert f"{reading.values.iloc[0]:%Y-%m-%d}" == "2025-06-01"
    assert f"{reading.values.iloc[-1]:%Y-%m-%d}" == "2025-05-14"
    (finding,) = reading.findings
    assert (finding.code, finding.count) == ("C_DATE_HALF_CONVERTED", 9)


LATE = [f"{day:02d}-{month:02d}-15" for month in (4, 5, 6) for day in range(13, 31)]
"""Text that a spreadsheet with another locale could not take for dates: days above 12 only."""


def test_half_converted_to_another_way_of_writing() -> None:
    """24-06-15 beside 6/12/2015: the slash cells fall into April to June only when read month first."""
    cells = LATE + [f"{month}/{day}/2015" for month in (4, 5, 6) for day in range(1, 13)]
    shape = shape_of(*cells)
    assert (shape.order, shape.half_converted) == ("dmy", True)
    assert sorted(set(days(cells, shape))) == [
        f"2015-{m:02d}-{d:02d}" for m in (4, 5, 6) for d in range(1, 31)
    ]
    (finding,) = read_dates(pd.Series(cells, dtype="str"), shape, "UTC", now=NOW).findings
    assert (finding.code, finding.count) == ("C_DATE_HALF_CONVERTED", 36)


def test_half_converted_within_one_way_of_writing() -> None:
    cells = [cell.replace("-", "/") for cell in LATE] + [
        f"{m}/{d}/15" for m in (4, 5, 6) for d in range(10, 13)
    ] * 2
    shape = shape_of(*cells)
    assert shape.half_converted
    assert set(days(cells, shape)) <= {f"2015-{m:02d}-{d:02d}" for m in (4, 5, 6) for d in range(1, 31)}


def test_half_converted_to_real_dates() -> None:
    """A month-first spreadsheet stored 4 June as 2015-04-06; beside it stand only days above 12 as text."""
    cells = LATE + [f"2015-{day:02d}-{month:02d}" for month in (4, 5, 6) for day in range(1, 13)]
    shape = shape_of(*cells)
    assert shape.half_converted
    assert sorted(set(days(cells, shape))) == [
        f"2015-{m:02d}-{d:02d}" for m in (4, 5, 6) for d in range(1, 31)
    ]


def test_half_converted_over_a_whole_year_is_asked() -> None:
    """When both readings fall into the known months, nothing settles it."""
    late = [f"{day:02d}-{month:02d}-15" for month in range(1, 13) for day in (14, 20)]
    shape = shape_of(*late, *[f"{month}/{day}/2015" for month in range(1, 13) for day in (3, 7)])
    assert (shape.order, shape.half_converted) == ("ambiguous", True)


def test_a_short_export_is_not_taken_for_half_converted() -> None:
    cells = [f"{day:02d}/06/2025" for day in range(1, 31)] * 2
    shape = shape_of(*cells)
    assert not shape.half_converted
    assert days(cells, shape)[5] == "2025-06-06"


def test_two_digit_years_in_front() -> None:
    cells = [f"24-{month:02d}-{day:02d}" for month in (4, 5) for day in range(1, 31)]
    assert days(cells, shape_of(*cells))[:2] == ["2024-04-01", "2024-04-02"]
    cells = [f"{day:02d}-{month:02d}-24" for month in (4, 5) for day in range(1, 31)]
    assert days(cells, shape_of(*cells))[:2] == ["2024-04-01", "2024-04-02"]
