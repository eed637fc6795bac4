"""Periods: from text to whole local days, the periods to compare them with, and grids of them.

Weeks begin on ``definitions.first_weekday``, quarters and years with ``definitions.fiscal_year_start``. "Last
full", "to date" and "last N days" go by the newest day of the data, never by the clock on the wall.
"""

from kpi.periods.baselines import custom, previous, same_last_year
from kpi.periods.choices import Choice, default_choice, default_period, from_label, options
from kpi.periods.comparability import Window, comparable, inside
from kpi.periods.freshness import ended_before, newest_day_is_partial
from kpi.periods.grids import grid
from kpi.periods.kinds import Kind, kind_of
from kpi.periods.parsing import FORMS, parse, written
from kpi.periods.wording import describe

__all__ = [
    "FORMS",
    "Choice",
    "Kind",
    "Window",
    "comparable",
    "custom",
    "default_choice",
    "default_period",
    "describe",
    "ended_before",
    "from_label",
    "grid",
    "inside",
    "kind_of",
    "newest_day_is_partial",
    "options",
    "parse",
    "previous",
    "same_last_year",
    "written",
]
