"""Promises, targets, curves and open tickets against counts by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from teams_by_hand import rows, team

from kpi import attainment
from kpi.attainment import Clock, Origin, Side
from kpi.attainment.behind import LATE, LATE_OPEN, MET, MISSED, PENDING
from kpi.attainment.judging import Case, judge
from kpi.definitions import Definitions
from kpi.facts import Facts
from kpi.metrics import metric
from kpi.model import Estimate, Filter, Period
from kpi.stats import kaplan_meier
from kpi.words import target_sentences as words
from kpi.workspace import Target

__all__ = ["rows", "team"]
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
CHAT = (Filter("channel", ("chat",)),)
EMAIL = (Filter("channel", ("email",)),)


@pytest.fixture(scope="module")
def facts(team: Any, rows: Any) -> Facts:
    return team(rows)  # type: ignore[no-any-return]


def promise(kept: attainment.Kept, name: str, clock: Clock = Clock.RESPONSE) -> attainment.Promise:
    return next(one for one in kept.promises if one.name == name and one.clock is clock)


def test_met_missed_and_waiting_are_those_counted_by_hand(facts: Facts) -> None:
    kept = attainment.keeping(facts, SEPTEMBER)
    chat, email = promise(kept, "chat"), promise(kept, "email")
    assert (chat.met, chat.missed, chat.late_open, chat.pending) == (36, 5, 1, 0)
    assert chat.kept.value == pytest.approx(36 / 41)
    assert chat.longest_s == 5 * 3600
    assert (email.met, email.missed, email.late_open, email.pending) == (8, 3, 1, 1)
    assert email.longest_s == 40 * 3600
    # Chats were late by 30 min four times; the one that waits is late by 240 min so far.
    assert chat.overrun.value == pytest.approx(30.0)
    assert email.overrun.value == pytest.approx(360.0)
    assert chat.judged.side is Side.NO_TARGET
    assert [clock for clock, _ in kept.absent] == [Clock.RESOLUTION, Clock.HOLD]


def test_rows_behind_each_number_are_as_many_as_it_says(facts: Facts) -> None:
    kept = attainment.keeping(facts, SEPTEMBER)
    for one in kept.promises:
        wanted = {MET: one.met, MISSED: one.missed, LATE_OPEN: one.late_open, PENDING: one.pending}
        for which, count in wanted.items():
            assert len(attainment.behind_promise(facts, one, SEPTEMBER, which)) == count, (one.name, which)
        assert len(attainment.behind_promise(facts, one, SEPTEMBER)) == one.kept.n == one.met + one.missed
        assert len(attainment.behind_promise(facts, one, SEPTEMBER, LATE)) == one.overrun.n


def test_promises_told_apart_by_priority_add_up(facts: Facts) -> None:
    kept = attainment.keeping(facts, SEPTEMBER, split="priority")
    chats = [one for one in kept.promises if one.where[0] == CHAT[0]]
    assert [(one.name, one.met, one.missed) for one in chats] == [
        ("chat, high", 0, 5),
        ("chat, normal", 36, 0),
    ]


def test_resolution_by_priority_where_a_target_is_set(team: Any, rows: Any) -> None:
    facts = team(rows, replace(Definitions(), ttr_target_hours={"high": 4.0, "*": 24.0}))
    kept = attainment.keeping(facts, SEPTEMBER)
    high = promise(kept, "high", Clock.RESOLUTION)
    # Solved in 1.5 h four times, in 30 h twice; one chat is open for 5 h.
    assert (high.met, high.missed, high.late_open, high.limit_s) == (4, 3, 1, 4 * 3600)
    normal = promise(kept, "normal", Clock.RESOLUTION)
    assert (normal.met, normal.missed, normal.pending) == (44, 0, 1)


def test_the_curve_is_the_count_by_hand_and_the_kaplan_meier_curve(facts: Facts) -> None:
    made = attainment.curve(facts, Clock.RESPONSE, SEPTEMBER, where=CHAT)
    at = {point.seconds: point for point in made.points}
    assert at[300].share == 0
    assert at[600].share == pytest.approx(36 / 41)
    assert at[3600].share == pytest.approx(36 / 41)
    assert at[5400].share == pytest.approx(40 / 41)
    assert (made.ended, made.waiting, made.limits) == (40, 1, (3600.0,))
    # One chat still waits: 40 of 41 is all that can be said, as far as it has waited.
    assert made.points[-1].seconds <= 5 * 3600
    email = attainment.curve(facts, Clock.RESPONSE, SEPTEMBER, where=EMAIL)
    by_hand = kaplan_meier([2, 3, 30, 40], [8, 0, 2, 0], [0, 1, 0, 1])
    for point in email.points:
        assert point.share == pytest.approx(1 - by_hand.at(point.seconds / 3600)), point
        assert 0 <= point.low <= point.share <= point.high <= 1
    # 24 h: 8 of 12 answered, one had waited 3 h only, so each of the others counts no more than before.
    assert email.at(86_400).share == pytest.approx(8 / 12)  # type: ignore[union-attr]
    assert email.at(48 * 3600) is None


def test_business_hours_stop_the_clock(team: Any) -> None:
    # Monday 28 September 2026, 16:30 → Tuesday 09:15: 16 h 45 min by the clock, 45 min of an open desk.
    rows = [("A", "chat", "normal", 43.5, 16.75)]
    clock = attainment.keeping(team(rows), SEPTEMBER).promises[0]
    desk = attainment.keeping(team(rows, replace(Definitions(), business_hours=True)), SEPTEMBER).promises[0]
    assert (clock.met, desk.met) == (0, 1)


def test_callers_who_hung_up_are_missed_and_never_answered() -> None:
    from kpi.facts import build_facts
    from kpi.ingest import import_files

    lines = ["call_id,started_at,outcome,wait_s"]
    for number in range(20):
        lines.append(f"a{number},2026-09-{number + 1:02d}T10:00:00Z,answered,{30 if number < 15 else 400}")
    lines += [f"h{number},2026-09-{number + 1:02d}T11:00:00Z,abandoned,60" for number in range(5)]
    data = "\n".join(lines).encode()
    facts = build_facts(import_files([("calls.csv", data)], {"timezone": "UTC"}).tables, Definitions())
    (hold,) = attainment.keeping(facts, SEPTEMBER).promises
    assert (hold.clock, hold.met, hold.missed, hold.kept.n) == (Clock.HOLD, 15, 10, 25)
    assert hold.overrun.value == pytest.approx(100 / 60)
    made = attainment.curve(facts, Clock.HOLD, SEPTEMBER)
    assert made.at(300).share == pytest.approx(15 / 25)  # type: ignore[union-attr]
    assert max(point.share for point in made.points) <= 20 / 25


# ---------------------------------------------------------------- targets


def test_the_narrowest_target_that_holds_on_the_last_day_decides() -> None:
    last = date(2026, 9, 30)
    kept = (
        Target("1", "csat", 0.9),
        Target("2", "csat", 0.7, CHAT, valid_until=date(2026, 6, 30)),
        Target("3", "csat", 0.75, CHAT, valid_from=date(2026, 7, 1)),
        Target("4", "csat", 0.6, (*CHAT, Filter("priority", ("high",)))),
        Target("5", "csat", 0.65, (Filter("channel", ("chat", "email")),)),
    )
    high = (*CHAT, Filter("priority", ("high",)))
    cases = {
        (): 0.9,
        CHAT: 0.75,
        EMAIL: 0.65,
        high: 0.6,
        (Filter("team", ("A",)),): 0.9,
        (Filter("channel", ("chat", "email", "social")),): 0.9,
    }
    for where, value in cases.items():
        found = attainment.aim(Definitions(), kept, "csat", where, last)
        assert (found.value, found.origin) == (value, Origin.KEPT), where
    assert attainment.aim(Definitions(), kept, "csat", CHAT, date(2026, 6, 1)).value == 0.7
    assert attainment.aim(Definitions(), (), "csat", CHAT, last).origin is Origin.DEFINITIONS
    assert attainment.aim(Definitions(), (), "frt", CHAT, last).value is None
    assert attainment.aim(Definitions(), (), "frt", CHAT, last).origin is Origin.NONE


def test_verdicts_and_targets_that_hold_no_more_or_whose_metric_vanished(facts: Facts) -> None:
    targets = (
        Target("1", "frt_within_target", 0.60, CHAT),
        Target("2", "frt_within_target", 0.999, EMAIL),
        Target("3", "frt_within_target", 0.90, valid_until=date(2026, 6, 30)),
        Target("4", "gone", 5.0),
        Target("5", "csat", 0.9),
        Target("6", "frt_within_target", 0.85),
        Target("7", "frt_within_target", 0.5, (Filter("nothing", ("x",)),)),
    )
    kept = attainment.keeping(facts, SEPTEMBER, targets)
    assert promise(kept, "chat").judged.side is Side.REACHED
    assert promise(kept, "email").judged.side is Side.MISSED
    sides = {one.aim.target.id: one.judged for one in kept.standings if one.aim.target is not None}
    assert [sides[name].side for name in "1234567"] == [
        Side.REACHED,
        Side.MISSED,
        Side.NOT_NOW,
        Side.NO_VALUE,
        Side.NO_VALUE,
        Side.CANNOT_TELL,
        Side.NO_VALUE,
    ]
    assert sides["3"].reason == "it held until 2026-06-30"
    assert "no metric 'gone'" in sides["4"].reason
    assert (sides["6"].rows or 0) > 52
    title = words.kept_title(kept)
    assert title.startswith("Email misses its promise by 27.2 points (72.7 % [")
    assert "chat keeps its promise (87.8 % [" in title
    assert "within 1 h, target 60.0 %)" in title
    assert any("to tell" in note for note in words.standing_notes(kept))


def test_judging_is_one_family_and_never_finer_than_the_interval() -> None:
    csat = metric("csat")

    def case(gap: float) -> Case:
        def at(level: float) -> Estimate:
            from kpi.stats import critical

            half = 0.01 * critical(level)
            return Estimate(0.8 + gap, 1000, 0.8 + gap - half, 0.8 + gap + half)

        return Case(csat, at(0.95), 0.8, at)

    # z = 2.1 alone is a verdict; among 20 that show nothing it is not; beside others as far out it is again.
    assert judge([case(0.021)], 0.95, 10)[0].side is Side.REACHED
    crowd = judge([case(0.021), *[case(0.0001)] * 19], 0.95, 10)
    assert crowd[0].side is Side.CANNOT_TELL
    assert "so many looks" in crowd[0].reason
    assert all(one.side is Side.REACHED for one in judge([case(0.021)] * 20, 0.95, 10))
    assert judge([case(-0.05)], 0.95, 10)[0].side is Side.MISSED
    few = judge([replace(case(0.05), estimate=Estimate(0.9, 5, 0.85, 0.95))], 0.95, 10)
    assert few[0].side is Side.TOO_FEW


# ---------------------------------------------------------------- open tickets


def test_open_tickets_by_time_left_as_of_the_newest_stamp(facts: Facts) -> None:
    found = attainment.waiting(facts)
    assert found.as_of.isoformat() == "2026-09-30T12:00:00+00:00"
    table = found.tickets[["ticket_id", "state", "left_h", "waited_h", "limit_h"]]
    assert table.to_numpy().tolist() == [
        ["W2", "in time", 21.0, 3.0, 24.0],
        ["W1", "overdue", -4.0, 5.0, 1.0],
        ["W3", "overdue", -16.0, 40.0, 24.0],
    ]
    assert found.counts == {"runs out soon": 0, "in time": 1, "overdue": 2}
    assert found.soonest_h == 21.0
    only = attainment.waiting(facts, where=CHAT)
    assert only.tickets["ticket_id"].tolist() == ["W1"]
    assert len(found.only("overdue")) == 2


def test_less_than_a_quarter_left_runs_out_soon(team: Any) -> None:
    found = attainment.waiting(team([("A", "email", "low", 18.5, None), ("B", "email", "low", 50.0, 1.0)]))
    assert found.tickets["state"].tolist() == ["runs out soon"]
    assert found.soonest_h == 5.5


def test_what_cannot_be_said_has_a_reason(team: Any) -> None:
    solved = team([(f"A{n}", "fax", "low", 24.0 * n + 30, 2.0) for n in range(20)])
    assert "solved tickets cannot show a backlog" in attainment.waiting(solved).reason
    kept = attainment.keeping(solved, SEPTEMBER)
    assert kept.promises == ()
    assert "no target is set for any channel" in dict(kept.absent)[Clock.RESPONSE]
    assert words.kept_title(kept).startswith("No promise can be checked: first response: no target is set")
    made = attainment.curve(solved, Clock.HOLD, SEPTEMBER)
    assert (made.points, made.reason) == ((), "the data hold no calls")
    early = Period(date(2020, 1, 1), date(2020, 1, 31))
    assert attainment.keeping(solved, early).promises == ()
    assert attainment.curve(solved, Clock.RESPONSE, early).reason
    with pytest.raises(ValueError, match="nothing"):
        attainment.waiting(solved, where=(Filter("nothing", ("x",)),))


def test_time_left_runs_by_the_clock_of_the_definitions(team: Any) -> None:
    # Made on Monday 28 September 2026 at 16:30; the newest stamp is Wednesday noon.
    rows = [("A", "email", "low", 43.5, None), ("B", "email", "low", 50.0, 1.0)]
    clock = attainment.waiting(team(rows)).tickets.iloc[0]
    assert (clock["waited_h"], clock["left_h"], clock["state"]) == (43.5, -19.5, "overdue")
    # The desk is open from 9 to 17: half an hour on Monday, eight on Tuesday, three on Wednesday.
    desk = attainment.waiting(team(rows, replace(Definitions(), business_hours=True)))
    assert desk.business_hours
    first = desk.tickets.iloc[0]
    assert (first["waited_h"], first["left_h"], first["state"]) == (11.5, 12.5, "in time")
