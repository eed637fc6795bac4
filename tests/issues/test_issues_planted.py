"""The planted truths of the sample: what grew, since when, what it comes with, counted by hand."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from issue_desk import Q2, Q3

from kpi import issues
from kpi.facts import Facts
from kpi.issues import Issue, Report
from kpi.issues.changes import HISTORY
from kpi.issues.onset import onset
from kpi.model import Filter, Grain, Period
from kpi.words import issue_sentences as words
from kpi.words import issue_tables
from sample_data.generate import COMMITTED_TICKETS, generate
from sample_data.world import FIRST_DAY, LAST_DAY


@pytest.fixture(scope="module")
def kept(sample: Facts) -> issues.Sorted:
    return issues.sort(sample)


@pytest.fixture(scope="module")
def report(kept: issues.Sorted) -> Report:
    return issues.report(kept, Q3, Q2)


def named(report: Report, name: str) -> Issue:
    (found,) = (issue for issue in report.issues if issue.name == name)
    return found


def test_both_growing_issues_and_nothing_else_are_new(report: Report, truths: dict[str, Any]) -> None:
    rising, mix = truths["rising_issue"]["where"]["category"], truths["mix_shift"]["where"]["grows"]
    assert [issue.name for issue in report.emerging] == [mix, rising]
    assert report.looked_at == 8
    for issue in report.emerging:
        assert issue.ratio is not None
        assert issue.ratio.low > 1
        assert issue.ratio.p_adjusted < 0.05
        assert issue.ratio.low <= issue.ratio.value <= issue.ratio.high
        assert issue.more is not None
        assert issue.more.low > 0
        assert issue.n_before > 0
        assert issue.more.value == pytest.approx(
            issue.n - report.total * issue.n_before / report.total_before, rel=1e-6
        )
    assert "Seller dispute stands first because it surely brought most tickets" in words.first_why(report)


def test_the_rising_issue_is_first_and_alone_in_the_month_of_its_rise(
    kept: issues.Sorted, truths: dict[str, Any]
) -> None:
    july, august, september = (
        Period(date(2026, 7, 1), date(2026, 7, 31)),
        Period(date(2026, 8, 1), date(2026, 8, 31)),
        Period(date(2026, 9, 1), date(2026, 9, 30)),
    )
    planted = truths["rising_issue"]
    (found,) = issues.report(kept, august, july).emerging
    assert found.name == planted["where"]["category"]
    assert words.issue_title(issues.report(kept, august, july)).startswith("Payment failed jumped")
    assert found.onset is not None
    assert abs((found.onset.day - date.fromisoformat(planted["from"])).days) <= 7
    assert not issues.report(kept, september, august).emerging  # it stays, and grows no more
    assert not issues.report(kept, july, Period(date(2026, 6, 1), date(2026, 6, 30))).emerging[1:]


def test_the_rising_issue_is_first_where_disputes_are_left_out(kept: issues.Sorted) -> None:
    others = tuple(
        issue.name for issue in issues.report(kept, Q3, Q2).issues if issue.name != "Seller dispute"
    )
    found = issues.report(kept, Q3, Q2, where=(Filter("category", others),))
    assert found.emerging[0].name == "Payment failed"


@pytest.mark.parametrize(
    ("which", "where"), [("mix_shift", "grows"), ("rising_issue", "category")], ids=["mix shift", "rise"]
)
def test_the_onset_is_dated_within_a_week(
    report: Report, truths: dict[str, Any], which: str, where: str
) -> None:
    onset = named(report, truths[which]["where"][where]).onset
    planted = date.fromisoformat(truths[which]["from"])
    assert onset is not None
    assert abs((onset.day - planted).days) <= 7
    assert onset.low <= planted <= onset.high
    assert onset.kind is issues.Rise.AT_ONCE
    assert onset.after > 2 * onset.before


def test_counts_equal_those_of_the_rows(sample: Facts, kept: issues.Sorted, report: Report) -> None:
    table = sample.tables[Grain.TICKETS]
    local = table.source["created_at"].dt.tz_convert("Europe/Berlin").dt.date
    inside = (local >= Q3.start) & (local <= Q3.end)
    mine = table.source[inside.to_numpy() & (table.source["category"] == "Payment failed").to_numpy()]
    issue = named(report, "Payment failed")
    assert issue.n == len(mine) == len(issues.rows(kept, Q3, issue="Payment failed"))
    assert report.total == int(inside.sum()) == sum(each.n for each in report.issues)
    surveys = sample.tables[Grain.SURVEYS]
    answered = surveys.source[surveys.columns["csat_answered"] != 0]
    scores = pd.to_numeric(
        answered.drop_duplicates("ticket_id", keep="last").set_index("ticket_id")["csat_raw"]
    )
    own = mine["ticket_id"].map(scores).dropna()
    assert (issue.rated, issue.unhappy) == (len(own), int((own <= 2).sum()))
    calls = sample.tables[Grain.CALLS]
    handled = pd.Series(
        np.where(calls.columns["handle_known"] != 0, calls.columns["handle_s"], 0) / 60.0,
        index=calls.source["ticket_id"].to_numpy(),
    )
    assert issue.minutes == pytest.approx(handled[handled.index.isin(set(mine["ticket_id"]))].sum())


def test_every_part_opens_as_many_contacts_as_it_counts(kept: issues.Sorted, report: Report) -> None:
    issue = named(report, "Payment failed")
    expected = {"Unhappy": issue.unhappy, "With an answer": issue.rated, "With handling time": issue.timed}
    expected |= {"Solved": issue.ended, "Came back": issue.again}
    for part, n in expected.items():
        assert len(issues.rows(kept, Q3, issue="Payment failed", part=part)) == n
    reopened = issues.rows(kept, Q3, issue="Payment failed", part="Reopened")
    assert len(reopened) == issue.reopened.parts["count"]
    with pytest.raises(ValueError, match="unknown part"):
        issues.rows(kept, Q3, part="green ones")


def test_typical_phrases_are_those_of_the_issue_and_open_their_contacts(kept: issues.Sorted) -> None:
    found = issues.typical_phrases(kept, issues.read(kept, Q3, Q2), "Payment failed")
    assert {"payment", "card declined", "zahlung fehlgeschlagen"} <= {each.text for each in found.found}
    for each in found.found:
        assert len(issues.rows(kept, Q3, issue="Payment failed", phrase=each.text)) == each.n
        assert each.n_other == 0


def test_new_phrases_are_those_of_the_growing_issues(kept: issues.Sorted) -> None:
    reading = issues.read(kept, Q3, Q2)
    found = issues.new_phrases(kept, reading)
    assert found.found[0].text == "seller"
    inside = issues.new_phrases(kept, reading, "Payment failed")
    assert not inside.found  # it grew, but what is written about it did not change


def test_what_comes_together_is_planted_by_channel(kept: issues.Sorted) -> None:
    company = issues.together(kept, "Seller dispute", Q3)
    by_value = {(each.field, each.value): each for each in company.found}
    email = by_value["channel", "email"]
    assert email.low > 1.5
    assert "team E-mail" in email.also
    rows = issues.rows(kept, Q3, issue="Seller dispute")
    assert email.n == int((rows["channel"] == "email").sum())


def test_the_story_tells_stamps_calls_and_answers_in_order(sample: Facts, kept: issues.Sorted) -> None:
    rows = issues.rows(kept, Q3, issue="Payment failed", part="With handling time")
    rated = set(issues.rows(kept, Q3, issue="Payment failed", part="With an answer")["ticket_id"])
    row = next(row for _, row in rows.iterrows() if row["ticket_id"] in rated)
    told = issues.story(sample, row)
    whats = [moment.what for moment in told.moments]
    assert whats[0] == "created"
    assert {"created", "call", "survey answered"} <= set(whats)
    stamps = [moment.at for moment in told.moments]
    assert stamps == sorted(stamps)
    assert told.moments[1].after == (stamps[1] - stamps[0]).total_seconds() / 60
    assert dict(told.told)["agents it went through"] == str(row["assignee_stations"])
    assert any("CSAT" in moment.detail for moment in told.moments)


def test_what_came_back_and_its_cost_are_those_of_the_rows(kept: issues.Sorted, report: Report) -> None:
    issue = named(report, "Delivery late")
    rows = issues.rows(kept, Q3, issue="Delivery late", part="Came back")
    reopened = set(issues.rows(kept, Q3, issue="Delivery late", part="Reopened")["ticket_id"])
    repeated = set(issues.rows(kept, Q3, issue="Delivery late", part="Followed by another")["ticket_id"])
    assert set(rows["ticket_id"]) == reopened | repeated
    assert issue.again == len(rows)
    calls = kept.facts.tables[Grain.CALLS]
    mine = calls.source["ticket_id"].isin(rows["ticket_id"]).to_numpy() & (calls.columns["handle_known"] != 0)
    assert issue.again_minutes == pytest.approx(calls.columns["handle_s"][mine].sum() / 60)
    assert f"{issue.again:,} tickets came back" in words.again_sentence(report, issue)


def test_families_hold_every_contact_with_an_issue(report: Report) -> None:
    said = words.families_sentence(report)
    counts = [int(part.replace(",", "")) for part in re.findall(r"\(([\d,]+)\)", said)]
    assert sum(counts) == report.named == report.total


def test_orders_add_up(report: Report) -> None:
    for order in issues.orders(report, 0.5):
        ranked = issues.ranked(report, order, 0.5)
        assert ranked[-1].cumulated == pytest.approx(1)
        values = [each.value for each in ranked]
        assert values == sorted(values, reverse=True)
    assert issues.Order.COST not in issues.orders(report, None)
    hours = issues.ranked(report, issues.Order.HANDLING)
    cost = issues.ranked(report, issues.Order.COST, 0.5)
    assert cost[0].value == pytest.approx(hours[0].value * 60 * 0.5)


def test_groups_of_the_words_are_those_of_the_issues(sample: Facts) -> None:
    """Sorted by their words alone, most contacts of a group are about one issue."""
    kept = issues.sort(sample, (), issues.Source(issues.Origin.TEXTS))
    again = issues.sort(sample, (), issues.Source(issues.Origin.TEXTS))
    assert kept.phrases == again.phrases
    assert any("parcel" in phrases for _, phrases in kept.phrases)
    table = pd.crosstab(
        np.asarray(kept.table.dimensions[issues.ISSUE]), np.asarray(kept.table.dimensions["category"])
    )
    named_groups = table.drop(index=[issues.OTHER, issues.NO_TEXT], errors="ignore")
    purity = named_groups.max(axis=1).sum() / named_groups.to_numpy().sum()
    assert purity > 0.8


def test_social_media_stand_beside_the_other_channels(kept: issues.Sorted, truths: dict[str, Any]) -> None:
    """Seller disputes are planted to come by e-mail; everything else comes by every channel alike."""
    assert issues.channels(kept)[0] == issues.SOCIAL
    found = issues.beside(kept, issues.SOCIAL, Q3)
    assert [each.issue for each in found.found if each.more is False] == [
        truths["mix_shift"]["where"]["grows"]
    ]
    assert "Seller dispute is less frequent on social" in words.beside_sentence(found, kept.grain)
    every = issues.rows(kept, Q3)
    social = every["channel"] == "social"
    assert (found.total, found.total_others) == (int(social.sum()), int((~social).sum()))
    for each in found.found:
        mine = every["category"] == each.issue
        assert (each.n, each.n_others) == (int((mine & social).sum()), int((mine & ~social).sum()))
        assert each.share.value == pytest.approx(each.n / found.total)
        for side, channels in ((each.n, (issues.SOCIAL,)), (each.n_others, found.others)):
            behind = issues.rows(kept, Q3, where=(Filter(issues.CHANNEL, channels),), issue=each.issue)
            assert len(behind) == side
    assert all(
        row["Said"] in ("unclear", "less on social") for row in issue_tables.beside_rows(found, kept.grain)
    )
    email = issues.beside(kept, "email", Q3)
    assert [each.issue for each in email.found if each.more] == ["Seller dispute"]
    assert issues.beside(kept, "pigeon", Q3).refused


def days_of_issue(seed: int, issue: str) -> tuple[np.ndarray, np.ndarray]:
    """Tickets of the issue, and all, on each day of a sample made with this seed, counted by hand."""
    tickets = generate(seed, COMMITTED_TICKETS).tickets.drop_duplicates("Id")
    created = pd.to_datetime(tickets["Created at"]).dt.normalize()
    days = pd.date_range(FIRST_DAY, LAST_DAY)
    mine = created[tickets["Issue [list]"] == issue]
    hits, totals = (
        each.value_counts().reindex(days, fill_value=0).to_numpy(float) for each in (mine, created)
    )
    return hits, totals


def errors_of_onset(seeds: range, truth: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Days by which the onset is off in samples of these seeds, and whether its range holds the true day."""
    planted = date.fromisoformat(truth["from"])
    first = Q2.start - timedelta(days=HISTORY)
    off, held = [], []
    for seed in seeds:
        hits, totals = (
            each[(first - FIRST_DAY).days :] for each in days_of_issue(seed, truth["where"]["category"])
        )
        found = onset((first - date(1970, 1, 1)).days, hits, totals)
        assert found is not None
        off.append((found.day - planted).days)
        held.append(found.low <= planted <= found.high)
    return np.array(off), np.array(held)


def test_a_rise_within_a_week_is_dated_within_a_week_in_other_samples_too(truths: dict[str, Any]) -> None:
    off, held = errors_of_onset(range(5_000, 5_012), truths["rising_issue"])
    assert (np.abs(off) <= 7).sum() >= 9  # nine of ten do; fewer than nine of twelve come once in 45
    assert held.sum() >= 9


@pytest.mark.full
def test_a_rise_within_a_week_is_dated_within_a_week_in_nine_of_ten_samples(truths: dict[str, Any]) -> None:
    off, held = errors_of_onset(range(5_000, 5_200), truths["rising_issue"])
    assert (np.abs(off) <= 7).mean() >= 0.9
    assert held.mean() >= 0.92
