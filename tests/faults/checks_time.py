"""Whether a trend contradicts itself: slope, steps, events, signals, outlook, their words, marks and JSON."""

from __future__ import annotations

import json
import math
import re
from importlib import import_module
from typing import Any

from amounts import amounts
from checks_numbers import none_of

import kpi.trend.plain
from kpi import words
from kpi.charts import LIGHT
from kpi.model import Direction, Verdict
from kpi.trend import Change, Trend
from kpi.words import trend_sentences

CONTROL = import_module("kpi.charts.control")
CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def check_change(change: Change, trend: Trend, scanned: bool = False) -> None:
    """A change lies in its interval, and its verdict is the one of sign, evidence, size and direction.

    ``scanned``: a step found by the search, which has no p-value of its own.
    """
    problems = []
    if change.change is None:
        problems += [] if change.reason and change.verdict is Verdict.TOO_FEW else ["no change, no reason"]
        none_of(problems, change)
        return
    ends = [end for end in (change.low, change.change, change.high) if end is not None]
    if ends != sorted(ends) or not all(map(math.isfinite, ends)):
        problems.append("the change lies outside its interval")
    relative = [
        end for end in (change.relative_low, change.relative, change.relative_high) if end is not None
    ]
    if relative != sorted(relative) or (change.relative or 0.0) * change.change < 0:
        problems.append("the share goes another way than the change")
    outside = (change.low is not None and change.low > 0) or (change.high is not None and change.high < 0)
    alpha = round(1 - trend.level, 12)
    if change.p is not None and not (0 < change.p <= 1):
        problems.append(f"p is {change.p}")
    if change.p is not None and abs(change.p - alpha) > 1e-3 * alpha and (change.p < alpha) is not outside:
        problems.append(f"p is {change.p} and the interval {change.low} to {change.high}")
    p = change.p if change.p_adjusted is None else change.p_adjusted
    sure = outside if scanned else p is not None and p < alpha
    expected = _verdict(change, trend, sure)
    if change.verdict not in expected:
        problems.append(f"the verdict is '{change.verdict.value}', the numbers say '{expected[0].value}'")
    none_of(problems, f"{trend.metric.key}: {change}")


def _verdict(change: Change, trend: Trend, sure: bool) -> tuple[Verdict, ...]:
    assert change.change is not None
    metric = trend.metric
    rising = change.change > 0
    clear = (
        Verdict.CHANGED
        if metric.better is Direction.NEUTRAL
        else Verdict.BETTER
        if rising is (metric.better is Direction.UP)
        else Verdict.WORSE
    )
    if not sure:
        return (Verdict.UNCLEAR,)
    if not metric.relative_matters:
        return (clear if abs(change.change) >= metric.matters else Verdict.UNCLEAR,)
    if change.relative is None:
        return (clear, Verdict.UNCLEAR)
    return (clear if abs(math.log1p(change.relative)) >= math.log1p(metric.matters) else Verdict.UNCLEAR,)


def check_trend(trend: Trend) -> None:
    """All numbers of a trend."""
    problems = []
    if trend.refused is not None:
        quiet = trend.slope.change is None and not trend.change_points
        problems += [] if quiet else ["refused, and yet something is said"]
    else:
        check_change(trend.slope, trend)
    for point in trend.change_points:
        check_change(point.size, trend, scanned=True)
        if not trend.span.start <= point.low <= point.day <= point.high <= trend.span.end:
            problems.append(f"a step on {point.day} between {point.low} and {point.high}")
    for effect in trend.events:
        check_change(effect.change, trend)
    problems += _signals(trend)
    for outlook in trend.outlooks:
        if outlook.value is None:
            problems += [] if outlook.reason else ["no prediction and no reason"]
            continue
        ends = [end for end in (outlook.low, outlook.value, outlook.high) if end is not None]
        if ends != sorted(ends):
            problems.append("a prediction outside its interval")
        problems += _chance(outlook.chance, outlook.target, outlook.value, trend)
    none_of(problems, trend.metric.key)


