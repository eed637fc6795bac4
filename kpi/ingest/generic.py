"""The generic path: grain, table, roles of a file that no record describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kpi.ingest.account import Ledger
from kpi.ingest.fields import FEEDS_A_KPI, KEYS, WORDS
from kpi.ingest.grain import find_aggregate, has_key, pair_times, split_composites
from kpi.ingest.headers import bare, plain, tokens
from kpi.ingest.helper_columns import find_copies, is_side_total, part_named
from kpi.ingest.mapping import CUSTOM, IGNORED, Column, Plan, split_target
from kpi.ingest.nouns import Question
from kpi.ingest.profile import Profile
from kpi.ingest.questions import Asking
from kpi.ingest.reading import Problem, RawTable, Refused
from kpi.ingest.role_answers import answered_role
from kpi.ingest.roles import NAME, Role, assign
from kpi.ingest.sources import GENERIC

TABLES = ("tickets", "calls", "surveys", "customers")
KEY_WORDS: Mapping[str, frozenset[str]] = {
    "tickets": frozenset({"ticket", "case", "incident", "issue", "request", "conversation"}),
    "calls": frozenset({"call", "anruf", "appel", "llamada"}),
    "surveys": frozenset({"survey", "response", "respondent", "rating", "review", "feedback"}),
    "customers": frozenset(
        {"customer", "client", "account", "subscriber", "member", "rownames", "row", "kunde"}
    ),
}
AGENT_DAY_MEASURES = frozenset(
    [
        "logged_in_s",
        "available_s",
        "contact_s",
        "break_s",
        "away_s",
        "scheduled_s",
        "handled",
        "solved",
        "replies",
        "offers",
    ]
)
PLAIN_DATES = frozenset(
    {"date", "day", "time", "timestamp", "datetime", "date time", "datum", "fecha", "data"}
)
TELLING: Mapping[str, frozenset[str]] = {
    "tickets": frozenset(
        [
            "status_raw",
            "priority_raw",
            "channel_raw",
            "first_response_at",
            "solved_at",
            "closed_at",
            "updated_at",
            "due_at",
            "subject",
            "description",
            "reopens",
            "replies",
            "first_reply_cal_s",
            "full_resolution_cal_s",
            "escalated",
            "fcr",
            "sla_first_response_met",
            "sla_resolution_met",
            "subcategory",
            "tags",
            "first_response_due_at",
            "customer_messages",
        ]
    ),
    "calls": frozenset(
        [
            "outcome",
            "wait_s",
            "talk_s",
            "hold_s",
            "acw_s",
            "ring_s",
            "ivr_s",
            "queue",
            "abandon_reason",
            "wrapup_code",
            "answered_at",
            "voicemail",
            "from_number",
            "to_number",
            "ended_at",
        ]
    ),
    "surveys": frozenset({"nps_raw", "ces_raw", "csat_raw", "sent_at", "survey_type"}),
    "customers": frozenset({"churned", "churned_at", "joined_at", "segment", "revenue"}),
}
"""Fields that only one table has: they tell what a row is."""


def plan_generic(raw: RawTable, asking: Asking, ledger: Ledger) -> tuple[RawTable, Plan]:
    """(raw table with composite cells split, plan).

    Raises:
        Refused: F_AGGREGATE when the file holds no rows of contacts, answers, calls or customers.
    """
    raw = split_composites(raw)
    rows = len(raw.cells)
    profiles = {header: Profile(header, raw.cells[header], rows) for header in raw.headers}
    by_day = _agent_days(profiles)
    if by_day is not None:
        return raw, Plan(
            GENERIC, _confidence(by_day, "agent_days"), "agent_days", _named(raw, "agent_days", by_day)
        )
    aggregate = find_aggregate(profiles, rows)
    if aggregate is not None:
        return raw, _plan_periods(raw, profiles, aggregate.reason, aggregate.periods, ledger)
    pairs = pair_times(profiles)
    clocks = set(pairs.values())
    helpers = {
        header for header in profiles if part_named(header) is not None and profiles[header].dates is None
    }
    sides = {header for header, profile in profiles.items() if is_side_total(profile)}
    open_profiles = {h: p for h, p in profiles.items() if h not in clocks | helpers | sides}
    table, roles = _choose_table(open_profiles)
    if not any(_tells(role, field) for (_, field), role in roles.items()) and not _roles_given(raw, asking):
        raise Refused((_nothing_known(raw),))
    used = {role.best.header: f"{home}.{field}" for (home, field), role in roles.items()}
    copies = find_copies(profiles, used)
    columns = _columns(raw, profiles, table, roles, asking, pairs)
    columns = [_ignored(column, ledger, raw, profiles, copies, sides) for column in columns]
    confidence = _confidence(roles, table)
    return raw, Plan(GENERIC, confidence, table, tuple(columns))


def _tells(role: Role, field: str) -> bool:
    """A column that makes a row one of ours: an id by name, or what feeds a KPI."""
    if field in KEYS.values():
        return role.best.name > 0
    return field in FEEDS_A_KPI and field != "requester_id"


def _roles_given(raw: RawTable, asking: Asking) -> bool:
    return any(asking.given(f"role:{header}") is not None for header in raw.headers)


def _nothing_known(raw: RawTable) -> Problem:
    shown = ", ".join(f"'{header}'" for header in raw.headers[:8])
    return Problem(
        "F_NO_TABLE",
        f"{raw.name}: no column could be understood as a ticket, call, answer or customer (found {shown}). "
        'Say what they are with answers such as {"role:<header>": "tickets.created_at"}.',
        raw.name,
    )


def _choose_table(profiles: Mapping[str, Profile]) -> tuple[str, dict[tuple[str, str], Role]]:
    scored: list[tuple[float, int, str, dict[tuple[str, str], Role]]] = []
    tells: dict[str, int] = {}
    for order, table in enumerate(TABLES):
        roles = assign(profiles, table)
        telling = sum(
            role.best.name > 0 and field in TELLING[table] and home == table
            for (home, field), role in roles.items()
        )
        tells[table] = telling
        key = roles.get((table, KEYS[table]))
        named = key is not None and bool(set(plain(key.best.header).split()) & KEY_WORDS[table])
        score = float(telling + 2 * named)
        if table == "surveys":
            score = _survey_score(score, roles, profiles)
        if table == "customers" and not telling:
            score = 0.5 * named
        scored.append((score, -order, table, roles))
    scored.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)
    by_table = {table: (score, roles) for score, _, table, roles in scored}
    _, _, table, roles = scored[0]
    if (
        table == "tickets"
        and not tells["tickets"]
        and by_table["surveys"][0] > 0
        and not _says_created(roles)
    ):
        # only an id, a date and answers: a list of answers that names its tickets
        return "surveys", by_table["surveys"][1]
    return table, roles


def _says_created(roles: Mapping[tuple[str, str], Role]) -> bool:
    role = roles.get(("tickets", "created_at"))
    return role is not None and bare(role.best.header) not in PLAIN_DATES


def _survey_score(
    score: float, roles: Mapping[tuple[str, str], Role], profiles: Mapping[str, Profile]
) -> float:
    """A survey list has an answer in (nearly) every row; a ticket list with some stays a ticket list."""
    answers = [
        role.best.header for (_, field), role in roles.items() if field in ("csat_raw", "nps_raw", "ces_raw")
    ]
    if not answers:
        return 0.0
    answered = max(profiles[header].fill for header in answers)
    stamped = any(
        bool(tokens(h) & {"survey", "response", "responded", "rated", "feedback"}) and p.dates is not None
        for h, p in profiles.items()
    )
    return score + stamped if answered >= 0.95 or stamped else 0.0


def _columns(
    raw: RawTable,
    profiles: Mapping[str, Profile],
    table: str,
    roles: Mapping[tuple[str, str], Role],
    asking: Asking,
    pairs: Mapping[str, str],
) -> list[Column]:
    by_header = {role.best.header: (home, field, role) for (home, field), role in roles.items()}
    clocks = set(pairs.values())
    columns: list[Column] = []
    taken: set[tuple[str, str]] = set()
    for header in raw.headers:
        if header in clocks:
            continue
        home, field, role = by_header.get(header, (table, CUSTOM, None))
        column = Column(header, home, field, confidence=role.best.score if role else 1.0)
        if role is not None:
            column = replace(column, inverse=role.best.inverse)
            if role.doubt:
                column = _ask_role(column, role, profiles[header], asking)
        column = answered_role(column, asking)
        if (column.table, column.field) in taken and column.field not in (CUSTOM, IGNORED):
            column = replace(column, field=CUSTOM, table=table)
        taken.add((column.table, column.field))
        if header in pairs:
            if column.field not in (CUSTOM, IGNORED):
                column = replace(column, time_of_day=pairs[header])
            else:
                columns.append(Column(pairs[header], table, CUSTOM))
        columns.append(column)
    columns = _second_choice(columns, table, roles, profiles, asking)
    return _parts(columns, table, profiles)


def _ask_role(column: Column, role: Role, profile: Profile, asking: Asking) -> Column:
    custom = f"{column.table}.{CUSTOM}"
    words = WORDS.get(column.field, column.target)
    answer, _ = asking.ask(
        Question(
            id=f"role:{column.header}",
            about=f"Does '{column.header}' say {words}? Not certain: {role.doubt}.",
            default=column.target,
            choices=(column.target, custom, IGNORED),
            column=column.header,
            examples=tuple(profile.sample.unique()[:3]),
            why=f"From this column the app reads {words}, and all numbers built on that.",
        ),
        f"'{column.header}' was read as {words}.",
    )
    if answer in (None, column.target):
        return column
    home, field = split_target(answer or custom)
    return replace(column, table=home or column.table, field=field)


def _second_choice(
    columns: list[Column],
    table: str,
    roles: Mapping[tuple[str, str], Role],
    profiles: Mapping[str, Profile],
    asking: Asking,
) -> list[Column]:
    """When a person turned the best column of a role down, the next best one takes it."""
    held = {(column.table, column.field) for column in columns}
    lost = [key for key in roles if key not in held]
    if not lost or not asking.used:
        return columns
    free = {column.header: profiles[column.header] for column in columns if column.field == CUSTOM}
    denied = {header for key, header in ((f"role:{h}", h) for h in free) if key in asking.used}
    again = assign({header: profile for header, profile in free.items() if header not in denied}, table)
    found = {role.best.header: key for key, role in again.items() if key in lost and role.best.name}
    return [
        replace(column, table=found[column.header][0], field=found[column.header][1])
        if column.header in found
        else column
        for column in columns
    ]


def _parts(columns: list[Column], table: str, profiles: Mapping[str, Profile]) -> list[Column]:
    """Parts of a composite key: a person is the requester, a short list of names the group."""
    held = {column.field for column in columns}
    result: list[Column] = []
    for column in columns:
        profile = profiles[column.header]
        field = column.field
        if field == CUSTOM and "(part " in column.header and profile.numbers is None and table == "tickets":
            if profile.distinct <= max(30, 0.05 * profile.rows) and "group" not in held:
                field = "group"
            elif profile.people >= 0.8 and "requester_name" not in held:
                field = "requester_name"
            held.add(field)
        result.append(replace(column, field=field))
    return result


def _ignored(
    column: Column,
    ledger: Ledger,
    raw: RawTable,
    profiles: Mapping[str, Profile],
    copies: Mapping[str, str],
    sides: set[str],
) -> Column:
    """Copies and side totals are ignored, each with a finding."""
    header, profile = column.header, profiles[column.header]
    if column.field != CUSTOM:
        return column
    if header in copies:
        note = f"repeats '{copies[header]}'"
        ledger.note("C_COLUMN_REPEATED", header, profile.filled, raw.cells[header], "ignored", note)
    elif header in sides:
        note = "totals at the side of the table"
        ledger.note("C_SIDE_TOTALS", header, profile.filled, raw.cells[header], "ignored", note)
    elif not len(profile.values) and not raw.cells[header].str.strip().any():
        note = "empty"
    else:
        return column
    return replace(column, field=IGNORED, note=note)


def _confidence(roles: Mapping[tuple[str, str], Role], table: str) -> float:
    scores = [role.best.score for role in roles.values()]
    return round(sum(scores) / len(scores), 2) if scores else 0.3


def _plan_periods(
    raw: RawTable, profiles: Mapping[str, Profile], reason: str, periods: bool, ledger: Ledger
) -> Plan:
    """Finished totals per agent or team go to ``agent_periods``; anything else is refused with the reason."""
    roles = assign(profiles, "agent_periods") if periods else {}
    fields = {field for _, field in roles}
    weights = fields - {"agent_name", "period_start", "period_end"}
    if "agent_name" not in fields or not weights:
        raise Refused(
            (
                Problem(
                    "F_AGGREGATE",
                    f"{raw.name}: this table holds no single tickets, calls, answers or customers: {reason}. "
                    "Export the rows behind it (one per ticket) and upload those.",
                    raw.name,
                ),
            )
        )
    ledger.note(
        "F_AGGREGATE",
        None,
        np.ones(len(raw.cells), dtype=bool),
        None,
        "kept as totals",
        f"{reason}; shown apart, never mixed with ticket rows",
    )
    columns = _named(raw, "agent_periods", roles)
    return Plan(GENERIC, _confidence(roles, "agent_periods"), "agent_periods", columns)


def _named(raw: RawTable, table: str, roles: Mapping[tuple[str, str], Role]) -> tuple[Column, ...]:
    """Columns by their roles, the others kept as custom."""
    by_header = {role.best.header: field for (_, field), role in roles.items()}
    return tuple(Column(header, table, by_header.get(header, CUSTOM)) for header in raw.headers)


def _agent_days(profiles: Mapping[str, Profile]) -> dict[tuple[str, str], Role] | None:
    """Roles of a table with one row per agent and day, which has work times or counts and no tickets."""
    roles = assign(profiles, "agent_days")
    named = {field: role.best.header for (_, field), role in roles.items() if role.best.name == NAME}
    if not {"agent_name", "date"} <= named.keys() or not named.keys() & AGENT_DAY_MEASURES:
        return None
    agent, day = profiles[named["agent_name"]], profiles[named["date"]]
    if day.dates is None or day.dates.precision != "day":
        return None
    pairs = agent.text.str.strip() + "/" + day.text.str.strip()
    if float(pairs.duplicated().mean()) > 0.01 or agent.unique > 0.9 or has_key(profiles):
        return None
    return roles


def scope_of(header: str) -> str:
    """What the name column of an aggregate names.

    >>> scope_of("Team"), scope_of("Agent name")
    ('team', 'agent')
    """
    words = set(bare(header).split())
    for kind, names in (
        ("team", {"team", "group", "department", "abteilung"}),
        ("queue", {"queue"}),
        ("inbox", {"inbox"}),
        ("label", {"label"}),
        ("topic", {"topic", "category"}),
    ):
        if words & names:
            return kind
    return "agent"
