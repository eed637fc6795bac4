"""Cross checks on the kept rows: order of stamps, durations against stamps, parts against sums, gaps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.convert import Conversion
from kpi.ingest.helper_columns import check_helper, part_named
from kpi.ingest.mapping import CUSTOM, Column

ORDERS: tuple[tuple[str, str], ...] = (
    ("created_at", "first_response_at"),
    ("created_at", "solved_at"),
    ("created_at", "closed_at"),
    ("started_at", "answered_at"),
    ("started_at", "ended_at"),
    ("sent_at", "responded_at"),
)
"""Stamps that cannot stand the other way round; the later one of a wrong pair is nulled."""

SYNTHETIC = 0.2
SLACK_S, SLACK_SHARE = 60.0, 0.02
PART_SLACK_S = 2.0
FEW_ON_LAST_DAY = 0.25
GAP_DAYS = 3

Noter = Callable[[str, str, np.ndarray, str, str], None]


def check_order(work: Conversion, rows: pd.DataFrame) -> pd.DataFrame:
    """Null the later stamp of an impossible pair; keep but flag "solved before first response"."""
    rows = rows.copy(deep=False)
    for early, late in ORDERS:
        if early in rows and late in rows:
            wrong = _before(rows, late, early)
            _note(work, rows, late, wrong, "nulled", f"before '{work.plan.header_of(early) or early}'")
            rows[late] = rows[late].mask(wrong)
    if "first_response_at" in rows and "solved_at" in rows:
        wrong = _before(rows, "solved_at", "first_response_at")
        both = rows["solved_at"].notna() & rows["first_response_at"].notna()
        share = float(wrong.sum() / max(int(both.sum()), 1))
        detail = (
            f"before '{work.plan.header_of('first_response_at')}' in {share:.0%} of the rows that have both"
        )
        if share >= SYNTHETIC:
            detail += (
                "; real help desks do not do this: the data look generated, times between them mean nothing"
            )
        _note(work, rows, "solved_at", wrong, "kept, flagged", detail)
    return rows


def _before(rows: pd.DataFrame, one: str, other: str) -> pd.Series:
    left, right = rows[one], rows[other]
    daily = rows.get("created_at_precision", rows.get("started_at_precision"))
    wrong = left < right
    if daily is not None:
        by_day = daily.eq("day") & (left.dt.floor("D") >= right.dt.floor("D"))
        wrong = wrong & ~by_day.astype(bool)
    return wrong.fillna(False).astype(bool)


def _note(
    work: Conversion, rows: pd.DataFrame, name: str, wrong: pd.Series, action: str, detail: str
) -> None:
    mask = work.none()
    mask[rows.index[np.asarray(wrong)]] = True
    header, text = work.text_of(name)
    work.ledger.note("C_DATE_ORDER", header or name, mask, text, action, detail)


def check_durations(work: Conversion, rows: pd.DataFrame) -> None:
    """Clock-time columns against the stamps they lie between; opening hours cannot exceed clock time."""
    for stem, end in (("first_reply", "first_response_at"), ("full_resolution", "solved_at")):
        cal, bus = f"{stem}_cal_s", f"{stem}_bus_s"
        if "created_at" not in rows or end not in rows or end not in work.times.readings:
            continue
        spent = (rows[end] - rows["created_at"]).dt.total_seconds()
        slack = np.maximum(SLACK_S, SLACK_SHARE * spent)
        if cal in rows and cal in work.read:
            differs = (rows[cal] - spent).abs() > slack
            _disagrees(
                work,
                rows,
                cal,
                differs,
                f"differs from the time between {'created_at'} and {end}; column kept",
            )
        if bus in rows:
            longer = rows[bus] - spent > slack
            _disagrees(
                work, rows, bus, longer, "business time is longer than clock time between the stamps; kept"
            )


def _disagrees(work: Conversion, rows: pd.DataFrame, name: str, wrong: pd.Series, detail: str) -> None:
    mask = work.none()
    mask[rows.index[np.asarray(wrong.fillna(False), dtype=bool)]] = True
    header, text = work.text_of(name)
    if header is None:
        other = (
            name.replace("_bus_s", "_cal_s") if name.endswith("_bus_s") else name.replace("_cal_s", "_bus_s")
        )
        header, text = work.text_of(other)
    work.ledger.note("C_SUM_MISMATCH", header or name, mask, text, "flagged", detail)


def check_parts(work: Conversion, rows: pd.DataFrame) -> pd.DataFrame:
    """Handle time against talk + hold + wrap-up; the parts win."""
    parts = [name for name in ("talk_s", "hold_s", "acw_s") if name in rows]
    if len(parts) < 2 or "handle_s" not in work.read or "handle_s" not in rows:
        return rows
    total = rows[parts].sum(axis=1, min_count=1)
    wrong = (rows["handle_s"] - total).abs() > np.maximum(PART_SLACK_S, SLACK_SHARE * total)
    _disagrees(work, rows, "handle_s", wrong, f"is not {' + '.join(parts)}; the parts are kept")
    return rows.assign(handle_s=rows["handle_s"].mask(wrong, total))


def check_helpers(work: Conversion, rows: pd.DataFrame, start: str) -> set[str]:
    """Headers of month, weekday … columns that are functions of the date; contradictions are reported."""
    if start not in work.times.readings:
        return set()
    local = work.columns[start].dt.tz_convert(work.times.zone or "UTC").dt.tz_localize(None)
    helpers: set[str] = set()
    kept = work.none()
    kept[rows.index] = True
    for column in work.plan.columns:
        part = part_named(column.header)
        if column.field != CUSTOM or part is None:
            continue
        text = work.raw.cells[column.header]
        helper = check_helper(text, part, local)
        if helper is None:
            continue
        helpers.add(column.header)
        date_header = work.plan.header_of(start)
        work.ledger.note(
            "C_HELPER_CONTRADICTS",
            column.header,
            helper.contradicts & kept,
            text,
            "ignored; the date is kept",
            f"is not the {helper.part} of '{date_header}'",
        )
    return helpers


def check_coverage(ledger: Ledger, rows: pd.DataFrame, start: str, zone: str) -> None:
    """A last day that is not over, and holes of three days or more in the calendar."""
    if start not in rows or len(rows) < 100:
        return
    days = rows[start].dropna().dt.tz_convert(zone or "UTC").dt.tz_localize(None).dt.normalize()
    per_day = days.value_counts().sort_index()
    if len(per_day) < 14:
        return
    typical = float(per_day.iloc[:-1].median())
    last = per_day.index[-1]
    if typical >= 5 and per_day.iloc[-1] < FEW_ON_LAST_DAY * typical:
        detail = (
            f"{last:%Y-%m-%d} has {per_day.iloc[-1]} of usually {typical:.0f} rows: "
            "the export may end inside that day"
        )
        ledger.note(
            "C_PARTIAL_DAY", start, np.asarray(_on(rows[start], last, zone), dtype=bool), None, "kept", detail
        )
    steps = per_day.index.to_series().diff().dt.days
    holes = steps[steps > GAP_DAYS] if typical >= 5 else steps[:0]
    if len(holes):
        shown = ", ".join(f"{int(gap) - 1} days before {day:%Y-%m-%d}" for day, gap in holes[:5].items())
        mask = np.zeros(len(ledger.records), dtype=bool)
        mask[: len(holes)] = True
        ledger.note("C_CALENDAR_GAP", start, mask, None, "kept", f"no rows for {shown}")


def _on(stamps: pd.Series, day: pd.Timestamp, zone: str) -> np.ndarray:
    same = stamps.dt.tz_convert(zone or "UTC").dt.tz_localize(None).dt.normalize() == day
    return np.asarray(same.fillna(False))


def check_policy(ledger: Ledger, rows: pd.DataFrame) -> None:
    """Rows that named KPIs leave out: spam, merged, deleted, outbound."""
    counts: dict[str, int] = {}
    for name, words in (("status", ("spam", "merged", "deleted")), ("direction", ("outbound",))):
        if name in rows:
            found = rows[name].value_counts()
            counts |= {word: int(found[word]) for word in words if word in found.index}
    if not counts:
        return
    mask = np.zeros(len(ledger.records), dtype=bool)
    out = np.zeros(len(rows), dtype=bool)
    if "status" in rows:
        out |= np.asarray(rows["status"].isin(["spam", "merged", "deleted"]))
    if "direction" in rows:
        out |= np.asarray(rows["direction"].eq("outbound").fillna(False))
    mask[rows.index[out]] = True
    detail = ", ".join(f"{word}: {count}" for word, count in counts.items())
    ledger.note("X_POLICY_EXCLUDED", None, mask, None, "kept, left out of named KPIs", detail)


def ends_apart(rows: pd.DataFrame, columns: tuple[Column, ...]) -> pd.Timedelta | None:
    """Median time between solve and close where the file has both, when it is over a day; else None."""
    fields = {column.field for column in columns}
    if not {"solved_at", "closed_at"} <= fields or not {"solved_at", "closed_at"} <= set(rows.columns):
        return None
    gap = (rows["closed_at"] - rows["solved_at"]).dropna().median()
    return gap if pd.notna(gap) and gap > pd.Timedelta(days=1) else None
