"""Public files: layouts of one file must agree, and known traps must be seen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest.cells import (
    join_date_time,
    read_dates,
    read_durations,
    read_scores,
    read_words,
    recognise_dates,
    recognise_durations,
    recognise_scale,
    recognise_times_of_day,
    vocabulary,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data"
NOW = datetime(2026, 6, 1, tzinfo=UTC)

pytestmark = pytest.mark.shared


def table(name: str, separator: str = ",") -> pd.DataFrame:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the project")
    return pd.read_csv(path, sep=separator, dtype="str", keep_default_na=False)


PWC = {
    "iso_quoted": (",", "Date", "Call_Time", "Talk_Duration", "Satisfaction_Rating", "Answered_Status"),
    "ddmmyyyy": (",", "date", "time", "AvgTalkDuration", "SatisfactionRating", "answered (Y/N)"),
    "d-mon-yy": (",", "Date", "Time", "AvgTalkDuration", "Satisfaction rating", "Answered (Y/N)"),
    "semicolon_dayfraction": (
        ";",
        "Date",
        "Time",
        "AvgTalkDuration",
        "Satisfaction rating",
        "Answered (Y/N)",
    ),
}


def pwc(layout: str) -> tuple[pd.Series, pd.Series, pd.Series, str]:
    separator, day, time, talk, rating, answered = PWC[layout]
    calls = table(f"pwc_call_center/pwc_{layout}.csv", separator)
    shape = recognise_dates(calls[day])
    assert shape is not None
    assert recognise_times_of_day(calls[time]) is not None
    assert recognise_dates(calls[talk]) is None, "a duration, not a stamp"
    joined = join_date_time(calls[day], calls[time], shape, "UTC", now=NOW)
    durations = recognise_durations(calls[talk], talk)
    assert durations is not None
    seconds = read_durations(calls[talk], None, shape=durations).seconds
    unanswered = (calls[answered] != "Y").to_numpy()
    scale = recognise_scale(calls[rating], rating, none_rows=unanswered)
    assert scale is not None
    assert (scale.low, scale.high, scale.certain) == (1, 5, True)
    scores = read_scores(calls[rating], scale, none_rows=unanswered)
    assert joined.findings == ()
    return joined.values, seconds.mask(pd.Series(unanswered)), scores.raw, joined.precision


@pytest.mark.parametrize("layout", ["ddmmyyyy", "d-mon-yy", "semicolon_dayfraction"])
def test_four_layouts_of_one_call_list_agree(layout: str) -> None:
    started, talk, rating, precision = pwc("iso_quoted")
    other_started, other_talk, other_rating, other_precision = pwc(layout)
    if layout == "d-mon-yy":
        started, precision = started.dt.floor("min"), "minute"
    assert other_precision == precision
    assert (other_started == started).all()
    assert other_talk.notna().sum() == 4_054
    pd.testing.assert_series_equal(other_talk, talk, check_names=False)
    pd.testing.assert_series_equal(other_rating, rating, check_names=False)


def test_first_response_time_is_a_stamp_day_first() -> None:
    tickets = table("kaggle_support_tickets/customer_support_tickets_original.csv")
    for header in ("First Response Time", "Time to Resolution", "Date of Purchase"):
        shape = recognise_dates(tickets[header])
        assert shape is not None
        assert (shape.order, shape.share, shape.kind) == ("dmy", 1, "text")
        assert recognise_durations(tickets[header], header) is None
    assert recognise_dates(tickets["Ticket ID"]) is None
    shape = recognise_dates(tickets["First Response Time"])
    assert shape is not None
    reading = read_dates(tickets["First Response Time"], shape, "UTC", now=NOW)
    assert int(reading.values.isna().sum()) == 2_819
    assert {f"{value:%Y-%m}" for value in reading.values.dropna()} == {"2023-05", "2023-06"}


def test_both_layouts_of_the_bank_survey_give_the_same_days() -> None:
    read = []
    for layout in ("dd_mm_yy", "dd-mm-yyyy"):
        survey = table(f"nps_bank/NPStimeseries_{layout}.csv")
        shape = recognise_dates(survey["Survey date"])
        assert shape is not None
        assert (shape.order, shape.precision) == ("dmy", "day")
        values = read_dates(survey["Survey date"], shape, "UTC", now=NOW).values
        assert (values.dt.month == survey["Month"].astype(int)).all()
        read.append(values)
    assert (read[0] == read[1]).all()


def test_technical_support() -> None:
    tickets = table("technical_support/Technical_Support_Dataset.csv")
    for header in ("Created time", "First response time", "Resolution time", "Close time"):
        shape = recognise_dates(tickets[header])
        assert shape is not None
        assert (shape.order, shape.precision, shape.share) == ("ymd", "second", 1)
    results = tickets["Survey results"]
    scale = recognise_scale(results, "Survey results")
    assert scale is not None
    assert (scale.low, scale.high, scale.certain) == (1, 5, True)
    reading = read_scores(results, scale)
    assert [(f.code, f.count) for f in reading.findings] == [
        ("C_PLACEHOLDER", int((results == "not rated").sum()))
    ]
    values, unknown = read_words(tickets["SLA For Resolution"], vocabulary.SLA)
    assert unknown == {}
    assert set(values.dropna()) == {True, False}


def test_above_and_below_sla_stay_open() -> None:
    calls = table("rwfd_call_center/Call_Center.csv")
    _, unknown = read_words(calls["response_time"], vocabulary.SLA)
    assert unknown == {"Below SLA": 8_148, "Above SLA": 4_168}
    assert read_words(calls["channel"], vocabulary.CHANNEL)[1] == {}
    scale = recognise_scale(calls["csat_score"], "csat_score")
    assert scale is not None
    assert (scale.low, scale.high, scale.certain) == (1, 10, True)


def test_a_customer_list_without_dates_has_none() -> None:
    customers = table("telco_churn/wa_churn.csv")
    assert [header for header in customers if recognise_dates(customers[header]) is not None] == []
