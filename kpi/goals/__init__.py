"""Goals: a metric is to go from one value to another by a date; where it stands, and the chance of it."""

from kpi.goals.entering import Entry, entry
from kpi.goals.nouns import Ahead, Outset, Progress, RollingValue, Standing
from kpi.goals.standing import expected_on, final_day, outset, progress

__all__ = [
    "Ahead",
    "Entry",
    "Outset",
    "Progress",
    "RollingValue",
    "Standing",
    "entry",
    "expected_on",
    "final_day",
    "outset",
    "progress",
]
