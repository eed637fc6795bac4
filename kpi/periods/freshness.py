"""Whether the newest day of the data is there as a whole."""

from __future__ import annotations

import numpy as np

from kpi.calendars import MISSING_DAY, local_days
from kpi.calendars.local_time import DAY, Times, local_seconds

WEEKS_BACK = 8
SURE = 0.01


def newest_day_is_partial(created: Times, zone: str) -> bool:
    """Whether the data were exported in the middle of their newest local day.

    On the same weekday of the eight weeks before, so many tickets came in after the time of day of the newest
    ticket. If none came on the newest day although that many were to be expected, and the chance of that
    under a Poisson count, exp(−expected), is below 1 %, the day is cut short. With fewer than two such days
    before there is no answer, and the day counts as whole.

    Parameters
        created: UTC times of creation; missing ones are left out.
        zone: the zone in which days are cut.
    """
    days = local_days(created, zone)
    known = days != MISSING_DAY
    if not known.any():
        return False
    newest = int(days[known].max())
    recent = known & (days >= newest - 7 * WEEKS_BACK) & ((newest - days) % 7 == 0)
    seconds, _ = local_seconds(created[recent], zone)
    dates, of_day = seconds // DAY, seconds % DAY
    reached = of_day[dates == newest].max()
    earlier = dates < newest
    compared = len(np.unique(dates[earlier]))
    if compared < 2:
        return False
    expected = int((of_day[earlier] > reached).sum()) / compared
    return bool(np.exp(-expected) < SURE)
