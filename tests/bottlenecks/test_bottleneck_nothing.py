"""Nothing is there: waits, flags and answers in random order. What is claimed then is a false alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats
from waiting_desk import chats, weeks_of

from kpi import bottlenecks
from kpi.facts import Facts
from kpi.model import Grain, Period

Q3 = Period(date(2026, 7, 1), date(2026, 9, 30))
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))


def allowed(samples: int, rate: float = 0.05) -> int:
    """As many false alarms as a rate that is kept leads to once in a thousand such tests at most."""
    return int(stats.binom.isf(0.001, samples, rate))


def mixed(random: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """Rows in random order within their group."""
    order = np.lexsort((random.random(group.size), group))
    base = np.argsort(group, kind="stable")
    found = np.arange(group.size)
    found[base] = order
    return found


def shuffled(facts: Facts, seed: int) -> Facts:
    """Waits of each day and channel in random order; outcomes and answers within their kind."""
    random = np.random.default_rng(seed)
    tickets, calls = facts.tables[Grain.TICKETS], facts.tables[Grain.CALLS]
    channel = tickets.dimensions["channel"].codes.astype(np.int64)
    day = tickets.columns["created_day"].astype(np.int64)
    category = tickets.dimensions["category"].codes.astype(np.int64)
    priority = tickets.dimensions["priority"].codes.astype(np.int64)
    kind = (category * 100 + channel) * 100 + priority
    waits = mixed(random, day * 100 + channel)
    columns, source = dict(tickets.columns), tickets.source.copy()
    for name in ("frt_s", "frt_known", "frt_counts", "frt_waiting"):
        columns[name] = columns[name][waits]
    source["first_reply_bus_s"] = source["first_reply_bus_s"].to_numpy()[waits]
    ended = columns["ttr_ended"] != 0
    flags = mixed(random, kind * 2 + ended)
    for name in ("transferred", "escalated", "reopened"):
        columns[name] = columns[name][flags]
    for name in ("assignee_stations", "replies", "reopens"):
        source[name] = source[name].to_numpy()[flags]
    rated = columns["rated"] != 0
    month = day // 28
    answers = mixed(random, ((category * 100 + channel) * 1_000 + month) * 2 + rated)
    columns["rated_satisfied"] = columns["rated_satisfied"][answers]
    started = calls.columns["started_day"].astype(np.int64)
    call_columns = dict(calls.columns)
    answered = mixed(random, started * 2 + (call_columns["wait_known"] != 0))
    lost = mixed(random, started * 2 + (call_columns["offered"] != 0))
    call_columns["wait_s"] = call_columns["wait_s"][answered]
    call_columns["long_abandoned"] = call_columns["long_abandoned"][lost]
    tables = {
        **facts.tables,
        Grain.TICKETS: replace(tickets, columns=columns, source=source),
        Grain.CALLS: replace(calls, columns=call_columns),
    }
    return replace(facts, tables=tables)


@pytest.mark.parametrize("samples", [20, pytest.param(100, marks=pytest.mark.full)])
def test_a_page_of_nothing_claims_no_more_than_the_stated_rate(sample: Facts, samples: int) -> None:
    hours = loops = relations = 0
    for seed in range(samples):
        quiet = shuffled(sample, seed)
        found = bottlenecks.hours(quiet, bottlenecks.half_year(quiet, Q3))
        assert found.looked_at > 100
        hours += bool(found.found)
        went = bottlenecks.loops(quiet, Q3)
        assert len(went.found) == 5
        loops += any(each.p_adjusted is not None and each.p_adjusted < 0.05 for each in went.found)
        relations += any(each.clear for each in bottlenecks.relations(quiet, Q3))
    assert hours <= allowed(samples)
    assert loops <= allowed(samples)
    assert relations <= allowed(samples)


@pytest.mark.parametrize("samples", [6, pytest.param(100, marks=pytest.mark.full)])
def test_days_that_wander_claim_no_hour(samples: int) -> None:
    """Days differ by a factor of 2.7 (one standard deviation), hours of a day do not."""
    loud = 0
    for seed in range(samples):
        loud += bool(bottlenecks.hours(chats(seed, weeks=8, per_day=25, wander=1.0), weeks_of(8)).found)
    assert loud <= allowed(samples)


@pytest.mark.parametrize("samples", [12, pytest.param(100, marks=pytest.mark.full)])
def test_parts_and_stages_of_random_weeks_did_not_change(sample: Facts, samples: int) -> None:
    """The fifty weeks before anything was planted, in random order, with every stamp moved along."""
    claims = 0
    for seed in range(samples):
        quiet, now, before = weeks_in_random_order(sample, seed)
        split = bottlenecks.split(quiet, now, before)
        assert len(split.parts) >= 5
        claims += any(
            part.comparison is not None and part.comparison.verdict.value in ("better", "worse", "changed")
            for part in split.parts
        )
    assert claims <= allowed(samples)


def weeks_in_random_order(facts: Facts, seed: int) -> tuple[Facts, Period, Period]:
    from datetime import timedelta

    from kpi.model import EPOCH

    start, weeks = date(2025, 5, 5), 50
    first = (start - EPOCH).days
    random = np.random.default_rng(seed)
    table = facts.tables[Grain.TICKETS]
    solved = table.columns["solved_day"].astype(np.int64)
    rows = np.flatnonzero((solved >= first) & (solved < first + 7 * weeks))
    order = random.permutation(weeks)
    moved = first + order[(solved[rows] - first) // 7] * 7 + (solved[rows] - first) % 7
    columns = {name: values[rows].copy() for name, values in table.columns.items()}
    columns["solved_day"] = moved.astype(np.int32)
    made = replace(
        table,
        columns=columns,
        dimensions={name: values[rows] for name, values in table.dimensions.items()},
        source=table.source.iloc[rows].reset_index(drop=True),
    )
    quiet = replace(
        facts,
        tables={**facts.tables, Grain.TICKETS: made},
        first_day=first,
        last_day=first + 7 * weeks - 1,
    )
    last = start + timedelta(days=7 * weeks - 1)
    return (
        quiet,
        Period(last - timedelta(days=90), last),
        Period(last - timedelta(days=181), last - timedelta(days=91)),
    )
