"""The issues page: every widget moved, numbers opened down to one contact, rules kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import Open, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.workspace import CategoryRule
from ui import store

Q3 = {"period": "Q3 2026"}


@pytest.fixture(autouse=True)
def no_rules() -> None:
    for rule in store.workspace().kept(CategoryRule):
        store.workspace().drop(CategoryRule, rule.id)


def heading(at: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in at.subheader]


def test_the_growing_issues_are_the_title_and_the_list(visit: Open) -> None:
    at = visit("issues", **Q3)
    assert re.fullmatch(
        r"Seller dispute jumped: 2\d\d of 1,000 tickets, \d\d before; Payment failed (grew|jumped).* too",
        title(at),
    )
    said = words(at)
    assert re.search(r"Payment failed grew, \d\.\d times as frequent", said)
    assert re.search(r"That is about \d+ \(\d+ to \d+\) tickets more than at the share before", said)
    assert "It jumped (at once or within four weeks), most likely from" in said
    assert "Seller dispute stands first because it surely brought most tickets" in said
    assert len(at.get("vega_lite_chart")) == 1
    assert at.get("vega_lite_chart")[0].proto.alt.startswith("Bars of issues")


def test_every_order_has_a_finding(visit: Open) -> None:
    at = visit("issues", **Q3)
    findings = set()
    assert "Cost" not in at.selectbox(key="issues_by").options
    at.number_input(key="minute_cost").set_value(0.8).run()
    for order in at.selectbox(key="issues_by").options:
        at.selectbox(key="issues_by").select(order).run()
        assert sound(at)
        findings.add(heading(at)[1])
    assert len(findings) == len(at.selectbox(key="issues_by").options) == 5
    assert "Cost" in at.dataframe[0].value.columns


def test_the_number_of_contacts_is_the_number_shown(visit: Open) -> None:
    at = visit("issues", **Q3, issue="Payment failed")
    row = at.dataframe[0].value.set_index("Issue").loc["Payment failed"]
    assert f"{row['Tickets']} tickets" in heading(at)
    for part, column in (
        ("Unhappy", "Unhappy"),
        ("With an answer", "Answers"),
        ("With handling time", "Timed"),
    ):
        at.selectbox(key="issue_part").select(part).run()
        assert sound(at)
        assert f"{row[column]} tickets, {part.lower()}" in heading(at)
    at.selectbox(key="issue_part").select("All of them").run()
    at.selectbox(key="issue_side").select("Compared with").run()
    assert f"{row['Before']} tickets" in heading(at)
    at.selectbox(key="issue").select("All issues").run()
    assert f"{at.dataframe[0].value['Before'].sum():,} tickets" in heading(at)


def test_a_phrase_leads_to_its_contacts(visit: Open) -> None:
    at = visit("issues", **Q3, issue="Payment failed")
    phrases = at.dataframe[1].value
    phrase, count = phrases.iloc[0]["Phrase"], phrases.iloc[0]["Tickets"]
    at.text_input(key="phrase").set_value(phrase).run()
    assert sound(at)
    assert any(head.startswith(f"{count:,} tickets with") for head in heading(at))
    at.text_input(key="phrase").set_value("never heard of").run()
    assert any(head.startswith("0 tickets") for head in heading(at))


def test_issues_from_every_column_and_from_words(visit: Open) -> None:
    at = visit("issues", **Q3)
    for origin in at.selectbox(key="issues_from").options[1:]:
        at.selectbox(key="issues_from").select(origin).run()
        assert sound(at), origin
        assert title(at)
    assert at.selectbox(key="issues_from").value == "Words of the texts"
    at.selectbox(key="groups").select("6").run()
    assert sound(at)
    assert len(at.dataframe[0].value) <= 6


def test_rules_without_any_say_so(visit: Open) -> None:
    at = visit("issues", **Q3, issues_from="Your rules")
    assert title(at) == "What customers contact us about cannot be said"
    assert any("no rules yet" in str(info.value) for info in at.info)


def test_a_family_is_changed_and_kept(visit: Open) -> None:
    at = visit("issues", **Q3)
    at.selectbox(key="family-issue").select("Seller dispute")
    at.selectbox(key="family-name").select("customer service")
    next(button for button in at.button if button.label == "Put it there").click().run()
    assert sound(at)
    (rule,) = store.workspace().kept(CategoryRule)
    assert (rule.issue, rule.family, rule.patterns) == (
        "Seller dispute",
        "customer service",
        ("Seller dispute",),
    )
    row = at.dataframe[0].value.set_index("Issue").loc["Seller dispute"]
    assert row["Family"] == "customer service"
    at.selectbox(key="issues_from").select("Your rules").run()
    assert sound(at)
    assert at.title


def test_texts_that_repeat_are_found_when_asked_for(visit: Open) -> None:
    at = visit("issues", **Q3)
    assert at.toggle(key="repeats").value is False
    at.toggle(key="repeats").set_value(True).run()
    assert sound(at)
    assert "contacts say nearly the same as others" in words(at)


def test_a_change_of_somebody_else_is_not_written_over(visit: Open) -> None:
    workspace = store.workspace()
    kept = workspace.keep(CategoryRule("", ("seller",), "Seller dispute", "process"))
    at = visit("issues", **Q3)
    workspace.keep(replace(kept, patterns=("seller", "verkäufer")), author="somebody")
    at.selectbox(key="family-issue").select("Seller dispute")
    at.selectbox(key="family-name").select("technology")
    next(button for button in at.button if button.label == "Put it there").click().run()
    assert not at.exception
    assert [error.value for error in at.error]
    (rule,) = workspace.kept(CategoryRule)
    assert (rule.family, rule.patterns) == ("process", ("seller", "verkäufer"))
    at.button(key="rules-again").click().run()
    at.selectbox(key="family-issue").select("Seller dispute")
    at.selectbox(key="family-name").select("technology")
    next(button for button in at.button if button.label == "Put it there").click().run()
    (rule,) = workspace.kept(CategoryRule)
    assert (rule.family, rule.patterns) == ("technology", ("seller", "verkäufer"))


def test_the_word_list_is_off_until_it_is_chosen(visit: Open) -> None:
    at = visit("issues", **Q3)
    assert "Negative sentiment" not in at.dataframe[0].value.columns
    box = at.selectbox(key="issue_sentiment")
    box.select(box.options[1]).run()
    assert sound(at)
    assert "Negative sentiment" in at.dataframe[0].value.columns
    assert "it agrees with the survey score in" in words(at)
    at.selectbox(key="issue_part").select("Negative sentiment").run()
    assert sound(at)
    assert any("negative sentiment" in head for head in heading(at))


def test_social_media_are_held_against_the_other_channels_when_asked_for(visit: Open) -> None:
    at = visit("issues", **Q3)
    assert "Seller dispute is less frequent on social" not in words(at)
    at.toggle(key="beside").set_value(True).run()
    assert sound(at)
    assert "Seller dispute is less frequent on social" in words(at)
    for channel in at.selectbox(key="beside_channel").options:
        at.selectbox(key="beside_channel").select(channel).run()
        assert sound(at)
