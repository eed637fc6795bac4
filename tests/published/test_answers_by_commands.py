"""Answers that others published about public files, through the command line (../shared/data/expected.json).

Each test names the published source. Figures marked "known bad" there must not come out.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpi.cli import main

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not DATA.is_dir(),
        reason="../shared/data is not here: the published files are not part of the project",
    ),
]
KAGGLE = DATA / "kaggle_support_tickets" / "customer_support_tickets_original.csv"
PWC = [
    DATA / "pwc_call_center" / f"pwc_{name}.csv"
    for name in ("iso_quoted", "d-mon-yy", "ddmmyyyy", "semicolon_dayfraction")
]
RWFD = DATA / "rwfd_call_center" / "Call_Center.csv"
NPS = [DATA / "nps_bank" / f"NPStimeseries_{name}.csv" for name in ("dd-mm-yyyy", "dd_mm_yy")]
TECHNICAL = DATA / "technical_support" / "Technical_Support_Dataset.csv"
TELCO = DATA / "telco_churn" / "wa_churn.csv"
CASE = [DATA / "case_059" / f"input_0{i}.csv" for i in (2, 3, 4)]

_cache: dict[tuple[str, ...], Any] = {}


def run(*words: str | Path) -> Any:
    """The JSON that a command prints (kept, since several tests ask the same)."""
    arguments = tuple(map(str, words))
    if arguments not in _cache:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main([*arguments, "--format", "json"])
        assert code == 0, arguments
        _cache[arguments] = json.loads(out.getvalue())
    return _cache[arguments]


def one(file: Path, key: str, *options: str) -> dict[str, Any]:
    """One metric over all of a file."""
    found = [m for m in run("metrics", file, "--metric", key, *options)["metrics"] if m["key"] == key]
    assert len(found) == 1
    return found[0]


def split(file: Path | list[Path], key: str, by: str, *options: str) -> dict[str, dict[str, Any]]:
    """One metric by the values of one field."""
    files = file if isinstance(file, list) else [file]
    rows = run("metrics", *files, "--metric", key, "--by", by, *options)["metrics"]
    return {next(iter(m["group"].values())): m for m in rows if m["key"] == key and m["group"]}


def values(rows: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {name: m["value"] for name, m in rows.items() if m["value"]}


def part(rows: dict[str, dict[str, Any]], name: str) -> dict[str, float]:
    return {key: m["parts"][name] for key, m in rows.items()}


# ------------------------------------------------- Kaggle support tickets
# Mumtaj1012/customer-satisfaction-analysis @3fc00d0, "Customer Satisfaction Prediction.ipynb", cells 2-17


def test_kaggle_rows_and_columns() -> None:
    account = run("inspect", KAGGLE)["files"][0]
    assert (account["rows_read"], len(account["mapping"])) == (8469, 17)
    assert account["rows_kept"] == 8469


def test_kaggle_csat() -> None:
    csat = one(KAGGLE, "csat")
    assert csat["n"] == 2769
    assert csat["parts"]["mean"] == pytest.approx(2.991333, abs=1e-5)
    assert csat["parts"]["std"] == pytest.approx(1.407016, abs=1e-5)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("status_raw", {"Pending Customer Response": 2881, "Open": 2819, "Closed": 2769}),
        ("priority_raw", {"Medium": 2192, "Critical": 2129, "High": 2085, "Low": 2063}),
        ("channel_raw", {"Email": 2143, "Phone": 2132, "Social media": 2121, "Chat": 2073}),
    ],
)
def test_kaggle_tickets_by(field: str, expected: dict[str, int]) -> None:
    assert values(split(KAGGLE, "volume", field)) == expected


def test_kaggle_csat_by_ticket_type() -> None:
    expected = {
        "Cancellation request": 3.02907,
        "Billing inquiry": 3.027574,
        "Product inquiry": 3.016886,
        "Technical issue": 2.958621,
        "Refund request": 2.934564,
    }
    found = {k.casefold(): v for k, v in part(split(KAGGLE, "csat", "Ticket Type"), "mean").items()}
    assert found == pytest.approx({k.casefold(): v for k, v in expected.items()}, abs=1e-5)


def test_kaggle_missing_stamps_and_customers(tmp_path: Path) -> None:
    out = tmp_path / "tickets.csv"
    run("export", KAGGLE, "--table", "tickets", "--out", out)
    tickets = pd.read_csv(out)
    assert tickets["first_response_at"].isna().sum() == 2819
    assert tickets["solved_at"].isna().sum() == 5700
    assert tickets["csat_raw"].isna().sum() == 5700
    assert tickets["requester_email"].nunique() == 8320
    assert run("inspect", KAGGLE)["tables"]["customers"] == 8320


def test_kaggle_hours_from_response_to_resolution() -> None:
    """Basheerkhan-DS README: mean 7.58, max 23.47, P90 16 h; and never the -3,498 h of a mixed date order."""
    found = one(KAGGLE, "response_to_resolution")
    assert found["parts"]["mean"] == pytest.approx(7.58, abs=0.006)
    assert found["parts"]["max"] == pytest.approx(23.47, abs=0.006)
    assert found["parts"]["p90"] == pytest.approx(16, abs=0.006)
    assert "1,365" in (found["note"] or "")


# ------------------------------------------------- PwC call centre, four layouts of one file

REQUIRED_CALLS = (
    5000,
    4054,
    946,
)  # hossameldinmagdi/Call-Center-Analytics README; totals inside ZhDmitriy's file


@pytest.mark.parametrize("file", PWC, ids=lambda p: p.stem)
class TestPwc:
    def test_answered_and_abandoned(self, file: Path) -> None:
        abandonment = one(file, "abandonment")
        calls = (abandonment["n"], abandonment["parts"]["answered"], abandonment["parts"]["abandoned"])
        assert calls == REQUIRED_CALLS

    def test_resolved(self, file: Path) -> None:
        """shoaib944/PwC-Call-Centre-Trends README: 73 %; 3,646 in the file's own total."""
        resolution = one(file, "resolution_rate")
        assert resolution["parts"]["resolved"] == 3646
        assert round(resolution["value"] * 100) == 73

    def test_satisfaction_and_speed_of_answer(self, file: Path) -> None:
        """shoaib944/PwC-Call-Centre-Trends README: 3.40 and 67.52 s."""
        assert one(file, "csat")["parts"]["mean"] == pytest.approx(3.40, abs=0.005)
        assert one(file, "queue_wait")["parts"]["mean"] * 60 == pytest.approx(67.52, abs=0.005)

    def test_talk_time_of_resolved_calls(self, file: Path) -> None:
        """rahmaarditap/SQL-Project @8bd64aa README Q1."""
        expected = {
            "Payment related": 216.61,
            "Technical Support": 225.03,
            "Contract related": 226.1,
            "Streaming": 228.11,
            "Admin Support": 230.02,
        }
        assert one(file, "aht", "--where", "resolved=yes")["value"] * 60 == pytest.approx(225.18, abs=0.006)
        by_topic = values(split(file, "aht", "category", "--where", "resolved=yes"))
        assert {k: v * 60 for k, v in by_topic.items()} == pytest.approx(expected, abs=0.006)

    def test_agents(self, file: Path) -> None:
        """rahmaarditap/SQL-Project @8bd64aa README Q2: answered, %, resolved % of answered, rating."""
        expected = {
            "Greg": (502, 80.45, 90.64, 3.4),
            "Jim": (536, 80.48, 90.49, 3.39),
            "Diane": (501, 79.15, 90.22, 3.41),
            "Joe": (484, 81.62, 90.08, 3.33),
            "Dan": (523, 82.62, 90.06, 3.45),
            "Martha": (514, 80.56, 89.69, 3.47),
            "Becky": (517, 81.93, 89.36, 3.37),
            "Stewart": (477, 81.96, 88.89, 3.4),
        }
        abandonment = split(file, "abandonment", "agent")
        resolved = split(file, "resolution_rate", "agent", "--where", "outcome=answered")
        rating = part(split(file, "csat", "agent"), "mean")
        for agent, (answered, share, of_answered, score) in expected.items():
            assert abandonment[agent]["parts"]["answered"] == answered
            assert 100 * (1 - abandonment[agent]["value"]) == pytest.approx(share, abs=0.006)
            assert 100 * resolved[agent]["value"] == pytest.approx(of_answered, abs=0.006)
            assert rating[agent] == pytest.approx(score, abs=0.006)

    def test_weekdays(self, file: Path) -> None:
        """rahmaarditap/SQL-Project @8bd64aa README Q4."""
        days = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
        found = values(split(file, "volume", "weekday"))
        assert [found[day] for day in days] == [716, 770, 675, 679, 712, 680, 768]

    def test_unresolved_by_topic(self, file: Path) -> None:
        """rahmaarditap/SQL-Project @8bd64aa README Q3."""
        expected = {
            "Technical Support": 8.57,
            "Admin Support": 9.06,
            "Contract related": 10.14,
            "Payment related": 10.88,
            "Streaming": 11.57,
        }
        found = values(split(file, "resolution_rate", "category", "--where", "outcome=answered"))
        assert {k: 100 * (1 - v) for k, v in found.items()} == pytest.approx(expected, abs=0.006)


