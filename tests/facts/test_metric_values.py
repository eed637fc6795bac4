"""Every metric on a small data set made by hand; each expected value is worked out beside it."""

from __future__ import annotations

import statistics
from datetime import date

import pytest
from hand_made import calls, surveys, tables, texts, tickets, times, yes_no

from kpi import compare
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest.nouns import Tables
from kpi.metrics import METRICS
from kpi.model import Direction, Estimate, Filter, Period

FACTS = build_facts(tables(), Definitions())
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))


def one(key: str, period: Period | None = None, facts=FACTS, **more) -> Estimate:
    (result,) = compare.measure(facts, period, metrics=(key,), **more)
    return result.estimate


# key → (value, n), over all data
EXPECTED = {
    # minutes 2 5 10 15 20 30 (60 censored) 1800 (4440 censored): of 9, S falls below one half at the fifth
    "frt": (20.0, 9),
    # tickets 1, 2, 3, 6, 10, 11 in time; 4 late; 7 waits longer than a day; 5 came by phone, no target
    "frt_within_target": (6 / 8, 8),
    # hours 1 1 2 2 24 48 264, open 74 and 122: S = 7/9, 5/9, 4/9 at 24
    "ttr": (24.0, 9),
    "aht": ((400 + 200 + 200) / 3 / 60, 3),
    "queue_wait": ((30 + 400 + 50) / 3 / 60, 3),
    # c1 and c6 within 300 s; c2 and the abandoned c4 not; c3 is a short abandon
    "wait_within_target": (2 / 4, 4),
    "abandonment": (1 / 4, 4),
    "volume": (9, 9),
    "backlog": (2, 2),
    "csat": (2 / 4, 4),
    # 10 and 9 promote, 7 is passive, 3 detracts
    "nps": (100 * (2 - 1) / 4, 4),
    "ces": (5.0, 2),
    "response_rate": (10 / 11, 11),
    # solved and three days old: 1 2 3 4 5 11; of these 1 2 3 4 have an answer
    "coverage": (4 / 6, 6),
    "sentiment": (1 / 3, 3),
    # mature: 1 2 3 4 5 11; ticket 1 was followed by 2 on the same issue, 2 was reopened
    "fcr": (4 / 6, 6),
    "resolution_rate": (7 / 9, 9),
    "escalation_rate": (1 / 9, 9),
    "reopen_rate": (1 / 6, 6),
    "transfer_rate": (2 / 9, 9),
    # two commitments each for tickets 1 to 4: met 2, 1, 2, 0
    "sla": (5 / 8, 8),
    # customers a b c d e f, of whom a, b and d wrote twice
    "repeat_rate": (3 / 6, 6),
    "retention": (2 / 5, 5),
    "churn": (3 / 5, 5),
    # mature: 1 2 3 4 5 11; 1 is followed by 2, 3 by 4
    "repeat_contact": (2 / 6, 6),
    "productivity": (6 / 3, 6),
    # as ttr without ticket 5, which has no agent: 8 tickets, S = 7/8, 5/8, 4/8 at 24, 3/8 at 48
    "occupancy": (12 / 18, 2),
    "qa": ((80 + 0 + 70) / 3, 3),
    "conversion": (4 / 10, 10),
}


@pytest.mark.parametrize("key", EXPECTED)
def test_value_and_n_over_all_data(key: str) -> None:
    value, n = EXPECTED[key]
    estimate = one(key)
    assert estimate.value == pytest.approx(value, abs=1e-12)
    assert estimate.n == n
    assert estimate.reason is None


def test_no_metric_is_forgotten() -> None:
    """These have tests of their own below."""
    own = {"ttr_agent", "asat", "response_to_resolution", "ttr_within_target"}
    assert {m.key for m in METRICS} - set(EXPECTED) == own


