"""Backlog, loops, satisfaction: counts by hand, planted effects, the estimator against another."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from waiting_desk import FIRST, HEADERS, chats, desk, weeks_of

from kpi import bottlenecks
from kpi.bottlenecks.within import within
from kpi.facts import Facts
from kpi.measures import Stock
from kpi.model import Grain, Period
from kpi.words import bottleneck_sentences as words

MIDNIGHT = datetime.combine(FIRST, datetime.min.time())
Q3, Q2 = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))


def test_open_contacts_by_age_are_those_of_the_file(sample: Facts) -> None:
    found = bottlenecks.ageing(sample, Q3, Q2)
    table = sample.tables[Grain.TICKETS]
    source = table.source
    created = source["created_at"].dt.tz_convert("Europe/Berlin").dt.date
    solved = source["solved_at"].dt.tz_convert("Europe/Berlin").dt.date
    for end, bands, whole in (
        (Q3.end, [band.behind for band in found.bands], found.behind),
        (Q2.end, [band.behind_before for band in found.bands], found.behind_before),
    ):
        alive = (created <= end) & ~(solved <= end).where(solved.notna(), False)
        assert whole.n == int(alive.sum())
        age = pd.Series([(end - day).days for day in created[alive]])
        by_hand = pd.cut(age, [-1, 0, 2, 6, 13, 29, 89, 10_000]).value_counts(sort=False)
        assert [band.n for band in bands] == by_hand.tolist()
        assert sum(band.n for band in bands) == whole.n
    rows = bottlenecks.rows(sample, found.bands[-1].behind, open_on=Q3.last_day)
    assert len(rows) == found.bands[-1].behind.n
    assert rows["days open"].min() >= 90
    assert rows["days open"].iloc[0] == found.oldest
    for lines in found.by.values():
        assert sum(every.n for _, every, _ in lines) == found.behind.n
    assert found.comparison is not None
    assert found.comparison.now.value == found.behind.n
    assert isinstance(found.comparison.metric.measure, Stock)


def test_counts_of_loops_are_those_of_the_file(sample: Facts) -> None:
    found = bottlenecks.loops(sample, Q3)
    table = sample.tables[Grain.TICKETS]
    source = table.source
    solved = source["solved_at"].dt.tz_convert("Europe/Berlin").dt.date
    mine = source[((solved >= Q3.start) & (solved <= Q3.end) & (table.columns["solved"] != 0)).to_numpy()]
    counts = {each.name: each.behind.n for each in found.found}
    replies, reopens = (pd.to_numeric(mine[name]) for name in ("replies", "reopens"))
    stations, teams = (pd.to_numeric(mine[name]) for name in ("assignee_stations", "group_stations"))
    assert counts["Four or more replies"] == int((replies >= 4).sum())
    assert counts["Opened again after it was solved"] == int((reopens > 0).sum())
    assert counts["Handed over"] == int(((stations > 1) | (teams > 1)).sum())
    assert counts["Handed over twice or more"] == int((stations >= 3).sum())
    assert found.kinds == ("category", "channel", "priority")
    for each in found.found:
        rows = bottlenecks.rows(sample, each.behind)
        assert len(rows) == each.behind.n
        assert each.share.value == pytest.approx(each.behind.n / len(mine))
        others = bottlenecks.rows(sample, each.behind_others)
        assert set(others["ticket_id"]) == set(mine["ticket_id"]) - set(rows["ticket_id"])


def test_reopening_is_found_and_said_with_its_hedge(sample: Facts) -> None:
    found = bottlenecks.loops(sample, Q3)
    again = next(each for each in found.found if each.name == "Opened again after it was solved")
    assert words.longer(again, found)
    said = words.loop_sentence(again, found)
    assert "as others of the same issue, channel and priority" in said
    assert "not all of it is the cost of going round" in said


def handed_over(factor: float, seed: int = 3) -> Facts:
    """Hand-overs take ``factor`` times as long; one issue takes ten times as long and is handed over more."""
    random = np.random.default_rng(seed)
    rows = []
    for n in range(1_500):
        came = datetime.combine(FIRST, datetime.min.time()) + timedelta(
            minutes=int(random.integers(0, 28 * 1440))
        )
        hard = random.random() < 0.3
        passed = random.random() < (0.5 if hard else 0.1)
        hours = (
            2
            * (10 if hard else 1)
            * (factor if passed else 1)
            * float(np.exp(0.7 * random.standard_normal()))
        )
        solved = came + timedelta(hours=hours)
        issue = "Hard" if hard else "Easy"
        rows.append((f"T{n}", came, came, solved, "Solved", "Email", issue, 1 if passed else 0))
    return desk((*HEADERS, "Reassignments"), rows)


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_hand_overs_are_held_against_the_same_kind(factor: float) -> None:
    """The raw ratio would be three times; within the same issue it is the factor."""
    found = bottlenecks.loops(handed_over(factor), weeks_of(8))
    each = next(loop for loop in found.found if loop.name == "Handed over")
    assert each.effect.low is not None
    assert each.effect.high is not None
    assert math.exp(each.effect.low) <= factor <= math.exp(each.effect.high)
    assert each.median > 2.5 * each.median_others
    assert words.longer(each, found) == (factor > 1)


def answered(slope: float, seed: int = 4) -> Facts:
    """Chats whose share of satisfied answers changes by ``slope`` for every doubling of the first reply."""
    random = np.random.default_rng(seed)
    headers = (*HEADERS, "Satisfaction score")
    rows = []
    for n in range(3_000):
        came = datetime.combine(FIRST, datetime.min.time()) + timedelta(
            minutes=int(random.integers(0, 84 * 1440))
        )
        wait = 4 * float(np.exp(0.9 * random.standard_normal()))
        kind = "AB"[n % 2]
        chance = min(max(0.75 + slope * math.log2(wait / 4) - 0.2 * (kind == "B"), 0.02), 0.98)
        score = int(random.choice([4, 5])) if random.random() < chance else int(random.choice([1, 2, 3]))
        replied = came + timedelta(minutes=wait * (3 if kind == "B" else 1))
        rows.append((f"T{n}", came, replied, replied + timedelta(hours=1), "Solved", "Chat", kind, score))
    return desk(headers, rows)


def first_reply(facts: Facts) -> bottlenecks.Relation:
    """The relation of satisfaction and the first reply."""
    return next(each for each in bottlenecks.relations(facts, weeks_of(12)) if each.name == "first reply")


def test_satisfaction_that_falls_with_the_wait_is_found_within_issues() -> None:
    found = next(
        each for each in bottlenecks.relations(answered(-0.05), weeks_of(12)) if each.name == "first reply"
    )
    assert found.clear
    assert found.slope.low is not None
    assert found.slope.high is not None
    assert found.slope.low <= -0.05 <= found.slope.high
    assert bottlenecks.shape(found.bands) == "falls"
    assert words.relation_sentence(found).startswith("The longer the first reply, the less often")
    assert "does not prove that answering faster would change satisfaction" in " ".join(
        words.relation_notes(found)
    )


def test_slow_issues_with_unhappy_customers_are_no_relation() -> None:
    """Issue B waits three times as long and is liked less: within issues nothing goes with the wait."""
    facts = answered(0.0)
    found = first_reply(facts)
    assert not found.clear
    assert found.slope.low is not None
    assert found.slope.high is not None
    assert found.slope.low <= 0 <= found.slope.high
    assert found.detectable is not None
    assert 0 < found.detectable < 0.05
    raw = [band.raw for band in found.bands]
    assert raw[0] - raw[-1] > 0.08
    assert bottlenecks.shape(found.bands) == "none"
    said = " ".join(words.relation_notes(found))
    assert "would have been found four times in five" in said
    for band in found.bands:
        assert len(bottlenecks.rows(facts, band.behind)) == band.behind.n == band.satisfied.n


def test_satisfaction_of_the_sample_does_not_go_with_the_wait(sample: Facts) -> None:
    first, second = bottlenecks.relations(sample, Q3)
    assert not first.clear
    assert not second.clear
    assert words.relation_sentence(first).startswith(
        "No clear relation between satisfaction and the first reply"
    )


def test_the_within_estimator_is_least_squares_with_dummies() -> None:
    """Estimate and clustered error against statsmodels, few and unequal kinds among them."""
    random = np.random.default_rng(11)
    kind = random.integers(0, 9, 400)
    day = random.integers(0, 40, 400)
    x = (random.random(400) < 0.2 + 0.05 * kind).astype(float)
    y = kind * 0.5 + 0.3 * x + 0.4 * random.standard_normal(40)[day] + random.standard_normal(400)
    found = within(y, x, kind, day)
    fitted = smf.ols("y ~ x + C(kind)", pd.DataFrame({"y": y, "x": x, "kind": kind})).fit(
        cov_type="cluster", cov_kwds={"groups": day}
    )
    assert found.value == pytest.approx(fitted.params["x"], rel=1e-9)
    assert found.se == pytest.approx(fitted.bse["x"], rel=0.2)


@pytest.mark.parametrize(
    ("x", "kind", "reason"),
    [
        (np.zeros(50), np.zeros(50, np.int64), "no kind of contact has both"),
        (np.arange(50) % 2.0, np.arange(50) % 2, "no kind of contact has both"),
        (np.zeros(0), np.zeros(0, np.int64), "there are no contacts to compare"),
    ],
)
def test_without_a_contrast_there_is_no_answer_and_a_reason(
    x: np.ndarray, kind: np.ndarray, reason: str
) -> None:
    found = within(np.arange(x.size) * 1.0, x, kind, np.arange(x.size))
    assert found.value is None
    assert found.reason == reason


def test_one_day_and_constant_values_have_no_interval() -> None:
    flag = np.arange(40) % 2.0
    same_kind = np.zeros(40, np.int64)
    one_day = within(np.random.default_rng(0).standard_normal(40), flag, same_kind, same_kind)
    assert one_day.value is not None
    assert one_day.p is None
    assert one_day.reason
    same = within(np.ones(40), flag, same_kind, np.arange(40) // 2)
    assert same.value == 0
    assert same.p is None


def test_load_of_the_hour_is_the_mean_of_its_days(sample: Facts) -> None:
    found = bottlenecks.hours(sample, bottlenecks.half_year(sample, Q3))
    slot = found.found[0].slot
    loads = {each.name: each for each in bottlenecks.load(found, slot)}
    tickets = loads["new tickets a day"]
    days = sum(1 for day in range(182) if (found.days.first_day + day + 3) % 7 < 5)
    assert tickets.value == pytest.approx(tickets.behind.n / days)
    assert "first replies a day" in loads
    assert all(each.others > 0 for each in loads.values())
    others = bottlenecks.rows(sample, tickets.behind_others)
    made = others["created_at"].dt.tz_convert("Europe/Berlin")
    assert len(others) == tickets.behind_others.n > tickets.behind.n
    assert set(made.dt.day_of_week) <= set(slot.weekdays)
    assert slot.hour not in set(made.dt.hour)
    places = len(set(zip(made.dt.day_of_week, made.dt.hour, strict=True)))
    assert tickets.others == pytest.approx(len(others) / (days / len(slot.weekdays)) / places)


def test_chats_of_a_plain_desk_have_their_stages() -> None:
    stages = bottlenecks.stages(chats(2, weeks=4, per_day=10), weeks_of(2), weeks_of(2).shifted(14))
    assert [stage.name for stage in stages.found] == ["Created → first reply", "First reply → solved"]
    assert stages.found[1].median.now.value == pytest.approx(20, abs=0.5)
