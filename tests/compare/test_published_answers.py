"""Real files with published answers (``../shared/data``); see ``expected.json`` there for the sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi import compare
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Estimate, Filter, Period

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not here"),
]
KEPT: dict[str, Facts] = {}


def facts_of(name: str) -> Facts:
    if name not in KEPT:
        imported = import_files([(Path(name).name, DATA / name)])
        KEPT[name] = build_facts(imported.tables, Definitions())
    return KEPT[name]


def by(facts: Facts, key: str, *fields: str, where: tuple[Filter, ...] = ()) -> dict[str, Estimate]:
    return {
        str(r.group): r.estimate for r in compare.measure(facts, None, metrics=(key,), by=fields, where=where)
    }


def one(facts: Facts, key: str, period: Period | None = None, **more) -> Estimate:
    (result,) = compare.measure(facts, period, metrics=(key,), **more)
    return result.estimate


PWC = [
    "pwc_call_center/pwc_iso_quoted.csv",
    "pwc_call_center/pwc_d-mon-yy.csv",
    "pwc_call_center/pwc_ddmmyyyy.csv",
    "pwc_call_center/pwc_semicolon_dayfraction.csv",
]
AGENTS = {  # answered calls, answered %, resolved % of answered, mean rating
    "Greg": (502, 80.45, 90.64, 3.4),
    "Jim": (536, 80.48, 90.49, 3.39),
    "Diane": (501, 79.15, 90.22, 3.41),
    "Joe": (484, 81.62, 90.08, 3.33),
    "Dan": (523, 82.62, 90.06, 3.45),
    "Martha": (514, 80.56, 89.69, 3.47),
    "Becky": (517, 81.93, 89.36, 3.37),
    "Stewart": (477, 81.96, 88.89, 3.4),
}


@pytest.mark.parametrize("name", PWC)
def test_call_centre_in_four_layouts(name: str) -> None:
    facts = facts_of(name)
    abandonment = one(facts, "abandonment")
    assert (abandonment.parts["offered"], abandonment.parts["answered"]) == (5000, 4054)
    assert abandonment.parts["abandoned"] == 946
    resolution = one(facts, "resolution_rate")
    assert (resolution.parts["resolved"], round(100 * resolution.value)) == (3646, 73)
    assert one(facts, "csat").parts["mean"] == pytest.approx(3.40, abs=0.005)
    assert one(facts, "queue_wait").value * 60 == pytest.approx(67.52, abs=0.005)
    resolved = (Filter("resolved", ("yes",)),)
    assert one(facts, "aht", where=resolved).value * 60 == pytest.approx(225.18, abs=0.006)
    topics = by(facts, "aht", "category", where=resolved)
    assert topics["Payment related"].value * 60 == pytest.approx(216.61, abs=0.006)
    assert topics["Admin Support"].value * 60 == pytest.approx(230.02, abs=0.006)
    left, done, rated = (by(facts, key, "agent") for key in ("abandonment", "resolution_rate", "csat"))
    for agent, (answered, share, solved, rating) in AGENTS.items():
        assert left[agent].parts["answered"] == answered
        assert 100 * (1 - left[agent].value) == pytest.approx(share, abs=0.006)
        assert 100 * done[agent].parts["of_answered"] == pytest.approx(solved, abs=0.006)
        assert rated[agent].parts["mean"] == pytest.approx(rating, abs=0.006)
    days = by(facts, "volume", "weekday")
    order = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    assert [days[day].value for day in order] == [716, 770, 675, 679, 712, 680, 768]
    unresolved = by(facts, "resolution_rate", "category")
    assert 100 * (1 - unresolved["Streaming"].parts["of_answered"]) == pytest.approx(11.57, abs=0.006)


def test_tickets_without_a_time_of_creation() -> None:
    facts = facts_of("kaggle_support_tickets/customer_support_tickets_original.csv")
    assert one(facts, "volume").value == 8469
    csat = one(facts, "csat").parts
    assert (csat["mean"], csat["std"], csat["answers"]) == (
        pytest.approx(2.991333, abs=1e-5),
        pytest.approx(1.407016, abs=1e-5),
        2769,
    )
    volume = by(facts, "volume", "status_raw")
    assert (volume["Open"].value, volume["Closed"].value) == (2819, 2769)
    assert by(facts, "volume", "priority_raw")["Critical"].value == 2129
    assert by(facts, "volume", "channel_raw")["Social media"].value == 2121
    assert by(facts, "csat", "category")["Refund request"].parts["mean"] == pytest.approx(2.934564, abs=1e-5)
    assert one(facts, "repeat_rate").parts["customers"] == 8320
    times = one(facts, "response_to_resolution")
    # not the published −3,498 h: 1,365 contradictory pairs are left out and said
    assert times.parts["mean"] == pytest.approx(7.58, abs=0.006)
    assert (times.parts["max"], times.parts["p90"]) == (pytest.approx(23.47, abs=0.006), 16.0)
    assert "1,365 of 2,769" in (times.note or "")
    assert one(facts, "ttr").value is None


def test_contacts_with_sentiment() -> None:
    facts = facts_of("rwfd_call_center/Call_Center.csv")
    assert one(facts, "volume").value == 32941
    coverage = one(facts, "coverage")
    assert coverage.n - coverage.parts["count"] == 20670
    assert by(facts, "volume", "response_time")["Below SLA"].value == 8148
    assert by(facts, "volume", "channel_raw")["Call-Center"].value == 10639
    assert by(facts, "volume", "sentiment")
    mood = one(facts, "sentiment").parts
    assert (mood["positive_count"], mood["neutral_count"], mood["negative_count"]) == (7098, 8754, 17089)
    assert round(one(facts, "aht").value) == 25
    assert one(facts, "aht").parts["max"] == 45
    days = by(facts, "volume", "day")
    assert (days["2020-10-21"].value, days["2020-10-31"].value) == (1170, 1)
    week = by(facts, "volume", "weekday")
    assert week["Saturday"].value + week["Sunday"].value == 8699
    assert by(facts, "volume", "state")["California"].value == 3631


@pytest.mark.parametrize("layout", ["dd-mm-yyyy", "dd_mm_yy"])
def test_net_promoter_score_by_market_and_month(layout: str) -> None:
    facts = facts_of(f"nps_bank/NPStimeseries_{layout}.csv")
    markets = by(facts, "nps", "market")
    assert markets["MEX"].value == pytest.approx(17.101273, abs=1e-6)
    assert markets["UK"].value == pytest.approx(8.488372, abs=1e-6)
    assert markets["US"].value == pytest.approx(9.932557, abs=1e-6)
    mexico = by(facts, "nps", "month", where=(Filter("Market", ("MEX",)),))
    assert mexico["2021-01"].value == pytest.approx(14.503817, abs=1e-5)
    assert mexico["2021-12"].value == pytest.approx(36.363636, abs=1e-5)


def test_commitments_by_label() -> None:
    facts = facts_of("technical_support/Technical_Support_Dataset.csv")
    assert one(facts, "volume").value == 2330
    sla = one(facts, "sla").parts
    assert sla["resolution"] == pytest.approx(0.663948, abs=1e-6)
    assert 100 * sla["response"] == pytest.approx(86.65, abs=0.006)
    assert one(facts, "csat").parts["mean"] == pytest.approx(3.510656, abs=1e-6)
    assert by(facts, "volume", "status_raw")["In progress"].value == 400
    assert by(facts, "volume", "support level")["Tier 2"].value == 560
    months = by(facts, "volume", "month")
    assert [months[f"2023-{m:02d}"].value for m in (1, 2, 12)] == [224, 159, 176]
    january = one(facts, "sla", Period(date(2023, 1, 1), date(2023, 1, 31)))
    assert january.parts["resolution"] == pytest.approx(0.763393, abs=1e-6)
    agents = by(facts, "sla", "agent")
    assert agents["Nicola Wane"].parts["resolution_met"] == 234
    assert agents["Nicola Wane"].parts["resolution_decided"] == 367


def test_a_customer_list_without_dates() -> None:
    facts = facts_of("telco_churn/wa_churn.csv")
    churn = one(facts, "churn")
    assert (churn.parts["customers"], churn.parts["churned"], churn.parts["stayed"]) == (7043, 1869, 5174)
    assert (
        one(facts, "churn", Period(date(2024, 1, 1), date(2024, 1, 31))).reason
        == "the customer list has no dates"
    )
