"""Real files: the first sentence against counts made from the raw rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kpi import issues
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Period
from kpi.words import issue_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.shared


def read(name: str) -> tuple[Facts, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    imported = import_files([(path.name, path)], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions()), pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def counts(report: issues.Report) -> dict[str, int]:
    return {issue.name: issue.n for issue in report.issues}


def test_kaggle_types_are_equally_frequent_and_nothing_is_dated() -> None:
    facts, raw = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    kept = issues.sort(facts)
    report = issues.report(kept, Period(date(2023, 6, 1), date(2023, 6, 2)), None)
    assert counts(report) == raw["Ticket Type"].value_counts().to_dict()
    assert words.issue_title(report) == "No issue stands out: all 5 are about equally frequent"
    assert report.no_change is not None
    rated = pd.to_numeric(raw["Customer Satisfaction Rating"])
    by_type = rated.groupby(raw["Ticket Type"])
    assert {i.name: i.rated for i in report.issues} == by_type.count().to_dict()
    assert {i.name: i.unhappy for i in report.issues} == by_type.apply(
        lambda s: int((s <= 2).sum())
    ).to_dict()


def test_kaggle_texts_form_readable_groups() -> None:
    facts, _ = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    kept = issues.sort(facts, (), issues.Source(issues.Origin.TEXTS))
    said = " ".join(phrase for _, phrases in kept.phrases for phrase in phrases)
    for topic in ("battery life", "factory reset", "data", "troubleshooting steps", "account"):
        assert topic in said
    assert "please" not in said.split()
    assert "product_purchased" not in said


def test_technical_support_spellings_are_one_and_december_counts() -> None:
    facts, raw = read("technical_support/Technical_Support_Dataset.csv")
    december, november = (
        Period(date(2023, 12, 1), date(2023, 12, 31)),
        Period(date(2023, 11, 1), date(2023, 11, 30)),
    )
    report = issues.report(issues.sort(facts), december, november)
    created = pd.to_datetime(raw["Created time"], format="mixed")
    topic = raw["Topic"].str.lower()
    by_hand = topic[created.dt.strftime("%Y-%m") == "2023-12"].value_counts()
    assert {name.lower(): n for name, n in counts(report).items() if n} == by_hand.to_dict()
    before = topic[created.dt.strftime("%Y-%m") == "2023-11"].value_counts()
    licensing = next(i for i in report.issues if i.name == "Pricing and licensing")
    assert licensing.n_before == before["pricing and licensing"] == 58
    assert words.issue_title(report) == (
        "Product setup and Pricing and licensing are the most frequent issues, too close to rank; "
        "no issue grew beyond chance"
    )


def test_pwc_calls_have_issues_too() -> None:
    facts, raw = read("pwc_call_center/pwc_iso_quoted.csv")
    march, february = Period(date(2021, 3, 1), date(2021, 3, 31)), Period(date(2021, 2, 1), date(2021, 2, 28))
    report = issues.report(issues.sort(facts), march, february)
    by_hand = raw["Topic"][raw["Date"].str.startswith("2021-03")].value_counts()
    assert counts(report) == by_hand.to_dict()
    assert words.issue_title(report) == (
        "No issue stands out: all 5 are about equally frequent; no issue grew beyond chance"
    )
    assert "of 1,612 calls" in words.issue_sentence(report, report.issues[0])


def test_rwfd_reasons_of_the_newest_whole_week() -> None:
    facts, raw = read("rwfd_call_center/Call_Center.csv")
    now, before = (
        Period(date(2020, 10, 19), date(2020, 10, 25)),
        Period(date(2020, 10, 12), date(2020, 10, 18)),
    )
    report = issues.report(issues.sort(facts), now, before)
    at = pd.to_datetime(raw["call_timestamp"])
    for side, stretch in ((now, "n"), (before, "n_before")):
        inside = (at.dt.date >= side.start) & (at.dt.date <= side.end)
        by_hand = raw["reason"][inside].value_counts().to_dict()
        assert {each.name: getattr(each, stretch) for each in report.issues} == by_hand
    assert report.total == 7_788
    assert words.issue_title(report) == (
        "Billing Question is the most frequent issue: 710 of 1,000 tickets; no issue grew beyond chance"
    )
    assert not report.emerging
    # The column of sentiments, counted by hand.
    billing = next(issue for issue in report.issues if issue.name == "Billing Question")
    inside = (at.dt.date >= now.start) & (at.dt.date <= now.end) & (raw["reason"] == "Billing Question")
    negative = raw["sentiment"][inside].isin(["Negative", "Very Negative"])
    assert billing.negative.n == int(inside.sum())
    assert billing.negative.value == pytest.approx(negative.mean())
