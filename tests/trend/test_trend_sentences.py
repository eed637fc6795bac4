"""No sentence of a trend contradicts its numbers, whatever the numbers are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import words
from kpi.measures import Share
from kpi.model import Basis, Direction, Estimate, Family, Grain, Metric, Period, Unit, Verdict
from kpi.trend import (
    Change,
    ChangePoint,
    EventEffect,
    Known,
    Limit,
    Limits,
    Outlook,
    Signal,
    Trend,
    TrendPoint,
    WeekdayMean,
    WeekdayProfile,
)
from kpi.words.trend_sentences import beside_sentence, drift_sentence, persistence_sentence

START = date(2026, 1, 5)
CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)
NUMBER = r"[−+±]?[\d,]+(?:\.\d+)?"


def metric(unit: Unit = Unit.PERCENT, better: Direction = Direction.UP) -> Metric:
    return Metric(
        key="csat",
        name="CSAT",
        question="?",
        family=Family.SATISFACTION,
        unit=unit,
        better=better,
        grain=Grain.SURVEYS,
        basis=Basis.ANSWERED,
        measure=Share("satisfied", "answered"),
        formula="satisfied ÷ answered",
        needs=(),
        matters=0.02,
    )


def change(value: float, half: float, better: Direction, *, relative: bool = False) -> Change:
    """A change with an interval, and the verdict that belongs to both."""
    low, high = value - half, value + half
    clear = low > 0 or high < 0
    sign = value * better.value
    verdict = Verdict.UNCLEAR
    if clear:
        verdict = Verdict.BETTER if sign > 0 else Verdict.WORSE if sign < 0 else Verdict.CHANGED
    found = Change(
        value, low, high, 0.01 if clear else 0.4, "test", detectable=2 * half, t=abs(value) / half,
        verdict=verdict,
    )  # fmt: skip
    if relative:
        found = replace(found, relative=value, relative_low=low, relative_high=high)
    return found


def made(
    slope: Change,
    *,
    unit: Unit = Unit.PERCENT,
    better: Direction = Direction.UP,
    steps: tuple[ChangePoint, ...] = (),
    events: tuple[EventEffect, ...] = (),
    outlooks: tuple[Outlook, ...] = (),
    refused: str | None = None,
) -> Trend:
    points = tuple(
        TrendPoint(
            Period(START + timedelta(days=7 * week), START + timedelta(days=7 * week + 6)),
            Estimate(0.8, 100, 0.7, 0.9),
            signal=Signal("limits", False) if week == 20 else None,
        )
        for week in range(26)
    )
    span = Period(START, START + timedelta(days=181))
    limits = Limits(
        (Limit(span.start, span.end, 0.7, 0.8, 0.9),),
        Period(START, START + timedelta(days=139)),
        20, 0.2, 0.6, "XmR", ("a point beyond the limits",),
    )  # fmt: skip
    return Trend(
        metric=metric(unit, better),
        grain="week",
        where=(),
        span=span,
        points=points,
        days=180,
        log=False,
        change_unit=unit,
        refused=refused,
        slope=slope if refused is None else Change.absent(refused),
        drift_beside=change(0.001, 0.02, better) if steps else None,
        limits=limits,
        limits_reason=None,
        change_points=steps,
        events=events,
        weekdays=WeekdayProfile((), None, "too few"),
        outlooks=outlooks,
        target=0.8,
        persistence=0.1,
        level=0.95,
    )


sizes = st.floats(-0.3, 0.3).filter(lambda value: abs(value) > 1e-4)
halves = st.floats(1e-4, 0.2)
directions = st.sampled_from(list(Direction))


@given(value=sizes, half=halves, better=directions, relative=st.booleans())
@settings(max_examples=60)
def test_the_drift_has_the_way_and_the_doubt_of_its_interval(
    value: float, half: float, better: Direction, relative: bool
) -> None:
    slope = change(value, half, better, relative=relative)
    said = drift_sentence(made(slope, better=better))
    clear = slope.low > 0 or slope.high < 0
    assert ("No evidence of a trend" in said) == (not clear)
    assert ("drifted up" in said) == (clear and value > 0)
    assert ("drifted down" in said) == (clear and value < 0)
    assert ("would have been seen" in said) == (not clear)
    if clear:
        interval = re.search(rf"interval ({NUMBER}) to ({NUMBER})\)", said)
        near, far = (float(text.replace(",", "").replace("−", "-")) for text in interval.groups())
        size = float(re.search(rf"by ({NUMBER}) ", said).group(1).replace(",", ""))
        assert 0 <= near <= size <= far
        assert size > 0


@given(value=sizes, half=halves, better=directions)
@settings(max_examples=40)
def test_events_and_steps_say_the_sign_the_interval_and_no_verdict_beyond_it(
    value: float, half: float, better: Direction
) -> None:
    size = change(value, half, better)
    effect = EventEffect(Known(START + timedelta(days=70), "v2", "release"), replace(size, p_adjusted=size.p))
    step = ChangePoint(
        START + timedelta(days=70), START + timedelta(days=60), START + timedelta(days=80), size
    )
    trend = made(change(0.001, 0.1, better), better=better, events=(effect,), steps=(step,))
    said = words.event_sentence(trend, effect)
    assert said.startswith("Since the release of 16 March 2026 (v2): ")
    first = re.search(NUMBER, said.partition(": ")[2]).group(0)
    assert first.startswith("+" if value > 0 else "−")
    clear = size.verdict in CLEAR
    assert ("no clear change" in said) == (not clear)
    told = {Verdict.BETTER: "better", Verdict.WORSE: "worse", Verdict.CHANGED: "changed"}
    for verdict, word in told.items():
        assert said.endswith(f"{word}.") == (size.verdict is verdict)
    sentence = words.change_point_sentence(trend, step)
    assert ("rose" in sentence) == (value > 0)
    assert "between 6 March 2026 and 26 March 2026" in sentence
    assert ("not beyond doubt" in sentence) == (not clear)
    title = words.trend_title(trend)
    assert ("around 16 March 2026" in title) == clear


@given(better=directions, value=sizes, half=halves, lie=st.sampled_from(CLEAR))
@settings(max_examples=40)
def test_a_verdict_that_does_not_fit_its_numbers_is_never_said(
    better: Direction, value: float, half: float, lie: Verdict
) -> None:
    honest = change(value, half, better)
    if honest.verdict is lie:
        words.trend_title(made(honest, better=better))
        return
    with pytest.raises(ValueError, match="slope: '"):
        words.trend_title(made(replace(honest, verdict=lie), better=better))


@given(
    value=st.floats(0, 1),
    low=st.floats(0, 0.2),
    chance=st.floats(0, 1),
    better=st.sampled_from([Direction.UP, Direction.DOWN]),
)
@settings(max_examples=40)
def test_an_outlook_says_its_interval_and_a_chance_that_is_never_none_or_certain(
    value: float, low: float, chance: float, better: Direction
) -> None:
    outlook = Outlook(
        Period(date(2026, 7, 1), date(2026, 7, 31), "July 2026"), None, 26,
        value, max(0.0, value - low), min(1.0, value + low), 0.8, chance, "test",
    )  # fmt: skip
    said = words.outlook_sentence(
        made(change(0.01, 0.1, better), better=better, outlooks=(outlook,)), outlook
    )
    assert said.startswith("July 2026 is expected to end at ")
    assert "95 % interval" in said
    told = said.rpartition(": ")[2]
    assert told not in ("0 %.", "100 %.")
    assert ("chance to reach 80.0 %" in said) == (better is Direction.UP)
    assert ("chance to stay at or below 80.0 %" in said) == (better is Direction.DOWN)


def test_a_real_drift_too_small_to_matter_is_called_that() -> None:
    small = replace(change(0.01, 0.005, Direction.UP), verdict=Verdict.UNCLEAR)
    said = drift_sentence(made(small))
    assert said == (
        "CSAT drifted up by 1.0 points (95 % interval 0.5 to 1.5) over 26 weeks, too little to matter."
    )


def test_two_steps_one_way_with_a_clear_slope_are_called_a_drift() -> None:
    steps = tuple(
        ChangePoint(
            START + timedelta(days=day), START, START + timedelta(days=150), change(-0.05, 0.01, Direction.UP)
        )
        for day in (60, 120)
    )
    trend = made(change(-0.12, 0.02, Direction.UP), steps=steps)
    assert words.trend_title(trend).startswith("CSAT drifted down by 12.0 points")
    opposite = (steps[0], replace(steps[1], size=change(0.05, 0.01, Direction.UP)))
    assert "one of 2 changes of level" in words.trend_title(replace(trend, change_points=opposite))


def test_a_refused_trend_says_nothing_else() -> None:
    trend = made(change(-0.12, 0.02, Direction.UP), refused="only 3 days have a value")
    assert words.trend_title(trend) == "No trend for CSAT: only 3 days have a value"
    assert words.trend_findings(trend) == ()
    with pytest.raises(ValueError, match="a refused trend has a slope"):
        words.trend_title(replace(trend, slope=change(-0.12, 0.02, Direction.UP)))


def test_a_wandering_series_is_asked_for_more_weeks() -> None:
    trend = replace(made(change(0.01, 0.1, Direction.UP)), persistence=0.7)
    assert "false alarms are more frequent" in persistence_sentence(trend)
    short = replace(trend, span=Period(START, START + timedelta(days=90)))
    assert "at least 26 weeks" in persistence_sentence(short)
    assert persistence_sentence(replace(trend, persistence=0.5)) == ""
    assert beside_sentence(trend) == ""


def test_weekdays_stand_out_only_where_their_intervals_part() -> None:
    def week(high: float) -> Trend:
        days = (
            WeekdayMean(0, Estimate(high, 100, high - 0.05, high + 0.05)),
            WeekdayMean(6, Estimate(0.7, 100, 0.65, 0.75)),
        )
        return replace(made(change(0.01, 0.1, Direction.UP)), weekdays=WeekdayProfile(days, 0.31))

    assert words.weekday_sentence(week(0.9)) == (
        "Mondays are highest (90.0 %), Sundays lowest (70.0 %); weekdays explain 31 % of the variation from "
        "day to day."
    )
    assert words.weekday_sentence(week(0.78)).startswith("No weekday clearly stands out: ")