def test_solved_within_target() -> None:
    assert one("ttr_within_target").reason == (
        "no solved within target: no column names the priority, and no resolution target is set for every "
        "priority"
    )
    # hours 1 1 2 2 24 48 264, open 74 and 122: all are over or solved, so every outcome is known
    facts = build_facts(tables(), Definitions(ttr_target_hours={"*": 24.0}))
    found = one("ttr_within_target", facts=facts)
    assert (found.value, found.n) == (5 / 9, 9)
    # 100 hours: the ticket open for 74 is in time, so those created less than 100 hours before the end are
    # left out, ticket 10 with its 2 hours as well. In time: 1 1 2 24 48; late: 264 and the one open for 122.
    longer = one("ttr_within_target", facts=build_facts(tables(), Definitions(ttr_target_hours={"*": 100.0})))
    assert (longer.value, longer.n) == (5 / 7, 7)
    assert longer.note is not None
    assert longer.note.startswith("2 tickets left out: the time they were promised is not over yet")


def test_resolution_time_per_agent_leaves_out_tickets_without_one() -> None:
    # Ann: 2 24 48, open 74 122 → S = 4/5, 3/5, 2/5 at 48.  Ben: 1 2 264 → 2
    values = {
        str(r.group): r.estimate.value
        for r in compare.measure(FACTS, None, metrics=("ttr_agent",), by=("agent",))
    }
    assert values["Ann"] == 48.0
    assert values["Ben"] == 2.0
    assert values["(none)"] is None


def test_parts_stand_beside_the_headline() -> None:
    csat = one("csat").parts
    assert csat["mean"] == 3.5
    assert csat["std"] == pytest.approx(statistics.stdev([5, 2, 4, 3]))
    assert (csat["satisfied"], csat["neutral"], csat["dissatisfied"], csat["answers"]) == (2, 1, 1, 4)
    assert (csat["scale_low"], csat["scale_high"]) == (1.0, 5.0)
    nps = one("nps").parts
    assert (nps["promoters"], nps["passives"], nps["detractors"]) == (0.5, 0.25, 0.25)
    assert (nps["promoters_count"], nps["passives_count"], nps["detractors_count"]) == (2, 1, 1)
    assert one("ces").parts["easy"] == 0.5
    frt = one("frt").parts
    assert frt["mean"] == pytest.approx((2 + 5 + 10 + 15 + 20 + 30 + 1800) / 7)
    assert (frt["answered"], frt["waiting"], frt["median"]) == (7, 2, 20.0)
    ttr = one("ttr").parts
    assert ttr["solved_median"] == 2.0
    assert ttr["mean"] == pytest.approx((1 + 1 + 2 + 2 + 24 + 48 + 264) / 7)
    assert (ttr["solved"], ttr["open"]) == (7, 2)
    sla = one("sla").parts
    assert (sla["response"], sla["resolution"], sla["both"]) == (3 / 4, 2 / 4, 2 / 4)
    assert one("coverage").parts["csat_at_worst"] == pytest.approx(2 / 6)
    assert one("coverage").parts["csat_at_best"] == pytest.approx(4 / 6)
    assert one("abandonment").parts["with_short"] == pytest.approx(2 / 5)
    assert one("abandonment").parts["short_abandoned"] == 1
    assert one("volume").parts["per_1000_customers"] == pytest.approx(9 * 1000 / 5)
    assert one("churn").parts == {"count": 3, "customers": 5, "churned": 3, "stayed": 2}
    # replies = 1 and never reopened: 1, 3, 11, 10 of the seven solved
    assert one("fcr").parts["one_touch"] == pytest.approx(4 / 7)
    assert one("fcr").parts["came_back"] == 1
    assert one("qa").parts["failed_critical"] == 1
    assert one("aht").parts["hold"] == pytest.approx(60 / 3 / 60)


def test_periods_go_by_the_basis_of_each_metric() -> None:
    from_9th = Period(date(2026, 1, 9), date(2026, 1, 31))
    assert one("volume", from_9th).value == 6  # 4 5 11 6 7 10
    assert one("csat", from_9th).n == 2  # answered on the 9th and the 21st
    assert one("fcr", from_9th).n == 3  # solved: 4 5 11; 10 is too new
    assert one("repeat_rate", from_9th).value == pytest.approx(1 / 5)  # b d c e f; only b was there before
    assert one("resolution_rate", from_9th).parts["solved_in_period"] == 4
    assert one("backlog", Period(date(2026, 1, 1), date(2026, 1, 14))).value == 1  # ticket 4
    aged = one("backlog", Period(date(2026, 1, 1), date(2026, 1, 18))).parts
    assert (aged["older_than_7_days"], aged["older_than_30_days"]) == (1, 0)


