"""The rows behind a number of a promise, of a target and of an exception."""

from __future__ import annotations

import pandas as pd

from kpi import drill
from kpi.attainment.clocks import overrun_of, share_of, with_promises
from kpi.attainment.nouns import LeftBand, Promise, Standing
from kpi.facts import Facts
from kpi.measures import Share
from kpi.model import Filter, Period

DECIDED, MET, MISSED, LATE, LATE_OPEN, PENDING = (
    "decided",
    "met",
    "missed",
    "late",
    "late_open",
    "pending",
)


def behind_promise(
    facts: Facts, promise: Promise, period: Period, which: str = DECIDED, *, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The rows that were decided, met, missed, late by a known time, late and open, or still in time."""
    ready, segment = with_promises(facts), (*where, *promise.where)
    share = share_of(promise.clock)
    if which == LATE:
        return drill.rows(ready, overrun_of(promise.clock), period, where=segment)
    if which in (MET, LATE_OPEN, PENDING):
        return drill.rows(ready, share, period, where=segment, part=which)
    rows = drill.rows(ready, share, period, where=segment)
    if which == MISSED:
        assert isinstance(share.measure, Share)
        good = drill.WORDS.get(share.measure.of, (drill.YES, drill.NO))[0]
        rows = rows[rows[drill.COUNTED] != good].reset_index(drop=True)
    return rows


def behind_target(facts: Facts, one: Standing, *, where: tuple[Filter, ...] = ()) -> pd.DataFrame:
    """The rows counted in the value that is held against a target; none where there is no value."""
    if one.metric is None or one.days is None or not one.estimate.n:
        return pd.DataFrame()
    return drill.rows(with_promises(facts), one.metric, one.days, where=(*where, *one.where))


def behind_exception(facts: Facts, one: LeftBand, *, where: tuple[Filter, ...] = ()) -> pd.DataFrame:
    """The rows counted in the value that left its band."""
    return drill.rows(facts, one.metric, one.period, where=(*where, *one.where))