def _signals(trend: Trend) -> list[str]:
    """Points beyond the limits are signals on that side; provisional points never are."""
    problems = []
    for point in trend.points:
        if point.signal is not None and not point.counts:
            problems.append(f"{point.day} is a signal and not final")
        if trend.limits is None or point.value is None:
            problems += [] if point.signal is None else ["a signal without limits"]
            continue
        limit = next((one for one in trend.limits.limits if one.start <= point.day <= one.end), None)
        if limit is None or not point.counts:
            continue
        beyond = point.value > limit.high or point.value < limit.low
        if beyond and point.signal is None:
            problems.append(f"{point.day} is beyond the limits and no signal")
        if point.signal is not None and point.signal.above is not (point.value > limit.centre):
            problems.append(f"{point.day} is a signal on the wrong side")
        if point.signal is not None and point.signal.rule == "limits" and not beyond:
            problems.append(f"{point.day} is within the limits and a signal")
    return problems


def _chance(chance: float | None, target: float | None, value: float, trend: Trend) -> list[str]:
    """The chance to meet the target is above one half where the prediction meets it."""
    if chance is None or target is None or trend.metric.better is Direction.NEUTRAL:
        return []
    if not 0 <= chance <= 1:
        return [f"a chance of {chance}"]
    meets = value >= target if trend.metric.better is Direction.UP else value <= target
    return [] if abs(chance - 0.5) < 0.1 or meets is (chance > 0.5) else [f"{value}: a chance of {chance}"]


def check_trend_words(trend: Trend) -> None:
    """Title and sentences go the way of the numbers, hedge what is unclear, and hold these numbers only."""
    title = words.trend_title(trend)
    problems = []
    if trend.refused is not None:
        problems += (
            [] if "No trend for" in title and trend.refused in title else ["does not say it is refused"]
        )
        none_of(problems, title)
        return
    drift = trend_sentences.drift_sentence(trend)
    problems += _drift(drift, trend)
    clear = [point.size for point in trend.change_points if point.size.verdict in CLEAR]
    if (
        trend.slope.verdict not in CLEAR
        and not clear
        and not title.startswith(("No evidence", *_starts(trend)))
    ):
        problems.append("the title is firm where nothing is clear")
    if trend.slope.verdict not in CLEAR and not clear and re.search(r" (rose|fell) ", title):
        problems.append("the title says that something rose or fell")
    for point in trend.change_points:
        said = words.change_point_sentence(trend, point)
        problems += _way(said, (point.size.change or 0.0) > 0)
        if (point.size.verdict in CLEAR) is ("too little to matter" in said):
            problems.append(f"'{said}' is {point.size.verdict.value}")
    for effect in trend.events:
        problems += _event(words.event_sentence(trend, effect), effect.change, trend)
    count = len(trend.signals)
    signals = words.signals_sentence(trend)
    if trend.limits is not None and (count == 0) is not signals.startswith("No signal in"):
        problems.append(f"'{signals}' of {count} signals")
    if trend.limits is not None and count and not signals.startswith(f"{count} of "):
        problems.append(f"'{signals}' of {count} signals")
    none_of(problems, f"{title} | {drift}")


def _starts(trend: Trend) -> tuple[str, ...]:
    """A real drift that is too small is said with its hedge; a step that is not clear is not in the title."""
    return (f"{trend_sentences.trend_subject(trend)} drifted",)


def _drift(text: str, trend: Trend) -> list[str]:
    change = trend.slope
    if change.change is None:
        return [] if text.startswith("No trend for") else [f"'{text}' of nothing"]
    p = change.p if change.p is not None else 1.0
    if change.verdict in CLEAR or p < round(1 - trend.level, 12):
        problems = _way(text, change.change > 0)
        if (change.verdict in CLEAR) is ("too little to matter" in text):
            problems.append(f"'{text}' is {change.verdict.value}")
        return problems + _numbers(text, change, trend)
    return [] if text.startswith("No evidence of a trend in") else [f"'{text}' is not hedged"]


