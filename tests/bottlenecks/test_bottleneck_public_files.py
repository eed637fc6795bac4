"""Real files: the first sentence and its numbers against the raw rows, with plain pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kpi import bottlenecks
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Period
from kpi.words import bottleneck_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.shared


def read(name: str) -> tuple[Facts, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    imported = import_files([(path.name, path)], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions()), pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def month(year: int, number: int) -> Period:
    first = pd.Timestamp(year, number, 1)
    return Period(first.date(), (first + pd.offsets.MonthEnd()).date())


def said(facts: Facts, now: Period, before: Period) -> str:
    return words.title(bottlenecks.split(facts, now, before), bottlenecks.hours(facts, now))


def test_technical_support_tells_the_first_reply_and_nothing_after_it() -> None:
    facts, raw = read("technical_support/Technical_Support_Dataset.csv")
    now, before = month(2023, 12), month(2023, 11)
    found = bottlenecks.split(facts, now, before)
    created, replied, solved = (
        pd.to_datetime(raw[name], format="mixed")
        for name in ("Created time", "First response time", "Resolution time")
    )
    mine = (solved.dt.strftime("%Y-%m") == "2023-12") & raw["Status"].isin(["Resolved", "Closed"])
    whole = (solved - created)[mine].dt.total_seconds()
    assert found.told.n == int((whole >= 0).sum()) == 158
    assert found.hours == pytest.approx(whole[whole >= 0].sum() / 3600, abs=0.1)
    first = (replied - created).dt.total_seconds()[mine]
    usable = first.where(first >= 0, 0).clip(upper=whole)
    by_name = {part.name: part for part in found.parts}
    assert by_name[bottlenecks.FIRST].hours == pytest.approx(usable.sum() / 3600, abs=0.1)
    share = 1 - usable.sum() / whole.sum()
    assert said(facts, now, before) == (
        f"{share:.0%}".replace("%", " %")
        + " of the time to solution passes after the first reply, and the data do not tell for whom it waits"
    )


def test_pwc_calls_are_mostly_talk_and_no_hour_waits_longer() -> None:
    facts, raw = read("pwc_call_center/pwc_iso_quoted.csv")
    march, february = month(2021, 3), month(2021, 2)
    found = bottlenecks.split(facts, march, february)
    answered = raw[(raw["Answered_Status"] == "Y") & raw["Date"].str.startswith("2021-03")]
    talk = pd.to_timedelta(answered["Talk_Duration"]).dt.total_seconds().sum()
    wait = pd.to_numeric(answered["Speed_of_answer_in_seconds"]).sum()
    assert found.told.n == len(answered)
    assert [part.name for part in found.parts] == [bottlenecks.QUEUE, bottlenecks.TALK]
    assert found.parts[0].hours == pytest.approx(wait / 3600)
    assert found.parts[1].hours == pytest.approx(talk / 3600)
    assert said(facts, march, february) == (
        f"{talk / (talk + wait):.0%}".replace("%", " %") + " of the time of answered calls is talk"
    )
    every = bottlenecks.hours(facts, Period(date(2021, 1, 1), date(2021, 3, 31)))
    assert every.found == ()
    assert every.looked_at > 100
    rated = bottlenecks.relations(facts, march)[0]
    assert rated.name == "wait on the phone"
    assert not rated.clear
    by_hand = pd.to_numeric(answered["Satisfaction_Rating"]).notna().sum()
    assert rated.behind.n == by_hand


def test_kaggle_stamps_contradict_themselves_and_are_not_used() -> None:
    facts, raw = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    now, before = Period(date(2023, 6, 2), date(2023, 6, 2)), Period(date(2023, 6, 1), date(2023, 6, 1))
    assert said(facts, now, before) == "Where the time goes cannot be said"
    stages = bottlenecks.stages(facts, now, before)
    assert stages.found == ()
    reply, end = (
        pd.to_datetime(raw[name], format="mixed", dayfirst=True)
        for name in ("First Response Time", "Time to Resolution")
    )
    wrong, both = int((end < reply).sum()), int((end.notna() & reply.notna()).sum())
    assert f"{wrong:,} of {both:,} contacts end it before they begin it" in words.stages_sentence(stages)


def test_rwfd_dates_and_telco_customers_are_refused_with_what_would_help() -> None:
    facts, _ = read("rwfd_call_center/Call_Center.csv")
    now, before = (
        Period(date(2020, 10, 19), date(2020, 10, 25)),
        Period(date(2020, 10, 12), date(2020, 10, 18)),
    )
    assert said(facts, now, before) == "Where the time goes cannot be said"
    hours = bottlenecks.hours(facts, now)
    assert hours.refused == "no stamp of these contacts has a time of day"
    stages = bottlenecks.stages(facts, now, before)
    assert "the time of creation, finer than the day" in words.stages_sentence(stages)
    churn, _ = read("telco_churn/wa_churn.csv")
    assert said(churn, now, before) == "Where the time goes cannot be said"
    assert bottlenecks.split(churn, now, before).refused == "the data hold no tickets"
