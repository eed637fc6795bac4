"""The engine gives what a plain pandas group-by and what each measure's own ``collect`` give."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.definitions import Definitions
from kpi.facts import FactTable
from kpi.measures import Cells, Counts, Mean, Quantile, Rate, Score, Share, Stock, Survival
from kpi.metrics.companions import CountedShare
from kpi.model import EPOCH, Basis, Filter, Grain, Group, Period

FIRST = 20_400
MEASURES = {
    "share": Share("good", "asked"),
    "score": Score("good", "bad", "asked"),
    "mean": Mean("seconds", "asked", 60),
    "quantile": Quantile("seconds", 0.5, "asked", 60),
    "survival": Survival("seconds", "good", 0.5, "asked", 60),
    "rate": Rate("row", total=True),
    "per": Rate("row", "asked"),
    "counted": CountedShare("good", "asked"),
    "stock": Stock("row", "good", "created_day", "solved_day"),
}


def table_of(seed: int, size: int, *, undated: bool = False) -> FactTable:
    rng = np.random.default_rng(seed)
    day = rng.integers(FIRST, FIRST + 60, size).astype(np.int32)
    if undated:
        day[rng.random(size) < 0.1] = MISSING_DAY
    asked = rng.random(size) < 0.7
    good = rng.random(size) < 0.4
    columns = {
        "created_day": day,
        "created_hour": rng.integers(0, 24, size).astype(np.uint8),
        "solved_day": np.where(day == MISSING_DAY, day, day + rng.integers(0, 9, size)).astype(np.int32),
        "row": np.ones(size, np.uint8),
        "asked": asked.astype(np.uint8),
        "good": (good & asked).astype(np.uint8),
        "bad": (~good & asked & (rng.random(size) < 0.3)).astype(np.uint8),
        "seconds": rng.integers(0, 50, size).astype(np.int32),
    }

    def words(names: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(rng.integers(0, len(names), size), categories=names)

    dimensions = {
        "agent": words(["Ann", "Ben", "Cem", "(none)"]),
        "channel": words(["chat", "email", "phone"]),
        "Support Level": words(["1", "2"]),
        "custom:Status": words(["x", "y"]),
    }
    source = pd.DataFrame({"ticket_id": np.arange(size).astype(str)})
    return FactTable(Grain.TICKETS, columns, dimensions, source)


def frame_of(table: FactTable) -> pd.DataFrame:
    frame = pd.DataFrame(dict(table.columns))
    for name, dimension in table.dimensions.items():
        frame[name] = np.asarray(dimension.categories, dtype=object)[dimension.codes]
    return frame


def period(first: int, last: int) -> Period:
    return Period(EPOCH + timedelta(days=first), EPOCH + timedelta(days=last))


def same(one: Cells | Counts, other: Cells | Counts) -> None:
    np.testing.assert_array_equal(one.day, other.day)
    np.testing.assert_array_equal(one.agent, other.agent)
    if isinstance(one, Cells):
        assert isinstance(other, Cells)
        assert set(one.sums) == set(other.sums)
        for name, values in one.sums.items():
            np.testing.assert_array_equal(values, other.sums[name])
    else:
        assert isinstance(other, Counts)
        np.testing.assert_array_equal(one.value, other.value)
        np.testing.assert_array_equal(one.observed, other.observed)
        np.testing.assert_array_equal(one.censored, other.censored)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 400), st.integers(0, 50), st.integers(0, 30))
def test_statistics_are_those_that_each_measure_collects(
    seed: int, size: int, start: int, length: int
) -> None:
    table = table_of(seed, size)
    chosen = period(FIRST + start, FIRST + start + length)
    found = engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=chosen)
    (group,) = found
    assert group == Group()
    agent = table.dimensions["agent"].codes.astype(np.int32)
    agent = np.where(agent == 3, -1, agent)
    day = table.columns["created_day"]
    inside = (day >= chosen.first_day) & (day <= chosen.last_day)
    for name, measure in MEASURES.items():
        rows = np.ones(size, bool) if isinstance(measure, Stock) else inside
        columns = {column: values[rows] for column, values in table.columns.items()}
        same(found[Group()][name], measure.collect(day[rows], agent[rows], columns))


@pytest.mark.parametrize("by", ["channel", "agent", "Support Level", "custom:Status"])
def test_groups_are_those_of_pandas(by: str) -> None:
    table = table_of(1, 500)
    frame = frame_of(table)
    chosen = period(FIRST + 10, FIRST + 30)
    kept = frame[frame["created_day"].between(chosen.first_day, chosen.last_day)]
    found = engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=chosen, by=(by,))
    expected = kept.groupby(by).agg(n=("asked", "sum"), k=("good", "sum"), rows=("row", "sum"))
    assert {str(group) for group in found} == set(expected.index)
    for group, statistics in found.items():
        row = expected.loc[str(group)]
        assert statistics["share"].total("n") == row["n"]
        assert statistics["share"].total("k") == row["k"]
        assert statistics["rate"].total("events") == row["rows"]
        values = kept[(kept[by] == str(group)) & (kept["asked"] == 1)]["seconds"]
        estimate = MEASURES["quantile"].estimate(statistics["quantile"])
        assert estimate.n == len(values)
        assert estimate.value * 60 == pytest.approx(np.median(values))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_splits_add_up_to_the_whole(seed: int) -> None:
    table = table_of(seed, 300, undated=True)
    whole = engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None)[Group()]
    parts = list(
        engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None, by=("channel", "agent")).values()
    )
    for name in MEASURES:
        total = parts[0][name]
        for part in parts[1:]:
            total = total + part[name]
        same(total, whole[name])


def test_filters_keep_the_rows_that_pandas_keeps() -> None:
    table = table_of(2, 400)
    frame = frame_of(table)
    where = (Filter("CHANNEL", ("Chat", "email")), Filter("support level", ("2",)))
    found = engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None, where=where)[Group()]
    kept = frame[frame["channel"].isin(["chat", "email"]) & (frame["Support Level"] == "2")]
    assert found["rate"].total("events") == len(kept)
    assert found["share"].total("n") == kept["asked"].sum()
    assert found["stock"].total("closed") == kept["good"].sum()


def test_a_filter_value_that_does_not_occur_keeps_nothing() -> None:
    table = table_of(2, 50)
    where = (Filter("channel", ("fax",)),)
    found = engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None, where=where)[Group()]
    assert found["rate"].total("events") == 0
    assert found["quantile"].total == 0
    assert (
        engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None, by=("agent",), where=where) == {}
    )


@pytest.mark.parametrize(
    ("grain", "label"),
    [
        ("day", "%Y-%m-%d"),
        ("week", "%G-W%V"),
        ("month", "%Y-%m"),
        ("year", "%Y"),
        ("weekday", "%A"),
    ],
)
def test_grains_of_time_are_those_of_the_calendar(grain: str, label: str) -> None:
    table = table_of(3, 400)
    dates = [EPOCH + timedelta(days=int(day)) for day in table.columns["created_day"]]
    expected = pd.Series([day.strftime(label) for day in dates]).value_counts().to_dict()
    found = engine.aggregate(
        table, {"n": Rate("row", total=True)}, basis=Basis.CREATED, period=None, by=(grain,)
    )
    assert {str(group): statistics["n"].total("events") for group, statistics in found.items()} == expected
    names = [str(group) for group in found]
    assert names == (list(fields.WEEKDAYS) if grain == "weekday" else sorted(names))


def test_weeks_and_quarters_follow_the_settings() -> None:
    saturday_to_friday = Definitions(first_weekday=5, fiscal_year_start=10)
    day = (date(2026, 9, 18) - EPOCH).days  # a Friday
    assert fields.name_of(day, "week", saturday_to_friday) == "2026-09-12"
    assert fields.name_of(day + 1, "week", saturday_to_friday) == "2026-09-19"
    assert fields.name_of(day, "quarter", saturday_to_friday) == "FY2026-Q4"
    assert fields.name_of(day + 30, "year", saturday_to_friday) == "FY2027"
    assert fields.name_of((date(2027, 1, 1) - EPOCH).days, "week", Definitions()) == "2026-W53"


def test_hours_come_from_the_basis() -> None:
    table = table_of(4, 200)
    found = engine.aggregate(
        table, {"n": Rate("row", total=True)}, basis=Basis.CREATED, period=None, by=("hour",)
    )
    expected = pd.Series(table.columns["created_hour"]).value_counts()
    assert {int(str(group)): s["n"].total("events") for group, s in found.items()} == expected.to_dict()


def test_rows_without_a_day_count_in_all_data_only() -> None:
    table = table_of(5, 300, undated=True)
    undated = int((table.columns["created_day"] == MISSING_DAY).sum())
    assert undated > 0
    measures = {"n": Rate("row", total=True)}
    everything = engine.aggregate(table, measures, basis=Basis.CREATED, period=None)[Group()]["n"]
    dated = engine.aggregate(table, measures, basis=Basis.CREATED, period=period(0, 30_000))[Group()]["n"]
    assert everything.total("events") == 300
    assert dated.total("events") == 300 - undated
    assert engine.undated_day(table, Basis.CREATED) == everything.day[0] == dated.day[0] - 1


def test_an_unknown_field_is_refused_with_what_there_is() -> None:
    table = table_of(6, 10)
    with pytest.raises(
        ValueError, match=r"unknown field 'chanel'; did you mean 'channel'\? known fields: agent"
    ):
        engine.aggregate(table, MEASURES, basis=Basis.CREATED, period=None, by=("chanel",))
    with pytest.raises(ValueError, match="unknown field 'colour'"):
        engine.aggregate(
            table, MEASURES, basis=Basis.CREATED, period=None, where=(Filter("colour", ("red",)),)
        )


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("Channel", "channel"),
        ("agent_name", "agent"),
        ("SUPPORT LEVEL", "Support Level"),
        ("custom:Support Level", "Support Level"),
        ("custom:status", "custom:Status"),
        ("Month", "month"),
        ("team", None),
    ],
)
def test_fields_are_found_by_name_header_and_without_regard_to_case(asked: str, own: str | None) -> None:
    assert fields.resolve(table_of(7, 5), asked) == own


def test_series_are_the_groups_of_a_grain() -> None:
    table = table_of(8, 300)
    weeks = engine.series(table, MEASURES, basis=Basis.CREATED, period=None, grain="week")
    assert list(weeks) == sorted(weeks)
    assert sum(s["rate"].total("events") for s in weeks.values()) == 300
    with pytest.raises(ValueError, match="no stretch of time"):
        engine.series(table, MEASURES, basis=Basis.CREATED, period=None, grain="weekday")


def test_many_cells_take_the_sparse_way_to_the_same_sums() -> None:
    """Few rows over many days, agents and groups: the plain array would be far larger than the rows."""
    rng = np.random.default_rng(9)
    size = 200
    names = [f"agent {number}" for number in range(150)]
    day = rng.integers(0, 20_000, size).astype(np.int32)
    columns = {"created_day": day, "row": np.ones(size, np.uint8)}
    agent = pd.Categorical.from_codes(rng.integers(0, 150, size), categories=names)
    table = FactTable(Grain.TICKETS, columns, {"agent": agent}, pd.DataFrame({"ticket_id": names[:1] * size}))
    measure = Rate("row", total=True)
    found = engine.aggregate(table, {"n": measure}, basis=Basis.CREATED, period=None)[Group()]["n"]
    same(found, measure.collect(day, agent.codes.astype(np.int32), columns))
