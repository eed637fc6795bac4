"""Calendars: local days and hours of UTC times, public holidays, business hours.

One rule everywhere: a team is open at an instant when the wall clock of its zone then shows a minute inside
one of the open intervals of that weekday, and that local date is no holiday and not closed. So a shift of
01:00-04:00 has two hours on the night when clocks go forward and four when they go back.
"""

from kpi.calendars.business_time import add_business, business_seconds, is_open, working_days
from kpi.calendars.local_time import MISSING_DAY, LocalParts, local_days, local_parts
from kpi.calendars.openings import checked
from kpi.calendars.public_holidays import countries, holiday_dates, named_holidays, subdivisions

__all__ = [
    "MISSING_DAY",
    "LocalParts",
    "add_business",
    "business_seconds",
    "checked",
    "countries",
    "holiday_dates",
    "is_open",
    "local_days",
    "local_parts",
    "named_holidays",
    "subdivisions",
    "working_days",
]
