"""Each planted truth is really in the committed files, seen with plain pandas and normal approximations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sample_data.generate import generate

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
FULL = "Full resolution time in minutes"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FILES / f"{name}.csv", dtype=str, keep_default_na=False)


def truth(key: str) -> dict[str, Any]:
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    (found,) = (record for record in records if record["id"] == key)
    return dict(found)


def prepared(tickets: pd.DataFrame) -> pd.DataFrame:
    tickets = tickets.drop_duplicates("Id").copy()
    tickets["created"] = pd.to_datetime(tickets["Created at"])
    tickets["solved"] = pd.to_datetime(tickets["Solved at"].replace("", None))
    tickets["quarter"] = tickets["created"].dt.to_period("Q").astype(str)
    tickets["full"] = pd.to_numeric(tickets[FULL])
    tickets["issue"] = tickets["Issue [list]"]
    return tickets


def rated(surveys: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    answers = surveys[surveys["csat_score"] != ""].merge(tickets, left_on="ticket_id", right_on="Id")
    answers["happy"] = answers["csat_score"].astype(int) >= 4
    return answers


@pytest.fixture(scope="module")
def tickets() -> pd.DataFrame:
    return prepared(read("tickets"))


@pytest.fixture(scope="module")
def answers(tickets: pd.DataFrame) -> pd.DataFrame:
    return rated(read("surveys"), tickets)


def share_z(now: pd.Series, before: pd.Series) -> float:
    """z of a difference of two shares."""
    pooled = pd.concat([now, before]).mean()
    return float(
        (now.mean() - before.mean()) / np.sqrt(pooled * (1 - pooled) * (1 / len(now) + 1 / len(before)))
    )


def mean_z(now: pd.Series, before: pd.Series) -> float:
    """z of a difference of two means."""
    return float((now.mean() - before.mean()) / np.sqrt(now.var() / len(now) + before.var() / len(before)))


def test_every_truth_says_what_where_how_much_and_how_to_see_it() -> None:
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    assert [record["id"] for record in records] == [
        "csat_step",
        "rising_issue",
        "mix_shift",
        "hard_cases",
        "lasting_drop",
        "lunch_hour",
        "duplicates",
        "zone_change",
        "controls",
    ]
    for record in records:
        assert {"id", "kind", "what", "where", "from", "size", "see"} <= set(record)


def test_csat_step_in_chat(answers: pd.DataFrame) -> None:
    planted = truth("csat_step")
    chat = answers[answers["Via"] == "Chat"]
    after = chat["created"] >= planted["from"]
    assert share_z(chat.loc[after, "happy"], chat.loc[~after, "happy"]) < -3.5
    fall = 100 * (chat.loc[after, "happy"].mean() - chat.loc[~after, "happy"].mean())
    assert planted["size"]["points"] - 4 < fall < planted["size"]["points"] + 4
    for via in ("Phone call (inbound)", "Facebook", "Twitter"):
        other = answers[answers["Via"] == via]
        late = other["created"] >= planted["from"]
        assert abs(share_z(other.loc[late, "happy"], other.loc[~late, "happy"])) < 2.5
    scripted = answers["comment"].str.contains("chat", case=False) & ~answers["happy"]
    assert scripted.sum() > 10
    assert (answers.loc[scripted, "created"] >= planted["from"]).all()


def test_csat_step_has_its_planted_size() -> None:
    desk = generate(seed=19, tickets=200_000)
    surveys = desk.surveys.assign(ticket_id=desk.surveys["ticket_id"].astype(str))
    chat = rated(surveys, prepared(desk.tickets))
    chat = chat[chat["Via"] == "Chat"]
    after = chat["created"] >= "2026-06-15"
    fall = 100 * (chat.loc[after, "happy"].mean() - chat.loc[~after, "happy"].mean())
    assert abs(fall - truth("csat_step")["size"]["points"]) < 2


def test_rising_issue(tickets: pd.DataFrame) -> None:
    month = tickets["created"].dt.to_period("M").astype(str)
    share = (tickets["issue"] == "Payment failed").groupby(month).mean()
    before, after = share["2025-04":"2026-07"], share[["2026-08", "2026-09"]]
    assert before.max() < 0.6 * after.min()
    size = truth("rising_issue")["size"]["factor"]
    count = (tickets["issue"] == "Payment failed").groupby(month).sum()
    # Against its own months, as the desk grows over the year; July is the last one before.
    assert 0.75 * size < count["2026-09"] / count[["2026-05", "2026-06", "2026-07"]].mean() < 1.3 * size


def first_contact(tickets: pd.DataFrame) -> pd.DataFrame:
    """Solved tickets, mature by seven days, with a flag: neither reopened nor followed by another contact."""
    usual = tickets[~tickets["Tags"].str.contains("merge") & tickets["solved"].notna()].copy()
    pairs = tickets[["Requester id", "issue", "created", "Id"]].merge(
        usual[["Requester id", "issue", "created", "solved", "Id"]],
        on=["Requester id", "issue"],
        suffixes=("_next", ""),
    )
    again = (pairs["created_next"] > pairs["created"]) & (
        pairs["created_next"] <= pairs["solved"] + pd.Timedelta(days=7)
    )
    usual["once"] = (usual["Reopens"] == "0") & ~usual["Id"].isin(pairs.loc[again, "Id"])
    usual["solved_quarter"] = usual["solved"].dt.to_period("Q").astype(str)
    return usual[usual["solved"] < "2026-09-24"]


def test_mix_shift_turns_the_total(tickets: pd.DataFrame) -> None:
    solved = tickets[tickets["solved"].notna() & (tickets["issue"] != "")]
    medians = solved.pivot_table(index="issue", columns="quarter", values="full", aggfunc="median")
    now, before = medians["2026Q3"], medians["2026Q2"]
    assert (now < before).all()
    total = solved.groupby("quarter")["full"].median()
    assert total["2026Q3"] > 1.2 * total["2026Q2"]
    logs = np.log(solved["full"] + 1)
    quarter = solved["quarter"]
    assert mean_z(logs[quarter == "2026Q3"], logs[quarter == "2026Q2"]) > 4
    share = (solved["issue"] == "Seller dispute").groupby(quarter).mean()
    assert share["2026Q3"] > 2.2 * share["2026Q2"]
    mix = solved.loc[quarter == "2026Q2", "issue"].value_counts(normalize=True)
    means = logs.groupby([quarter, solved["issue"]]).mean()
    assert (means["2026Q3"] * mix).sum() < (means["2026Q2"] * mix).sum()


def test_mix_shift_turns_first_contact_resolution_too(tickets: pd.DataFrame) -> None:
    usual = first_contact(tickets)
    rates = usual.pivot_table(index="issue", columns="solved_quarter", values="once")
    assert (rates["2026Q3"] >= rates["2026Q2"]).all()
    total = usual.groupby("solved_quarter")["once"]
    assert share_z(total.get_group("2026Q3"), total.get_group("2026Q2")) < -2.5
    assert 0.72 < usual["once"].mean() < 0.85


def test_hard_cases_look_bad_and_are_not(tickets: pd.DataFrame, answers: pd.DataFrame) -> None:
    planted = truth("hard_cases")
    name, issue = planted["where"]["agent"], planted["where"]["category"]
    assert set(tickets.loc[tickets["Assignee"] == name, "issue"]) == {issue}
    by_agent = answers.groupby("Assignee")["happy"].mean()
    assert by_agent.idxmin() == name
    times = tickets.groupby("Assignee")["full"].median()
    assert times.idxmax() == name
    mine = answers["Assignee"] == name
    assert share_z(answers.loc[mine, "happy"], answers.loc[~mine, "happy"]) < -4
    hard = answers[(answers["issue"] == issue) & (answers["Via"] == "Mail")]
    mine = hard["Assignee"] == name
    assert mine.sum() > 60
    assert abs(share_z(hard.loc[mine, "happy"], hard.loc[~mine, "happy"])) < 2
    cases = tickets[(tickets["issue"] == issue) & (tickets["Via"] == "Mail") & tickets["solved"].notna()]
    logs, mine = np.log(cases["full"]), cases["Assignee"] == name
    assert abs(mean_z(logs[mine], logs[~mine])) < 2.5


def test_duplicates_stand_where_they_are_said_to() -> None:
    records = read("tickets")
    records.index = records.index + 1
    where = truth("duplicates")["where"]
    exact = records.loc[where["exact_records"][0] : where["exact_records"][1]]
    changed = records.loc[where["changed_records"][0] : where["changed_records"][1]]
    assert (len(exact), len(changed)) == (60, 20)
    assert list(exact["Id"]) == where["exact_ids"]
    assert list(changed["Id"]) == where["changed_ids"]
    first = records.drop_duplicates("Id").set_index("Id")
    assert first.loc[exact["Id"]].reset_index().equals(exact[["Id", *first.columns]].reset_index(drop=True))
    originals = first.loc[changed["Id"]]
    assert (changed["Status"] == "Open").all()
    assert (changed["Solved at"] == "").all()
    assert (originals["Updated at"].to_numpy() > changed["Updated at"].to_numpy()).all()
    repeated = records.index[records["Id"].duplicated()]
    assert list(repeated) == [*exact.index, *changed.index]


def test_zone_change_shows_as_two_hours(tickets: pd.DataFrame) -> None:
    planted = truth("zone_change")
    gap = (tickets["solved"] - tickets["created"]).dt.total_seconds() / 60 - tickets["full"]
    wall = tickets["created"] + pd.Timedelta(minutes=planted["size"]["minutes"])
    week = (wall >= planted["from"]) & (wall < pd.Timestamp(planted["until"]) + pd.Timedelta(days=1))
    shifted = gap == planted["size"]["minutes"]
    assert shifted.sum() > 150
    assert week[shifted].all()
    assert set(gap[~shifted].dropna()) == {0.0, 60.0, -60.0}
    early = tickets["Via"].eq("Chat") & (tickets["created"].dt.hour < 8)
    assert early.any()
    assert week[early].all()
    calls = read("calls")
    calls = calls[calls["ticket_id"] != ""].merge(tickets, left_on="ticket_id", right_on="Id")
    late = (pd.to_datetime(calls["started_at"]) - calls["created"]).dt.total_seconds() // 60
    assert set(late) == {0, 120}
    assert (late == 120).sum() > 10


def test_controls_did_not_change(tickets: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Each control between the two quarters, with a bound that chance passes once in about 15,000 looks."""
    scores: dict[str, float] = {}
    now, before = (tickets["quarter"] == q for q in ("2026Q3", "2026Q2"))
    solved = tickets["solved"].notna()
    reopened = tickets["Reopens"] != "0"
    scores["reopen_rate"] = share_z(reopened[now & solved], reopened[before & solved])
    moved = tickets["Assignee stations"].replace("", "0").astype(int) > 1
    usual = tickets["issue"] == "Delivery late"
    scores["transfer_rate"] = share_z(moved[now & usual], moved[before & usual])
    reply = np.log1p(pd.to_numeric(tickets["First reply time in minutes within business hours"]))
    for name, vias in (("chat", ["Chat"]), ("email", ["Mail"]), ("social", ["Facebook", "Twitter"])):
        here = tickets["Via"].isin(vias) & reply.notna()
        scores[f"frt {name}"] = mean_z(reply[here & now], reply[here & before])
    for name, vias in (("phone", ["Phone call (inbound)"]), ("social", ["Facebook", "Twitter"])):
        group = answers[answers["Via"].isin(vias)]
        quarter = pd.to_datetime(group["responded_at"]).dt.to_period("Q").astype(str)
        scores[f"csat {name}"] = share_z(
            group.loc[quarter == "2026Q3", "happy"], group.loc[quarter == "2026Q2", "happy"]
        )
    calls = read("calls")
    quarter = pd.to_datetime(calls["started_at"]).dt.to_period("Q").astype(str)
    gone, wait = calls["outcome"] == "abandoned", np.log(calls["wait_s"].astype(int))
    scores["abandonment"] = share_z(gone[quarter == "2026Q3"], gone[quarter == "2026Q2"])
    scores["queue_wait"] = mean_z(wait[quarter == "2026Q3"], wait[quarter == "2026Q2"])
    staff = read("agent_days")
    quarter = pd.to_datetime(staff["date"]).dt.to_period("Q").astype(str)
    contact, free = staff["contact_s"].astype(int), staff["available_s"].astype(int)
    busy = contact / (contact + free)
    scores["occupancy"] = mean_z(busy[quarter == "2026Q3"], busy[quarter == "2026Q2"])
    for name, column in (("qa", "qa_score"), ("asat", "asat_score")):
        values = pd.to_numeric(staff[column])
        scores[name] = mean_z(values[quarter == "2026Q3"].dropna(), values[quarter == "2026Q2"].dropna())
    sold = staff.groupby(quarter)[["offers", "sales"]].agg(lambda texts: texts.astype(int).sum())
    rows = {
        q: np.repeat([1, 0], [sold.loc[q, "sales"], sold.loc[q, "offers"] - sold.loc[q, "sales"]])
        for q in sold.index
    }
    scores["conversion"] = share_z(pd.Series(rows["2026Q3"]), pd.Series(rows["2026Q2"]))
    customers = read("customers")
    left, joined = customers["left_at"], customers["joined_at"]
    gone_in = {}
    for q, first, last in (("2026Q3", "2026-07-01", "2026-09-30"), ("2026Q2", "2026-04-01", "2026-06-30")):
        there = (joined < first) & ((left == "") | (left >= first))
        gone_in[q] = left[there].between(first, last)
    scores["churn"] = share_z(gone_in["2026Q3"], gone_in["2026Q2"])
    assert {name: round(z, 2) for name, z in scores.items() if abs(z) > 4} == {}
    assert sum(abs(z) > 2 for z in scores.values()) <= 2, scores


