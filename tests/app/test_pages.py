"""Every page, every widget moved: nothing breaks, and what a widget governs changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from conftest import numbers, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi import compare, periods
from kpi.metrics import catalogue
from ui import places, store

Open = Callable[..., AppTest]
PAGES = tuple(places.PAGES)


@pytest.fixture(scope="module")
def facts() -> object:
    return store.facts(store.SAMPLE)


@pytest.mark.usefixtures("checked_charts")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_one_finding_as_its_title(visit: Open, page: str) -> None:
    at = visit(page)
    assert len(title(at)) > 10
    assert at.selectbox(key="data").value == store.SAMPLE_LABEL


@pytest.mark.parametrize("page", PAGES)
def test_a_deep_link_sets_the_shared_filters_on_every_page(visit: Open, page: str) -> None:
    at = visit(page, period="Q3 2026", against="Same period last year", channel=["chat"])
    assert at.selectbox(key="period").value == "Q3 2026"
    assert at.selectbox(key="against").value == "Same period last year"
    assert at.multiselect(key="channel").value == ["chat"]


def test_a_wrong_link_falls_back_without_a_crash(visit: Open) -> None:
    at = visit("summary", data="No such set", period="<script>", against="?", channel=["nowhere"], closer="x")
    assert at.selectbox(key="data").value in at.selectbox(key="data").options
    assert at.multiselect(key="channel").value == []


def test_every_period_can_be_chosen(visit: Open) -> None:
    at = visit()
    seen = set()
    options = at.selectbox(key="period").options
    for label in [*options[:8:2], *options[8::12], options[-2]]:
        at.selectbox(key="period").select(label).run()
        assert sound(at)
        seen.add(title(at))
    assert len(seen) >= 6


def test_the_numbers_on_the_cards_are_those_of_the_package(visit: Open, facts: object) -> None:
    at = visit("summary", period="Q3 2026")
    now = periods.parse(
        "2026-Q3", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    before = periods.previous(now, facts.definitions)
    found = {c.metric.name: c for c in compare.compare(facts, now, before)}
    cards = numbers(at)
    assert len(cards) >= 6
    for label, shown in cards.items():
        comparison = found[label.replace("\\", "")]
        assert shown.split(" ")[0].replace(",", "").replace("−", "-").rstrip("%")
        assert comparison.metric.headline
        assert comparison.now.value is not None


@pytest.mark.parametrize("how", ["The period before", "Same period last year", "Own dates"])
def test_every_comparison_can_be_chosen(visit: Open, how: str) -> None:
    at = visit("summary", period="September 2026")
    at.selectbox(key="against").select(how).run()
    assert sound(at)
    assert {"The period before": "August 2026", "Same period last year": "September 2025"}.get(
        how, "2026"
    ) in words(at)


def test_own_dates_on_both_sides(visit: Open) -> None:
    at = visit()
    at.selectbox(key="period").select("Own dates").run()
    at.date_input(key="dates").set_value((date(2026, 6, 1), date(2026, 6, 14))).run()
    at.selectbox(key="against").select("Own dates").run()
    at.date_input(key="against_dates").set_value((date(2026, 5, 4), date(2026, 5, 17))).run()
    assert sound(at)
    assert "1–14 June 2026 (14 days" in words(at)
    assert "4–17 May 2026 (14 days" in words(at)


def test_periods_that_share_days_are_refused_in_words(visit: Open) -> None:
    at = visit()
    at.selectbox(key="period").select("Own dates").run()
    at.date_input(key="dates").set_value((date(2026, 6, 1), date(2026, 6, 30))).run()
    at.selectbox(key="against").select("Own dates").run()
    at.date_input(key="against_dates").set_value((date(2026, 6, 15), date(2026, 7, 15))).run()
    assert sound(at)
    assert title(at) == "These two periods cannot be compared"
    assert "share 16 days" in words(at)
    assert not at.metric


def test_every_filter_changes_the_numbers_and_says_so(visit: Open) -> None:
    at = visit("summary", period="Q3 2026")
    plain = numbers(at)
    keys = [box.key for box in at.multiselect]
    assert {"channel", "team", "agent", "priority"} <= set(keys)
    for key in keys:
        value = at.multiselect(key=key).options[0]
        at.multiselect(key=key).set_value([value]).run()
        assert sound(at)
        assert numbers(at) != plain, key
        assert at.expander[0].label.startswith("Filters (1): only"), key
        at.button(key="clear-filters").click().run()
        assert at.multiselect(key=key).value == []
        assert numbers(at) == plain, key


def test_filters_survive_page_changes(visit: Open) -> None:
    at = visit("summary", period="Q3 2026", team=["Live chat"])
    for page in PAGES:
        at.switch_page(f"pages/{page}.py").run()
        assert sound(at)
        assert at.multiselect(key="team").value == ["Live chat"]
        assert at.selectbox(key="period").value == "Q3 2026"


def test_every_card_can_be_looked_at_closer(visit: Open) -> None:
    at = visit("summary", period="Q3 2026")
    findings = set()
    names = at.selectbox(key="closer").options[::4]
    for name in names:
        at.selectbox(key="closer").select(name).run()
        assert sound(at)
        findings.add(at.subheader[0].value)
        assert len(at.get("vega_lite_chart")) >= 1, name
    assert len(findings) == len(names)


def test_no_chart_without_a_written_finding_and_a_text_for_those_who_cannot_see_it(visit: Open) -> None:
    for page in ("summary", "metrics", "compare"):
        at = visit(page, period="Q3 2026")
        charts = at.get("vega_lite_chart")
        assert charts
        assert all(chart.proto.alt for chart in charts)
        assert len(at.subheader) >= len(charts)


def test_what_the_data_cannot_tell_is_listed_with_its_reason(visit: Open) -> None:
    at = visit("summary", agent=["nobody"])
    folds = [fold.label for fold in at.expander]
    assert any(label.startswith("Not in these data, and why") for label in folds)


def test_segments_can_be_compared_by_every_field(visit: Open) -> None:
    at = visit("compare", period="Q3 2026")
    at.segmented_control(key="compare").set_value("Two segments").run()
    assert sound(at)
    seen = set()
    for label in at.selectbox(key="by").options[:4]:
        at.selectbox(key="by").select(label).run()
        assert sound(at)
        options = at.selectbox(key="one").options
        assert at.selectbox(key="one").value in options
        at.selectbox(key="one").select(options[0]).run()
        at.selectbox(key="other").select(options[1]).run()
        assert sound(at)
        seen.add(words(at))
        at.selectbox(key="one").select(options[-1]).run()
        assert sound(at)
        seen.add(words(at))
    assert len(seen) >= 6
    at.selectbox(key="other").select(at.selectbox(key="one").value).run()
    assert title(at) == "Choose two different segments"


def test_every_number_opens_the_rows_it_was_counted_from(visit: Open, facts: object) -> None:
    at = visit("tickets", period="September 2026")
    now = periods.parse(
        "2026-09", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    estimates = {e.metric.name: e for e in compare.measure(facts, now)}
    opened = 0
    for metric in catalogue(facts.definitions, facts):
        at.selectbox(key="metric").select(metric.name).run()
        assert sound(at)
        result = estimates[metric.name]
        if result.estimate.value is None:
            continue
        opened += 1
        assert title(at).split(" ")[0].isdigit() or "," in title(at).split(" ")[0], title(at)
    assert opened > 10


def test_parts_and_sides_of_a_number_can_be_opened(visit: Open) -> None:
    at = visit("tickets", period="September 2026", metric="Net promoter score")
    whole = title(at)
    for part in at.selectbox(key="part").options[1:]:
        at.selectbox(key="part").select(at.selectbox(key="part").options[0]).run()
        at.selectbox(key="part").set_value(_value_of(part)).run()
        assert sound(at)
    at.selectbox(key="part").select(at.selectbox(key="part").options[0]).run()
    at.selectbox(key="rows").select("Compared with").run()
    assert sound(at)
    assert title(at) != whole
    assert "August 2026" in title(at)
    at.selectbox(key="rows").select("Same period last year").run()
    assert "September 2025" in title(at)


def test_rows_are_masked_unless_the_switch_is_on(visit: Open) -> None:
    at = visit("tickets", period="September 2026")
    assert at.toggle(key="unmasked-rows").value is False
    button = at.get("download_button")[0]
    assert "not masked" not in button.proto.label
    at.toggle(key="unmasked-rows").set_value(True).run()
    assert sound(at)
    assert "not masked" in at.get("download_button")[0].proto.label


def _value_of(shown: str) -> str:
    return shown.lower().replace(" ", "_")


def test_every_page_stands_in_one_menu() -> None:
    listed = [*places.ALWAYS, *places.HIDDEN, *(name for names in places.MENUS.values() for name in names)]
    assert len(listed) == len(set(listed))
    assert set(places.PAGES) <= set(listed)
    assert {path.stem for path in (places.ROOT / "pages").glob("*.py")} == set(places.PAGES)


def test_a_finding_leads_on_to_its_rows_history_reason_and_action(visit: Open) -> None:
    at = visit("summary")
    links = {link.proto.label: link.proto for link in at.get("page_link")}
    for label, page in (
        ("Follow it over time", "trends"),
        ("Why it moved", "compare"),
        ("Plan an action", "actions"),
    ):
        assert links[label].page.rstrip("/").endswith(page), links[label]
        assert links[label].query_string
