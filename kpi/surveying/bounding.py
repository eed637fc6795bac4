"""What the value of everybody can be, whatever the silent would have said; and what would move it.

Nothing is assumed about the silent: each could stand anywhere between the ends of the scale. What lies
between both extremes cannot be told apart by the answers.

Source: Manski (1989), Journal of Human Resources 24:343-360; Manski (2007), Identification for Prediction and
Decision, chapter 2.
"""

from __future__ import annotations

from dataclasses import replace

from kpi.compare import measure
from kpi.measures import Mean, Share
from kpi.model import Direction, Estimate, Filter, Metric, Period
from kpi.surveying.nouns import Bounds, Tipping
from kpi.surveying.population import ASKED, AT_HIGH, AT_LOW, Population


def worst_and_best(answered: int, asked: int, total: float, low: float, high: float) -> tuple[float, float]:
    """The mean of everybody when all silent stand at the bottom, and at the top, of the scale.

    >>> worst_and_best(64, 106, 21, 0, 1)  # Manski: 21 of the 64 men that could be found; 106 were sampled
    (0.19811320754716982, 0.5943396226415094)

    Raises:
        ValueError: when more answered than were asked, or nobody was asked.
    """
    if not 0 <= answered <= asked or asked == 0 or high < low:
        raise ValueError(f"{answered:,} answers of {asked:,} asked on a scale from {low} to {high}")
    silent = asked - answered
    return (total + silent * low) / asked, (total + silent * high) / asked


def silent_needed(
    answered: int, asked: int, value: float, line: float, low: float, high: float
) -> tuple[float | None, float]:
    """The mean that the silent need for the mean of everybody to stand on a line, and how far that is from
    those who answered; None for the first where no scale reaches so far.

    >>> needed, gap = silent_needed(300, 1000, 0.86, 0.80, 0, 1)
    >>> round(needed, 4), round(gap, 4)
    (0.7743, -0.0857)
    >>> silent_needed(600, 1000, 0.9, 0.5, 0, 1)[0] is None
    True
    """
    if not 0 < answered < asked:
        raise ValueError(f"{answered:,} answers of {asked:,} asked leave nobody silent, or nobody heard")
    needed = (line * asked - value * answered) / (asked - answered)
    return needed if low <= needed <= high else None, needed - value


def bounds(found: Population, metric: Metric, period: Period, where: tuple[Filter, ...]) -> Bounds | None:
    """Worst and best case of a period with the chance in which customers and days these were.

    The interval goes from the lower end of that of the low case to the upper end of that of the high case: it
    covers the truth at least as often as its level says, wherever the silent stand.
    """
    if found.asked is None or found.scale is None:
        return None
    is_share = isinstance(metric.measure, Share)
    cases = [
        replace(
            metric,
            key=f"survey_{name}",
            measure=Share(column, ASKED) if is_share else Mean(column, ASKED),
            grain=found.grain,
            basis=found.basis,
            parts={},
            left_out={},
        )
        for name, column in (("low", AT_LOW), ("high", AT_HIGH))
    ]
    low, high = (one.estimate for one in measure(found.facts, period, metrics=cases, where=where))
    if low.value is None or high.value is None:
        return None
    bottom, top = found.scale
    first = None if low.low is None else max(bottom, low.low)
    last = None if high.high is None else min(top, high.high)
    worst, best = low.value, high.value
    if metric.better is Direction.DOWN:
        worst, best = best, worst
    return Bounds(worst, best, first, last)


def tipping(
    raw: Estimate, asked: int, lines: tuple[tuple[str, float], ...], scale: tuple[float, float]
) -> tuple[Tipping, ...]:
    """For each line (what it is, where it lies): what the silent would need to be like."""
    if raw.value is None or not 0 < raw.n < asked:
        return ()
    found = []
    for words, line in lines:
        if line == raw.value:
            continue
        needed, gap = silent_needed(raw.n, asked, raw.value, line, *scale)
        found.append(Tipping(words, line, needed, gap, raw.value > line))
    return tuple(found)
