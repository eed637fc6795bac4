"""What is missing is said: too few days, too few weeks, gaps, constant series, one day, no dates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from trending_desk import desk

from kpi import words
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Period, Verdict
from kpi.trend import Known, trend

SOME = np.random.default_rng(8)


def busy(days: int) -> list[int]:
    return [int(count) for count in SOME.poisson(12, days)]


def test_under_eight_weeks_a_trend_is_refused_in_numbers() -> None:
    found = trend(desk(busy(37)), "volume", events=(Known(date(2026, 1, 20), "release"),))
    assert found.refused == "only 37 days have a value: a trend needs at least 56 (eight weeks)"
    assert words.trend_title(found).endswith(found.refused)
    assert found.slope.change is None
    assert found.events[0].change.reason == found.refused
    assert found.change_points == ()
    assert all(outlook.value is None and outlook.reason for outlook in found.outlooks)
    assert len(found.points) == 5


def test_eight_weeks_have_a_trend_and_still_no_limits() -> None:
    found = trend(desk(busy(70)), "volume")
    assert found.refused is None
    assert found.limits is None
    assert found.limits_reason == "only 10 whole weeks with a final value: limits need at least 20"
    assert "No control limits: only 10 whole weeks" in words.limits_sentence(found)


def test_twenty_weeks_have_limits_that_say_where_they_come_from() -> None:
    found = trend(desk(busy(150)), "volume")
    assert found.limits is not None
    assert found.limits.points == 20
    assert found.limits.baseline.start == date(2026, 1, 5)
    assert 0 < found.limits.expected_false < 2
    assert "20 weeks" in words.limits_sentence(found)
    assert "by chance" in words.false_signals_sentence(found)


def test_a_constant_series_says_that_nothing_varies() -> None:
    found = trend(desk([6] * 100), "volume")
    assert found.refused is not None
    assert "nothing varies" in found.refused
    assert found.limits is None


def test_a_single_day_is_enough_for_nothing_and_says_so() -> None:
    found = trend(desk([5]), "volume")
    assert found.refused is not None
    assert "only 1 day has a value" in found.refused
    assert found.points == ()
    assert words.trend_alt(found).endswith("No point to draw.")


def test_data_without_dates_have_no_history() -> None:
    lines = ["Ticket ID,Channel,Satisfaction rating"]
    lines += [f"{number},Chat,{1 + number % 5}" for number in range(40)]
    imported = import_files([("tickets.csv", "\n".join(lines).encode())])
    facts = build_facts(imported.tables, Definitions())
    found = trend(facts, "volume")
    assert found.refused is not None
    assert "date" in found.refused
    assert words.trend_title(found)


def test_a_gap_of_months_is_missing_data_and_no_quiet_time() -> None:
    found = trend(desk([*busy(70), *[0] * 92, *busy(70)]), "volume")
    assert found.refused is None
    assert found.days == 140
    assert any("no rows at all from 2026-03-16 to 2026-06-15" in note for note in found.notes)
    assert found.slope.verdict is Verdict.UNCLEAR


def test_closed_weekends_are_left_out_of_a_count() -> None:
    counts = [int(SOME.poisson(12)) if shift % 7 < 5 else 0 for shift in range(140)]
    found = trend(desk(counts), "volume")
    assert found.days == 100
    assert found.slope.verdict is Verdict.UNCLEAR
    month = found.outlooks[0]
    # 10 days of the month of the last day are over; closed days to come count nothing.
    assert month.value is not None
    assert month.value < 12 * 23 * 1.3


def test_nothing_left_by_a_filter_is_said() -> None:
    found = trend(desk(busy(100)), "volume", where=(Filter("channel", ("phone",)),))
    assert found.refused is not None
    assert words.trend_title(found)


def test_days_outside_the_data_are_said() -> None:
    facts = desk(busy(100))
    found = trend(facts, "volume", period=Period(date(2030, 1, 1), date(2030, 2, 1)))
    assert found.refused is not None
    assert "not a single day" in found.refused


def test_unknown_metric_grain_and_field_are_named() -> None:
    facts = desk(busy(60))
    with pytest.raises(ValueError, match="unknown metric 'csatt'; known: "):
        trend(facts, "csatt")
    with pytest.raises(ValueError, match="'hour' is no grain of a trend; choose one of day, week, month"):
        trend(facts, "volume", grain="hour")
    with pytest.raises(ValueError, match="unknown field 'chanel'; did you mean 'channel'"):
        trend(facts, "volume", where=(Filter("chanel", ("chat",)),))


def test_an_event_needs_days_on_both_sides_and_says_how_many_there_are() -> None:
    facts = desk(busy(100))
    last = date(2026, 1, 5) + timedelta(days=99)
    events = (
        Known(last - timedelta(days=4), "late"),
        Known(date(2026, 1, 8), "early"),
        Known(date(2025, 1, 1), "long before"),
        Known(date(2026, 2, 2), "one-day outage", "outage", date(2026, 2, 2)),
        Known(date(2026, 2, 20), "judged"),
    )
    reasons = {
        effect.event.name: effect.change.reason for effect in trend(facts, "volume", events=events).events
    }
    assert reasons == {
        "late": "only 5 days with a value since it: at least 14 are needed",
        "early": "only 3 days with a value before it: at least 14 are needed",
        "long before": "not in the days shown",
        "one-day outage": "only 1 day with a value during it: at least 3 are needed",
        "judged": None,
    }


def test_two_events_on_one_day_are_both_judged() -> None:
    facts = desk([*busy(60), *(count + 12 for count in busy(60))])
    day = date(2026, 1, 5) + timedelta(days=60)
    found = trend(facts, "volume", events=(Known(day, "one"), Known(day, "other")))
    assert [effect.change.verdict for effect in found.events] == [Verdict.CHANGED] * 2
    assert all(effect.change.relative_low <= 1 <= effect.change.relative_high for effect in found.events)


def test_rare_cases_have_no_symmetric_limits() -> None:
    counts = [int(count) for count in SOME.poisson(0.12, 210)]
    counts[0] = counts[-1] = 1
    found = trend(desk(counts), "volume")
    assert found.limits is None
    assert "too few for limits" in str(found.limits_reason)


def test_a_month_that_has_begun_says_how_far_it_is() -> None:
    facts = desk(busy(75))
    found = trend(facts, "volume")
    month = found.outlooks[0]
    assert str(month.period) == "March 2026"
    assert month.so_far.n == month.so_far.value
    assert month.days_left == 11
    assert month.low >= 0
    assert month.value > month.so_far.value
    assert "11 days to come" in words.so_far_sentence(found, month)


def test_until_cuts_the_history() -> None:
    found = trend(desk(busy(120)), "volume", until=date(2026, 3, 31))
    assert found.span.end == date(2026, 3, 31)
    assert found.points[-1].span.end <= date(2026, 3, 31)


def test_a_target_of_the_caller_is_the_one_that_counts() -> None:
    facts = desk(busy(120), solved=True)
    found = trend(facts, "backlog", target=1e9)
    for outlook in found.outlooks:
        assert outlook.target == 1e9
        if outlook.value is not None:
            assert outlook.chance is None or outlook.chance > 0.99
