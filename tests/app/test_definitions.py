"""The choices of a lead: kept, used by every number, checked, and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from conftest import numbers, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.definitions import Definitions
from kpi.metrics import METRICS
from ui import settings, store

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def defaults() -> Iterator[None]:
    yield
    store.workspace().keep_definitions(Definitions())


def keep(at: AppTest, form: str) -> AppTest:
    """Send the form of that name."""
    next(b for b in at.button if b.proto.form_id == form).click().run()
    return at


def test_every_metric_is_explained(visit: Open) -> None:
    at = visit("definitions")
    shown = words(at)
    for metric in METRICS:
        assert metric.formula.split(";")[0][:40] in shown, metric.key
    assert shown.count("Formula") >= len(METRICS)


def test_what_matters_is_kept_beside_the_target_that_holds(visit: Open) -> None:
    at = visit("definitions")
    assert "Target: 80.0 %, the usual one" in words(at)
    at.number_input(key="set-matters-csat").set_value(7.0)
    keep(at, "targets")
    assert sound(at)
    assert dict(store.workspace().definitions().matters) == {"csat": 0.07}
    assert store.workspace().definitions().targets == Definitions().targets
    assert store.workspace().definitions().timezone == Definitions().timezone


def test_every_number_and_switch_can_be_moved(visit: Open) -> None:
    at = visit("definitions")
    for name, _, low, high in settings.WINDOWS:
        at.number_input(key=f"set-{name}").set_value(max(low, min(high, 4)))
    for name, _ in settings.EXCLUSIONS:
        at.toggle(key=f"set-{name}").set_value(False)
    keep(at, "windows")
    assert sound(at)
    kept = store.workspace().definitions()
    assert (kept.fcr_window_days, kept.repeat_window_days, kept.minimum_n) == (4, 4, 4)
    assert not any(getattr(kept, name) for name, _ in settings.EXCLUSIONS)
    assert store.facts(store.SAMPLE).definitions.fcr_window_days == 4


def test_a_longer_window_changes_first_contact_resolution(visit: Open) -> None:
    at = visit("summary", period="Q3 2026")
    before = numbers(at)["First contact resolution"]
    at.switch_page("pages/definitions.py").run()
    at.number_input(key="set-fcr_window_days").set_value(30)
    keep(at, "windows")
    at.switch_page("pages/summary.py").run()
    assert sound(at)
    assert numbers(at)["First contact resolution"] != before


def test_days_hours_and_holidays(visit: Open) -> None:
    at = visit("definitions")
    at.selectbox(key="set-timezone").select("America/New_York")
    at.selectbox(key="set-weekday").select("Sunday")
    at.selectbox(key="set-fiscal").select("April")
    at.toggle(key="set-business-hours").set_value(True)
    at.text_input(key="set-hours-0").set_value("8:00-12:00, 13:00-17:30")
    at.selectbox(key="set-open-zone").select("America/New_York")
    at.selectbox(key="set-country").select("US")
    at.text_input(key="set-closed").set_value("2026-12-24, 2026-12-31")
    keep(at, "days")
    assert sound(at)
    kept = store.workspace().definitions()
    assert (kept.timezone, kept.first_weekday, kept.fiscal_year_start) == ("America/New_York", 6, 4)
    assert kept.business_hours
    assert kept.calendar.weekly[0] == ((480, 720), (780, 1050))
    assert kept.calendar.country == "US"
    assert len(kept.calendar.closed) == 2
    at.switch_page("pages/summary.py").run()
    assert sound(at)
    assert "FY2027 Q2" in at.selectbox(key="period").options


def test_what_cannot_be_read_is_said_and_nothing_is_kept(visit: Open) -> None:
    at = visit("definitions")
    at.text_input(key="set-hours-0").set_value("nine to five")
    keep(at, "days")
    assert not at.exception
    assert "is not a shift" in at.error[0].value.replace("\\", "")
    assert store.workspace().definitions() == Definitions()


def test_promises_by_channel_and_priority(visit: Open) -> None:
    at = visit("definitions")
    at.number_input(key="set-frt-chat").set_value(5.0)
    at.number_input(key="set-ttr-*").set_value(48.0)
    keep(at, "promises")
    assert sound(at)
    kept = store.workspace().definitions()
    assert kept.frt_target_minutes["chat"] == 5.0
    assert dict(kept.ttr_target_hours) == {"*": 48.0}
    at.switch_page("pages/summary.py").run()
    assert sound(at)


def test_everything_goes_back_to_the_defaults(visit: Open) -> None:
    at = visit("definitions")
    at.number_input(key="set-matters-csat").set_value(50.0)
    keep(at, "targets")
    assert store.workspace().definitions() != Definitions()
    at.button(key="reset-definitions").click().run()
    assert sound(at)
    assert store.workspace().definitions() == Definitions()
    assert title(at) == "How every number is computed"
