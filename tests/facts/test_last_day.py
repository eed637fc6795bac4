"""The last day of the data where an export holds what came until a day, and what happened to it later."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from kpi import compare, periods
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Tables
from kpi.model import Period
from kpi.periods.kinds import as_date


def created_in(first: str, days: int, a_day: int, hours_to_solve: float = 48.0) -> pd.DataFrame:
    """So many tickets each day, the last of them solved after the last day on which one came."""
    start = pd.Timestamp(first, tz="UTC")
    stamps = [
        start + pd.Timedelta(days=day, hours=8) + pd.Timedelta(minutes=5 * place)
        for day in range(days)
        for place in range(a_day)
    ]
    made = pd.Series(pd.DatetimeIndex(stamps).astype("datetime64[ns, UTC]"))
    return pd.DataFrame(
        {
            "ticket_id": [f"t{place}" for place in range(len(made))],
            "created_at": made,
            "solved_at": made + pd.Timedelta(hours=hours_to_solve),
            "status": "solved",
        }
    )


def facts_of(tickets: pd.DataFrame, **others: pd.DataFrame) -> Facts:
    return build_facts(Tables(tickets=tickets, **others), Definitions())


def new_tickets(facts: Facts, period: Period) -> float | None:
    (found,) = compare.measure(facts, period, metrics=("volume",))
    return found.estimate.value


def test_an_export_by_date_of_creation_ends_with_the_newest_ticket() -> None:
    facts = facts_of(created_in("2026-06-01", 30, 10))
    assert as_date(facts.last_day) == date(2026, 6, 30)
    assert facts.newest_day_whole
    assert any("2026-06-30" in note and "2 days" in note for note in facts.notes)


def test_days_on_which_nothing_could_come_are_no_fall_of_tickets() -> None:
    facts = facts_of(created_in("2026-06-01", 30, 10, 24 * 6))
    now = periods.default_period(facts.first_day, facts.last_day, newest_day_whole=facts.newest_day_whole)
    before = periods.previous(now, definitions=facts.definitions)
    assert now.end <= date(2026, 6, 30)
    assert new_tickets(facts, now) == 10 * now.days
    assert new_tickets(facts, before) == 10 * before.days


def test_five_days_of_tickets_are_shown_though_the_solves_go_on_for_weeks() -> None:
    facts = facts_of(created_in("2026-01-01", 5, 100, 24 * 20))
    now = periods.default_period(facts.first_day, facts.last_day, newest_day_whole=facts.newest_day_whole)
    assert now.end == date(2026, 1, 5)
    assert new_tickets(facts, now)


def test_a_quiet_weekend_is_not_the_end() -> None:
    """Nobody writes on Saturdays and Sundays; the newest solve is of a Sunday."""
    every = created_in("2026-05-04", 40, 10, 48)
    quiet = every[every["created_at"].dt.day_of_week < 5].reset_index(drop=True)
    assert quiet["created_at"].max().day_of_week == 4
    facts = facts_of(quiet)
    assert as_date(facts.last_day) == quiet["solved_at"].max().date()
    assert not facts.notes


def test_few_tickets_do_not_tell_that_they_ended() -> None:
    every = created_in("2026-01-01", 61, 1, 24 * 10)
    facts = facts_of(every.iloc[::20].reset_index(drop=True))
    assert as_date(facts.last_day) == date(2026, 3, 12)
    assert not facts.notes


def test_calls_that_go_on_keep_their_days() -> None:
    start = pd.date_range("2026-06-01", periods=60, freq="12h", tz="UTC").astype("datetime64[ns, UTC]")
    calls = pd.DataFrame({"call_id": [f"c{n}" for n in range(60)], "started_at": start, "wait_s": 10.0})
    facts = facts_of(created_in("2026-06-01", 20, 10, 24 * 30), calls=calls)
    assert as_date(facts.last_day) == start.max().date()
    assert np.ptp(facts.tables[next(iter(facts.tables))].columns["created_day"]) == 19
