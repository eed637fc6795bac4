"""How values of a metric are typed: shares in percent, all else in the metric's own unit."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.model import Metric, Unit

WORDS = {
    Unit.PERCENT: "%",
    Unit.POINTS: "points",
    Unit.SCORE: "score",
    Unit.MINUTES: "minutes",
    Unit.HOURS: "hours",
    Unit.COUNT: "count",
    Unit.PER_DAY: "per day",
}
DECIMALS = {Unit.SCORE: 2, Unit.COUNT: 0}
STEPS = {Unit.SCORE: 0.1}
BOUNDS: dict[Unit, tuple[float | None, float | None]] = {
    Unit.PERCENT: (0.0, 100.0),
    Unit.POINTS: (-100.0, 100.0),
    Unit.SCORE: (None, None),
}


@dataclass(frozen=True)
class Entry:
    """The unit in which a value or a change is typed.

    ``word`` is said beside the field; ``low`` and ``high`` bound a level, None for no bound.
    """

    word: str
    change_word: str
    step: float
    decimals: int
    factor: float
    low: float | None
    high: float | None

    @property
    def number_format(self) -> str:
        """As ``printf`` writes it."""
        return f"%.{self.decimals}f"

    def shown(self, value: float) -> float:
        """A value as it is typed, within what may be typed.

        >>> from kpi.metrics import metric
        >>> entry(metric("csat")).shown(0.8242)
        82.4
        """
        typed = round(value * self.factor, self.decimals)
        typed = typed if self.low is None else max(typed, self.low)
        return typed if self.high is None else min(typed, self.high)

    def value(self, typed: float) -> float:
        """What was typed, in the unit of the metric.

        >>> from kpi.metrics import metric
        >>> entry(metric("csat")).value(82.4)
        0.824
        """
        return round(typed / self.factor, 9)


def entry(metric: Metric) -> Entry:
    """How values of a metric are typed."""
    unit = metric.unit
    low, high = BOUNDS.get(unit, (0.0, None))
    word = WORDS[unit]
    change = "points" if unit is Unit.PERCENT else word
    if unit is Unit.COUNT and getattr(metric.measure, "total", False):
        change = "per day"
    return Entry(
        word,
        change,
        STEPS.get(unit, 1.0),
        DECIMALS.get(unit, 1),
        100.0 if unit is Unit.PERCENT else 1.0,
        low,
        high,
    )
