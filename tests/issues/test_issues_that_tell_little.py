"""Issues that cannot tell much: one for all, thousands, times known of some contacts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from kpi import issues
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Tables
from kpi.issues import Origin, Report
from kpi.issues.onset import onset
from kpi.issues.ranking import Order, ranked
from kpi.model import Period
from kpi.words import issue_sentences as words
from kpi.words import issue_tables

MAY, JUNE = Period(date(2026, 5, 1), date(2026, 5, 31)), Period(date(2026, 6, 1), date(2026, 6, 30))


def desk(categories: list[str], a_day: int = 40, handled: list[float | None] | None = None) -> Facts:
    """Tickets of two months whose categories go round and round."""
    n = 61 * a_day
    stamps = pd.date_range("2026-05-01 06:00", "2026-06-30 20:00", periods=n, tz="UTC")
    tickets = pd.DataFrame(
        {
            "ticket_id": [f"t{place}" for place in range(n)],
            "created_at": pd.Series(stamps.astype("datetime64[ns, UTC]")),
            "status": "open",
            "category": [categories[place % len(categories)] for place in range(n)],
            "subject": [
                ("cannot log in", "invoice is wrong", "parcel is late")[place % 3] for place in range(n)
            ],
        }
    )
    if handled is not None:
        tickets["handle_s"] = pd.array([handled[place % len(handled)] for place in range(n)], dtype="Float64")
    return build_facts(Tables(tickets=tickets), Definitions())


def told(facts: Facts) -> Report:
    return issues.report(issues.sort(facts), JUNE, MAY)


def test_one_issue_for_all_cannot_grow_and_says_what_would_help() -> None:
    found = told(desk(["General"]))
    assert words.issue_title(found) == (
        "General is the only issue: 1,202 of 1,202 tickets, so nothing can be told apart"
    )
    assert words.no_growth_sentence(found) == (
        "There is only one issue: its share is always the whole and cannot grow."
    )
    assert "words of the texts" in words.hint(found)
    assert "after adjusting for 1 issue)" in words.issue_sentence(found, found.issues[0])


def test_one_issue_beside_contacts_without_one_can_grow() -> None:
    found = told(desk(["General", ""]))
    assert "no issue grew beyond chance" in words.issue_title(found)
    assert words.hint(found) == ""


def test_thousands_of_issues_are_called_too_fine() -> None:
    found = told(desk([f"Cat {place:04d}" for place in range(2_000)]))
    assert "all 1,202 are about equally frequent" in words.issue_title(found)
    assert words.hint(found).startswith("2,000 issues are too fine for 1,202 tickets")
    assert words.hint(told(desk(["Login", "Billing"]))) == ""


def test_more_categories_than_a_list_may_have_are_named_as_the_reason() -> None:
    facts = desk([f"Cat {place:05d}" for place in range(6_000)], a_day=110)
    source = issues.sort(facts).source
    assert source.origin is Origin.TEXTS
    assert source.why.startswith("the column category has 6,000 different values, more than the 5,000")


def test_cost_each_does_not_depend_on_where_times_are_known() -> None:
    """Of "Dispute" one in ten has a time, 30 minutes; "Parcel" has all, 10 minutes each."""
    handled: list[float | None] = [None] * 20
    handled[0] = 1_800.0
    for place in range(1, 20, 2):
        handled[place] = 600.0
    facts = desk(["Dispute", "Parcel"], handled=handled)
    found = told(facts)
    first, second = ranked(found, Order.COST, 2.0)
    assert (first.issue.name, second.issue.name) == ("Parcel", "Dispute")
    cells = {
        each["Issue"]: each
        for each in (issue_tables.issue_cells(found, issue, 2.0) for issue in found.issues)
    }
    assert (cells["Dispute"]["Minutes each"], cells["Dispute"]["Cost each"]) == ("30.0", "60.00")
    assert (cells["Parcel"]["Minutes each"], cells["Parcel"]["Cost each"]) == ("10.0", "20.00")
    dispute = next(issue for issue in found.issues if issue.name == "Dispute")
    assert cells["Dispute"]["Cost if all took as long"] == f"{60 * dispute.n:,}"
    _, note = words.pareto_key(found, Order.COST)
    assert f"10 % of Dispute ({dispute.timed:,} of {dispute.n:,}) and 100 % of Parcel" in note
    even = replace(found, issues=tuple(issue for issue in found.issues if issue.name == "Parcel"))
    assert "It is known for" not in words.pareto_key(even, Order.COST)[1]


@pytest.mark.parametrize("seed", [3, 11, 29])
def test_a_rise_within_a_week_is_dated_within_a_week(seed: int) -> None:
    rng = np.random.default_rng(seed)
    day = np.arange(400)
    totals = rng.poisson(36, day.size).astype(float)
    share = 0.05 + 0.10 * np.clip((day - 359) / 7, 0, 1)
    found = onset(20_000, rng.binomial(totals.astype(int), share).astype(float), totals)
    assert found is not None
    assert abs((found.day - date.fromordinal(date(1970, 1, 1).toordinal() + 20_360)).days) <= 7