def test_churn_counts_those_there_at_the_start() -> None:
    # at the start of January: k1 k2 k5; k2 left, k3 came and left within the month and is not counted
    assert one("churn", JANUARY).value == pytest.approx(1 / 3)
    assert one("retention", JANUARY).value == pytest.approx(2 / 3)
    assert one("churn", Period(date(2026, 1, 11), date(2026, 1, 31))).value == pytest.approx(
        1 / 3
    )  # k3 of 1 3 5


def test_a_list_without_dates_has_one_churn_rate_and_none_over_time() -> None:
    listed = tables().customers.drop(columns=["joined_at", "churned_at"])
    listed["churned"] = yes_no(False, True, True, True, False)
    facts = build_facts(Tables(tickets=tickets(), customers=listed), Definitions())
    assert one("churn", None, facts).value == 3 / 5
    dated = one("churn", JANUARY, facts)
    assert dated.value is None
    assert dated.reason == "the customer list has no dates"


def test_agent_satisfaction_is_hidden_for_few_answers() -> None:
    assert one("asat").value is None
    assert "fewer than 5 answers" in (one("asat").reason or "")
    open_handed = build_facts(tables(), Definitions(minimum_agent_answers=2))
    assert one("asat", None, open_handed).value == 1 / 2


def test_what_is_too_new_is_left_out_and_said() -> None:
    assert "1 tickets solved in the last 7 days left out" in (one("fcr").note or "")
    assert "1 tickets solved in the last 3 days left out" in (one("coverage").note or "")
    # 6, 7 and 10 were created after 23 January 12:00
    assert "3 tickets of the last 7 days left out" in (one("repeat_contact").note or "")
    assert "left out by choice, in all data: 1 spam, 1 merged" in (one("volume").note or "")


def test_thresholds_of_satisfied_can_be_moved() -> None:
    strict = build_facts(tables(), Definitions(csat_positive_of_5=5))
    lenient = build_facts(tables(), Definitions(csat_positive_of_5=3))
    assert one("csat", None, strict).value == 1 / 4
    assert one("csat", None, lenient).value == 3 / 4
    assert one("csat", None, lenient).parts["neutral"] == 0


def test_policy_can_count_spam_and_merged_tickets() -> None:
    everything = build_facts(tables(), Definitions(exclude_spam=False, exclude_merged=False))
    assert one("volume", None, everything).value == 11


def test_windows_change_fcr_and_repeats() -> None:
    # tickets 1 → 2 lie 21 h after solving, 3 → 4 two days apart; within one day only the first counts
    short = build_facts(tables(), Definitions(fcr_window_days=1, repeat_window_days=1))
    # 12:00 to 12:00: 10 is still too new
    assert (one("fcr", None, short).value, one("fcr", None, short).n) == (pytest.approx(4 / 6), 6)
    # 1 → 2 is 23 h apart; mature by one day: all but 10
    assert one("repeat_contact", None, short).value == pytest.approx(1 / 8)


def test_handle_time_of_tickets_stands_in_where_there_are_no_calls() -> None:
    facts = build_facts(Tables(tickets=tickets()), Definitions())
    (result,) = compare.measure(facts, None, metrics=("aht",))
    assert result.estimate.value == pytest.approx((600 + 1200) / 2 / 60)
    assert "tickets" in result.metric.name
    assert "not talk time" in (result.estimate.note or "")


def test_calls_stand_in_where_there_are_no_tickets() -> None:
    rows = calls()
    rows["resolved"] = yes_no(True, False, False, False, True, True)
    facts = build_facts(Tables(calls=rows), Definitions())
    resolution = one("resolution_rate", None, facts)
    assert (resolution.value, resolution.n) == (2 / 5, 5)  # c1 and c6 of five offered
    assert resolution.parts["of_answered"] == pytest.approx(2 / 3)
    assert one("volume", None, facts).value == 5


