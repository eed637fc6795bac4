"""Pages where there is nothing to compare with: all data at once, and data without any date."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from conftest import Open, sound, title, words

from kpi.ingest import import_files
from ui import store

ALL = {"period": "All data"}
UNDATED = "Without dates"


@pytest.fixture(scope="module", autouse=True)
def undated(workspace: Path) -> None:
    made = pd.DataFrame(
        {
            "Ticket ID": [f"T{n}" for n in range(300)],
            "Category": ["Login"] * 180 + ["Billing"] * 90 + ["Refund"] * 30,
            "CSAT": [5, None, 1] * 100,
            "Subject": ["Cannot log in", "Wrong bill", "Money back"] * 100,
            "Status": "closed",
            "Agent": [f"Agent {chr(65 + n % 7)}" for n in range(300)],
        }
    )
    written = io.BytesIO()
    made.to_csv(written, index=False)
    imported = import_files([("undated.csv", written.getvalue())])
    store.workspace().save(UNDATED, imported, "undated")


def test_issues_of_all_data_are_told_without_a_change(visit: Open) -> None:
    at = visit("issues", **ALL)
    assert "Delivery late is the most frequent issue" in title(at)
    assert "grew" not in title(at)
    assert "What is new cannot be said: there is no period before" in words(at)
    table = at.dataframe[0].value
    assert len(table) == 8
    assert "Before" not in table.columns
    total = sum(int(str(number).replace(",", "")) for number in table["Tickets"])
    assert f"{total:,} tickets" in words(visit("issues", **ALL, issue="All issues"))
    at.toggle(key="repeats").set_value(True).run()
    assert sound(at)
    at.toggle(key="beside").set_value(True).run()
    assert sound(at)


@pytest.mark.parametrize("page", ["summary", "bottlenecks", "resolutions", "surveys", "metrics"])
def test_pages_that_compare_say_how_to_go_on(visit: Open, page: str) -> None:
    said = words(visit(page, **ALL))
    assert "lies wholly outside the data" in said
    assert "a shorter period would do" in said


def test_issues_without_dates_are_counted_together(visit: Open) -> None:
    at = visit("issues", data=UNDATED)
    assert title(at) == "Login is the most frequent issue: 600 of 1,000 tickets"
    assert list(at.dataframe[0].value["Tickets"]) == [180, 90, 30]


@pytest.mark.parametrize("page", ["summary", "bottlenecks", "resolutions", "surveys", "metrics", "agents"])
def test_pages_without_dates_say_that_dates_are_lacking(visit: Open, page: str) -> None:
    at = visit(page, data=UNDATED)
    said = words(at)
    assert "1970" not in said
    assert "1969" not in said
    if page != "agents":
        assert "no row of these data has a date" in said.lower()
        assert "would help" in said
    assert [box.options for box in at.selectbox if box.key == "period"] == [["All data"]]


@pytest.mark.parametrize(
    "columns",
    [
        {"customerID": [f"c{n}" for n in range(60)], "Churn": ["Yes", "No", "No"] * 20},
        {"survey_id": range(60), "responded_at": ["2026-03-01", "2026-04-02"] * 30, "nps_score": [9, 3] * 30},
    ],
    ids=["customers", "answers"],
)
def test_issues_of_data_without_contacts_say_so(visit: Open, columns: dict[str, object]) -> None:
    written = io.BytesIO()
    pd.DataFrame(columns).to_csv(written, index=False)
    label = f"Without contacts {len(columns)}"
    imported = import_files([("list.csv", written.getvalue())])
    store.workspace().save(label, imported, label)
    at = visit("issues", data=label)
    assert title(at) == "What customers contact us about cannot be said"
    assert "The data hold neither tickets nor calls" in words(at)
