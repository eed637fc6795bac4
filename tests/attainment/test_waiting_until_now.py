"""Open tickets counted up to now instead of up to the newest stamp."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from teams_by_hand import AS_OF, rows, team  # noqa: F401

from kpi import attainment
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files


def test_waits_go_on_after_the_newest_stamp(team: Any, rows: Any) -> None:  # noqa: F811
    facts = team(rows)
    then = attainment.waiting(facts).tickets.set_index("ticket_id")
    found = attainment.waiting(facts, now=AS_OF + timedelta(hours=20))
    now = found.tickets.set_index("ticket_id")
    assert set(now.index) == set(then.index)
    for ticket in then.index:
        assert now.loc[ticket, "waited_h"] == pytest.approx(then.loc[ticket, "waited_h"] + 20)
        assert now.loc[ticket, "left_h"] == pytest.approx(then.loc[ticket, "left_h"] - 20)
    # The e-mail had waited for 3 of 24 hours; with 23 hours less than a quarter is left.
    assert (then.loc["W2", "state"], now.loc["W2", "state"]) == ("in time", "runs out soon")
    assert (found.as_of, found.newest) == (AS_OF + timedelta(hours=20), AS_OF)
    assert found.counts == {"runs out soon": 1, "in time": 0, "overdue": 2}


def test_a_clock_behind_the_data_does_not_turn_time_back(team: Any, rows: Any) -> None:  # noqa: F811
    facts = team(rows)
    found = attainment.waiting(facts, now=AS_OF - timedelta(days=3))
    assert (found.as_of, found.newest) == (AS_OF, None)
    assert found.tickets.equals(attainment.waiting(facts).tickets)


def test_in_business_hours_a_night_is_no_wait(team: Any, rows: Any) -> None:  # noqa: F811
    facts = team(rows, replace(Definitions(), business_hours=True))
    then = attainment.waiting(facts).tickets.set_index("ticket_id")
    # Wednesday noon → Thursday 10:00: five hours until the desk closes at 17:00, one after it opens at 9:00.
    now = attainment.waiting(facts, now=AS_OF + timedelta(hours=22)).tickets.set_index("ticket_id")
    assert (now["waited_h"] - then.loc[now.index, "waited_h"]).to_numpy() == pytest.approx(6.0)


def test_deadlines_of_the_export_run_by_the_clock() -> None:
    lines = ["ticket_id,created_at,due_at,status,updated_at"]
    lines += [f"T{n},2026-09-29T10:00:00Z,2026-09-30T10:00:00Z,open,2026-09-29T12:00:00Z" for n in range(3)]
    data = "\n".join(lines).encode()
    made = Definitions(business_hours=True)
    facts = build_facts(import_files([("due.csv", data)], {"timezone": "UTC"}).tables, made)
    found = attainment.waiting(facts, now=datetime(2026, 9, 30, 8, 30, tzinfo=UTC)).tickets
    assert found["left_h"].tolist() == [1.5] * 3
    assert set(found["state"]) == {"runs out soon"}


def test_alerts_say_both_times(team: Any, rows: Any) -> None:  # noqa: F811
    facts = team(rows)
    now = AS_OF + timedelta(hours=1)
    told = attainment.alerts(attainment.exceptions(facts), attainment.waiting(facts, now=now))
    assert (told["as_of"], told["newest_stamp"]) == (now.isoformat(), AS_OF.isoformat())
    told = attainment.alerts(attainment.exceptions(facts), attainment.waiting(facts))
    assert told["as_of"] == told["newest_stamp"] == AS_OF.isoformat()