def test_first_response_to_resolution_stands_in_without_a_time_of_creation() -> None:
    rows = tickets().drop(columns=["created_at"])
    rows.loc[rows["ticket_id"] == "3", "solved_at"] = times("2026-01-07T07:00")[
        0
    ]  # before its first response
    facts = build_facts(Tables(tickets=rows), Definitions())
    # 1: 1.5 h, 2: 47 h 50 min, 4: 234 h, 11: 23 h 45 min, 10: 1 h 55 min
    found = one("response_to_resolution", None, facts)
    assert (found.value, found.n) == (pytest.approx(23.75), 5)
    assert found.parts["mean"] == pytest.approx((1.5 + 47 + 50 / 60 + 234 + 23.75 + 1 + 55 / 60) / 5)
    assert found.parts["max"] == 234.0
    assert "1 of 6 tickets left out: the resolution lies before the first response" in (found.note or "")
    assert "no column holds the time a ticket was created" in (one("ttr", None, facts).reason or "")
    assert all(r.metric.key != "response_to_resolution" for r in compare.measure(FACTS, None))


def test_the_flag_of_the_source_stands_in_for_fcr() -> None:
    rows = tickets().drop(columns=["requester_id"])
    rows["fcr"] = yes_no(True, False, True, None, None, True, None, None, None, None, None)
    facts = build_facts(Tables(tickets=rows), Definitions())
    found = one("fcr", None, facts)
    assert (found.value, found.n) == (3 / 4, 4)
    bare = rows.drop(columns=["fcr"])
    touched = one("fcr", None, build_facts(Tables(tickets=bare), Definitions()))
    assert touched.value == pytest.approx(4 / 7)  # one-touch: 1, 3, 11, 10
    nothing = one("fcr", None, build_facts(Tables(tickets=bare.drop(columns=["replies"])), Definitions()))
    assert nothing.value is None
    assert "which customer" in (nothing.reason or "")


def test_low_effort_scores_turn_the_direction() -> None:
    rows = surveys()
    rows["higher_is_better"] = yes_no(*([True] * 9 + [False, False]))
    facts = build_facts(Tables(surveys=rows), Definitions())
    (result,) = compare.measure(facts, None, metrics=("ces",))
    assert result.metric.better is Direction.DOWN
    (usual,) = compare.measure(FACTS, None, metrics=("ces",))
    assert usual.metric.better is Direction.UP


ABSENT = {
    "frt": "no First response time: no column holds the time of the first response",
    "nps": "no Net promoter score: no column holds a 0-10 answer",
    "csat": "no Customer satisfaction (CSAT): no column holds satisfaction answers",
    "abandonment": "no Call abandonment rate: no column says whether a call was answered",
    "churn": "no Churn rate: the data hold no customer list that says who has left",
    "escalation_rate": "no Escalation rate: no column says whether a ticket was escalated",
    "sla": "no SLA adherence: no column holds a service-level label or deadline, and no target is set",
    "fcr": "no First contact resolution: no column says which customer wrote, so a further contact "
    "cannot be seen",
    "occupancy": "no Occupancy: no columns hold the time agents handled contacts and were available",
}


def test_a_metric_that_the_data_do_not_feed_is_absent_with_a_reason() -> None:
    bare = tickets()[["ticket_id", "created_at", "solved_at", "status"]]
    facts = build_facts(Tables(tickets=bare), Definitions())
    results = {r.metric.key: r.estimate for r in compare.measure(facts, None)}
    for key, reason in ABSENT.items():
        assert (results[key].value, results[key].n) == (None, 0)
        assert (results[key].reason or "").casefold() == reason.casefold()
    answered = {key for key, estimate in results.items() if estimate.value is not None}
    assert answered == {"ttr", "volume", "backlog", "resolution_rate"}


@pytest.mark.parametrize("key", [m.key for m in METRICS])
def test_no_rows_are_no_answer_and_never_a_number(key: str) -> None:
    """A filter that keeps nothing: counts are 0, everything else has no value and a reason."""
    results = compare.measure(FACTS, None, metrics=(key,), where=(Filter("weekday", ("never",)),))
    for result in results:
        assert result.estimate.value in (None, 0.0)
        if result.estimate.value is None:
            assert result.estimate.reason


