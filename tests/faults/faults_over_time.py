"""Seeded faults of trends and explanations; the team is one in which everything moved on one day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

from checks_numbers import none_of
from checks_of_teams import ENORMOUS
from checks_time import check_trend, check_trend_json, check_trend_marks, check_trend_words
from checks_why import check_driver_json, check_driver_words, check_drivers
from fault_seeds import PLAIN_IN_PERCENT, SWAPPED, Patch, changed, set_to
from moving_team import Moved, reversed_team
from seeded_faults import Fault

import kpi.drivers.plain
import kpi.trend.plain
from kpi import drivers, words
from kpi.drivers import Drivers, Part
from kpi.model import Verdict
from kpi.trend import Known, Trend
from kpi.words import driver_sentences, trend_sentences

TRENDS = import_module("kpi.trend.trend")
CHANGES = import_module("kpi.trend.changes")
CONTROL = import_module("kpi.charts.control")
FIGURES = import_module("kpi.words.figures")
METRICS = ("csat", "frt", "volume", "reopen_rate")


@cache
def team() -> Moved:
    return reversed_team(1)


def trends() -> list[Trend]:
    """Some metrics over all days of the team, with the day of the change as an event."""
    event = (Known(team().now.start, "new tool", "release"),)
    return [TRENDS.trend(team().facts, key, grain="day", events=event) for key in METRICS]


@cache
def right_trends() -> tuple[Trend, ...]:
    """The same without a fault."""
    return tuple(trends())


def numbers_of_trends() -> None:
    for found in trends():
        check_trend(found)


def numbers_of_a_demanding_team() -> None:
    """Only enormous changes matter."""
    facts = team().facts
    facts = replace(facts, definitions=replace(facts.definitions, matters=ENORMOUS))
    for key in ("csat", "frt"):
        found = TRENDS.trend(facts, key)
        assert found.slope.verdict is Verdict.UNCLEAR, found.slope
        check_trend(found)


def newest_weeks_of_trends() -> None:
    """A metric whose outcomes are still to come is not final in the newest week."""
    found = TRENDS.trend(team().facts, "resolution_rate")
    late = [] if found.points[-1].provisional else ["the newest week is shown as final"]
    none_of(late + ([] if not found.points[0].provisional else ["the oldest is not final"]), found.metric.key)


def words_of_trends() -> None:
    for found in right_trends():
        check_trend_words(found)


def json_of_trends() -> None:
    for found in right_trends():
        check_trend_json(found)


def marks_of_trends() -> None:
    for found in right_trends():
        check_trend_marks(found)


def explained() -> list[Drivers]:
    moved = team()
    keys = ("escalation_rate", "csat", "frt", "volume")
    return [drivers.explain(moved.facts, key, moved.now, moved.before, "channel") for key in keys]


@cache
def right_drivers() -> tuple[Drivers, ...]:
    """The same without a fault."""
    return tuple(explained())


def numbers_of_drivers() -> None:
    for found in explained():
        check_drivers(found)


def words_of_drivers() -> None:
    for found in right_drivers():
        check_driver_words(found)


def json_of_drivers() -> None:
    for found in right_drivers():
        check_driver_json(found)


# ---------------------------------------------------------------- seeding


def verdict_swapped(function: Any) -> Any:
    def other(*args: Any) -> Verdict:
        found = function(*args)
        return SWAPPED.get(found, found)

    return other


def trend_turned(turn: Callable[[Trend], Trend]) -> Callable[[Any], Any]:
    """A writer that is handed another trend."""
    return lambda function: lambda trend, *rest: function(turn(trend), *rest)


def negative(change: Any) -> Any:
    if change.change is None:
        return change
    low, high = (None if end is None else -end for end in (change.high, change.low))
    relative = None if change.relative is None else -change.relative
    return replace(change, change=-change.change, low=low, high=high, relative=relative)


def slope_turned(trend: Trend) -> Trend:
    return replace(trend, slope=negative(trend.slope))


def slope_firm(trend: Trend) -> Trend:
    return replace(trend, slope=replace(trend.slope, verdict=Verdict.CHANGED))


def event_turned(turn: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda function: lambda trend, effect: function(trend, replace(effect, change=turn(effect.change)))


def points_turned(turn: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Points of the chart turned after their limits were found."""

    def make(function: Any) -> Any:
        def other(*args: Any) -> Any:
            points, *rest = function(*args)
            return (tuple(map(turn, points)), *rest)

        return other

    return make