def _numbers(text: str, change: Change, trend: Trend) -> list[str]:
    """The first amount is the size of the change (in percent where it is relative)."""
    part = text.partition(" by ")[2]
    if change.relative is not None:
        found = re.match(r"([\d,.]+) %", part)
        near = found and abs(float(found[1].replace(",", "")) - 100 * abs(change.relative)) < 0.51
        return [] if near else [f"'{text}' is a change of {change.relative}"]
    read = amounts(part, trend.change_unit)
    good = bool(read) and read[0].says(abs(change.change or 0.0))
    if trend.change_unit.value == "share" and "points" not in part.partition(" over ")[0]:
        return [f"'{text}' is not in points"]
    return [] if good else [f"'{text}' is a change of {change.change}"]


def _way(text: str, rising: bool) -> list[str]:
    up = re.search(r" (rose|up|upward) ", text) is not None
    down = re.search(r" (fell|down|downward) ", text) is not None
    return [] if (up, down) == (rising, not rising) else [f"'{text}' goes the wrong way"]


def _event(text: str, change: Change, trend: Trend) -> list[str]:
    if change.change is None:
        return [] if "cannot be judged" in text else [f"'{text}' judges nothing"]
    problems = []
    if change.verdict in CLEAR:
        problems += (
            [] if text.endswith(f", {change.verdict.value}.") else [f"'{text}' is {change.verdict.value}"]
        )
    elif "no clear change" not in text and "too little to matter" not in text:
        problems.append(f"'{text}' is not hedged")
    sign = re.search(r": ([+−±])", text)
    if sign is None or sign[1] not in ("±", "+" if change.change > 0 else "−"):
        problems.append(f"'{text}' is a change of {change.change}")
    return problems


def check_trend_json(trend: Trend) -> None:
    """What the command line prints of a trend."""
    given = json.loads(json.dumps(kpi.trend.plain.trend_plain(trend), allow_nan=False))
    problems = []
    for name in ("change", "low", "high", "p", "relative", "detectable"):
        if given["slope"][name] != getattr(trend.slope, name):
            problems.append(f"slope.{name} is {given['slope'][name]}")
    if given["slope"]["verdict"] != trend.slope.verdict.value or given["refused"] != trend.refused:
        problems.append("another verdict of the slope")
    for point, said in zip(trend.points, given["points"], strict=True):
        expected = (
            point.day.isoformat(),
            point.value,
            point.estimate.n,
            None if point.signal is None else point.signal.rule,
            point.provisional is not None,
        )
        if (said["date"], said["value"], said["n"], said["signal"], said["provisional"]) != expected:
            problems.append(f"a point {said} is {expected}")
    for step, said in zip(trend.change_points, given["change_points"], strict=True):
        ends = (step.day.isoformat(), step.low.isoformat(), step.high.isoformat(), step.size.change)
        if (said["date"], said["low"], said["high"], said["size"]) != ends:
            problems.append(f"a step {said} is {ends}")
    none_of(problems[:3], trend.metric.key)


def check_trend_marks(trend: Trend) -> None:
    """Marks of the chart: value, n, kind and colour of each point."""
    if not trend.points:
        return
    chart: dict[str, Any] = CONTROL.control(trend, LIGHT).to_dict()
    rows = [row for data in chart["datasets"].values() for row in data if "colour" in row and "n" in row]
    problems = [] if len(rows) == len(trend.points) else [f"{len(rows)} marks of {len(trend.points)} points"]
    for row, point in zip(rows, trend.points, strict=False):
        if row["n"] != point.estimate.n:
            problems.append(f"{point.day}: n is {row['n']}")
        good = 0
        if point.signal is not None:
            good = trend.metric.better.value * (1 if point.signal.above else -1)
        ink = LIGHT.text if good == 0 else LIGHT.better if good > 0 else LIGHT.worse
        if point.signal is not None and row["colour"] != ink:
            problems.append(
                f"{point.day}: a signal {'above' if point.signal.above else 'below'} is {row['colour']}"
            )
        if point.signal is None and row["colour"] in (LIGHT.better, LIGHT.worse):
            problems.append(f"{point.day}: no signal, and yet {row['colour']}")
    none_of(problems[:3], trend.metric.key)


def check_all_of_trend(trend: Trend) -> None:
    """Numbers, words, JSON."""
    check_trend(trend)
    check_trend_words(trend)
    check_trend_json(trend)