def test_lasting_drop_of_one_issue_and_its_macro(tickets: pd.DataFrame) -> None:
    planted = truth("lasting_drop")
    days = tickets["created"].dt.normalize()
    after = days >= planted["from"]
    length = {True: after_days(days, planted["from"]), False: before_days(days, planted["from"])}
    rates = {
        issue: len(rows[after[rows.index]]) / length[True] / (len(rows[~after[rows.index]]) / length[False])
        for issue, rows in tickets[tickets["issue"] != ""].groupby("issue")
    }
    assert abs(rates[planted["where"]["category"]] - planted["size"]["factor"]) < 0.1
    assert all(rate > 0.85 for issue, rate in rates.items() if issue != planted["where"]["category"])
    tagged = tickets["Tags"].str.split().map(lambda tags: planted["where"]["tag"] in tags)
    assert set(tickets.loc[tagged, "issue"]) == {planted["where"]["category"]}
    assert days[tagged].min() == pd.Timestamp(planted["from"])


def before_days(days: pd.Series, date: str) -> int:
    return int((pd.Timestamp(date) - days.min()).days)


def after_days(days: pd.Series, date: str) -> int:
    return int((days.max() - pd.Timestamp(date)).days) + 1


def test_lunch_hour_waits_longer(tickets: pd.DataFrame) -> None:
    planted = truth("lunch_hour")
    created = tickets["created"]
    weekdays = (created.dt.day_of_week < 5) & ~created.between("2025-10-01", "2025-10-08")
    chats = tickets[weekdays & (tickets["Via"] == "Chat")]
    reply = pd.to_numeric(chats["First reply time in minutes"])
    calls = read("calls")
    started = pd.to_datetime(calls["started_at"])
    wait = calls["wait_s"].astype(int)[started.dt.day_of_week < 5]
    for waits, hours in ((reply, chats["created"].dt.hour), (wait, started.dt.hour)):
        medians = waits.groupby(hours[waits.index]).median()
        others = medians.drop(planted["where"]["hour"])
        assert medians[planted["where"]["hour"]] > 1.6 * others.max()
        assert others.max() < 1.5 * others.min()
