"""Measuring, comparing, claims, histories, targets: how the results hang together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from team import constant_team

from kpi import compare, drill
from kpi.calendars import MISSING_DAY
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.measures import Rate, Share
from kpi.metrics import METRICS, catalogue, metric
from kpi.model import EPOCH, Basis, Direction, Estimate, Filter, Grain, Group, Period, Verdict
from kpi.periods import grid
from kpi.stats import benjamini_hochberg

MARCH = Period(date(2025, 3, 1), date(2025, 3, 31), "March 2025")
FEBRUARY = Period(date(2025, 2, 1), date(2025, 2, 28), "February 2025")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return build_facts(constant_team(3, date(2025, 1, 1), 110), Definitions())


def test_p_is_adjusted_over_everything_that_was_looked_at(facts: Facts) -> None:
    results = compare.compare(facts, MARCH, FEBRUARY, by=("channel",))
    tested = [r.difference for r in results if r.difference is not None and r.difference.p is not None]
    assert len(tested) > 20
    assert [d.p_adjusted for d in tested] == benjamini_hochberg([d.p for d in tested])
    claims = compare.claims(results, MARCH, FEBRUARY)
    assert {claim.looks for claim in claims} == {len(tested)}
    assert {claim.now_label for claim in claims} == {"March 2025"}
    assert all(claim.over_time for claim in claims)
    assert not any(claim.over_time for claim in compare.claims(results, "chat", "email"))


def test_totals_of_unequal_windows_are_put_per_day(facts: Facts) -> None:
    (result,) = compare.compare(facts, MARCH, FEBRUARY, metrics=("volume",))
    assert result.difference.per == "per day"
    expected = result.now.parts["per_day"] - result.before.parts["per_day"]
    assert result.difference.value == pytest.approx(expected)
    (same,) = compare.compare(facts, FEBRUARY, FEBRUARY.shifted(-28), metrics=("volume",))
    assert same.difference.per == ""
    assert same.difference.value == same.now.value - same.before.value


def test_the_parts_of_a_split_add_up(facts: Facts) -> None:
    (whole,) = compare.measure(facts, MARCH, metrics=("volume",))
    split = compare.measure(facts, MARCH, metrics=("volume",), by=("channel", "week"))
    assert sum(r.estimate.value for r in split) == whole.estimate.value
    backlog = {
        str(r.group): r.estimate for r in compare.measure(facts, MARCH, metrics=("backlog",), by=("week",))
    }
    for label, end in (("2025-W10", date(2025, 3, 9)), ("2025-W11", date(2025, 3, 16))):
        (at_the_end,) = compare.measure(facts, Period(MARCH.start, end), metrics=("backlog",))
        assert backlog[label].value == at_the_end.estimate.value
    by_month = {
        str(r.group): r.estimate for r in compare.measure(facts, None, metrics=("volume",), by=("month",))
    }
    (march,) = compare.measure(facts, MARCH, metrics=("volume",))
    assert by_month["2025-03"].parts["per_day"] == march.estimate.parts["per_day"]


def test_a_history_is_the_measure_of_each_period(facts: Facts) -> None:
    weeks = grid(Period(date(2025, 1, 6), date(2025, 4, 6)), "week")
    found = compare.histories(facts, None, weeks)
    for key, estimates in found.items():
        for week, estimate in list(zip(weeks, estimates, strict=True))[::5]:
            (alone,) = compare.measure(facts, week, metrics=(key,))
            assert (estimate.value, estimate.n) == (alone.estimate.value, alone.estimate.n), (key, week)
    assert compare.history(facts, "csat", weeks) == found["csat"]
    assert compare.histories(facts, ("csat",), ()) == {"csat": ()}


def test_a_period_outside_the_data_has_no_answer(facts: Facts) -> None:
    future = Period(date(2027, 1, 1), date(2027, 1, 31))
    for result in compare.measure(facts, future):
        assert result.estimate.value is None
        assert result.estimate.reason


def test_unknown_metrics_and_fields_are_refused_with_what_there_is(facts: Facts) -> None:
    with pytest.raises(ValueError, match=r"unknown metric 'csta'; known: frt"):
        compare.measure(facts, None, metrics=("csta",))
    with pytest.raises(ValueError, match="did you mean 'channel'"):
        compare.compare(facts, MARCH, FEBRUARY, by=("chanell",))


def test_a_field_of_other_tables_makes_a_metric_absent_and_says_so(facts: Facts) -> None:
    results = {r.metric.key: r.estimate for r in compare.measure(facts, MARCH, by=("outcome",))}
    assert results["volume"].reason == "tickets have no field 'outcome'"
    assert "abandonment" in results


def test_resolution_rate_is_judged_only_after_a_fair_time(facts: Facts) -> None:
    newest = Period(date(2025, 4, 12), date(2025, 4, 18))
    (young,) = compare.compare(facts, newest, newest.shifted(-7), metrics=("resolution_rate",))
    assert young.verdict is Verdict.UNCLEAR
    assert "less time" in young.reason
    (old,) = compare.compare(facts, FEBRUARY, FEBRUARY.shifted(-28), metrics=("resolution_rate",))
    assert old.difference is not None
    (repeat,) = compare.compare(facts, MARCH, FEBRUARY, metrics=("repeat_rate",))
    assert repeat.verdict is Verdict.UNCLEAR


def test_claims_say_first_what_needs_attention(facts: Facts) -> None:
    results = list(
        compare.compare(facts, MARCH, FEBRUARY, metrics=("csat", "frt", "fcr", "reopen_rate", "nps", "aht"))
    )
    for place, (verdict, value) in enumerate(
        [
            (Verdict.UNCLEAR, 0.001),
            (Verdict.WORSE, 5.0),
            (Verdict.BETTER, 0.05),
            (Verdict.WORSE, 0.5),
            (Verdict.TOO_FEW, 0.0),
            (Verdict.CHANGED, 1.0),
        ]
    ):
        difference = replace(results[place].difference, value=value)
        results[place] = replace(results[place], verdict=verdict, difference=difference)
    order = [claim.comparison.verdict for claim in compare.claims(results, MARCH, FEBRUARY)]
    assert order == [
        *(Verdict.WORSE, Verdict.WORSE, Verdict.BETTER, Verdict.CHANGED, Verdict.UNCLEAR, Verdict.TOO_FEW)
    ]
    # 0.5 is fifty times what matters for reopening, 5 minutes a small part of a tenth of the response time
    assert compare.claims(results, MARCH, FEBRUARY)[0].comparison.metric.key == "reopen_rate"


@pytest.mark.parametrize(
    ("better", "low", "high", "side", "reached"),
    [
        (Direction.UP, 0.80, 0.90, "above", True),
        (Direction.UP, 0.79, 0.90, "cannot tell", None),
        (Direction.UP, 0.70, 0.80, "cannot tell", None),
        (Direction.UP, 0.70, 0.79, "below", False),
        (Direction.DOWN, 0.70, 0.80, "below", True),
        (Direction.DOWN, 0.70, 0.81, "cannot tell", None),
        (Direction.DOWN, 0.81, 0.90, "above", False),
        (Direction.NEUTRAL, 0.81, 0.90, "above", None),
        (Direction.UP, None, None, "cannot tell", None),
    ],
)
def test_targets_are_judged_by_the_interval(
    better: Direction, low: float | None, high: float | None, side: str, reached: bool | None
) -> None:
    one = replace(metric("csat"), better=better, target=0.80)
    estimate = Estimate(0.8, 100, low, high)
    assert compare.against_target(estimate, one) == side
    assert compare.on_target(estimate, one) is reached
    assert compare.against_target(estimate, replace(one, target=None)) == "cannot tell"


def test_the_catalogue_takes_targets_and_limits_from_the_definitions() -> None:
    own = Definitions(targets={"fcr": 0.7}, matters={"csat": 0.05})
    found = {m.key: m for m in catalogue(own)}
    assert found["fcr"].target == 0.7
    assert found["csat"].target is None
    assert found["csat"].matters == 0.05
    assert {m.key: m.target for m in catalogue(Definitions()) if m.target is not None} == {
        "csat": 0.80,
        "abandonment": 0.05,
        "queue_wait": 5.0,
    }


@pytest.mark.parametrize("declared", METRICS, ids=lambda m: m.key)
def test_every_metric_is_declared_in_full(declared) -> None:
    assert declared.question.endswith("?")
    assert declared.formula
    assert declared.needs
    assert declared.lacking.startswith(("no ", "the data "))
    assert declared.matters > 0
    assert declared.caveat or declared.variants or declared.key == "conversion"
    assert all(part.formula() for part in declared.parts.values())
    assert set(declared.part_bases) <= set(declared.parts)
    assert all(b.source and b.year and b.text for b in declared.benchmarks)
    assert declared.basis.value.endswith("_day") or declared.basis in (Basis.POINT, Basis.LISTED)


def test_keys_are_unique() -> None:
    assert len({m.key for m in METRICS}) == len(METRICS)


@pytest.mark.parametrize("declared", METRICS, ids=lambda m: m.key)
def test_the_rows_behind_a_number_are_as_many_as_it_counts(facts: Facts, declared) -> None:
    found = {m.key: m for m in catalogue(facts.definitions, facts)}.get(declared.key, declared)
    (result,) = compare.measure(facts, MARCH, metrics=(found,))
    if result.estimate.value is None:
        with pytest.raises(ValueError, match="no "):
            drill.rows(facts, found, MARCH)
        return
    rows = drill.rows(facts, found, MARCH)
    assert rows.columns[0] == drill.COUNTED
    if declared.key in ("sla", "occupancy", "conversion", "productivity"):
        assert len(rows) > 0  # n counts commitments, shifts, offers or events
    else:
        assert len(rows) == result.estimate.n
    if type(found.measure) is Share:
        worst, other = rows[drill.COUNTED].iloc[0], rows[drill.COUNTED].iloc[-1]
        count = result.estimate.parts["count"]
        good = int((rows[drill.COUNTED] == (other if found.better is Direction.UP else worst)).sum())
        assert good == count or worst == other
    if drill.VALUE in rows and found.better is Direction.DOWN:
        assert rows[drill.VALUE].is_monotonic_decreasing


def test_the_rows_of_a_rate_per_shift_are_the_shifts_worked(facts: Facts) -> None:
    """A shift in which nothing was solved lowers what is solved per shift, so it is one of the rows."""
    (result,) = compare.measure(facts, MARCH, metrics=("productivity",))
    rows = drill.rows(facts, "productivity", MARCH)
    table = facts.tables[Grain.AGENT_DAYS]
    day = table.columns[result.metric.basis.value]
    inside = (day >= MARCH.first_day) & (day <= MARCH.last_day)
    measure = result.metric.measure
    assert isinstance(measure, Rate)
    assert len(rows) == int((table.columns[measure.per][inside] != 0).sum())
    solved = int((table.columns[measure.events][inside] != 0).sum())
    assert int((rows[drill.COUNTED] == "yes").sum()) == solved


def test_parts_can_be_opened_too(facts: Facts) -> None:
    (csat,) = compare.measure(facts, MARCH, metrics=("csat",))
    assert len(drill.rows(facts, "csat", MARCH, part="dissatisfied")) == csat.estimate.parts["dissatisfied"]
    chat = (Filter("channel", ("chat",)),)
    assert set(drill.rows(facts, "volume", MARCH, where=chat)["channel"]) == {"chat"}
    with pytest.raises(ValueError, match="has no part 'median'"):
        drill.rows(facts, "csat", MARCH, part="median")
    assert "p90" in drill.parts("frt")


def test_facts_as_one_table(facts: Facts) -> None:
    frame = compare.fact_frame(facts)
    assert set(frame["grain"]) == {"tickets", "surveys", "calls", "agent_days"}
    assert len(frame) == sum(len(table) for table in facts.tables.values())
    tickets = facts.tables[Grain.TICKETS]
    dated = int((tickets.columns["solved_day"] != MISSING_DAY).sum())
    assert frame[frame["grain"] == "tickets"]["solved_day"].notna().sum() == dated


def test_groups_of_one_side_only_are_there(facts: Facts) -> None:
    where = (Filter("week", ("2025-W10",)),)
    results = compare.compare(facts, MARCH, FEBRUARY, metrics=("csat",), where=where)
    assert [r.group for r in results] == [Group()]
    assert results[0].before.value is None
    assert results[0].verdict is Verdict.TOO_FEW
    assert "no answer before" in results[0].reason


def test_the_newest_weeks_of_the_resolution_rate_are_provisional(facts: Facts) -> None:
    weeks = [Period(date(2025, 2, 3), date(2025, 2, 9)), Period(date(2025, 3, 24), date(2025, 3, 30))]
    assert compare.provisional(facts, "csat", weeks) == (False, False)
    newest = Period(as_day(facts.last_day - 6), as_day(facts.last_day))
    assert compare.provisional(facts, "resolution_rate", [newest]) == (True,)
    long_ago = Period(as_day(facts.first_day - 400), as_day(facts.first_day - 394))
    assert compare.provisional(facts, "resolution_rate", [long_ago]) == (False,)


def as_day(day: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day)


def test_a_day_is_provisional_up_to_its_last_immature_ticket_and_no_day_longer(facts: Facts) -> None:
    """Tickets solved too lately are left out of first contact resolution: just their days are marked."""
    table = facts.tables[Grain.TICKETS]
    immature = table.columns["fcr_immature"] != 0
    waiting = {int(day) for day in table.columns["solved_day"][immature]}
    assert waiting
    span = range(min(waiting) - 3, facts.last_day + 1)
    days = [Period(EPOCH + timedelta(days=day), EPOCH + timedelta(days=day)) for day in span]
    assert compare.provisional(facts, "fcr", days) == tuple(day in waiting for day in span)
