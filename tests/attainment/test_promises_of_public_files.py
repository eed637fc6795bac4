"""The first sentence about promises of time on real files, against counts made from the raw rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kpi import attainment
from kpi.attainment import Clock, Kept
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files
from kpi.model import Period
from kpi.words import target_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.shared


def kept(name: str, period: Period) -> tuple[Kept, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    facts = build_facts(import_files([(path.name, path)], {"timezone": "UTC"}).tables, Definitions())
    return attainment.keeping(facts, period), pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def test_technical_support_answers_in_december() -> None:
    found, raw = kept(
        "technical_support/Technical_Support_Dataset.csv", Period(date(2023, 12, 1), date(2023, 12, 31))
    )
    created = pd.to_datetime(raw["Created time"], format="mixed")
    waited = pd.to_datetime(raw["First response time"], format="mixed") - created
    december = created.dt.strftime("%Y-%m") == "2023-12"
    told = {one.name: one.kept for one in found.promises if one.clock is Clock.RESPONSE}
    for name, hours in (("email", 24), ("chat", 1)):
        mine = december & (raw["Source"].str.lower() == name)
        in_time = waited[mine] <= pd.Timedelta(hours=hours)
        assert told[name].n == int(mine.sum())
        assert told[name].value == pytest.approx(in_time.mean())
    assert words.kept_title(found).startswith("Answered in time: email 91.8 % within 24 h, ")


def test_pwc_calls_in_march() -> None:
    found, raw = kept("pwc_call_center/pwc_iso_quoted.csv", Period(date(2021, 3, 1), date(2021, 3, 31)))
    march = raw["Date"].str.startswith("2021-03")
    seconds = pd.to_numeric(raw["Speed_of_answer_in_seconds"])
    answered = (raw["Answered_Status"] == "Y") & (seconds <= 300)
    (calls,) = (one for one in found.promises if one.clock is Clock.HOLD)
    assert calls.kept.n == int(march.sum())
    assert calls.kept.value == pytest.approx(answered[march].mean())
    assert words.kept_title(found).startswith("Answered in time: calls 80.7 % [")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "kaggle_support_tickets/customer_support_tickets_original.csv",
            "no column holds the time a ticket was created",
        ),
        ("rwfd_call_center/Call_Center.csv", "no column holds the time of the first response"),
    ],
)
def test_files_without_the_times_say_which_are_not_there(name: str, said: str) -> None:
    found, raw = kept(name, Period(date(2020, 10, 1), date(2023, 12, 31)))
    assert not found.promises
    title = words.kept_title(found)
    assert title.startswith("No promise can be checked: ")
    assert said in title
    named = {column.lower().replace("_", " ") for column in raw.columns}
    assert not any("creat" in column for column in named)
    # Where the header speaks of the response, its cells are words such as "Within SLA", no times.
    assert "response time" not in named or raw["response_time"].str.contains("SLA").all()