def test_the_four_pwc_layouts_give_identical_answers() -> None:
    answers = []
    for file in PWC:
        found = run("metrics", file, "--by", "agent")
        answers.append(json.dumps([found["period"], found["metrics"]], sort_keys=True))
    assert answers[1:] == answers[:-1]


# ------------------------------------------------- Real World Fake Data call centre


def test_rwfd_counts() -> None:
    """SQL script "CallCenter VIEWING THE DATA AND CLEANING"; briaunayancey/call_center_dashboard."""
    assert one(RWFD, "volume")["value"] == 32941
    assert values(split(RWFD, "volume", "response_time")) == {
        "Above SLA": 4168,
        "Below SLA": 8148,
        "Within SLA": 20625,
    }
    assert 32941 - one(RWFD, "csat")["n"] == 20670
    assert values(split(RWFD, "volume", "reason")) == {
        "Billing Question": 23462,
        "Payments": 4749,
        "Service Outage": 4730,
    }
    assert values(split(RWFD, "volume", "channel_raw")) == {
        "Call-Center": 10639,
        "Chatbot": 8256,
        "Email": 7470,
        "Web": 6576,
    }
    assert values(split(RWFD, "volume", "call_center")) == {
        "Los Angeles/CA": 13734,
        "Baltimore/MD": 11012,
        "Chicago/IL": 5419,
        "Denver/CO": 2776,
    }