def other_side_signal(point: Any) -> Any:
    signal = point.signal
    return point if signal is None else replace(point, signal=replace(signal, above=not signal.above))


def chances_turned(function: Any) -> Any:
    def other(*args: Any, **more: Any) -> Any:
        return tuple(
            one if one.chance is None else replace(one, chance=1 - one.chance)
            for one in function(*args, **more)
        )

    return other


def steps_turned(function: Any) -> Any:
    return lambda *args: tuple(replace(step, low=step.high, high=step.low) for step in function(*args))


def exchanged(*names: str) -> Callable[[Any], Any]:
    """A writer of JSON that exchanges two fields."""

    def make(function: Any) -> Any:
        def other(*args: Any, **more: Any) -> Any:
            given = function(*args, **more)
            one, two = names
            return {**given, one: given[two], two: given[one]}

        return other

    return make


def explained_as(turn: Callable[[Drivers], Drivers]) -> Callable[[Any], Any]:
    return lambda function: lambda *args, **more: turn(function(*args, **more))


def parts_swapped(found: Drivers) -> Drivers:
    return replace(found, mix=found.performance, performance=found.mix)


def simpson_inverted(found: Drivers) -> Drivers:
    return replace(found, simpson=not found.simpson, simpson_sure=not found.simpson_sure)


def simpson_lost(found: Drivers) -> Drivers:
    return replace(found, simpson=False, simpson_sure=False)


def part_swapped(part: Part | None) -> Part | None:
    return None if part is None else replace(part, verdict=SWAPPED.get(part.verdict, part.verdict))


def part_verdicts_swapped(found: Drivers) -> Drivers:
    return replace(
        found,
        mix=part_swapped(found.mix),
        performance=part_swapped(found.performance),
        total=part_swapped(found.total),
    )


def mix_turned(found: Drivers) -> Drivers:
    return found if found.mix is None else replace(found, mix=replace(found.mix, value=-found.mix.value))


def a_segment_lost(found: Drivers) -> Drivers:
    return replace(found, segments=found.segments[1:])


def said_of(turn: Callable[[Drivers], Drivers]) -> Callable[[Any], Any]:
    """A writer that is handed another explanation; the check of the writer itself is taken away."""
    return lambda function: lambda found, *rest: function(turn(found), *rest)


def uncheck(patch: Patch) -> None:
    """Writers refuse what contradicts itself; the checks of this folder must see it alone."""
    patch.setattr(driver_sentences, "check_drivers", lambda found: None)
    patch.setattr(trend_sentences, "check_trend", lambda found: None)


