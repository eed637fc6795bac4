"""What the data lack: said in words, with what would help; nothing falls over."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from issue_desk import desk

from kpi import issues
from kpi.model import Filter, Grain, Period
from kpi.words import issue_sentences as words
from kpi.words import issue_tables

MARCH, FEBRUARY = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 2, 1), date(2026, 2, 28))


def days(n: int) -> list[str]:
    return [f"2026-{2 + number % 2:02d}-{1 + number % 27:02d} 09:{number % 60:02d}" for number in range(n)]


def said(report: issues.Report) -> str:
    """Every sentence and every cell of the page can be written."""
    lines = [words.issue_title(report), words.no_growth_sentence(report), words.first_why(report)]
    lines += [words.issue_sentence(report, issue) for issue in report.issues]
    lines += [str(issue_tables.issue_cells(report, issue, 1.5)) for issue in report.issues]
    lines += words.method_sentences(report)
    whole = "\n".join(lines)
    assert "nan" not in whole.split()
    return whole


def test_without_category_and_text_it_says_which_column_would_help() -> None:
    facts = desk(
        ("Ticket ID", "Created at", "Status"), [(str(n), day, "open") for n, day in enumerate(days(30))]
    )
    kept = issues.sort(facts)
    report = issues.report(kept, MARCH, FEBRUARY)
    assert report.refused is not None
    assert "category, reason, subject or description would help" in report.refused
    assert said(report)
    assert issues.recurring(kept, MARCH).refused


def test_one_category_is_one_issue_and_nothing_to_hold_it_against() -> None:
    facts = desk(
        ("Ticket ID", "Created at", "Category"), [(str(n), day, "Bug") for n, day in enumerate(days(60))]
    )
    kept = issues.sort(facts)
    report = issues.report(kept, MARCH, FEBRUARY)
    assert words.issue_title(report).startswith("Bug is the only issue: 30 of 30 tickets")
    assert not report.emerging
    assert said(report)
    assert issues.together(kept, "Bug", MARCH).refused
    assert issues.typical_phrases(kept, issues.read(kept, MARCH, FEBRUARY), "Bug").refused


def test_five_thousand_categories() -> None:
    random = np.random.default_rng(3)
    rows = [(str(n), day, f"Issue {random.integers(5_000)}") for n, day in enumerate(days(12_000))]
    report = issues.report(issues.sort(desk(("Ticket ID", "Created at", "Category"), rows)), MARCH, FEBRUARY)
    assert len(report.issues) > 3_000
    assert sum(issue.n for issue in report.issues) == report.total
    assert not report.emerging
    assert report.too_few > 1_000
    assert "No issue stands out" in words.issue_title(report)


def test_contacts_without_dates_are_counted_together() -> None:
    rows = [(str(n), "Late" if n % 3 else "Broken") for n in range(90)]
    report = issues.report(issues.sort(desk(("Ticket ID", "Category"), rows)), MARCH, FEBRUARY)
    assert report.total == 90
    assert report.no_change == "no contact has a date of creation, so all are counted together"
    assert words.issue_title(report) == "Late is the most frequent issue: 667 of 1,000 tickets"
    assert "cannot be said" in said(report)


def test_an_issue_that_is_new_has_no_upper_bound_and_a_defined_lower_one() -> None:
    rows = [(str(n), day, "Old") for n, day in enumerate(days(400))]
    rows += [(f"x{n}", f"2026-03-{1 + n % 30:02d} 12:00", "Brand new") for n in range(60)]
    report = issues.report(issues.sort(desk(("Ticket ID", "Created at", "Category"), rows)), MARCH, FEBRUARY)
    assert [issue.name for issue in report.emerging] == ["Brand new"]
    ratio = report.emerging[0].ratio
    assert ratio is not None
    assert 1 < ratio.low < ratio.high == float("inf")
    assert "Brand new is new, at least" in said(report)


def test_contacts_without_an_issue_are_told() -> None:
    rows = [(str(n), day, "Bug" if n % 2 else "") for n, day in enumerate(days(80))]
    report = issues.report(issues.sort(desk(("Ticket ID", "Created at", "Category"), rows)), MARCH, FEBRUARY)
    assert sum(n for _, n in report.unnamed) + report.named == report.total
    assert said(report)


def test_spellings_of_one_issue_are_one() -> None:
    rows = [(str(n), day, ("Bug report", "bug  Report")[n % 8 == 0]) for n, day in enumerate(days(80))]
    kept = issues.sort(desk(("Ticket ID", "Created at", "Category"), rows))
    report = issues.report(kept, MARCH, FEBRUARY)
    assert [issue.name for issue in report.issues] == ["Bug report"]
    assert "spelling" in words.source_why(report)


def test_a_column_that_is_not_there_is_named() -> None:
    facts = desk(("Ticket ID", "Created at", "Category"), [("1", "2026-03-01 10:00", "Bug")])
    with pytest.raises(ValueError, match="unknown field 'Colour'"):
        issues.sort(facts, (), issues.Source(issues.Origin.FIELD, "Colour"))


def test_a_period_without_contacts() -> None:
    facts = desk(("Ticket ID", "Created at", "Category"), [("1", "2026-03-01 10:00", "Bug")])
    kept = issues.sort(facts)
    report = issues.report(
        kept, Period(date(2026, 2, 1), date(2026, 2, 28)), Period(date(2026, 1, 1), date(2026, 1, 31))
    )
    assert report.total == 0
    assert said(report)
    assert issues.rows(kept, FEBRUARY, issue="Bug").empty


def test_a_filter_that_the_contacts_do_not_have_is_refused_in_words() -> None:
    facts = desk(("Ticket ID", "Created at", "Category"), [("1", "2026-03-01 10:00", "Bug")])
    report = issues.report(issues.sort(facts), MARCH, FEBRUARY, where=(Filter("queue", ("a",)),))
    assert report.refused == "the tickets have no column 'queue', which a filter asks for"
    assert said(report)


def test_a_header_called_issue_stays_a_filter_of_its_own() -> None:
    rows = [(str(n), day, ("Bug", "Login")[n % 2], ("x", "y")[n % 3 == 0]) for n, day in enumerate(days(120))]
    facts = desk(("Ticket ID", "Created at", "Category", "Issue"), rows)
    kept = issues.sort(facts, (), issues.Source(issues.Origin.FIELD, "category"))
    name = next(n for n in kept.table.dimensions if n.casefold().removeprefix("custom:") == "issue")
    report = issues.report(kept, MARCH, FEBRUARY, where=(Filter(name, ("y",)),))
    local = [row for row in rows if row[3] == "y" and row[1].startswith("2026-03")]
    assert report.total == len(local)


def test_without_channels_or_with_one_nothing_is_held_against_another() -> None:
    bare = issues.sort(desk(("Ticket ID", "Created at", "Category"), [("1", "2026-03-01 10:00", "Bug")]))
    assert issues.channels(bare) == ()
    rows = [(str(n), day, ("Bug", "Login")[n % 2], "chat") for n, day in enumerate(days(60))]
    one = issues.sort(desk(("Ticket ID", "Created at", "Category", "Channel"), rows))
    assert issues.channels(one) == ()
    few = [(*row[:3], "email" if n < 3 else "chat") for n, row in enumerate(rows)]
    found = issues.beside(
        issues.sort(desk(("Ticket ID", "Created at", "Category", "Channel"), few)), "email", None
    )
    assert found.refused is not None
    assert "ewer than" in words.beside_sentence(found, Grain.TICKETS)
    assert issue_tables.beside_rows(found, Grain.TICKETS) == []
