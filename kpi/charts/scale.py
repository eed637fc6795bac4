"""How values of a unit are put on an axis: what they are divided by, what the axis says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.model import Unit


@dataclass(frozen=True)
class AxisUnit:
    """``shown = value / divisor``; ``number_format`` is a d3 format; ``word`` is the unit beside the axis."""

    divisor: float
    number_format: str
    word: str

    def shown(self, value: float | None) -> float | None:
        """A value as the axis shows it."""
        return None if value is None else value / self.divisor


def axis_unit(unit: Unit, values: Iterable[float | None]) -> AxisUnit:
    """The axis of a unit, with durations in the largest unit that keeps the largest value above 2.

    >>> axis_unit(Unit.MINUTES, [30.0, 400.0])
    AxisUnit(divisor=60.0, number_format=',~f', word='hours')
    >>> axis_unit(Unit.PERCENT, [0.8]).word
    'share'
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if unit is Unit.PERCENT:
        return AxisUnit(1.0, ".0%" if largest >= 0.1 else ".1%", "share")
    if unit in (Unit.MINUTES, Unit.HOURS):
        per_minute = 60.0 if unit is Unit.HOURS else 1.0
        minutes = largest * per_minute
        if minutes > 4_320:
            return AxisUnit(1_440.0 / per_minute, ",~f", "days")
        if minutes > 120:
            return AxisUnit(60.0 / per_minute, ",~f", "hours")
        if minutes > 2:
            return AxisUnit(1.0 / per_minute, ",~f", "minutes")
        return AxisUnit(1.0 / 60.0 / per_minute, ",~f", "seconds")
    if unit is Unit.COUNT:
        return AxisUnit(1.0, "~s", "count")
    return AxisUnit(1.0, ",~f", {Unit.POINTS: "points", Unit.SCORE: "score", Unit.PER_DAY: "per day"}[unit])
