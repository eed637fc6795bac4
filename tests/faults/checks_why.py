"""Whether an explanation contradicts itself: parts that add up, the Simpson warning, words, JSON."""

from __future__ import annotations

import itertools
import json
import math

from amounts import amounts
from checks_numbers import none_of

import kpi.drivers.plain
from kpi.drivers import Drivers, Part, Split
from kpi.model import Direction, Unit, Verdict
from kpi.words import driver_sentences

NEAR = 1e-9


def check_part(part: Part | None, drivers: Drivers, name: str) -> None:
    """A part lies in its interval, and its verdict goes the way of its sign."""
    if part is None:
        return
    problems = []
    ends = [end for end in (part.low, part.value, part.high) if end is not None]
    scale = max(abs(end) for end in ends) if ends else 0.0
    if any(b < a - NEAR * max(1.0, scale) for a, b in itertools.pairwise(ends)) or not all(
        map(math.isfinite, ends)
    ):
        problems.append("outside its interval")
    if part.p is None:
        problems += [] if part.reason else ["not judged, and no reason"]
    better = drivers.metric.better
    if part.verdict in (Verdict.BETTER, Verdict.WORSE):
        good = part.value * better.value > 0
        if (part.verdict is Verdict.BETTER) is not good:
            problems.append(f"called {part.verdict.value}")
        if not part.beyond_chance:
            problems.append("a verdict although the interval holds zero")
    if better is Direction.NEUTRAL and part.verdict in (Verdict.BETTER, Verdict.WORSE):
        problems.append("judged although neither way is better")
    none_of(problems, f"{name} of {drivers.metric.key}: {part}")


def check_drivers(drivers: Drivers) -> None:
    """Parts add up, mix and performance are those of the segments, the warning is where the signs say so."""
    if drivers.total is None:
        none_of([] if drivers.refused else ["no answer and no reason"], drivers.metric.key)
        return
    for name in ("total", "mix", "performance", "new_and_vanished"):
        check_part(getattr(drivers, name), drivers, name)
    total = drivers.total.value
    problems = []
    scale = max(1.0, abs(total), *(abs(s.contribution) for s in drivers.segments))
    if abs(sum(s.contribution for s in drivers.segments) - total) > 1e-7 * scale:
        problems.append("the segments do not add up")
    if drivers.split is not Split.SUM:
        parts = [
            p.value for p in (drivers.mix, drivers.performance, drivers.new_and_vanished) if p is not None
        ]
        if parts and abs(sum(parts) - total) > 1e-7 * scale:
            problems.append(f"the parts {parts} do not add up to {total}")
        problems += _simpson(drivers)
    if drivers.split is Split.RATIO:
        problems += _kitagawa(drivers)
    none_of(problems, f"{drivers.metric.key} by {drivers.dimension}")


def _simpson(drivers: Drivers) -> list[str]:
    total, performance = drivers.total, drivers.performance
    assert total is not None
    if performance is None:
        return ["a warning without performance"] if drivers.simpson else []
    apart = total.value * performance.value < 0
    if drivers.simpson and not apart:
        return ["a warning where total and performance go the same way"]
    if drivers.simpson_sure and not drivers.simpson:
        return ["sure of a warning that is not given"]
    surely = apart and total.beyond_chance and performance.beyond_chance
    mix = drivers.mix is not None and drivers.mix.beyond_chance and drivers.mix.value * total.value > 0
    if mix and surely is not drivers.simpson_sure:
        return ["sure of the warning where it is not, or the other way round"]
    if mix and apart and performance.beyond_chance and not drivers.simpson:
        return ["no warning although the mix turns the total around"]
    return []


def _kitagawa(drivers: Drivers) -> list[str]:
    """Σ (r2 − r1)(w1 + w2)/2 over the segments of both periods, from the weights and values shown."""
    both = [
        s
        for s in drivers.segments
        if None not in (s.value_now, s.value_before, s.weight_now, s.weight_before) and s.alone is None
    ]
    if not both or drivers.performance is None:
        return []
    within = sum(
        (s.value_now - s.value_before) * (s.weight_now + s.weight_before) / 2  # type: ignore[operator]
        for s in both
    )
    if abs(within - drivers.performance.value) > 1e-7 * max(1.0, abs(within)):
        return [f"performance is {drivers.performance.value}, the segments give {within}"]
    return []


def check_driver_words(drivers: Drivers) -> None:
    """The sentence holds the parts with their signs; the warning is said exactly where it is given."""
    text = driver_sentences.driver_sentence(drivers)
    warning = driver_sentences.driver_warning(drivers)
    problems = []
    if drivers.total is None:
        problems += [] if "cannot be taken apart" in text else ["explains what has no answer"]
        none_of(problems, text)
        return
    if bool(warning) is not drivers.simpson:
        problems.append("the warning is missing or said without reason")
    if warning and drivers.simpson_sure is ("Not all of this is beyond chance" in warning):
        problems.append("the warning is hedged the wrong way")
    many = driver_sentences.dimension_words(drivers.dimension, many=True)
    unit = Unit.PER_DAY if drivers.per and drivers.metric.unit is Unit.COUNT else drivers.metric.unit
    for part, phrase in (
        (drivers.mix, f" from the mix of {many}"),
        (drivers.performance, f" within {many}"),
    ):
        if part is None or drivers.split is Split.SUM:
            continue
        before = text.partition(phrase)[0] if phrase in text else ""
        read = amounts(before, unit)
        if not read or not read[-1].says(part.value):
            problems.append(f"'{phrase}' is not {part.value}")
        elif unit is Unit.PERCENT and read[-1].word != "points":
            problems.append("a part is said in percent")
    none_of(problems, f"{text} {warning}")


def check_driver_json(drivers: Drivers) -> None:
    """What the command line prints of an explanation."""
    given = json.loads(json.dumps(kpi.drivers.plain.drivers_plain(drivers), allow_nan=False))
    problems = []
    for name in ("total", "mix", "performance"):
        part = getattr(drivers, name)
        expected = (None, None, None) if part is None else (part.value, part.low, part.high)
        if (given[name]["value"], given[name]["low"], given[name]["high"]) != expected:
            problems.append(f"{name} is {given[name]}")
    if (given["simpson"], given["simpson_beyond_chance"]) != (drivers.simpson, drivers.simpson_sure):
        problems.append("another warning")
    for segment, said in zip(drivers.segments, given["segments"], strict=True):
        expected_segment = (segment.name, segment.n_now, segment.value_now, segment.value_before)
        if (said["segment"], said["n_now"], said["value_now"], said["value_before"]) != expected_segment:
            problems.append(f"{said} is {expected_segment}")
    none_of(problems[:3], drivers.metric.key)


def check_all_of_drivers(drivers: Drivers) -> None:
    """Numbers, words, JSON."""
    check_drivers(drivers)
    check_driver_words(drivers)
    check_driver_json(drivers)
