"""A measure day by day: the series that trends, control charts and projections are computed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kpi.measures import Measure

Floats = NDArray[np.float64]
WEEK = 7


@dataclass(frozen=True)
class DailyValues:
    """The value of each day from the first to the last.

    Attributes:
        day: int64[T], days since 1970-01-01, without gaps.
        value: float64[T], NaN on days without a value. In the unit of the metric, or the natural logarithm
            of (that + ``offset``) when ``log``.
        n: float64[T], rows (or exposure) behind each value.
        log: whether values are logarithms, as for durations and counts, whose days differ by factors.
        offset: what was added before the logarithm was taken.
    """

    day: NDArray[np.int64]
    value: Floats
    n: Floats
    log: bool = False
    offset: float = 0.0

    @property
    def weekday(self) -> NDArray[np.int64]:
        """0 Monday to 6 Sunday (day 0, 1970-01-01, was a Thursday)."""
        return (self.day + 3) % WEEK

    @property
    def days(self) -> int:
        """How many days have a value."""
        return int(np.isfinite(self.value).sum())

    def shown(self, value: float) -> float:
        """A value of the series in the unit of the metric.

        >>> import numpy as np
        >>> series = DailyValues(np.arange(1), np.array([np.log(4.5)]), np.array([4.0]), log=True, offset=0.5)
        >>> round(series.shown(float(series.value[0])), 9)
        4.0
        """
        return float(np.exp(value) - self.offset) if self.log else value


def daily_values(measure: Measure, statistics: Any, first_day: int, last_day: int) -> DailyValues:
    """The measure on each day; ``statistics`` as the measure collects them, by day and agent."""
    return measure.by_day(statistics, (first_day, last_day))


def summed(day: NDArray[np.integer], values: Floats, days: tuple[int, int]) -> Floats:
    """Sums by day from the first to the last; what lies outside is left out."""
    inside = (day >= days[0]) & (day <= days[1])
    length = days[1] - days[0] + 1
    found: Floats = np.bincount(day[inside] - days[0], weights=values[inside], minlength=length).astype(
        np.float64
    )
    return found


def ratio_by_day(
    day: NDArray[np.integer], above: Floats, below: Floats, days: tuple[int, int], scale: float = 1.0
) -> DailyValues:
    """Sums of one column ÷ sums of another × scale; NaN where the second is 0."""
    one, other = summed(day, above, days), summed(day, below, days)
    value = np.full(one.size, np.nan)
    np.divide(one, other, out=value, where=other > 0)
    return DailyValues(every_day(days), value * scale, other)


def every_day(days: tuple[int, int]) -> NDArray[np.int64]:
    """Numbers of all days from the first to the last."""
    return np.arange(days[0], days[1] + 1, dtype=np.int64)


def without_closed_weekdays(values: Floats, counted: Floats, days: tuple[int, int]) -> Floats:
    """NaN on weekdays that never have anything: the desk is closed then, which is no value of 0."""
    weekday = (every_day(days) + 3) % WEEK
    ever = np.bincount(weekday, weights=counted, minlength=WEEK) > 0
    found: Floats = np.where(ever[weekday], values, np.nan)
    return found
