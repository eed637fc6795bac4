"""Whether the newest day of the data is there as a whole, and whether what comes in ended before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def ended_before(days: NDArray[np.integer], last: int) -> bool:
    """Whether arrivals ended before the last day of the data.

    An export of what came until a day also holds what happened to it later; on these later days nothing new
    can be in it. They are known by their emptiness: if each had brought what its weekday brought in the eight
    weeks up to the newest arrival, the chance of none at all (Poisson, exp(−expected)) is below 1 %.

    Parameters
        days: local days of arrivals, missing ones among them.
        last: the last day on which anything happened.

    >>> working_days = np.array([day for day in range(20_458, 20_491) if (day + 3) % 7 < 5])
    >>> ended_before(np.repeat(working_days, 9), 20_492), ended_before(np.repeat(working_days, 9), 20_495)
    (False, True)
    """
    known = days[days != MISSING_DAY].astype(np.int64)
    if not known.size or int(known.max()) >= last:
        return False
    newest = int(known.max())
    first = max(int(known.min()), newest - 7 * WEEKS_BACK + 1)
    span = np.arange(first, newest + 1)
    seen = np.bincount(span % 7, minlength=7)
    came = np.bincount(known[known >= first] % 7, minlength=7)
    mean = came.sum() / span.size
    usual = np.where(seen > 0, came / np.maximum(seen, 1), mean)
    expected = float(usual[np.arange(newest + 1, last + 1) % 7].sum())
    return bool(np.exp(-expected) < SURE)
