"""Real files: the first sentence against counts made from the raw rows with plain pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpi import resolutions
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Period
from kpi.resolutions import Kept
from kpi.words import resolution_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.shared


def read(name: str) -> tuple[Facts, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    imported = import_files([(path.name, path)], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions()), pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def first_sentence(facts: Facts, now: Period, before: Period | None) -> tuple[str, resolutions.Report]:
    kept = resolutions.prepare(facts)
    assert isinstance(kept, Kept)
    report = resolutions.report(kept, now, before)
    return words.resolution_title(kept, report, resolutions.lasting(kept)), report


def test_kaggle_has_answers_without_times() -> None:
    facts, raw = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    title, report = first_sentence(facts, Period(date(2023, 6, 1), date(2023, 6, 2)), None)
    score = pd.to_numeric(raw["Customer Satisfaction Rating"]).dropna()
    share = (score >= 4).mean()
    assert title == (
        f"{share * 100:.1f} % of rated tickets were satisfied; whether they were quick cannot be said"
    )
    assert report.refused is not None
    assert "created at" in report.refused


def test_rwfd_has_answers_without_times() -> None:
    facts, raw = read("rwfd_call_center/Call_Center.csv")
    title, _ = first_sentence(facts, Period(date(2020, 10, 1), date(2020, 10, 31)), None)
    score = pd.to_numeric(raw["csat_score"]).dropna()
    assert title.startswith(f"{(score >= 8).mean() * 100:.1f} % of rated tickets were satisfied")


def test_pwc_calls_are_quick_against_calls_of_their_topic() -> None:
    facts, raw = read("pwc_call_center/pwc_iso_quoted.csv")
    march, february = Period(date(2021, 3, 1), date(2021, 3, 31)), Period(date(2021, 2, 1), date(2021, 2, 28))
    title, report = first_sentence(facts, march, february)
    done = raw[(raw["Resolved_Status"] == "Y") & (raw["Answered_Status"] == "Y")].copy()
    talk = pd.to_timedelta(done["Talk_Duration"]).dt.total_seconds()
    done["seconds"] = talk + pd.to_numeric(done["Speed_of_answer_in_seconds"])
    placed = done.groupby("Topic")["seconds"].rank(method="average") - 0.5
    quick = placed / done.groupby("Topic")["seconds"].transform("size") < 0.5
    good = quick & (pd.to_numeric(done["Satisfaction_Rating"]) >= 4)
    mine = done["Date"].str.startswith("2021-03") & done["Satisfaction_Rating"].notna()
    assert (
        title == f"{good[mine].mean() * 100:.1f} % of judged calls were quick and satisfied, no clear change"
    )
    one = report.of("good")
    assert one is not None
    assert (one.now.parts["count"], one.now.n) == (int(good[mine].sum()), int(mine.sum()))


def test_technical_support_by_hand() -> None:
    facts, raw = read("technical_support/Technical_Support_Dataset.csv")
    now, before = (
        Period(date(2023, 10, 1), date(2023, 12, 31)),
        Period(date(2023, 7, 1), date(2023, 9, 30)),
    )
    title, report = first_sentence(facts, now, before)
    created = pd.to_datetime(raw["Created time"], format="mixed")
    solved = pd.to_datetime(raw["Resolution time"], format="mixed")
    minutes = ((solved - created).dt.total_seconds() / 60).round()
    timed = minutes.notna() & (minutes >= 0)
    rating = pd.to_numeric(raw["Survey results"], errors="coerce")
    rows = timed & (solved >= "2023-10-01") & (solved < "2024-01-01") & rating.notna()
    kinds = [raw["Source"].str.lower(), raw["Topic"].str.lower(), raw["Priority"].str.lower()]
    place = pd.Series(np.nan, index=raw.index)
    for depth in (3, 2, 1, 0):
        key = kinds[:depth] or [pd.Series("all", index=raw.index)]
        group = minutes[timed].groupby([each[timed] for each in key])
        size = group.transform("size")
        found = (group.rank(method="average") - 0.5) / size
        place[timed] = place[timed].where(place[timed].notna() | (size < 20), found)
    good = rows & (place < 0.5) & (rating >= 4)
    one = report.of("good")
    assert one is not None
    assert one.now.n == int(rows.sum())
    assert one.now.parts["count"] == int(good.sum())
    assert title.startswith(f"{(one.now.value or 0) * 100:.1f} % of judged tickets were quick and satisfied")


def test_telco_has_no_contacts_to_judge() -> None:
    facts, _ = read("telco_churn/wa_churn.csv")
    found = resolutions.prepare(facts)
    assert found == "the data hold neither tickets nor calls"
