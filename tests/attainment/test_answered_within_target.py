"""Answered within target: what waits beyond its limit is missed; new days look no better than they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from kpi import attainment, compare
from kpi.attainment import Clock, Promise
from kpi.attainment.behind import DECIDED, LATE_OPEN, MET, MISSED, PENDING
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Period
from kpi.workspace import Target

NOW = datetime(2026, 9, 30, 22, tzinfo=UTC)
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
NEWEST = Period(NOW.date(), NOW.date())
EMAIL = Definitions(timezone="UTC", frt_target_minutes={"email": 24 * 60.0})
Row = tuple[float, float | None, float | None]
"""Hours ago of the creation; hours until the answer and until the solving, None: not yet."""


def desk(rows: list[Row], definitions: Definitions = EMAIL) -> Facts:
    head = "ticket_id,channel,created_at,first_response_at,solved_at,status,updated_at\n"
    lines = []
    for number, (ago, answer, solved) in enumerate(rows):
        made = NOW - timedelta(hours=ago)

        def at(hours: float | None, made: datetime = made) -> str:
            return "" if hours is None else f"{made + timedelta(hours=hours):%FT%TZ}"

        status = "open" if solved is None else "solved"
        lines.append(f"T{number},email,{at(0)},{at(answer)},{at(solved)},{status},{NOW:%FT%TZ}")
    imported = import_files([("t.csv", (head + "\n".join(lines) + "\n").encode())], {"timezone": "UTC"})
    return build_facts(imported.tables, definitions)


def promise(facts: Facts, period: Period = SEPTEMBER) -> Promise:
    (found,) = [one for one in attainment.keeping(facts, period).promises if one.clock is Clock.RESPONSE]
    return found


def listed(facts: Facts, period: Period = SEPTEMBER) -> tuple[float | None, int]:
    (found,) = compare.measure(facts, period, metrics=("frt_within_target",))
    return found.estimate.value, found.estimate.n


def test_a_ticket_that_waits_beyond_its_limit_is_missed_everywhere() -> None:
    old: list[Row] = [(100, 1, 2), (100, 30, 31), (90, None, None), (25, None, None)]
    facts = desk(old)
    one = promise(facts)
    assert (one.met, one.missed, one.late_open, one.pending) == (1, 3, 2, 0)
    assert listed(facts) == (0.25, 4)
    assert (one.kept.value, one.kept.n) == (0.25, 4)


def test_while_one_waits_in_time_tickets_count_once_their_time_is_over() -> None:
    facts = desk([(100, 1, 2), (100, 30, 31), (3, 1, 2), (2, 0.5, None), (1, None, None)])
    one = promise(facts)
    assert (one.met, one.missed, one.late_open, one.pending) == (1, 1, 0, 1)
    assert one.kept.note == "3 tickets left out: the time they were promised is not over yet"
    # The list of metrics keeps every known outcome, as its definition says.
    assert listed(facts) == (0.75, 4)


def test_where_nothing_waits_in_time_both_are_one_number() -> None:
    facts = desk([(100, 1, 2), (100, 30, 31), (50, None, None), (3, 1, 2), (2, 0.5, None)])
    one = promise(facts)
    assert (one.kept.value, one.kept.n) == listed(facts) == (3 / 5, 5)


def test_a_ticket_solved_without_an_answer_does_not_wait() -> None:
    facts = desk([(100, 1, 2), (100, None, 3), (100, None, 40), (2, None, 1)])
    one = promise(facts)
    # Solved in time without a word: nobody knows. Solved too late without a word: missed, and no longer open.
    assert (one.met, one.missed, one.late_open, one.pending) == (1, 1, 0, 0)
    assert listed(facts) == (0.5, 2)


def test_business_hours_decide_whether_the_time_is_over() -> None:
    hours = replace(EMAIL, business_hours=True, frt_target_minutes={"email": 600.0})
    # On Wednesday at 22:00 Tuesday's noon is 5 + 8 open hours ago, Wednesday's noon 5, of ten promised.
    facts = desk([(34, 1, 2), (10, 0.5, 1), (10, None, None)], hours)
    one = promise(facts)
    assert (one.met, one.missed, one.pending) == (1, 0, 1)


def rows_of(draw: np.random.Generator, share: float) -> list[Row]:
    """Four weeks until now: most are answered within the hour, the others after 30 to 40 hours."""
    made: list[Row] = []
    for _ in range(1_500):
        ago = float(draw.uniform(0, 28 * 24))
        takes = float(draw.uniform(0.1, 1.0)) if draw.random() < share else float(draw.uniform(30, 40))
        answered = takes if takes < ago else None
        made.append((ago, answered, answered))
    return made


@pytest.fixture(scope="module")
def constant() -> tuple[Facts, ...]:
    return tuple(desk(rows_of(np.random.default_rng(seed), 0.7)) for seed in range(4))


def test_the_newest_days_of_a_constant_process_are_no_better(constant: tuple[Facts, ...]) -> None:
    days = Period(NOW.date() - timedelta(days=2), NOW.date())
    values = [promise(facts, days).kept.value for facts in constant]
    # About 110 tickets each whose time is over: σ of the mean of four is .022.
    assert abs(float(np.mean([value for value in values if value is not None])) - 0.7) < 0.07
    known = [listed(facts, NEWEST)[0] for facts in constant]
    assert all(value == 1.0 for value in known), "the list of metrics knows the quick ones only"
    assert all(promise(facts, NEWEST).kept.n == 0 for facts in constant)


@pytest.mark.parametrize("which", [DECIDED, MET, MISSED, LATE_OPEN, PENDING])
def test_as_many_rows_as_are_counted(constant: tuple[Facts, ...], which: str) -> None:
    one = promise(constant[0])
    counts = {
        DECIDED: one.kept.n,
        MET: one.met,
        MISSED: one.missed,
        LATE_OPEN: one.late_open,
        PENDING: one.pending,
    }
    assert len(attainment.behind_promise(constant[0], one, SEPTEMBER, which)) == counts[which]
    assert counts[which] > 0


def test_a_target_is_held_against_the_number_of_its_promise(constant: tuple[Facts, ...]) -> None:
    target = Target("1", "frt_within_target", 0.75, (Filter("channel", ("email",)),))
    found = attainment.keeping(constant[0], SEPTEMBER, (target,))
    (standing,) = [one for one in found.standings if one.key == "frt_within_target"]
    one = promise(constant[0])
    assert (standing.estimate.value, standing.estimate.n) == (one.kept.value, one.kept.n)
    assert len(attainment.behind_target(constant[0], standing)) == one.kept.n


def test_the_newest_day_is_no_exception_for_being_young() -> None:
    draw = np.random.default_rng(7)
    many: list[Row] = []
    for day in range(400):
        for _ in range(40):
            ago = day * 24 + float(draw.uniform(0, 24))
            takes = float(draw.uniform(0.1, 1.0)) if draw.random() < 0.7 else float(draw.uniform(30, 40))
            answered = takes if takes < ago else None
            many.append((ago, answered, answered))
    found = attainment.exceptions(desk(many), "day")
    assert "frt_within_target" not in {each.metric.key for each in found.found}
    skipped = dict(found.skipped)
    assert "Answered within target" not in skipped or "gain outcomes" in skipped["Answered within target"]
