"""Real and public files: the first sentence against counts made from the raw rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from kpi import improvements, issues
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.improvements import Improvements
from kpi.ingest import import_files
from kpi.issues import ISSUE
from kpi.model import EPOCH, Period
from kpi.words import improvement_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.shared


def read(name: str) -> tuple[Facts, Improvements, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    imported = import_files([(path.name, path)], {"timezone": "UTC"})
    facts = build_facts(imported.tables, Definitions())
    first, last = (EPOCH + timedelta(days=day) for day in (facts.first_day, facts.last_day))
    found = improvements.improvements(issues.sort(facts), Period(first, last))
    return facts, found, pd.read_csv(path, dtype=str, encoding="utf-8-sig", sep=None, engine="python")


def title(found: Improvements, key: str) -> str:
    return words.improvement_title(found, next(each for each in found.outcomes if each.key == key))


def test_kaggle_types_are_alike_in_satisfaction() -> None:
    _, found, raw = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    assert title(found, "csat").startswith("Nothing stands out in CSAT")
    rated = pd.to_numeric(raw["Customer Satisfaction Rating"])
    by_type = (rated[rated.notna()] >= 4).groupby(raw["Ticket Type"])
    assert {look.value: look.level for look in found.of("csat", ISSUE)} == pytest.approx(
        by_type.mean().to_dict()
    )
    assert {look.value: look.n for look in found.of("csat", ISSUE)} == by_type.count().to_dict()
    table = pd.crosstab(raw["Ticket Type"][rated.notna()], rated[rated.notna()] >= 4)
    assert stats.chi2_contingency(table).pvalue > 0.05


def test_technical_support_topics_are_alike_in_satisfaction() -> None:
    _, found, _ = read("technical_support/Technical_Support_Dataset.csv")
    assert title(found, "csat").startswith("Nothing stands out in CSAT")
    looks = found.of("csat", ISSUE)
    table = [[look.n * look.level, look.n * (1 - look.level)] for look in looks]
    assert stats.chi2_contingency(table).pvalue > 0.05


def test_pwc_topics_are_alike_in_satisfaction() -> None:
    _, found, raw = read("pwc_call_center/pwc_d-mon-yy.csv")
    assert title(found, "csat").startswith("Nothing stands out in CSAT")
    rating = pd.to_numeric(raw["Satisfaction rating"], errors="coerce")
    by_topic = (rating[rating > 0] >= 4).groupby(raw["Topic"])
    assert {look.value: look.level for look in found.of("csat", ISSUE)} == pytest.approx(
        by_topic.mean().to_dict()
    )


def test_rwfd_reasons_are_alike_in_satisfaction() -> None:
    _, found, raw = read("rwfd_call_center/Call_Center.csv")
    assert title(found, "csat").startswith("Nothing stands out in CSAT")
    column = next(name for name in raw.columns if "csat" in name.lower())
    reason = next(name for name in raw.columns if "reason" in name.lower())
    score = pd.to_numeric(raw[column], errors="coerce")
    by_reason = (score[score.notna()] >= 8).groupby(raw[reason])
    assert {look.value: look.level for look in found.of("csat", ISSUE)} == pytest.approx(
        by_reason.mean().to_dict()
    )


def test_a_list_of_customers_has_no_outcome_of_contacts() -> None:
    _, found, _ = read("telco_churn/wa_churn.csv")
    assert found.refused == "no column holds an outcome of contacts"
