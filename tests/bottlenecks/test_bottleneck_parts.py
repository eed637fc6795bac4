"""Where time goes: parts add up to the whole whatever is booked, and are those of the rows by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from waiting_desk import FIRST, desk, weeks_of

from kpi import bottlenecks
from kpi.bottlenecks import CLOSED, CUSTOMER, PARTS, TEAM, THIRD, UNTOLD, WORK
from kpi.bottlenecks import FIRST as FIRST_REPLY
from kpi.bottlenecks.durations import PART_COLUMN, SPLIT_KNOWN, timed
from kpi.definitions import Calendar, Definitions
from kpi.facts import Facts
from kpi.model import Grain, Period
from kpi.words import bottleneck_sentences as words

Q3, Q2 = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))
PLAIN = ("Ticket ID", "Created at", "Solved at", "Status", "Channel")
NEVER_OPEN = Definitions(calendar=Calendar(weekly=((),) * 7))
MONDAY = datetime.combine(FIRST, datetime.min.time()) + timedelta(hours=9)


def hours_of(facts: Facts) -> dict[str, float]:
    found = bottlenecks.split(facts, weeks_of(4), weeks_of(4))
    return {part.name: round(part.hours, 2) for part in found.parts}


def booked(requester: float, customer: float, hold: float, first: float, minutes: int = 600) -> Facts:
    """Thirty tickets alike, each solved after so many minutes; -1: the export has no such column."""
    rows = []
    for n in range(30):
        created = MONDAY + timedelta(days=n % 5)
        rows.append((f"T{n}", created, created + timedelta(minutes=minutes), "Solved", "Email"))
    given = {
        "requester_wait_cal_s": requester,
        "agent_wait_cal_s": customer,
        "on_hold_cal_s": hold,
        "first_reply_cal_s": first,
    }
    return with_columns(
        desk(PLAIN, rows, definitions=NEVER_OPEN),
        {name: np.full(30, value * 60.0) for name, value in given.items() if value >= 0},
    )


def with_columns(facts: Facts, columns: dict[str, np.ndarray]) -> Facts:
    """Facts whose canonical tickets have these columns too."""
    table = facts.tables[Grain.TICKETS]
    source = table.source.assign(**columns)
    return replace(facts, tables={Grain.TICKETS: replace(table, source=source)})


def test_parts_of_the_sample_are_those_of_its_columns(sample: Facts) -> None:
    found = bottlenecks.split(sample, Q3, Q2)
    table = sample.tables[Grain.TICKETS]
    source = table.source
    local = source["solved_at"].dt.tz_convert("Europe/Berlin").dt.date
    mine = source[((local >= Q3.start) & (local <= Q3.end) & (table.columns["solved"] != 0)).to_numpy()]
    assert found.told.n == found.solved == len(mine)
    total = mine["full_resolution_cal_s"].sum() / 3600
    assert found.hours == pytest.approx(total, rel=1e-6)
    by_name = {part.name: part for part in found.parts}
    assert by_name[CUSTOMER].hours == pytest.approx(mine["agent_wait_cal_s"].sum() / 3600)
    assert by_name[CUSTOMER].behind.n == int((mine["agent_wait_cal_s"] > 0).sum())
    assert by_name[THIRD].hours == pytest.approx(mine["on_hold_cal_s"].sum() / 3600)
    assert by_name[FIRST_REPLY].hours == pytest.approx(mine["first_reply_bus_s"].sum() / 3600)
    closed = sum((mine[f"{name}_cal_s"] - mine[f"{name}_bus_s"]).sum() for name in ("requester_wait",))
    # A minute of rounding a contact is all that the two ways of adding up may differ by.
    assert by_name[CLOSED].hours == pytest.approx(closed / 3600, rel=0.002)
    assert UNTOLD not in by_name
    assert sum(part.share.value or 0 for part in found.parts) == pytest.approx(1)


def test_every_part_opens_as_many_contacts_as_it_counts(sample: Facts) -> None:
    found = bottlenecks.split(sample, Q3, Q2)
    for part in found.parts:
        for behind, hours in ((part.behind, part.hours), (part.behind_before, part.hours_before)):
            rows = bottlenecks.rows(sample, behind, part=part.name)
            assert len(rows) == behind.n
            assert rows["hours in this part"].sum() == pytest.approx(hours, abs=0.006 * max(len(rows), 1))
            assert rows["hours in this part"].is_monotonic_decreasing
    for field in ("channel", "category"):
        lines = bottlenecks.slices(sample, found, field)
        assert sum(line.total for line in lines) == pytest.approx(found.hours)
        assert sum(line.behind.n for line in lines) == found.told.n
        for part in found.parts:
            assert sum(line.hours[part.name] for line in lines) == pytest.approx(part.hours)


def test_time_on_hold_beside_the_requesters_wait_and_inside_it() -> None:
    beside = hours_of(booked(requester=300, customer=180, hold=120, first=60))
    inside = hours_of(booked(requester=420, customer=180, hold=120, first=60))
    expected = {FIRST_REPLY: 30.0, TEAM: 120.0, CUSTOMER: 90.0, THIRD: 60.0}
    assert beside == expected
    assert inside == expected


def test_what_is_booked_to_nobody_is_not_told() -> None:
    assert hours_of(booked(-1, -1, -1, 60)) == {FIRST_REPLY: 30.0, UNTOLD: 270.0}
    assert hours_of(booked(-1, -1, -1, -1)) == {UNTOLD: 300.0}
    without_hold = {FIRST_REPLY: 30.0, TEAM: 120.0, CUSTOMER: 90.0, UNTOLD: 60.0}
    assert hours_of(booked(300, 180, -1, 60)) == without_hold


def test_what_is_booked_beyond_the_whole_is_cut_and_said() -> None:
    facts = booked(requester=100, customer=900, hold=50, first=60)
    assert hours_of(facts) == {FIRST_REPLY: 30.0, CUSTOMER: 270.0}
    said = words.split_notes(bottlenecks.split(facts, weeks_of(4), weeks_of(4)))
    assert any("book more time than passed" in note for note in said)


def test_closed_hours_come_from_the_calendar_that_was_set() -> None:
    """Written at 16:00 and solved at 10:00 the next day: two open hours of eighteen."""
    rows = []
    for n in range(20):
        created = MONDAY + timedelta(days=n % 4, hours=7)
        rows.append((f"T{n}", created, created + timedelta(hours=18), "Solved", "Email"))
    weekly = (*(((540, 1020),),) * 4, ((540, 1021),), (), ())
    facts = desk(PLAIN, rows, definitions=Definitions(calendar=Calendar(weekly=weekly)))
    assert hours_of(facts) == {CLOSED: 320.0, UNTOLD: 40.0}
    found = bottlenecks.split(facts, weeks_of(4), weeks_of(4))
    assert found.closed_from == "the opening hours under Definitions"


def test_usual_hours_that_are_not_the_teams_are_not_used() -> None:
    """Replies at night: 9 to 17, which nobody chose, must not tell when the desk is closed."""
    night = MONDAY + timedelta(hours=11)
    rows = [(f"T{n}", night, night + timedelta(hours=2), "Solved", "Email") for n in range(20)]
    facts = desk(PLAIN, rows)
    found = bottlenecks.split(facts, weeks_of(4), weeks_of(4))
    assert found.closed_from == ""
    assert "set yours under Definitions" in found.why_open
    assert hours_of(facts) == {UNTOLD: 40.0}


@lru_cache
def alike(count: int) -> Facts:
    """So many tickets that are all alike."""
    rows = [(f"T{n}", MONDAY, MONDAY + timedelta(days=30), "Solved") for n in range(count)]
    return desk(("Ticket ID", "Created at", "Solved at", "Status"), rows)


lengths = st.one_of(st.none(), st.floats(0, 4e6))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(0, 3e6), lengths, lengths, lengths, lengths, lengths, lengths, lengths),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_parts_add_up_whatever_is_booked(rows: list[tuple[float | None, ...]], own_hours: bool) -> None:
    """Clock, business and work lengths at random, contradictions among them: no part below 0, sum exact."""
    names = ("full_resolution_cal_s", "first_reply_cal_s", "agent_wait_cal_s", "on_hold_cal_s")
    more = ("requester_wait_cal_s", "full_resolution_bus_s", "first_reply_bus_s", "handle_s")
    base = alike(len(rows))
    given_columns = {
        name: np.array([np.nan if row[place] is None else row[place] for row in rows], dtype=float)
        for place, name in enumerate((*names, *more))
        if own_hours or not name.endswith("bus_s")
    }
    facts = with_columns(base, given_columns)
    columns = timed(facts).facts.tables[Grain.TICKETS].columns
    parts = np.stack([columns[PART_COLUMN[name]] for name in PARTS])
    assert (parts >= 0).all()
    assert (columns[SPLIT_KNOWN] == 1).all()
    assert parts.sum(axis=0).tolist() == [round(row[0] or 0.0) for row in rows]
    assert (columns[PART_COLUMN[WORK]] == 0).all()


def test_stages_count_those_still_in_them(sample: Facts) -> None:
    found = bottlenecks.stages(sample, Q3, Q2)
    names = [stage.name for stage in found.found]
    assert names[:3] == ["Created → assigned", "Assigned → first reply", "First reply → first solved"]
    assert found.missing == ()
    source = sample.tables[Grain.TICKETS].source
    local = source["created_at"].dt.tz_convert("Europe/Berlin").dt.date
    mine = source[((local >= Q3.start) & (local <= Q3.end)).to_numpy()]
    reply = (mine["first_response_at"] - mine["first_assigned_at"]).dt.total_seconds().dropna() / 60
    stage = found.found[1]
    assert stage.median.now.value == pytest.approx(float(reply.median()), abs=1)
    for stage in found.found:
        rows = bottlenecks.rows(sample, stage.behind)
        assert len(rows) == stage.behind.n == stage.median.now.n
        parts = stage.median.now.parts
        assert (parts["ended"] or 0) + (parts["open"] or 0) == stage.behind.n
        assert stage.still.n == parts["open"]
        assert set(stage.still.rows) <= set(stage.behind.rows)
        assert (stage.p90.now.value or 0) >= (stage.median.now.value or 0)
    assert (found.found[2].median.now.parts["open"] or 0) > 20
    still = bottlenecks.rows(sample, found.found[1].still)
    assert still["first_response_at"].isna().all()
    assert still["first_assigned_at"].notna().all()
    still = bottlenecks.rows(sample, found.found[2].still)
    assert len(still) > 20
    assert still["first_response_at"].notna().all()
    assert set(still["status"]) <= {"new", "open", "pending", "on_hold"}
