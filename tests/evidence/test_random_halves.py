"""Two random parts of the same data differ by chance only, so nearly nothing may be said about them.

The sample goes through the import and the facts as in the app, and is compared as segments are. At a
confidence of 95 % at most 5 % of the comparisons may end in better, worse or changed, and at most 5 % of the
calls may hold any such verdict; the same is asked of p < 0.05 before the adjustment for the number of looks.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from random_halves import ONE, OTHER, Tally, in_halves

from kpi import compare
from kpi.facts import Facts
from kpi.model import Period, Verdict

SPANS: dict[str, Period | None] = {
    "all data": None,
    "a quarter": Period(date(2026, 7, 1), date(2026, 9, 30)),
    "a month": Period(date(2026, 9, 1), date(2026, 9, 30)),
    "a week": Period(date(2026, 9, 14), date(2026, 9, 20)),
}
NOMINAL = 0.05
SIZE = ("volume", "backlog")
CUSTOMERS_ONCE = "repeat_rate"


def repeats(
    facts: Facts,
    span: Period | None,
    numbers: range,
    share: float = 0.5,
    but: tuple[str, ...] = (),
    by_customer: bool = False,
) -> Tally:
    """Random parts compared again and again; ``share`` of the rows are in the first."""
    tally = Tally()
    for number in numbers:
        parted = in_halves(facts, np.random.default_rng([20260901, number]), share, by_customer)
        found = compare.compare_segments(parted, span, ONE, OTHER)
        tally.add(each for each in found if each.metric.key not in but)
    return tally


def test_halves_hold_whole_tickets(sample: Facts) -> None:
    parted = in_halves(sample, np.random.default_rng(1))
    halves: dict[str, str] = {}
    for table in parted.tables.values():
        half = np.asarray(table.dimensions["half"])
        assert 0.45 < float((half == "one").mean()) < 0.55
        if "ticket_id" in table.source:
            for number, name in zip(table.source["ticket_id"], half, strict=True):
                if isinstance(number, str):
                    assert halves.setdefault(number, name) == name
    assert len(halves) > 17_000


def test_random_halves_differ_by_chance_only(sample: Facts) -> None:
    """Five repeats for each span of time; the full tier makes 500 of each."""
    tallies = [
        repeats(sample, span, range(5 * place, 5 * place + 5)) for place, span in enumerate(SPANS.values())
    ]
    whole = sum(tallies, Tally())
    assert whole.calls == 20
    assert whole.comparisons > 25 * whole.calls
    assert whole.share_loud <= NOMINAL, whole
    assert whole.share_small <= NOMINAL, whole
    assert whole.loud_calls <= NOMINAL * whole.calls, whole


def test_parts_of_unequal_size_differ_by_chance_only(sample: Facts) -> None:
    """One row in ten against the rest; how many rows there are differs, of course."""
    tally = repeats(sample, SPANS["a quarter"], range(8), 0.1, (*SIZE, CUSTOMERS_ONCE))
    assert tally.share_loud <= NOMINAL, tally


@pytest.mark.parametrize("span", ["a month", "a quarter"])
def test_random_halves_of_customers(sample: Facts, span: str) -> None:
    """A half keeps all tickets of its customers; how many those write differs for good and is not asked."""
    tally = repeats(sample, SPANS[span], range(6), but=SIZE, by_customer=True)
    assert tally.share_loud <= NOMINAL, tally
    assert tally.loud_calls <= 1, tally


def test_random_halves_of_tickets_alone(tickets_only: Facts) -> None:
    tally = repeats(tickets_only, SPANS["a quarter"], range(8))
    assert {"frt", "ttr", "repeat_contact"} <= set(tally.tested)
    assert tally.share_loud <= NOMINAL, tally
    assert tally.loud_calls <= NOMINAL * tally.calls, tally


def test_returning_customers_of_two_parts_are_not_judged(sample: Facts) -> None:
    """A customer counts once in each part, so the larger one holds more who wrote only once."""
    not_judged(sample, CUSTOMERS_ONCE)


def test_productivity_of_two_parts_is_not_judged_without_agent_days(tickets_only: Facts) -> None:
    """Each part would count every agent-day that it touches, the smaller one nearly all."""
    not_judged(tickets_only, "productivity")


def not_judged(facts: Facts, key: str) -> None:
    """One row in ten against the rest: both values are there, and no verdict but the reason."""
    parted = in_halves(facts, np.random.default_rng([20260901, 0]), 0.1)
    (found,) = compare.compare_segments(parted, None, ONE, OTHER, metrics=(key,))
    assert found.now.value is not None
    assert found.before.value is not None
    assert found.difference is None
    assert found.verdict is Verdict.UNCLEAR
    assert found.reason.startswith("cannot be judged: ")


@pytest.mark.full
@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_random_halves_500_times(sample: Facts, span: Period | None) -> None:
    tally = repeats(sample, span, range(500))
    print(tally)
    assert tally.share_loud <= NOMINAL, tally
    assert tally.share_small <= NOMINAL, tally
    assert tally.loud_calls <= NOMINAL * tally.calls, tally
    # One metric alone: 5 % and three standard errors of 500 repeats.
    for key, tested in tally.tested.items():
        if tested >= 400:
            assert tally.small[key] / tested <= 0.08, (key, str(tally))


@pytest.mark.full
@pytest.mark.parametrize("span", ["a month", "a quarter"])
@pytest.mark.parametrize("by_customer", [False, True], ids=["tickets", "customers"])
def test_random_halves_100_times(sample: Facts, span: str, by_customer: bool) -> None:
    """200 splits of tickets, 200 of customers; 5 % of the calls and two standard errors may say anything."""
    tally = repeats(sample, SPANS[span], range(100), but=SIZE, by_customer=by_customer)
    print(tally)
    assert tally.share_loud <= NOMINAL / 5, tally
    assert tally.share_small <= NOMINAL + 0.01, tally
    assert tally.loud_calls <= 9, tally


@pytest.mark.full
@pytest.mark.parametrize("span", ["all data", "a quarter"])
def test_parts_of_unequal_size_500_times(sample: Facts, span: str) -> None:
    tally = repeats(sample, SPANS[span], range(500), 0.1, (*SIZE, CUSTOMERS_ONCE))
    print(tally)
    assert tally.share_loud <= NOMINAL, tally
    assert tally.share_small <= NOMINAL, tally


@pytest.mark.full
def test_rare_failed_reviews_in_parts_of_unequal_size(sample: Facts) -> None:
    """Three reviews in a hundred count as 0; 5 % and three standard errors of 500 repeats are allowed."""
    tally = Tally()
    for number in range(500):
        parted = in_halves(sample, np.random.default_rng([20260901, number]), 0.1)
        tally.add(compare.compare_segments(parted, None, ONE, OTHER, metrics=("qa",)))
    assert tally.share_small <= 0.08, tally
