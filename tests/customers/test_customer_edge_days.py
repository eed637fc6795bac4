"""The first and the last day of a period belong to it, the days beside them do not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from kpi.customers import Known
from kpi.customers.moving import pairs
from kpi.customers.proving import Outcome, happened
from kpi.customers.risk import Looked, look
from kpi.facts import Facts
from kpi.model import Period
from kpi.periods.kinds import as_date

EARLIER = Period(as_date(20_600), as_date(20_630))


def left_within(known: Known, looked: Looked, last: int) -> int:
    """Accounts that the page says left after ``EARLIER`` and up to a day."""
    later = Period(EARLIER.end + timedelta(days=1), as_date(last))
    found = happened(known, looked, Outcome.LEFT, EARLIER, later, ())
    assert not isinstance(found, str)
    return int(found[1].sum())


def test_who_leaves_on_the_last_day_left_in_the_period(known: Known) -> None:
    looked = look(known, EARLIER)
    assert isinstance(looked, Looked)
    assert known.list is not None
    assert known.listed is not None
    days = np.zeros(known.keys.size, np.int64)
    use = known.listed >= 0
    days[known.listed[use]] = known.list.columns["lost_day"][use]
    own = days[looked.code]
    after = own[own > EARLIER.last_day]
    assert after.size > 5
    for last in np.unique(after)[:8].tolist():
        expected = int(((own > EARLIER.last_day) & (own <= last)).sum())
        assert left_within(known, looked, last) == expected > 0


@pytest.mark.parametrize("edge", ["last", "first"])
def test_answers_on_the_edge_days_of_the_period_are_in_it(known: Known, edge: str, sample: Facts) -> None:
    """Second answers by customer, counted by hand from the surveys."""
    assert known.surveys is not None
    assert known.answers is not None
    day = known.surveys.columns["answered_day"].astype(np.int64)
    use = (known.surveys.columns["nps_answered"] != 0) & (known.answers >= 0)
    first, last = sample.last_day - 90, sample.last_day - 30
    moved = 0
    for shift in range(12):
        period = (
            Period(as_date(first), as_date(last - shift))
            if edge == "last"
            else Period(as_date(first + shift), as_date(last))
        )
        inside = use & (day >= period.first_day) & (day <= period.last_day)
        before = use & (day < period.first_day)
        expected = len(set(known.answers[inside]) & set(known.answers[before]))
        found = pairs(known, period)
        assert not isinstance(found, str)
        assert found.second.size == expected
        moved += expected
    assert moved > 20
