"""Goals: a metric is to go from one value to another by a date; where it stands, and the chance of it."""

from kpi.goals.nouns import Ahead, Outset, Progress, RollingValue, Standing
from kpi.goals.standing import expected_on, final_day, outset, progress

__all__ = [
    "Ahead",
    "Outset",
    "Progress",
    "RollingValue",
    "Standing",
    "expected_on",
    "final_day",
    "outset",
    "progress",
]