def test_filters_apply_to_numerator_and_denominator() -> None:
    chat = (Filter("channel", ("CHAT",)),)
    assert one("resolution_rate", None, where=chat).value == pytest.approx(3 / 4)  # 2 3 10 of 2 3 6 10
    assert one("csat", None, where=chat).value == pytest.approx(1 / 2)  # tickets 2 and 3 by their channel
    assert one("csat", None, where=(Filter("plan", ("pro",)),)).value == 1.0  # tickets 1 and 3
    assert one("sla", None, where=(Filter("agent", ("ann",)),)).value == pytest.approx(3 / 4)


def test_business_hours_and_zone() -> None:
    office = Definitions(business_hours=True)
    facts = build_facts(tables(), office)
    # Monday to Friday 9 to 17 UTC. Ticket 4: Friday 9 Jan 12:00 → Saturday 18:00 is 5 h = 300 min. 3: before
    # opening, 0 min. 6: a Sunday, 0 min. 7: Tue 27 10:00 → Fri 30 12:00 = 7 + 8 + 8 + 3 = 26 h censored;
    # 5: 60 min censored
    # minutes: 0 (3), 0 (6), 5, 10, 15, 30, 60+, 300, 1560+ → S falls to 4/9 at 15
    assert one("frt", None, facts).value == 15.0
    assert one("frt", None, facts).parts["mean"] == pytest.approx((0 + 0 + 5 + 10 + 15 + 30 + 300) / 7)
    tokyo = build_facts(Tables(tickets=tickets()), Definitions(timezone="Asia/Tokyo"))
    # 18:00 UTC is the next day in Tokyo; creation of ticket 1 (10:00 UTC, 19:00 there) stays
    hours = {str(r.group) for r in compare.measure(tokyo, None, metrics=("volume",), by=("hour",))}
    assert "19" in hours


def test_commitments_by_deadline_where_there_are_no_labels() -> None:
    rows = tickets().drop(columns=["sla_first_response_met", "sla_resolution_met"])
    # 1 solved in time, 2 solved late by 12 h, 6 open and past due, 7 open and not yet due: undecided
    due = {"1": "2026-01-05T13:00", "2": "2026-01-07T21:00", "6": "2026-01-29T10:00", "7": "2026-02-05T10:00"}
    rows["due_at"] = times(*(due.get(key) for key in rows["ticket_id"]))
    found = one("sla", None, build_facts(Tables(tickets=rows), Definitions()))
    assert (found.value, found.n) == (pytest.approx(1 / 3), 3)
    assert found.parts["late_by_median_hours"] == 12.0
    assert "deadline" in (found.note or "")


def test_missing_dates_count_in_all_data_only() -> None:
    rows = tickets()
    rows.loc[rows["ticket_id"] == "5", "created_at"] = None
    facts = build_facts(Tables(tickets=rows), Definitions())
    assert one("volume", None, facts).value == 9
    assert "per_day" not in one("volume", None, facts).parts
    assert one("volume", JANUARY, facts).value == 8
    assert one("volume", JANUARY, facts).parts["per_day"] > 0


def test_data_without_any_date_answer_as_a_whole_only() -> None:
    rows = tickets()[["ticket_id", "status", "channel"]]
    facts = build_facts(Tables(tickets=rows), Definitions())
    assert not facts.dated
    assert one("volume", None, facts).value == 9
    assert one("backlog", None, facts).value == 2
    dated = one("volume", JANUARY, facts)
    assert dated.value is None
    assert "date" in (dated.reason or "")


def test_a_file_of_solved_tickets_shows_no_backlog() -> None:
    rows = tickets()
    facts = build_facts(Tables(tickets=rows[rows["status"].isin(["solved", "closed"])]), Definitions())
    assert "every ticket in the data is solved" in (one("backlog", None, facts).reason or "")


def test_bots_are_left_out() -> None:
    rows = tickets()
    rows["bot_resolved"] = yes_no(*([True] + [None] * 10))
    import pandas as pd

    agents = pd.DataFrame({"name": texts("Ben"), "is_bot": yes_no(True)})
    facts = build_facts(Tables(tickets=rows, agents=agents), Definitions())
    assert one("volume", None, facts).value == 5  # without 1 (closed by a bot), 3, 4, 10 (agent is a bot)
    assert facts.notes == ("tickets left out by choice: 1 spam, 1 merged, 4 bots",)