def test_rwfd_sentiment() -> None:
    """The same script; KHard2Bme/US_Call_Center_Dashboard @141a02c README for the two sites."""
    assert values(split(RWFD, "volume", "sentiment")) == {
        "Very Negative": 6026,
        "Negative": 11063,
        "Neutral": 8754,
        "Positive": 3928,
        "Very Positive": 3170,
    }
    negative = values(split(RWFD, "volume", "call_center", "--where", "sentiment=Negative"))
    assert (negative["Los Angeles/CA"], negative["Denver/CO"]) == (4601, 912)


def test_rwfd_duration_days_and_places() -> None:
    """The same sources. 331 calls from California and 9,866 at weekends are known bad (3,631 and 8,699)."""
    parts = one(RWFD, "aht")["parts"]
    assert (parts["min"], round(parts["mean"]), parts["max"]) == (5, 25, 45)
    days = values(split(RWFD, "volume", "day"))
    assert (max(days, key=days.__getitem__), max(days.values())) == ("2020-10-21", 1170)
    assert (min(days, key=days.__getitem__), min(days.values())) == ("2020-10-31", 1)
    assert values(split(RWFD, "volume", "city"))["Washington"] == 1110
    assert values(split(RWFD, "volume", "state"))["California"] == 3631
    weekdays = values(split(RWFD, "volume", "weekday"))
    assert weekdays["Saturday"] + weekdays["Sunday"] == 8699


# ------------------------------------------------- NPS of a bank


