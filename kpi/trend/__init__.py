"""Over time: what happened to one metric, whether it is beyond chance, and where it is heading."""

from kpi.trend.nouns import (
    FEWEST_DAYS,
    FEWEST_POINTS,
    Change,
    ChangePoint,
    EventEffect,
    Known,
    KnownEvent,
    Limit,
    Limits,
    Outlook,
    Signal,
    Trend,
    TrendPoint,
    WeekdayMean,
    WeekdayProfile,
)
from kpi.trend.stretch import GRAINS, last_whole_day, weeks_until
from kpi.trend.trend import trend

__all__ = [
    "FEWEST_DAYS",
    "FEWEST_POINTS",
    "GRAINS",
    "Change",
    "ChangePoint",
    "EventEffect",
    "Known",
    "KnownEvent",
    "Limit",
    "Limits",
    "Outlook",
    "Signal",
    "Trend",
    "TrendPoint",
    "WeekdayMean",
    "WeekdayProfile",
    "last_whole_day",
    "trend",
    "weeks_until",
]
