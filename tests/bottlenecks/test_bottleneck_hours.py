"""Which hours stand out: the planted lunch hour, single weekdays, nothing that is not there."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from waiting_desk import chats, weeks_of

from kpi import bottlenecks
from kpi.bottlenecks import Hours, Slot
from kpi.bottlenecks.opening import opening
from kpi.facts import Facts
from kpi.model import Filter, Grain, Period
from kpi.words import bottleneck_sentences as words

SEPTEMBER, AUGUST = (
    Period(date(2026, 9, 1), date(2026, 9, 30)),
    Period(date(2026, 8, 1), date(2026, 8, 31)),
)
EVERYTHING = Period(date(2025, 4, 1), date(2026, 9, 30))
WORKDAYS = (0, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def half(sample: Facts) -> Hours:
    return bottlenecks.hours(sample, bottlenecks.half_year(sample, SEPTEMBER))


def test_the_lunch_hour_is_first_and_alone(half: Hours, truths: dict[str, Any]) -> None:
    assert "lunch_hour" in truths
    assert [(each.measure, each.slot) for each in half.found] == [
        ("first reply in live chat", Slot(WORKDAYS, 12)),
        ("wait on the phone", Slot(WORKDAYS, 12)),
    ]
    for each in half.found:
        assert each.effect.low is not None
        assert each.effect.high is not None
        assert math.exp(each.effect.low) < 2.5 < math.exp(each.effect.high)
        assert each.p_adjusted is not None
        assert each.p_adjusted < 0.05
        assert each.shrunk is not None
        assert 0 < each.shrunk <= (each.effect.value or 0) + 0.05


def test_the_title_names_the_lunch_hour_first(sample: Facts, half: Hours) -> None:
    split = bottlenecks.split(sample, SEPTEMBER, AUGUST)
    said = words.title(split, half)
    assert said.startswith("Monday to Friday from 12:00 to 12:59 customers wait longest: 2.")
    assert "live chat" in said
    assert "the phone" in said
    assert "of the time to solution" in words.split_sentence(split).split(";")[0]


def test_over_all_data_nothing_but_the_lunch_hour_is_claimed(sample: Facts) -> None:
    found = bottlenecks.hours(sample, EVERYTHING)
    assert {each.slot for each in found.found} == {Slot(WORKDAYS, 12)}
    chat, phone = found.found
    assert chat.slower
    assert phone.slower
    assert 2.2 < math.exp(chat.effect.value or 0) < 2.9


def test_contacts_of_the_hour_are_those_of_the_file(sample: Facts, half: Hours) -> None:
    chat = half.found[0]
    source = sample.tables[Grain.TICKETS].source
    local = source["created_at"].dt.tz_convert("Europe/Berlin")
    inside = (local.dt.date >= half.days.start) & (local.dt.date <= half.days.end)
    mine = inside & (local.dt.hour == 12) & (local.dt.day_of_week < 5) & (source["channel"] == "chat")
    waits = source.loc[mine, "first_reply_bus_s"].dropna()
    assert chat.behind.n == len(waits)
    assert chat.typical == pytest.approx(float(waits.median()))
    rows = bottlenecks.rows(sample, chat.behind)
    assert set(rows["ticket_id"]) == set(source.loc[waits.index, "ticket_id"])


def test_the_effect_is_that_of_a_regression_with_an_intercept_for_every_day(
    half: Hours, sample: Facts
) -> None:
    """The same number from ordinary least squares on rows (statsmodels), days as dummies."""
    import statsmodels.formula.api as smf

    chat = half.found[0]
    (grid,) = (each for each in half.grids if each.name == chat.measure)
    opened = opening(sample, half.days).open
    rows = np.concatenate(
        [c.behind.rows for c in grid.cells if c.weekday in WORKDAYS and opened[c.weekday, c.hour]]
    )
    source = sample.tables[Grain.TICKETS].source.iloc[rows]
    local = source["created_at"].dt.tz_convert("Europe/Berlin")
    frame = pd.DataFrame(
        {
            "y": np.log(np.maximum(source["first_reply_bus_s"].to_numpy(dtype=float), 30)),
            "lunch": (local.dt.hour == 12).to_numpy().astype(float),
            "day": local.dt.date.astype(str).to_numpy(),
        }
    )
    fitted = smf.ols("y ~ lunch + C(day)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": np.unique(frame["day"], return_inverse=True)[1]}
    )
    assert chat.effect.value == pytest.approx(fitted.params["lunch"], rel=1e-7)
    assert chat.effect.se == pytest.approx(fitted.bse["lunch"], rel=0.15)


def test_one_slow_hour_does_not_make_the_others_quick() -> None:
    facts = chats(5, factor=lambda at: 3.0 if at.hour == 13 else 1.0)
    found = bottlenecks.hours(facts, weeks_of(12))
    assert [(each.slot, each.slower) for each in found.found] == [(Slot(WORKDAYS, 13), True)]
    assert "Customers wait longest on Monday to Friday from 13:00" in words.hours_sentence(found)


def test_an_hour_of_a_single_weekday_is_named_with_it() -> None:
    facts = chats(6, factor=lambda at: 4.0 if at.hour == 9 and at.weekday() == 0 else 1.0)
    found = bottlenecks.hours(facts, weeks_of(12))
    assert [each.slot for each in found.found] == [Slot((0,), 9)]
    assert words.slot_words(found.found[0].slot) == "Monday from 09:00 to 09:59"


def test_a_quick_hour_is_no_bottleneck() -> None:
    facts = chats(7, factor=lambda at: 0.25 if at.hour == 16 else 1.0)
    found = bottlenecks.hours(facts, weeks_of(12))
    assert [(each.slot.hour, each.slower) for each in found.found] == [(16, False)]
    assert words.hours_sentence(found).startswith("No hour is slower")
    split = bottlenecks.split(facts, weeks_of(12), weeks_of(12))
    assert "wait longest" not in words.title(split, found)


def test_hours_are_those_of_the_wall_clock_on_both_sides_of_the_change_of_the_clocks() -> None:
    """Stamps are local; a desk whose lunch is at noon has it at noon before and after 29 March."""
    facts = chats(8, factor=lambda at: 3.0 if at.hour == 12 else 1.0, zone="Europe/Berlin")
    found = bottlenecks.hours(facts, weeks_of(12))
    assert [each.slot for each in found.found] == [Slot(WORKDAYS, 12)]
    hour = facts.tables[Grain.TICKETS].columns["created_hour"]
    assert hour.min() == 9
    assert hour.max() == 16


def test_bad_days_make_no_bad_hour() -> None:
    """A day on which everything is slow says nothing about the hours that happened to be busy on it."""
    facts = chats(9, wander=1.5)
    assert bottlenecks.hours(facts, weeks_of(12)).found == ()


def test_a_filter_is_kept(sample: Facts) -> None:
    found = bottlenecks.hours(sample, EVERYTHING, where=(Filter("channel", ("email",)),))
    assert "wait on the phone" not in {grid.name for grid in found.grids}
    assert found.found == ()


def test_the_counts_of_a_grid_are_those_of_the_file(sample: Facts, half: Hours) -> None:
    source = sample.tables[Grain.TICKETS].source
    local = source["created_at"].dt.tz_convert("Europe/Berlin")
    inside = ((local.dt.date >= half.days.start) & (local.dt.date <= half.days.end)).to_numpy()
    (grid,) = (each for each in half.grids if each.name == "new tickets a day")
    assert sum(cell.behind.n for cell in grid.cells) == int(inside.sum())
    monday_ten = next(cell for cell in grid.cells if (cell.weekday, cell.hour) == (0, 10))
    by_hand = inside & ((local.dt.day_of_week == 0) & (local.dt.hour == 10)).to_numpy()
    mondays = sum(1 for day in range(182) if (half.days.first_day + day + 3) % 7 == 0)
    assert monday_ten.behind.n == int(by_hand.sum())
    assert monday_ten.value == pytest.approx(by_hand.sum() / mondays)
    replied = source["first_response_at"].dt.tz_convert("Europe/Berlin")
    between = (replied.dt.date >= half.days.start) & (replied.dt.date <= half.days.end)
    (replies,) = (each for each in half.grids if each.name == "first replies a day")
    assert sum(cell.behind.n for cell in replies.cells) == int(between.sum())


def test_rows_of_hours_add_up(half: Hours) -> None:
    for grid in half.grids:
        every = bottlenecks.rows_of_slot(grid, tuple(range(7)), None)
        assert every.n == sum(cell.behind.n for cell in grid.cells)
        assert np.unique(every.rows).size == every.n
        noon = bottlenecks.rows_of_slot(grid, WORKDAYS, 12)
        assert noon.n == sum(c.behind.n for c in grid.cells if c.hour == 12 and c.weekday in WORKDAYS)
    chat = half.found[0]
    (grid,) = (each for each in half.grids if each.name == chat.measure)
    assert bottlenecks.rows_of_slot(grid, chat.slot.weekdays, 12).n == chat.behind.n


def test_arrivals_against_those_who_reply(sample: Facts, half: Hours) -> None:
    """By hand: tickets that came on Mondays from 10 to 11, and different agents with a first reply then."""
    source = sample.tables[Grain.TICKETS].source
    came = source["created_at"].dt.tz_convert("Europe/Berlin")
    replied = source["first_response_at"].dt.tz_convert("Europe/Berlin")

    def monday_ten(local: pd.Series) -> pd.Series:
        days = (local.dt.date >= half.days.start) & (local.dt.date <= half.days.end)
        return days & (local.dt.day_of_week == 0) & (local.dt.hour == 10)

    tickets = int(monday_ten(came).sum())
    there = source.assign(day=replied.dt.date)[monday_ten(replied).to_numpy() & source["agent_name"].notna()]
    people = len(there[["day", "agent_name"]].drop_duplicates())
    (grid,) = (each for each in half.grids if each.name == "new tickets for each agent who replies")
    cell = next(cell for cell in grid.cells if (cell.weekday, cell.hour) == (0, 10))
    assert cell.behind.n == tickets
    assert cell.value == pytest.approx(tickets / people)
    assert all(cell.value and math.isfinite(cell.value) for cell in grid.cells)
    named = [each.name for each in bottlenecks.load(half, Slot(WORKDAYS, 12))]
    assert grid.name not in named
    assert "new tickets a day" in named
    assert words.grid_sentence(half, grid).startswith("New tickets for each agent who replies: most on ")