@pytest.mark.parametrize("file", NPS, ids=lambda p: p.stem)
def test_nps_by_market_and_month(file: Path) -> None:
    """IkhanJMI/NPS-Study @ddf2e5b "NPS Study.ipynb" cells 6, 9, 10."""
    assert values(split(file, "nps", "Market")) == pytest.approx(
        {"MEX": 17.101273, "UK": 8.488372, "US": 9.932557}, abs=1e-6
    )
    mexico = [14.503817, 4.861111, 19.847328, 5.223881, 33.103448, 1.428571, 17.567568, 17.721519, 22.900763,
              25.806452, 6.870229, 36.363636]  # fmt: skip
    america = [9.677419, 12, 18.439716, 18.4, 16.058394, 19.69697, -3.401361, 19.84127, 14.074074, 4.444444,
               -0.689655, -7.03125]  # fmt: skip
    for market, expected in (("MEX", mexico), ("US", america)):
        months = split(file, "nps", "month", "--where", f"Market={market}")
        assert [months[f"2021-{m:02}"]["value"] for m in range(1, 13)] == pytest.approx(expected, abs=1e-5)


# ------------------------------------------------- Technical support


def test_technical_support() -> None:
    """Prishi03/Excel-Dashboard @73593c2 sheets Helper, Pivot Views; Ekanosetale README."""
    volume = one(TECHNICAL, "volume")["value"]
    assert volume == 2330
    assert values(split(TECHNICAL, "volume", "priority_raw"))["High"] == 416
    assert len(split(TECHNICAL, "volume", "country")) == 12
    sla = one(TECHNICAL, "sla")["parts"]
    assert sla["resolution"] == pytest.approx(0.663948, abs=1e-6)
    assert 100 * sla["response"] == pytest.approx(86.65, abs=0.006)
    assert one(TECHNICAL, "csat")["parts"]["mean"] == pytest.approx(3.510656, abs=1e-6)
    assert values(split(TECHNICAL, "volume", "status_raw")) == {
        "Closed": 1173,
        "Resolved": 739,
        "In progress": 400,
        "Open": 18,
    }
    shares = {k: 100 * v / volume for k, v in values(split(TECHNICAL, "volume", "channel_raw")).items()}
    assert shares == pytest.approx({"Email": 53.0, "Chat": 36.5, "Phone": 10.6}, abs=0.11)
    assert values(split(TECHNICAL, "volume", "Support Level")) == {"Tier 2": 560, "Tier 1": 1770}


def test_technical_support_by_month_and_agent() -> None:
    """Prishi03/Excel-Dashboard @73593c2 Pivot Views; its README's "85 % in Jan to 62 %" is known bad."""
    months = values(split(TECHNICAL, "volume", "month"))
    assert list(months.values()) == [224, 159, 203, 173, 219, 203, 202, 194, 164, 200, 213, 176]
    by_month = split(TECHNICAL, "sla", "month")
    assert by_month["2023-01"]["parts"]["resolution"] == pytest.approx(0.763393, abs=1e-6)
    assert by_month["2023-12"]["parts"]["resolution"] == pytest.approx(0.602273, abs=1e-6)
    agents = split(TECHNICAL, "sla", "agent")
    for agent, (violated, within) in {
        "Sheela Cutten": (110, 254),
        "Nicola Wane": (133, 234),
        "Heather Urry": (42, 135),
    }.items():
        parts = agents[agent]["parts"]
        assert (parts["resolution_decided"], parts["resolution"]) == (
            violated + within,
            pytest.approx(within / (violated + within)),
        )


# ------------------------------------------------- Telco churn, folded event files


def test_telco_churn_is_a_share_of_the_list_and_no_rate_over_time() -> None:
    """CamDavidsonPilon/lifelines @ad023a01 "Customer Churn.ipynb" cells 4-5: 7,043, 1,869, 5,174."""
    churn = one(TELCO, "churn")
    assert (churn["n"], churn["parts"]["churned"], churn["parts"]["stayed"]) == (7043, 1869, 5174)


def test_case_059_tickets_by_current_status() -> None:
    """zzzbitz/prepbench @074d071 src/evaluate/gt/case_059/output_01.csv: three event files, folded."""
    found = values(split(CASE, "volume", "status_raw"))
    assert found == {"Assigned": 218, "Closed": 103, "Customer Response": 128, "Logged": 101, "UAT": 115}
