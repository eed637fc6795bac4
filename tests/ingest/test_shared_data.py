"""Real public files, kept beside the project: rows, accounts, and the counts that others published."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest import Import, Refused, import_files

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
PWC = ("pwc_iso_quoted.csv", "pwc_ddmmyyyy.csv", "pwc_semicolon_dayfraction.csv", "pwc_d-mon-yy.csv")
ZONE = {"timezone": "Africa/Cairo"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.exists(), reason="the folder ../shared/data is not there"),
]


@cache
def read(*names: str) -> Import:
    return import_files([(Path(name).name, FOLDER / name) for name in names], dict(ZONE))


def tickets(*names: str) -> pd.DataFrame:
    table = read(*names).tables.tickets
    assert table is not None
    return table


def counts(column: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().items()}


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [
        ("kaggle_support_tickets/customer_support_tickets_original.csv", "tickets", 8469),
        ("kaggle_support_tickets/customer_support_tickets_closed_2769.csv", "tickets", 2769),
        ("rwfd_call_center/Call_Center.csv", "tickets", 32941),
        ("nps_bank/NPStimeseries_dd-mm-yyyy.csv", "surveys", 5000),
        ("nps_bank/NPStimeseries_dd_mm_yy.csv", "surveys", 5000),
        ("technical_support/Technical_Support_Dataset.csv", "tickets", 2330),
        ("telco_churn/wa_churn.csv", "customers", 7043),
        *((f"pwc_call_center/{name}", "calls", 5000) for name in PWC),
    ],
)
def test_every_record_is_kept_and_accounted_for(name: str, table: str, rows: int) -> None:
    imported = read(name)
    account = imported.files[0]
    assert account.rows_read == account.rows_kept == rows
    assert not account.rejects
    assert imported.tables.sizes()[table] == rows


def test_four_layouts_of_one_call_list_are_the_same_calls() -> None:
    read_calls = {name: read(f"pwc_call_center/{name}").tables for name in PWC}
    reference = read_calls[PWC[0]]
    assert reference.calls is not None
    assert reference.surveys is not None
    for name, tables in read_calls.items():
        for table, other in ((tables.calls, reference.calls), (tables.surveys, reference.surveys)):
            assert table is not None
            minutes = name == "pwc_d-mon-yy.csv"
            pd.testing.assert_frame_equal(comparable(table, minutes), comparable(other, minutes))


def comparable(rows: pd.DataFrame, minutes: bool) -> pd.DataFrame:
    """Without the name of the file; to the minute for the layout that has no seconds."""
    rows = rows.drop(columns="source_file")
    times = rows.select_dtypes("datetimetz").columns
    if minutes:
        rows = rows.drop(columns=[name for name in rows if str(name).endswith("_precision")])
        rows = rows.assign(**{name: rows[name].dt.floor("min") for name in times})
    return rows


def test_calls_match_what_was_published() -> None:
    """hossameldinmagdi/Call-Center-Analytics, shoaib944/PwC-Call-Centre-Trends: 4,054 answered, 946 not,
    3,646 resolved, mean satisfaction 3.40, average speed of answer 67.52 s.
    rahmaarditap/SQL-Project: 225.18 s talk of resolved calls, calls by weekday."""
    tables = read("pwc_call_center/pwc_iso_quoted.csv").tables
    assert tables.calls is not None
    assert tables.surveys is not None
    calls = tables.calls
    assert counts(calls["outcome"]) == {"answered": 4054, "abandoned": 946}
    assert int(calls["resolved"].sum()) == 3646
    assert calls["wait_s"].mean() == pytest.approx(67.52, abs=0.005)
    assert calls["wait_s"].notna().sum() == 4054
    assert calls.loc[calls["resolved"], "talk_s"].mean() == pytest.approx(225.18, abs=0.006)
    assert len(tables.surveys) == 4054
    assert tables.surveys["csat_score"].mean() == pytest.approx(3.40, abs=0.005)
    weekdays = calls["started_at"].dt.tz_convert("Africa/Cairo").dt.day_name().value_counts()
    assert int(weekdays["Sunday"]) == 716
    assert int(weekdays["Saturday"]) == 768


def test_totals_at_the_side_are_ignored_with_a_finding() -> None:
    account = read("pwc_call_center/pwc_semicolon_dayfraction.csv").files[0]
    assert account.mapping["Total Calls Resolved"] == "ignored"
    assert account.mapping["Calls Answered (Y)"] == "ignored"
    found = {finding.code: finding for finding in account.findings}
    assert [example[1] for example in found["C_SIDE_TOTALS"].examples] == ["4054", "3646", "4054"]
    assert found["C_COLUMN_REPEATED"].column == "Calls Answered (Y)"


def test_contacts_of_many_channels_are_tickets() -> None:
    """Published in the pivot of briaunayancey/call_center_dashboard and the SQL script beside it."""
    contacts = tickets("rwfd_call_center/Call_Center.csv")
    assert counts(contacts["sentiment"]) == {
        "Very Negative": 6026,
        "Negative": 11063,
        "Neutral": 8754,
        "Positive": 3928,
        "Very Positive": 3170,
    }
    assert counts(contacts["category"]) == {
        "Billing Question": 23462,
        "Payments": 4749,
        "Service Outage": 4730,
    }
    assert counts(contacts["channel_raw"]) == {
        "Call-Center": 10639,
        "Chatbot": 8256,
        "Email": 7470,
        "Web": 6576,
    }
    assert counts(contacts["group"])["Los Angeles/CA"] == 13734
    assert counts(contacts["custom:response_time"]) == {
        "Within SLA": 20625,
        "Below SLA": 8148,
        "Above SLA": 4168,
    }
    assert contacts["csat_norm"].isna().sum() == 20670
    assert (contacts["handle_s"] / 60).agg(["min", "mean", "max"]).round().tolist() == [5, 25, 45]
    assert set(contacts["created_at_precision"]) == {"day"}


def test_above_and_below_sla_are_always_asked() -> None:
    imported = read("rwfd_call_center/Call_Center.csv")
    question = next(q for q in imported.files[0].questions if q.id == "sla_words:response_time")
    assert question.default is None
    assert "sla_first_response_met" not in tickets("rwfd_call_center/Call_Center.csv")
    answered = import_files(
        [("calls.csv", FOLDER / "rwfd_call_center/Call_Center.csv")],
        {"sla_words:response_time": "below is missed"},
    )
    assert answered.tables.tickets is not None
    met = answered.tables.tickets["sla_first_response_met"]
    assert (int(met.sum()), int((~met).sum())) == (20625 + 4168, 8148)


def test_answers_in_two_date_layouts_are_the_same_answers() -> None:
    one = read("nps_bank/NPStimeseries_dd-mm-yyyy.csv").tables.surveys
    other = read("nps_bank/NPStimeseries_dd_mm_yy.csv").tables.surveys
    assert one is not None
    assert other is not None
    pd.testing.assert_frame_equal(comparable(one, False), comparable(other, False))
    by_market = one.groupby("custom:Market")["nps_bucket"].value_counts(normalize=True).unstack()
    # IkhanJMI/NPS-Study: NPS by market
    nps = (by_market["promoter"] - by_market["detractor"]) * 100
    assert nps.to_dict() == pytest.approx({"MEX": 17.101273, "UK": 8.488372, "US": 9.932557}, abs=1e-6)
    account = read("nps_bank/NPStimeseries_dd-mm-yyyy.csv").files[0]
    assert (account.mapping["Month"], account.mapping["Quarter"]) == ("ignored", "ignored")
    assert not account.questions


def test_help_desk_with_deadlines() -> None:
    """Prishi03/Excel-Dashboard: shares within SLA, mean rating, status counts."""
    for name in ("Technical_Support_Dataset.csv", "Technical Support Dataset (1).xlsx"):
        desk = tickets(f"technical_support/{name}")
        assert len(desk) == 2330
        assert float(desk["sla_resolution_met"].mean()) == pytest.approx(0.663948, abs=1e-6)
        assert float(desk["sla_first_response_met"].mean()) == pytest.approx(0.8665, abs=1e-4)
        score = desk["csat_norm"] / 25 + 1
        assert score.mean() == pytest.approx(3.510656, abs=1e-6)
        assert counts(desk["status_raw"]) == {"Closed": 1173, "Resolved": 739, "In progress": 400, "Open": 18}
        assert counts(desk["custom:Support Level"]) == {"Tier 1": 1770, "Tier 2": 560}
        assert desk["country"].nunique() == 12


def test_workbook_sheets_that_hold_no_rows_are_accounted_for() -> None:
    accounts = read("technical_support/Technical Support Dataset (1).xlsx").files
    assert [account.rows_kept for account in accounts] == [2330, 0, 0]
    assert all(account.rows_read == account.rows_kept + len(account.rejects) for account in accounts)


def test_tickets_without_a_creation_date_are_kept() -> None:
    """Mumtaj1012: counts by status and channel; 1,365 of 2,769 end before their first response."""
    desk = tickets("kaggle_support_tickets/customer_support_tickets_original.csv")
    assert "created_at" not in desk
    assert counts(desk["status_raw"]) == {"Pending Customer Response": 2881, "Open": 2819, "Closed": 2769}
    assert counts(desk["status"]) == {"pending": 2881, "open": 2819, "closed": 2769}
    assert desk["first_response_at"].isna().sum() == 2819
    assert desk["solved_at"].isna().sum() == 5700
    assert desk["requester_email"].nunique() == 8320
    name = "kaggle_support_tickets/customer_support_tickets_original.csv"
    assert read(name).tables.sizes()["customers"] == 8320
    hours = (desk["solved_at"] - desk["first_response_at"]).dt.total_seconds() / 3600
    assert hours.mean() == pytest.approx(-0.057704, abs=1e-6)
    account = read("kaggle_support_tickets/customer_support_tickets_original.csv").files[0]
    order = next(finding for finding in account.findings if finding.code == "C_DATE_ORDER")
    assert order.count == 1365
    assert "generated" in order.detail


def test_customer_list() -> None:
    """CamDavidsonPilon/lifelines: 7,043 customers, 1,869 churned."""
    customers = read("telco_churn/wa_churn.csv").tables.customers
    assert customers is not None
    assert int(customers["churned"].sum()) == 1869
    assert len(customers) == 7043


def test_event_files_are_stacked_and_folded() -> None:
    """zzzbitz/prepbench case_059: tickets by their last status over three files of events."""
    names = [f"case_059/input_0{number}.csv" for number in (1, 2, 3, 4)]
    imported = read(*names)
    folded = tickets(*names)
    assert counts(folded["status_raw"]) == {
        "Assigned": 218,
        "Customer Response": 128,
        "UAT": 115,
        "Closed": 103,
        "Logged": 101,
    }
    assert folded["ticket_id"].is_unique
    assert folded["ticket_id"].str.fullmatch(r"C\d{6}").all()
    assert folded["solved_at"].notna().sum() == 103
    assert [account.rows_kept for account in imported.files] == [0, 1147, 1185, 210]
    assert {reject.reason for reject in imported.files[0].rejects} == {"F_AGGREGATE"}
    assert "Awaiting Resource" not in set(folded["agent_name"].dropna())


def test_pivot_is_refused_with_the_reason() -> None:
    with pytest.raises(Refused) as refusal:
        read("rwfd_call_center/published_pivot.csv")
    problem = refusal.value.problems[0]
    assert problem.code == "F_AGGREGATE"
    assert "Count of id" in problem.message
