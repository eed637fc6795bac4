"""The customers page: every widget moved, numbers opened down to their rows, names masked."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import Open, sound, title, words
from streamlit.testing.v1 import AppTest

Q3 = {"period": "Q3 2026"}
PARTS = ("At risk", "Coming back", "Staying", "Effort and NPS", "Cohorts", "Kinds of customers")


def heading(at: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in at.subheader]


def part(at: AppTest, name: str) -> AppTest:
    at.segmented_control(key="look_at").set_value(name).run()
    assert sound(at)
    return at


def click(at: AppTest, key: str, row: int, column: str) -> AppTest:
    """Chooses a cell of a table as a reader does."""
    at.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [(row, column)]}}
    at.run()
    assert sound(at)
    return at


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The first table with that column."""
    return next(each.value for each in at.dataframe if column in each.value.columns)


def test_the_first_sentence_answers_the_question(visit: Open) -> None:
    at = visit("customers", **Q3)
    said = title(at)
    assert "followed by another" in said
    assert "% of customers left, no clear change" in said
    assert said.endswith("customers need a look")
    assert "not shown to foretell who left" in words(at)
    part(at, "Coming back")
    assert "from the mix of categories, above all more Seller dispute" in words(at)
    assert heading(at)[0] == "Repeat contact rate: the total and its categories go opposite ways"


def test_every_part_has_a_finding_and_its_table(visit: Open) -> None:
    at = visit("customers", **Q3)
    assert tuple(at.segmented_control(key="look_at").options) == PARTS
    findings = set()
    for name in PARTS:
        part(at, name)
        findings.add(tuple(heading(at)))
        assert len(at.dataframe) >= 2
    assert len(findings) == len(PARTS)


def test_choices_of_the_parts_move(visit: Open) -> None:
    at = part(visit("customers", **Q3), "Staying")
    for curve in at.selectbox(key="curves").options:
        at.selectbox(key="curves").select(curve).run()
        assert sound(at)
        assert len(at.get("vega_lite_chart")) == 1
    part(at, "Cohorts")
    seen = set()
    for follow in at.selectbox(key="follow").options:
        for grain in at.selectbox(key="cohort_by").options:
            at.selectbox(key="follow").select(follow).run()
            at.selectbox(key="cohort_by").select(grain).run()
            assert sound(at)
            seen.add(tuple(table(at, "Cohort").columns))
    assert len(seen) >= 2


CLICKS = {
    "Coming back": (
        ("bands", "Contacts each", "Customers", "customer"),
        ("bands", "Contacts each", "Contacts", "contact"),
        ("tops", "Customers who write most", "Contacts", "contact"),
    ),
    "Staying": (
        ("curves-table", "Watched", "Left", "customer"),
        ("list-table", "Customer list", "Customers", "customer"),
    ),
    "Effort and NPS": (
        ("relations", "n bad", "n bad", "answer"),
        ("quarters", "Detractors", "Detractors", "answer"),
        ("moves", "now promoter", "now promoter", "customer"),
    ),
    "At risk": (
        ("proofs", "n listed", "n listed", "customer"),
        ("accounts-table", "Reasons", "Contacts", "contact"),
        ("accounts-table", "Reasons", "Often", "contact"),
    ),
    "Cohorts": (("cohort-table", "Cohort", "Customers", "customer"),),
    "Kinds of customers": (("kinds", "n others", "n others", "ticket"),),
}
"""Part → table, a column that only it has, the column that is clicked, what its number counts."""


@pytest.mark.parametrize("name", list(CLICKS))
def test_a_click_shows_as_many_rows_as_the_number_says(visit: Open, name: str) -> None:
    at = part(visit("customers", **Q3), name)
    for key, anchor, column, one in CLICKS[name]:
        shown = int(table(at, anchor)[column].iloc[0])
        click(at, key, 0, column)
        noun = one if shown == 1 else f"{one}s"
        assert any(head.startswith(f"{shown:,} {noun}: ") for head in heading(at)), heading(at)


def test_an_account_has_a_story(visit: Open) -> None:
    at = visit("customers", **Q3)
    who = str(table(at, "Why")["Customer"].iloc[0])
    assert who.startswith("Customer ")
    click(at, "accounts-table", 0, "Why")
    assert f"The story of {who}" in heading(at)
    story = table(at, "When")
    assert list(story["When"]) == sorted(story["When"], reverse=True)


def test_names_are_masked_until_they_are_wanted(visit: Open) -> None:
    at = visit("customers", **Q3)
    click(at, "accounts-table", 0, "Contacts")
    masked = table(at, "requester_id")
    assert masked["requester_id"].str.startswith("Customer ").all()
    assert masked["requester_name"].str.startswith("Customer ").all()
    assert masked["subject"].str.startswith("[text").all()
    assert set(masked["requester_id"]) == {str(table(at, "Why")["Customer"].iloc[0])}
    at.toggle(key="customer-names").set_value(True).run()
    assert sound(at)
    named = table(at, "requester_id")
    assert not named["requester_id"].str.startswith("Customer ").any()
    assert not str(table(at, "Why")["Customer"].iloc[0]).startswith("Customer ")
    assert len(named) == len(masked)


def test_a_number_of_the_catalogue_opens_below(visit: Open) -> None:
    at = visit("customers", **Q3)
    numbers = table(at, "n now")
    churn = int(numbers.set_index("Number").loc["Churn rate", "n before"])
    place = list(numbers["Number"]).index("Churn rate")
    click(at, "customer-metrics", place, "n before")
    assert f"{churn:,} customers: Churn rate, Q2 2026" in heading(at)


def test_filters_of_contacts_reach_the_page_and_what_they_cannot_reach_is_told(visit: Open) -> None:
    at = visit("customers", **Q3, channel="chat")
    assert "customer list does not hold" in words(at)
    assert "Staying" not in at.segmented_control(key="look_at").options


def test_a_period_without_one_before_it(visit: Open) -> None:
    at = visit("customers", period="All data")
    assert title(at)
    for name in at.segmented_control(key="look_at").options:
        part(at, name)
