"""What was planted, in words and numbers, for people and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sample_data.world import AGENTS, HARD_AGENT, LOGIN, MERGED, NAMES, REOPENED, ZONE, Plan


@dataclass(frozen=True)
class Copies:
    """Where the duplicated records stand (1-based record numbers in tickets.csv) and whose they are."""

    first_exact: int
    exact: int
    first_changed: int
    changed: int
    exact_ids: tuple[str, ...]
    changed_ids: tuple[str, ...]


CONTROLS: tuple[dict[str, Any], ...] = (
    {"metric": "reopen_rate", "file": "tickets.csv", "where": {}, "by": ["channel", "category"]},
    {
        "metric": "frt",
        "file": "tickets.csv",
        "where": {"channel": "email"},
        "by": [],
        "only": "in working hours; by the clock the closed days of Q2 move it",
    },
    {"metric": "frt", "file": "tickets.csv", "where": {"channel": "social"}, "by": []},
    {"metric": "frt", "file": "tickets.csv", "where": {"channel": "chat"}, "by": []},
    {
        "metric": "transfer_rate",
        "file": "tickets.csv",
        "where": {"category": "Delivery late"},
        "by": ["channel"],
    },
    {"metric": "csat", "file": "surveys.csv", "where": {"channel": "phone"}, "by": []},
    {"metric": "csat", "file": "surveys.csv", "where": {"channel": "social"}, "by": []},
    {"metric": "queue_wait", "file": "calls.csv", "where": {}, "by": ["queue"]},
    {"metric": "abandonment", "file": "calls.csv", "where": {}, "by": ["queue"]},
    {"metric": "occupancy", "file": "agent_days.csv", "where": {}, "by": ["team"]},
    {"metric": "qa", "file": "agent_days.csv", "where": {}, "by": ["team"]},
    {"metric": "conversion", "file": "agent_days.csv", "where": {}, "by": ["team"]},
    {"metric": "asat", "file": "agent_days.csv", "where": {}, "by": []},
    {"metric": "churn", "file": "customers.csv", "where": {}, "by": []},
    {"metric": "retention", "file": "customers.csv", "where": {}, "by": []},
)


def truths(plan: Plan, copies: Copies, seed: int, export_at: str) -> dict[str, Any]:
    """Plain values for ``truths.json``: seed, export time, zone and one record per planted truth."""
    agent = AGENTS[HARD_AGENT].name
    records: list[dict[str, Any]] = [
        {
            "id": "csat_step",
            "kind": "step",
            "what": "Satisfaction in live chat falls at once and stays lower. Phone and social media do not "
            "move; e-mail moves only through its mix of issues.",
            "where": {"file": "surveys.csv", "column": "csat_score", "metric": "csat", "channel": "chat"},
            "from": plan.csat_from.isoformat(),
            "size": {
                "points": -9,
                "of": "share of answers 4 or 5",
                "points_of_all_customers": round(plan.csat_points * 100, 1),
                "note": "happy customers answer more often, so answers fall less than customers",
            },
            "see": "Join surveys to tickets by ticket id; share of scores 4-5 for tickets created before "
            "and from the "
            "date on, by channel. Comments of unhappy chat customers after the date speak of scripted "
            "answers.",
        },
        {
            "id": "rising_issue",
            "kind": "trend",
            "what": "Payment failed grows day by day within a week to four times its number of new tickets, "
            "then stays there.",
            "where": {"file": "tickets.csv", "column": "Issue [list]", "category": "Payment failed"},
            "from": plan.rising_from.isoformat(),
            "until": plan.rising_until.isoformat(),
            "size": {"factor": plan.rising_factor, "of": "number of tickets created"},
            "see": "Tickets created with this issue by week; compare August 2026 with July. Among "
            "the issues of August against July it is the only one that grows.",
        },
        {
            "id": "mix_shift",
            "kind": "simpson",
            "what": "From Q2 to Q3 2026 resolution gets faster within every issue, yet the total gets "
            "slower, because slow "
            "seller disputes by e-mail grow. First contact resolution does the same: no worse within any "
            "issue, "
            "worse in total.",
            "where": {
                "file": "tickets.csv",
                "metric": "ttr",
                "also": "fcr",
                "dimension": "category",
                "grows": "Seller dispute",
            },
            "from": plan.mix_from.isoformat(),
            "now": "2026-Q3",
            "before": "2026-Q2",
            "size": {
                "time_within_issue": plan.mix_faster,
                "weight_of_disputes": plan.mix_factor,
                "of": "factor on working time within each issue; factor on the weight of seller disputes",
            },
            "moves_too": [
                "volume",
                "frt",
                "csat",
                "nps",
                "ces",
                "escalation_rate",
                "transfer_rate",
                "repeat_contact",
            ],
            "see": "Median of 'Full resolution time in minutes' of solved tickets by issue falls in each "
            "issue from Q2 to Q3 "
            "(by date created) while the median of all rises; weighted to the mix of Q2 the total falls "
            "too.",
        },
        {
            "id": "hard_cases",
            "kind": "case_mix",
            "what": f"{agent} is given nothing but seller disputes: worst of the desk on satisfaction "
            "and resolution time, but "
            "the same as colleagues on seller disputes.",
            "where": {
                "file": "tickets.csv",
                "column": "Assignee",
                "agent": agent,
                "category": "Seller dispute",
            },
            "from": None,
            "size": {
                "skill_points": 0,
                "speed_factor": 1.0,
                "of": "own effect of the agent, given the case mix",
            },
            "see": "Satisfaction and median resolution by assignee over all tickets, then over seller "
            "disputes by e-mail only.",
        },
        {
            "id": "lasting_drop",
            "kind": "step",
            "what": "First contacts about login problems fall at once and stay lower; from that day on most "
            "of the remaining ones carry a macro's tag that never stood in the data before. No other issue "
            "drops.",
            "where": {
                "file": "tickets.csv",
                "column": "Issue [list]",
                "category": NAMES[LOGIN],
                "tag": plan.lasting_tag,
            },
            "from": plan.lasting_from.isoformat(),
            "size": {"factor": plan.lasting_share, "of": "first contacts of a day with this issue"},
            "see": "Tickets created per day with this issue before and from the date on, beside all other "
            "issues; the first ticket with the tag.",
        },
        {
            "id": "lunch_hour",
            "kind": "bottleneck",
            "what": "Monday to Friday from 12:00 to 12:59 half of the live desk is away: first replies in "
            "live chat and waits on the phone take longer, the same over the whole time.",
            "where": {
                "file": "tickets.csv",
                "column": "First reply time in minutes",
                "also": {"file": "calls.csv", "column": "wait_s"},
                "channels": ["chat", "phone"],
                "hour": plan.lunch_hour,
            },
            "from": None,
            "size": {"factor": plan.lunch_factor, "of": "first reply in chat and wait on the phone"},
            "see": "Median first reply of chats and median wait of calls by hour of the day created, Monday "
            "to Friday, beside the other hours.",
        },
        {
            "id": "duplicates",
            "kind": "duplicate_records",
            "what": f"{copies.exact} records stand twice, letter by letter, and {copies.changed} tickets "
            "stand a second time with an "
            "older state (open, not solved, earlier 'Updated at').",
            "where": {
                "file": "tickets.csv",
                "column": "Id",
                "exact_records": [copies.first_exact, copies.first_exact + copies.exact - 1],
                "changed_records": [copies.first_changed, copies.first_changed + copies.changed - 1],
                "exact_ids": list(copies.exact_ids),
                "changed_ids": list(copies.changed_ids),
            },
            "from": None,
            "size": {"exact": copies.exact, "changed": copies.changed},
            "see": "Record numbers count from 1 below the header. The first copy of each id is the one "
            "that holds.",
        },
        {
            "id": "zone_change",
            "kind": "zone",
            "what": "'Created at' of the tickets created in one week is written in UTC instead of local "
            "time; every other stamp "
            "and every length in minutes is right.",
            "where": {"file": "tickets.csv", "column": "Created at", "zone": "UTC", "elsewhere": ZONE},
            "from": plan.zone_from.isoformat(),
            "until": plan.zone_until.isoformat(),
            "size": {"minutes": 120, "of": "'Solved at' - 'Created at' - 'Full resolution time in minutes'"},
            "see": "The difference named under size is 0 elsewhere (60 where a ticket spans a clock "
            "change) and 120 in that "
            "week; live chats seem to start at 06:00, before the desk opens; calls start two hours after "
            "their ticket.",
        },
        {
            "id": "controls",
            "kind": "nothing_changed",
            "what": "Constant by construction from Q2 to Q3 2026: a verdict of better or worse here is a "
            "false alarm.",
            "where": {"now": "2026-Q3", "before": "2026-Q2", "segments": list(CONTROLS)},
            "from": None,
            "size": {"change": 0},
            "see": "Compare the two quarters; differences are chance only.",
        },
    ]
    return {
        "seed": seed,
        "exported_at": export_at,
        "zone": ZONE,
        "constants": {"reopened": REOPENED, "merged": MERGED},
        "truths": records,
    }
