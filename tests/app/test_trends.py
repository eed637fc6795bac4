"""The Trends page: every widget moved, every metric opened, events kept and dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi import trend as trends
from kpi import words as sentences
from kpi.metrics import catalogue
from ui import store

Open = Callable[..., AppTest]
CSAT = "Customer satisfaction (CSAT)"


@pytest.fixture(autouse=True)
def no_events() -> None:
    for event in store.events():
        store.workspace().drop_event(event.id)


def test_the_finding_of_the_package_is_the_title(visit: Open) -> None:
    at = visit("trends")
    facts = store.facts(store.SAMPLE)
    found = trends.trend(facts, "csat", period=trends.weeks_until(facts, 52))
    assert title(at) == sentences.trend_title(found)
    assert at.selectbox(key="metric").value == CSAT


def test_metrics_of_every_family_open_with_a_finding_of_their_own(visit: Open) -> None:
    at = visit("trends", history="26 weeks")
    facts = store.facts(store.SAMPLE)
    seen = set()
    for metric in [*catalogue(facts.definitions, facts)][::2]:
        at.selectbox(key="metric").select(metric.name).run()
        assert sound(at)
        seen.add(title(at))
        assert all(chart.proto.alt for chart in at.get("vega_lite_chart"))
    assert len(seen) > 12


@pytest.mark.parametrize("grain", ["Days", "Months", "Weeks"])
def test_points_and_history_can_be_chosen(visit: Open, grain: str) -> None:
    at = visit("trends")
    for length in at.selectbox(key="history").options:
        at.selectbox(key="history").select(length).run()
        at.selectbox(key="grain").select(grain).run()
        assert sound(at)
        assert f"Points: {grain.lower()}" in words(at)
        assert len(at.get("vega_lite_chart")) == 2


def test_a_link_sets_metric_points_history_and_filters(visit: Open) -> None:
    at = visit("trends", metric="New tickets", grain="Months", history="All data", channel=["chat"])
    assert title(at).startswith(("New tickets for chat ", "No evidence of a trend in new tickets for chat "))
    assert "1 April 2025 – 30 September 2026" in words(at)


def test_a_wrong_link_falls_back(visit: Open) -> None:
    at = visit("trends", metric="<b>", grain="hour", history="-1")
    assert at.selectbox(key="metric").value in at.selectbox(key="metric").options
    assert at.selectbox(key="grain").value == "Weeks"
    assert at.selectbox(key="history").value == "52 weeks"


def test_a_filter_without_rows_says_what_is_missing(visit: Open) -> None:
    at = visit("trends", metric="Call abandonment rate", channel=["chat"])
    assert title(at).startswith("No trend for call abandonment rate for chat: ")
    assert "Not looked for" in words(at)


def test_an_event_is_added_judged_and_dropped(visit: Open) -> None:
    at = visit("trends", channel=["chat"], history="All data")
    assert "None yet: a release" in words(at)
    at.date_input(key="event-day").set_value(date(2026, 6, 15))
    at.text_input(key="event-name").set_value("new *scripts*")
    at.selectbox(key="event-kind").select("release")
    at.button(key="FormSubmitter:event-Add the event").click().run()
    assert sound(at)
    (event,) = store.events()
    assert (event.day, event.name, event.kind, event.until) == (
        date(2026, 6, 15),
        "new *scripts*",
        "release",
        None,
    )
    table = next(frame.value for frame in at.dataframe if "Event" in frame.value.columns)
    assert table["Event"].tolist() == ["new *scripts*"]
    assert table["Verdict"].tolist() == ["▼ worse"]
    assert table["Change since, or during"][0].startswith("−")
    at.button(key=f"drop-event-{event.id}").click().run()
    assert sound(at)
    assert store.events() == ()
    assert "None yet: a release" in words(at)


def test_an_event_that_cannot_be_kept_says_why(visit: Open) -> None:
    at = visit("trends")
    at.date_input(key="event-day").set_value(date(2026, 6, 15))
    at.date_input(key="event-until").set_value(date(2026, 6, 1))
    at.button(key="FormSubmitter:event-Add the event").click().run()
    assert not at.exception
    assert [error.value for error in at.error]
    assert store.events() == ()


def test_points_can_be_downloaded(visit: Open) -> None:
    at = visit("trends")
    assert [button.proto.label for button in at.get("download_button")] == ["Download the points"]
