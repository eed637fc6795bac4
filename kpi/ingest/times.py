"""Time columns of one file: their zone, their order, and the doubled hour of autumn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.cells import DateReading, DateShape, join_date_time, read_dates, recognise_dates, settle_order
from kpi.ingest.mapping import Column, Plan
from kpi.ingest.nouns import Question
from kpi.ingest.questions import Asking
from kpi.ingest.reading import Finding, RawTable

ZONE_WORD = re.compile(r"\b([A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?|UTC|GMT)\b")
FUTURE = frozenset({"due_at", "first_response_due_at"})
ORDERS = {"dmy": "day first", "mdy": "month first"}
DOUBLED = "C_DATE_DST_AMBIGUOUS"


@dataclass
class Times:
    """Time columns read: field → reading. ``zone`` is that of the file; days alone are days of the team."""

    zone: str
    team_zone: str
    shapes: dict[str, DateShape] = field(default_factory=dict)
    readings: dict[str, DateReading] = field(default_factory=dict)

    def exact(self) -> dict[str, pd.Series]:
        """The instants of all columns that say more than the day."""
        return {name: reading.values for name, reading in self.readings.items() if reading.precision != "day"}

    def values(self, name: str) -> pd.Series | None:
        """UTC instants of a field, None when it has no column."""
        return self.readings[name].values if name in self.readings else None


def declared_zone(raw: RawTable, plan: Plan) -> str | None:
    """The zone that the record, a header or the lines around the table name."""
    if plan.zone:
        return plan.zone
    texts = (
        [column.header for column in plan.feeding("time")] + list(raw.facts.preamble) + list(raw.facts.footer)
    )
    texts += [reject.raw for reject in raw.rejects if reject.reason == "R_SUBHEADER"]
    for text in texts:
        for found in ZONE_WORD.findall(text):
            zone = "UTC" if found == "GMT" else found
            if zone in available_timezones():
                return zone
    return None


def read_times(
    raw: RawTable, plan: Plan, asking: Asking, ledger: Ledger, team_zone: str, now: pd.Timestamp
) -> Times:
    """First pass over the time columns. Those without dates stay out, with a finding."""
    columns = [column for column in plan.columns if column.kind == "time" and len(raw.cells)]
    shapes = _shapes(raw, columns, ledger)
    columns = [column for column in columns if column.header in shapes]
    _settle_orders(raw, columns, shapes, asking, ledger, team_zone)
    zone, origin = _zone(raw, plan, columns, shapes, asking, team_zone)
    if origin:
        ledger.settings["timezone"] = zone
        ledger.settings["timezone_origin"] = origin
    times = Times(zone, team_zone)
    for column in columns:
        times.shapes[column.field] = shapes[column.header]
        times.readings[column.field] = _read(raw, column, shapes[column.header], times, None, now)
    if columns:
        orders = sorted({shapes[column.header].order for column in columns})
        ledger.settings["date_order"] = ", ".join(orders)
    return times


def settle_doubled_hours(
    raw: RawTable, plan: Plan, times: Times, hints: Mapping[str, pd.Series], now: pd.Timestamp
) -> None:
    """Second pass: columns with doubled hours are read again with the instants that durations expect."""
    for name, expected in hints.items():
        reading = times.readings.get(name)
        if reading is None or not reading.masks.get(DOUBLED, np.zeros(1, dtype=bool)).any():
            continue
        column = next(column for column in plan.columns if column.field == name and column.kind == "time")
        times.readings[name] = _read(raw, column, times.shapes[name], times, expected, now)


def doubled(times: Times, name: str) -> np.ndarray | None:
    """Rows of a field whose hour existed twice, None when there are none."""
    reading = times.readings.get(name)
    rows = None if reading is None else reading.masks.get(DOUBLED)
    return rows if rows is not None and rows.any() else None


def _read(
    raw: RawTable, column: Column, shape: DateShape, times: Times, hints: pd.Series | None, now: pd.Timestamp
) -> DateReading:
    text = raw.cells[column.header]
    # A day has no zone of its own: read in that of the team, it stays that day in every chart.
    zone = times.team_zone if shape.precision == "day" and not column.time_of_day else times.zone
    options = {
        "hints": hints,
        "now": now.to_pydatetime(),
        "future": column.field in FUTURE,
        "records": raw.records,
    }
    if column.time_of_day:
        return join_date_time(
            text, raw.cells[column.time_of_day], shape, zone, column=column.header, **options
        )
    return read_dates(text, shape, zone, column=column.header, **options)


def _shapes(raw: RawTable, columns: list[Column], ledger: Ledger) -> dict[str, DateShape]:
    shapes: dict[str, DateShape] = {}
    for column in columns:
        text = raw.cells[column.header]
        shape = recognise_dates(text)
        if shape is not None:
            shapes[column.header] = shape
        elif text.str.strip().ne("").any():
            filled = np.asarray(text.str.strip().ne(""))
            ledger.note(
                "C_DATE_UNPARSEABLE", column.header, filled, text, "nulled", "the column holds no dates"
            )
    return shapes


def _settle_orders(
    raw: RawTable,
    columns: list[Column],
    shapes: dict[str, DateShape],
    asking: Asking,
    ledger: Ledger,
    team_zone: str,
) -> None:
    for column in columns:
        shape = shapes[column.header]
        key = f"date_order:{column.header}"
        wanted = (
            asking.volunteered(key, lambda answer: answer in ORDERS, "dmy or mdy")
            if asking.given(key)
            else None
        )
        if wanted and shape.order in ("dmy", "mdy", "ambiguous"):
            shapes[column.header] = shape.with_order(wanted)
            continue
        if shape.order != "ambiguous":
            continue
        settled = settle_order(shape, [other for header, other in shapes.items() if header != column.header])
        if settled.order == "ambiguous":
            settled = shape.with_order(_ask_order(raw, column, asking, team_zone))
        shapes[column.header] = settled


def _ask_order(raw: RawTable, column: Column, asking: Asking, team_zone: str) -> str:
    filled = raw.cells[column.header]
    examples = tuple(filled[filled.str.strip().ne("")].unique()[:3])
    default = "mdy" if team_zone.startswith(("America/", "US/")) else "dmy"
    answer, _ = asking.ask(
        Question(
            id=f"date_order:{column.header}",
            about=f"Do the dates of '{column.header}' begin with the day (dmy) or with the month (mdy)?",
            default=default,
            choices=("dmy", "mdy"),
            column=column.header,
            examples=examples,
            why="No day above 12 occurs, so both readings are possible; every period depends on it.",
        ),
        f"Dates of '{column.header}' were read {ORDERS[default]}.",
    )
    return answer or default


def _zone(
    raw: RawTable,
    plan: Plan,
    columns: list[Column],
    shapes: dict[str, DateShape],
    asking: Asking,
    team_zone: str,
) -> tuple[str, str]:
    """(zone, origin). Days alone have no zone: they are read as days of the team and nothing is asked."""
    finer = [
        column
        for column in columns
        if (shapes[column.header].precision != "day" or column.time_of_day)
        and shapes[column.header].zone is None
    ]
    if not columns:
        return team_zone, ""
    known = declared_zone(raw, plan)
    if known:
        return known, "declared"
    if not finer:
        zones = {shapes[column.header].zone for column in columns} - {None}
        return (team_zone, "declared") if zones else (team_zone, "none")
    column = finer[0]
    text = raw.cells[column.header]
    examples = tuple(text[text.str.strip().ne("")].unique()[:3])
    return asking.ask_zone(column.header, examples, team_zone)


def settled_findings(times: Times) -> list[Finding]:
    """Findings of all time columns after the last pass."""
    return [finding for reading in times.readings.values() for finding in reading.findings]
