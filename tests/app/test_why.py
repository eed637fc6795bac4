"""Compare, "Why it moved": every widget moved, in links, and what is said."""

from __future__ import annotations

from conftest import Open, sound, title, words

WHY = {"period": "Q3 2026", "compare": "Why it moved"}


def test_the_first_finding_is_taken_apart_by_what_tells_most(visit: Open) -> None:
    at = visit("compare", **WHY)
    assert at.segmented_control(key="compare").value == "Why it moved"
    assert at.selectbox(key="why").value in at.selectbox(key="why").options
    assert at.selectbox(key="split").value == "What tells most"
    assert len(at.get("vega_lite_chart")) == 1
    assert at.get("vega_lite_chart")[0].proto.alt.startswith("A walk from Q2 2026 to Q3 2026")
    assert at.selectbox(key="why").value in title(at)


def test_a_link_opens_the_planted_reversal(visit: Open) -> None:
    at = visit("compare", **WHY, why="Time to resolution", split="Category")
    assert title(at) == "Time to resolution: the total and its categories go opposite ways"
    (warning,) = at.warning
    assert "Seller dispute went from" in warning.value
    assert "yet the total rose" in warning.value
    table = at.dataframe[0].value
    assert len(table) == 8
    assert "more Seller dispute" in words(at)


def test_every_metric_can_be_taken_apart_or_says_why_not(visit: Open) -> None:
    at = visit("compare", **WHY)
    titles = set()
    for name in at.selectbox(key="why").options[::3]:
        at.selectbox(key="why").select(name).run()
        assert sound(at)
        titles.add(title(at))
        assert at.get("vega_lite_chart") or at.info
    assert len(titles) > 5
    at.selectbox(key="why").select("Resolution rate").run()
    assert sound(at)
    assert title(at).startswith("Why resolution rate moved cannot be split by")
    assert any("less time to be solved" in info.value for info in at.info)


def test_every_dimension_can_be_chosen(visit: Open) -> None:
    at = visit("compare", **WHY, why="Customer satisfaction (CSAT)")
    seen = set()
    for label in at.selectbox(key="split").options[1:]:
        at.selectbox(key="split").select(label).run()
        assert sound(at)
        assert not at.warning
        seen.add(title(at) + at.subheader[0].value)
    assert len(seen) >= 5


def test_the_scan_names_its_family(visit: Open) -> None:
    at = visit("compare", **WHY)
    assert at.toggle(key="scan").value is False
    at.toggle(key="scan").set_value(True).run()
    assert sound(at)
    said = words(at)
    assert "looks (" in said
    assert "were not looked at" in said
    assert "Seller dispute" in said
    again = visit("compare", **WHY, scan="true")
    assert again.toggle(key="scan").value is True


def test_filters_and_periods_change_what_is_taken_apart(visit: Open) -> None:
    at = visit("compare", **WHY, why="Time to resolution", split="Category")
    whole = at.subheader[0].value
    at.multiselect(key="channel").set_value(["email"]).run()
    assert sound(at)
    assert at.subheader[0].value != whole
    at.selectbox(key="period").select("September 2026").run()
    assert sound(at)
    assert "September 2026" in words(at)


def test_names_of_agents_are_masked_in_downloads(visit: Open) -> None:
    at = visit("compare", **WHY, why="Customer satisfaction (CSAT)", split="Agent")
    assert at.toggle(key="unmasked-drivers").value is False
    at.toggle(key="unmasked-drivers").set_value(True).run()
    assert sound(at)


def test_periods_that_cannot_be_compared_are_not_taken_apart(visit: Open) -> None:
    at = visit(
        "compare",
        period="Own dates",
        dates=["2026-08-01", "2026-09-15"],
        against="Own dates",
        against_dates=["2026-07-01", "2026-08-16"],
        compare="Why it moved",
    )
    assert title(at) == "These two periods cannot be compared"
    assert not at.get("vega_lite_chart")


def test_nothing_to_take_apart(visit: Open) -> None:
    at = visit("compare", **WHY, agent=["nobody"])
    assert sound(at)
    back = at.segmented_control(key="compare").set_value("Two periods").run()
    assert sound(back)


def test_a_change_that_may_be_chance_has_no_marked_parts(visit: Open) -> None:
    at = visit("compare", compare="Why it moved", period="September 2026")
    assert title(at).endswith("no clear change that could be explained")
    (info,) = at.info
    assert "So its parts may be chance as well" in info.value
    assert not at.warning
    table = at.dataframe[0].value.to_string()
    assert "▼" not in table
    assert "▲" not in table
