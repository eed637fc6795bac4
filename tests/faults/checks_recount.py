"""Whether the numbers are those of the rows: counted again from the tables with nothing but pandas.

Also whether a number belongs to the period, the filter and the definitions it is shown for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from checks_numbers import none_of
from moving_team import Moved

from kpi import compare
from kpi.facts import Facts
from kpi.model import Claim, Comparison, Estimate, Filter, Period

Rows = pd.DataFrame
SATISFIED = 75
"""Of 0 to 100: an answer of 4 on a scale to 5."""


def inside(moments: pd.Series, period: Period) -> pd.Series:
    """Rows of the period by their day in UTC, in which these teams live."""
    start = pd.Timestamp(period.start, tz="UTC")
    end = pd.Timestamp(period.end, tz="UTC") + pd.Timedelta(days=1)
    return moments.notna() & (moments >= start) & (moments < end)


def median_until(spent: pd.Series, ended: pd.Series) -> float | None:
    """Kaplan-Meier median by its definition, moment by moment; None while it is not reached."""
    waits = np.sort(spent.to_numpy(np.float64))
    over = np.sort(spent[ended].to_numpy(np.float64))
    share = 1.0
    moments, deaths = np.unique(over, return_counts=True)
    for place, (moment, count) in enumerate(zip(moments, deaths, strict=True)):
        share *= 1 - count / (len(waits) - np.searchsorted(waits, moment, side="left"))
        if share <= 0.5 + 1e-12:
            last = share < 0.5 - 1e-12 or place + 1 == len(moments)
            return float(moment) if last else float(moment + moments[place + 1]) / 2
    return None


def recounted(
    moved: Moved, period: Period, channel: str | None = None
) -> dict[str, tuple[float | None, int]]:
    """Value and n of some metrics of every kind of measure."""
    tickets, surveys, calls = moved.tables.tickets, moved.tables.surveys, moved.tables.calls
    assert tickets is not None
    assert surveys is not None
    assert calls is not None
    if channel is not None:
        tickets = tickets[tickets["channel"] == channel]
        surveys = surveys[surveys["ticket_id"].isin(tickets["ticket_id"])]
    end = pd.Timestamp(moved.facts.as_of)
    made = tickets[inside(tickets["created_at"], period)]
    answered = surveys[inside(surveys["responded_at"], period)]
    csat, nps = answered["csat_norm"].dropna(), answered["nps_raw"].dropna()
    found: dict[str, tuple[float | None, int]] = {
        "volume": (float(len(made)), len(made)),
        "csat": (_mean(csat >= SATISFIED), len(csat)),
        "nps": (_mean(np.sign(nps - 8.5) * ((nps >= 9) | (nps <= 6)), 100), len(nps)),
        "frt": _waits(made, "first_response_at", end, 1),
        "ttr": _waits(made, "solved_at", end, 60),
    }
    if channel is None:
        taken = calls[inside(calls["started_at"], period) & (calls["outcome"] == "answered")]
        found["queue_wait"] = (_mean(taken["wait_s"], 1 / 60), len(taken))
    return found


def _mean(values: pd.Series, factor: float = 1) -> float | None:
    return factor * float(values.astype(float).mean()) if len(values) else None


def _waits(made: Rows, column: str, end: pd.Timestamp, per: float) -> tuple[float | None, int]:
    """Median wait in units of ``per`` minutes.

    A ticket without a reply waits until it was solved, others until the end of the data.
    """
    until = made[column].where(made[column].notna(), made["solved_at"].where(made["solved_at"].notna(), end))
    seconds = 60 if per > 1 else 1  # times to resolution are kept in whole minutes
    spent = ((until - made["created_at"]).dt.total_seconds() / seconds).round() * seconds
    median = median_until(spent, made[column].notna()) if len(made) else None
    return (None if median is None else median / 60 / per, len(made))


def check_against_rows(moved: Moved, comparisons: Sequence[Comparison], channel: str | None = None) -> None:
    """Values and n on both sides are those of the rows of that period."""
    by_key = {c.metric.key: c for c in comparisons if not c.group.keys}
    problems = []
    for side, period in (("now", moved.now), ("before", moved.before)):
        for key, (value, n) in recounted(moved, period, channel).items():
            estimate: Estimate = getattr(by_key[key], side)
            if estimate.n != n:
                problems.append(f"{key} {side}: n is {estimate.n}, there are {n} rows")
            near = 1e-6 * max(1.0, abs(value or 0.0))
            same = (
                value is None
                if estimate.value is None
                else value is not None and (abs(estimate.value - value) <= near)
            )
            if not same:
                problems.append(f"{key} {side}: {estimate.value}, the rows give {value}")
    none_of(problems, (moved.now, moved.before, channel))


def check_newest_days_are_provisional(facts: Facts, weeks: Sequence[Period]) -> None:
    """Weeks whose outcomes are still to come are marked, those long past are not."""
    flags = compare.provisional(facts, "resolution_rate", weeks)
    assert flags[-1], "the newest week is shown as if it were final"
    assert not flags[0], "the oldest week is shown as if more were to come"


Ask = Callable[[Any], Sequence[Claim]]
"""From a view to its claims, as a page asks for them."""


def check_nothing_is_stale(ask: Ask, views: Sequence[Any]) -> None:
    """Each view in turn gets the claims of its own facts, periods and filters, whatever was asked before."""
    for view in (*views, *reversed(views)):
        expected = compare.claims(
            compare.compare(view.facts, view.now, view.before, where=view.where), view.now, view.before
        )
        given = ask(view)
        problems = [] if len(given) == len(expected) else [f"{len(given)} claims of {len(expected)}"]
        for one, other in zip(given, expected, strict=False):
            if (one.now_label, one.before_label) != (other.now_label, other.before_label):
                problems.append(f"speaks of {one.now_label} against {one.before_label}")
            if one.comparison != other.comparison:
                problems.append(f"{one.comparison.metric.key} is stale: {one.comparison.now.value}")
        none_of(problems[:3], (str(view.now), view.where))


def channel_filter(channel: str) -> tuple[Filter, ...]:
    """Only that channel."""
    return (Filter("channel", (channel,)),)
