"""The columns of the canonical tables and what kind of thing each holds.

Kinds: ``key`` (text id), ``text``, ``name`` (a person), ``email``, ``time``, ``duration`` (seconds),
``count``, ``number``, ``flag``, ``list``, and the word kinds ``status``, ``priority``, ``channel``,
``outcome``, ``direction``, ``sentiment``, ``survey_type``; ``csat``, ``nps``, ``ces`` are scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Kinds = Mapping[str, str]


def _kinds(**groups: str) -> Kinds:
    return MappingProxyType({field: kind for kind, fields in groups.items() for field in fields.split()})


TICKETS: Kinds = _kinds(
    key="ticket_id agent_id requester_id parent_id",
    time="created_at first_assigned_at first_response_at solved_at closed_at updated_at due_at "
    "first_response_due_at reopened_at csat_at",
    status="status_raw",
    priority="priority_raw",
    channel="channel_raw",
    direction="direction",
    sentiment="sentiment",
    text="type subject description category subcategory resolution_code product brand language country group "
    "requester_name organization sla_policy csat_comment",
    name="agent_name",
    email="agent_email requester_email",
    list="tags agent_names_all",
    duration="first_reply_cal_s first_reply_bus_s first_resolution_cal_s first_resolution_bus_s "
    "full_resolution_cal_s full_resolution_bus_s requester_wait_cal_s requester_wait_bus_s agent_wait_cal_s "
    "agent_wait_bus_s on_hold_cal_s on_hold_bus_s handle_s",
    count="reopens replies customer_messages comment_count reassignments assignee_stations group_stations",
    number="time_spent_units cost",
    flag="escalated fcr sla_first_response_met sla_resolution_met bot_involved bot_resolved csat_offered",
    csat="csat_raw",
)
SURVEYS: Kinds = _kinds(
    key="survey_id ticket_id call_id requester_id",
    time="sent_at responded_at",
    text="requester_name organization group reason comment language status",
    name="agent_name",
    email="requester_email agent_email",
    survey_type="survey_type",
    channel="channel_raw",
    flag="completed",
    duration="duration_s",
    csat="csat_raw",
    nps="nps_raw",
    ces="ces_raw",
)
CALLS: Kinds = _kinds(
    key="call_id parent_call_id ticket_id agent_id requester_id",
    time="started_at answered_at ended_at",
    direction="direction",
    channel="channel_raw",
    text="queue group campaign category wrapup_code abandon_reason from_number to_number country "
    "requester_name product",
    name="agent_name",
    outcome="outcome",
    duration="wait_s ivr_s ring_s talk_s hold_s acw_s handle_s total_s",
    flag="resolved transferred voicemail within_business_hours",
    count="transfer_count ring_no_answer_count",
    number="cost",
    list="tags",
    csat="csat_raw",
    sentiment="sentiment",
)
CUSTOMERS: Kinds = _kinds(
    key="requester_id",
    text="name organization segment region language",
    email="email",
    time="joined_at churned_at",
    flag="churned",
    number="revenue",
)
AGENT_PERIODS: Kinds = _kinds(
    name="agent_name",
    time="period_start period_end",
    count="assigned resolved messages_in messages_out opened overdue closed reopened transferred handled",
    duration="first_reply_mean_s resolution_mean_s reply_mean_s wait_mean_s handle_mean_s online_s busy_s",
    number="csat_pct abandon_pct service_level_pct",
)

AGENT_DAYS: Kinds = _kinds(
    name="agent_name",
    time="date",
    text="group pause_reason",
    duration="logged_in_s available_s contact_s break_s away_s scheduled_s",
    count="handled solved replies offers sales",
    number="asat_score qa_score",
    flag="qa_critical_failed",
)

TABLES: Mapping[str, Kinds] = MappingProxyType(
    {
        "tickets": TICKETS,
        "surveys": SURVEYS,
        "calls": CALLS,
        "customers": CUSTOMERS,
        "agent_days": AGENT_DAYS,
        "agent_periods": AGENT_PERIODS,
    }
)

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "tickets": "ticket_id",
        "surveys": "survey_id",
        "calls": "call_id",
        "customers": "requester_id",
        "agent_days": "agent_day",
    }
)
"""The key column of each table; ``agent_day`` is made of agent and date."""

STARTS: Mapping[str, str] = MappingProxyType(
    {"tickets": "created_at", "surveys": "responded_at", "calls": "started_at", "agent_days": "date"}
)
"""The time column without which a row has no place in any period."""

CALENDAR_DAYS: frozenset[str] = frozenset({"agent_days", "agent_periods"})
"""Tables whose dates are calendar days: kept as midnight UTC of that day, whatever the zone of the team."""

FEEDS_A_KPI: frozenset[str] = frozenset(
    [
        "ticket_id",
        "call_id",
        "created_at",
        "started_at",
        "responded_at",
        "first_response_at",
        "solved_at",
        "closed_at",
        "status_raw",
        "outcome",
        "first_reply_cal_s",
        "first_reply_bus_s",
        "full_resolution_cal_s",
        "full_resolution_bus_s",
        "handle_s",
        "talk_s",
        "wait_s",
        "csat_raw",
        "nps_raw",
        "ces_raw",
        "reopens",
        "replies",
        "escalated",
        "fcr",
        "sla_first_response_met",
        "sla_resolution_met",
        "requester_id",
        "churned",
        "resolved",
    ]
)
"""Fields whose choice changes a number; a doubtful choice of any other field is never asked about."""


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ticket_id": "the number of the ticket",
        "call_id": "the number of the call",
        "survey_id": "the number of the answer",
        "requester_id": "the number of the customer",
        "created_at": "the time the ticket was opened",
        "started_at": "the time the call came in",
        "responded_at": "the time the answer was given",
        "first_response_at": "the time of the first response",
        "solved_at": "the time the ticket was solved",
        "closed_at": "the time the ticket was closed",
        "status_raw": "the status of the ticket",
        "outcome": "what became of the call",
        "first_reply_cal_s": "how long the first response took",
        "first_reply_bus_s": "how long the first response took in opening hours",
        "full_resolution_cal_s": "how long the resolution took",
        "full_resolution_bus_s": "how long the resolution took in opening hours",
        "handle_s": "how long agents worked on it",
        "talk_s": "how long the call was talked",
        "wait_s": "how long the caller waited",
        "csat_raw": "the satisfaction score",
        "nps_raw": "the answer to the recommendation question (NPS)",
        "ces_raw": "the answer to the effort question (CES)",
        "reopens": "how often the ticket was reopened",
        "replies": "how many replies agents wrote",
        "escalated": "whether the ticket was escalated",
        "fcr": "whether the first contact resolved it",
        "sla_first_response_met": "whether the target for the first response was met",
        "sla_resolution_met": "whether the target for the resolution was met",
        "churned": "whether the customer left",
        "resolved": "whether the issue was resolved",
        "agent_name": "the agent",
        "group": "the team",
    }
)
"""Fields as a team lead would call them, for questions."""


def kind_of(table: str, field: str) -> str:
    """The kind of a canonical column.

    >>> kind_of("tickets", "solved_at"), kind_of("surveys", "nps_raw")
    ('time', 'nps')
    """
    return TABLES[table][field]
