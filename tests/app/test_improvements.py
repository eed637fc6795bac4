"""The improvements page: every widget moved, every number opened down to its rows."""

from __future__ import annotations

import pytest
from conftest import Open, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.improvements import ALL, SHORT

Q3 = {"period": "Q3 2026"}


def heads(at: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in at.subheader]


def test_the_title_is_the_finding_with_its_interval(visit: Open) -> None:
    at = visit("improvements", **Q3)
    at.selectbox(key="improve").select("First contact resolution").run()
    assert sound(at)
    said = (
        "Improving Seller dispute would pay most: at the median of the other issues, first contact resolution"
    )
    assert title(at).startswith(said)
    assert "points higher (" in title(at)
    assert len(at.get("vega_lite_chart")) == 2
    assert at.get("vega_lite_chart")[0].proto.alt.startswith("Dots with intervals, one for each issue")


def test_every_outcome_by_every_dimension(visit: Open) -> None:
    at = visit("improvements", **Q3)
    outcomes = at.selectbox(key="improve").options
    assert len(outcomes) >= 6
    for outcome in outcomes:
        at.selectbox(key="improve").select(outcome).run()
        assert sound(at), outcome
        assert title(at)
        for dimension in at.selectbox(key="improve_by").options[1:]:
            at.selectbox(key="improve_by").select(dimension).run()
            assert sound(at), (outcome, dimension)
            assert len(at.dataframe[0].value)


@pytest.mark.parametrize("outcome", ["Customer satisfaction (CSAT)", "Escalation rate"])
def test_the_number_of_rows_is_the_number_shown(visit: Open, outcome: str) -> None:
    at = visit("improvements", **Q3, improve=outcome)
    table = at.dataframe[0].value
    noun = "answers" if "CSAT" in outcome else "tickets"
    for value in at.selectbox(key="improve_value").options[:3]:
        at.selectbox(key="improve_value").select(value).run()
        row = table.set_index("Issue").loc[value]
        for part, column in ((ALL, noun.capitalize()), (SHORT, "Fell short")):
            at.selectbox(key="improve_rows").select(part).run()
            assert sound(at)
            head = next(each for each in heads(at) if each.endswith("in Q3 2026"))
            assert head.startswith(f"{row[column]:,} {noun} of {value}")
        at.selectbox(key="improve_rows").select(ALL).run()


def test_an_address_opens_the_rows_of_one_number(visit: Open) -> None:
    at = visit(
        "improvements",
        **Q3,
        improve="Answered within target",
        improve_by="Channel",
        improve_value="chat",
    )
    assert at.selectbox(key="improve_value").value == "chat"
    assert any("tickets of channel chat in Q3 2026" in each for each in heads(at))


def test_channels_are_no_peers_in_times_and_the_page_says_where_they_are_compared(visit: Open) -> None:
    at = visit("improvements", **Q3, improve="Time to resolution (mean)")
    assert sound(at)
    assert "Channel" not in at.selectbox(key="improve_by").options
    assert "email" not in title(at)
    assert "Channels and priorities are not compared here" in words(at)
    assert "they are compared in the share answered within target" in words(at)


def test_suggestions_lead_to_rows_and_to_an_action(visit: Open) -> None:
    at = visit("improvements", **Q3)
    said = words(at)
    assert "Seller dispute (issue, process)" in said
    assert "Worth checking: " in said
    assert "This says where, not why" in said
    links = [link.proto for link in at.get("page_link")]
    rows = [link for link in links if "improve_value=Seller" in link.query_string]
    assert len(rows) >= 4
    actions = [link for link in links if link.label == "Plan an action"]
    assert len(actions) >= 2
    assert any("metric=" in link.query_string and "finding=" in link.query_string for link in actions)


def test_topics_that_are_hard_for_most_name_nobody(visit: Open) -> None:
    at = visit("improvements", **Q3)
    said = words(at)
    assert "Seller dispute: most of the team falls short of its own other topics" in said
    assert "Ines" not in said
    assert "Duarte" not in said


def test_a_filter_leaves_what_it_leaves(visit: Open) -> None:
    at = visit("improvements", **Q3, channel=["chat"])
    assert "Channel" not in at.selectbox(key="improve_by").options
    assert sound(at)


def test_where_nothing_is_clear_nothing_is_suggested(visit: Open) -> None:
    at = visit("improvements", **Q3, category=["Refund status", "Account change"], channel=["social"])
    said = words(at)
    assert "No suggestion: " in said or "cannot be said" in title(at)
    assert "Worth checking" not in said
