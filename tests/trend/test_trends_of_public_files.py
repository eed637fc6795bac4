"""Files that nobody here wrote, read beside the project; skipped where they are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi import words
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Verdict
from kpi.trend import trend

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def read(name: str) -> Facts:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"no public data here: {name}")
    return build_facts(import_files([(path.name, path)]).tables, Definitions())


@pytest.mark.shared
def test_a_year_of_random_scores_has_no_trend_no_step_and_no_signal() -> None:
    found = trend(read("nps_bank/NPStimeseries_dd-mm-yyyy.csv"), "nps")
    assert (found.refused, found.days) == (None, 364)
    assert found.slope.verdict is Verdict.UNCLEAR
    assert found.change_points == ()
    assert found.limits is not None
    assert len(found.signals) <= 2
    month = found.outlooks[0]
    assert (str(month.period), month.days_left) == ("December 2021", 1)
    assert month.low < month.so_far.value < month.high


@pytest.mark.shared
def test_a_month_of_calls_is_refused_with_its_days() -> None:
    found = trend(read("rwfd_call_center/Call_Center.csv"), "csat")
    assert found.refused == "only 30 days have a value: a trend needs at least 56 (eight weeks)"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("telco_churn/wa_churn.csv", "churn"),
        ("kaggle_support_tickets/customer_support_tickets_original.csv", "volume"),
    ],
)
def test_data_without_usable_dates_have_no_history(name: str, metric: str) -> None:
    found = trend(read(name), metric)
    assert "no row has a date" in str(found.refused)
    assert words.trend_title(found).startswith("No trend for ")
    assert found.points == () or all(point.value is None for point in found.points)


@pytest.mark.shared
@pytest.mark.parametrize("metric", ["sla", "frt", "volume", "csat"])
def test_a_year_of_tickets_has_a_defined_answer(metric: str) -> None:
    found = trend(read("technical_support/Technical_Support_Dataset.csv"), metric)
    assert words.trend_title(found)
    for point in found.points:
        if point.value is not None and point.estimate.low is not None:
            assert point.estimate.low <= point.value <= (point.estimate.high or point.value)