def alone(seed: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """The fault without the writers' own refusal."""

    def both(patch: Patch) -> None:
        uncheck(patch)
        seed(patch)

    return both


OVER_TIME: tuple[Fault, ...] = (
    # ---- trends
    Fault(
        "trend: better and worse swapped", changed(CHANGES, "_verdict", verdict_swapped), numbers_of_trends
    ),
    Fault(
        "trend: evidence ignored",
        changed(
            CHANGES,
            "_verdict",
            lambda f: lambda metric, series, change, clear: f(metric, series, change, True),
        ),
        numbers_of_trends,
    ),
    Fault(
        "trend: smallest difference ignored",
        set_to(CHANGES, "matters", lambda metric, series, change: True),
        numbers_of_a_demanding_team,
    ),
    Fault(
        "trend: range of a step swapped", changed(TRENDS, "change_points", steps_turned), numbers_of_trends
    ),
    Fault(
        "trend: signals on the other side",
        changed(TRENDS, "with_limits", points_turned(other_side_signal)),
        numbers_of_trends,
    ),
    Fault(
        "trend: signals lost",
        changed(TRENDS, "with_limits", points_turned(lambda point: replace(point, signal=None))),
        numbers_of_trends,
    ),
    Fault(
        "trend: provisional flag lost",
        changed(TRENDS, "with_limits", points_turned(lambda point: replace(point, provisional=None))),
        newest_weeks_of_trends,
    ),
    Fault(
        "trend: chance of the target turned", changed(TRENDS, "outlooks", chances_turned), numbers_of_trends
    ),
    Fault(
        "trend: up for down",
        alone(changed(trend_sentences, "drift_sentence", trend_turned(slope_turned))),
        words_of_trends,
    ),
    Fault(
        "trend: hedge dropped",
        alone(changed(trend_sentences, "drift_sentence", trend_turned(slope_firm))),
        words_of_trends,
    ),
    Fault("trend: percent for points", alone(set_to(FIGURES, "PLAIN", PLAIN_IN_PERCENT)), words_of_trends),
    Fault(
        "trend: sign of an event turned",
        changed(words, "event_sentence", event_turned(negative)),
        words_of_trends,
    ),
    Fault(
        "trend: verdict of an event lost",
        changed(
            words,
            "event_sentence",
            event_turned(lambda change: replace(change, verdict=Verdict.UNCLEAR, p=0.9, p_adjusted=0.9)),
        ),
        words_of_trends,
    ),
    Fault(
        "trend: step the other way",
        changed(
            words,
            "change_point_sentence",
            lambda f: lambda trend, step: f(trend, replace(step, size=negative(step.size))),
        ),
        words_of_trends,
    ),
    Fault(
        "trend: signals not counted",
        changed(
            words, "signals_sentence", trend_turned(lambda trend: replace(trend, points=trend.points[:5]))
        ),
        words_of_trends,
    ),
    Fault(
        "trend: JSON with bounds exchanged",
        changed(kpi.trend.plain, "_change", exchanged("low", "high")),
        json_of_trends,
    ),
    Fault(
        "trend: JSON of final points only",
        changed(kpi.trend.plain, "point_plain", exchanged("value", "low")),
        json_of_trends,
    ),
    Fault(
        "trend: JSON of another step",
        changed(kpi.trend.plain, "_change_point", exchanged("low", "high")),
        json_of_trends,
    ),
    Fault(
        "trend: colours of signals swapped",
        changed(
            CONTROL,
            "_colour",
            lambda f: lambda trend, point, colours: f(trend, other_side_signal(point), colours),
        ),
        marks_of_trends,
    ),
    # ---- explanations
    Fault(
        "why: mix and performance swapped",
        changed(drivers, "explain", explained_as(parts_swapped)),
        numbers_of_drivers,
    ),
    Fault(
        "why: warning inverted",
        changed(drivers, "explain", explained_as(simpson_inverted)),
        numbers_of_drivers,
    ),
    Fault("why: warning lost", changed(drivers, "explain", explained_as(simpson_lost)), numbers_of_drivers),
    Fault(
        "why: verdicts of parts swapped",
        changed(drivers, "explain", explained_as(part_verdicts_swapped)),
        numbers_of_drivers,
    ),
    Fault(
        "why: sign of the mix turned",
        changed(drivers, "explain", explained_as(mix_turned)),
        numbers_of_drivers,
    ),
    Fault(
        "why: a segment left out",
        changed(drivers, "explain", explained_as(a_segment_lost)),
        numbers_of_drivers,
    ),
    Fault(
        "why: parts swapped in words",
        alone(changed(driver_sentences, "driver_sentence", said_of(parts_swapped))),
        words_of_drivers,
    ),
    Fault(
        "why: warning not said",
        changed(driver_sentences, "driver_warning", said_of(simpson_lost)),
        words_of_drivers,
    ),
    Fault(
        "why: warning hedged the wrong way",
        changed(
            driver_sentences,
            "driver_warning",
            said_of(lambda found: replace(found, simpson_sure=not found.simpson_sure)),
        ),
        words_of_drivers,
    ),
    Fault("why: percent for points", set_to(FIGURES, "PLAIN", PLAIN_IN_PERCENT), words_of_drivers),
    Fault(
        "why: sign of parts turned in words",
        changed(driver_sentences, "signed", lambda f: lambda value, places: f(-value, places)),
        words_of_drivers,
    ),
    Fault(
        "why: JSON with parts swapped",
        changed(kpi.drivers.plain, "drivers_plain", exchanged("mix", "performance")),
        json_of_drivers,
    ),
    Fault(
        "why: JSON warning inverted",
        changed(kpi.drivers.plain, "drivers_plain", said_of(simpson_inverted)),
        json_of_drivers,
    ),
    Fault(
        "why: JSON of segments swapped",
        changed(kpi.drivers.plain, "_segment", exchanged("value_now", "value_before")),
        json_of_drivers,
    ),
)
CHECKS_OVER_TIME = tuple(dict.fromkeys(fault.check for fault in OVER_TIME))
