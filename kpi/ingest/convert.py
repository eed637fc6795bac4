"""One raw table and its plan → canonical columns, row by row, nothing dropped yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.amounts import read_amount, read_count, read_duration
from kpi.ingest.mapping import CUSTOM, IGNORED, Column, Plan, without_role
from kpi.ingest.profile import PLACEHOLDERS
from kpi.ingest.questions import Asking
from kpi.ingest.ratings import read_rating
from kpi.ingest.reading import RawTable
from kpi.ingest.times import Times, doubled, read_times, settle_doubled_hours, settled_findings
from kpi.ingest.wording import (
    empty_cells,
    is_one_of,
    map_cells,
    read_flag,
    read_keys,
    read_list,
    read_people,
    read_sla_sides,
    read_status,
    read_text,
    read_words_of,
)
from kpi.ingest.words import SLA_SIDES, folded

ENDED = ("solved", "closed")
CALL_TIMES = ("wait_s", "talk_s", "hold_s", "acw_s", "handle_s")
WORD_KINDS = ("priority", "channel", "direction", "outcome", "sentiment", "survey_type")
RAW_BESIDE = {"priority": "priority", "channel": "channel"}
"""Kinds whose column holds the text as exported and whose meaning stands beside it."""


@dataclass
class Conversion:
    """Canonical columns of one file under way; ``columns`` has one entry per canonical name, row by row.

    ``read``: names of all columns that the file gave, once the kept rows were taken out of ``columns``.
    """

    raw: RawTable
    plan: Plan
    asking: Asking
    ledger: Ledger
    times: Times
    columns: dict[str, pd.Series]
    read: frozenset[str] = frozenset()

    @property
    def index(self) -> pd.Index:
        """The rows of the raw table."""
        return self.raw.cells.index

    def none(self) -> np.ndarray:
        """A mask of no row."""
        return np.zeros(len(self.index), dtype=bool)

    def text_of(self, name: str) -> tuple[str | None, pd.Series | None]:
        """(header, raw text) of the column that feeds a field."""
        header = self.plan.header_of(name)
        return header, None if header is None else self.raw.cells[header]


def convert(
    raw: RawTable, plan: Plan, asking: Asking, ledger: Ledger, team_zone: str, now: pd.Timestamp
) -> Conversion:
    """Read every column of a file as its plan says.

    Times come first (units and bases of durations are tested against them), then durations, which settle the
    doubled hours of autumn, then words, scores and the rest.
    """
    raw = _without_own_placeholders(raw, plan, ledger)
    times = read_times(raw, plan, asking, ledger, team_zone, now)
    work = Conversion(raw, plan, asking, ledger, times, {})
    _durations(work)
    settle_doubled_hours(raw, plan, times, _hints(work, ("created_at", "started_at")), now)
    settle_doubled_hours(raw, plan, times, _hints(work, ("first_response_at", "solved_at", "ended_at")), now)
    ledger.add(settled_findings(times))
    _stamps(work)
    _words(work)
    unanswered = _unanswered(work)
    _scores(work, unanswered)
    _others(work)
    _status_by_tag(work)
    if plan.table == "agent_days" and {"agent_name", "date"} <= work.columns.keys():
        days = work.columns["date"].dt.strftime(" %Y-%m-%d")
        work.columns["agent_day"] = (work.columns["agent_name"] + days).astype("str")
    return work


def _without_own_placeholders(raw: RawTable, plan: Plan, ledger: Ledger) -> RawTable:
    """Cells with the placeholders of a source or column emptied, so that every parser sees no value there."""
    emptied: dict[str, pd.Series] = {}
    for column in plan.columns:
        own = {folded(word) for word in (*plan.placeholders, *column.placeholders)} - PLACEHOLDERS
        if not own or column.header not in raw.cells:
            continue
        text = raw.cells[column.header]
        none = is_one_of(text, own)
        if none.any():
            ledger.note("C_PLACEHOLDER", column.header, np.asarray(none), text, "read as empty")
            emptied[column.header] = text.mask(none, "")
    return replace(raw, cells=raw.cells.assign(**emptied)) if emptied else raw


def _durations(work: Conversion) -> None:
    stamps = work.times.exact()
    for column in work.plan.feeding("duration"):
        field, seconds = read_duration(
            work.raw, column, work.plan, stamps, work.times.zone or "UTC", work.asking, work.ledger
        )
        if not field:
            work.plan = without_role(work.plan, column)
        elif field not in work.columns:
            work.columns[field] = seconds


def _hints(work: Conversion, names: tuple[str, ...]) -> dict[str, pd.Series]:
    """Expected instants of stamps in a doubled hour: another stamp plus or minus the time between them."""
    links = {
        "created_at": (
            ("first_response_at", "first_reply_cal_s", -1),
            ("solved_at", "full_resolution_cal_s", -1),
        ),
        "first_response_at": (("created_at", "first_reply_cal_s", 1),),
        "solved_at": (
            ("created_at", "full_resolution_cal_s", 1),
            ("created_at", "first_resolution_cal_s", 1),
        ),
        "started_at": (("ended_at", "total_s", -1),),
        "ended_at": (("started_at", "total_s", 1),),
    }
    hints: dict[str, pd.Series] = {}
    for name in names:
        if doubled(work.times, name) is None:
            continue
        expected: pd.Series | None = None
        for other, duration, sign in links[name]:
            stamp = work.times.values(other)
            if stamp is None or duration not in work.columns:
                continue
            uncertain = doubled(work.times, other)
            if uncertain is not None and sign < 0:
                stamp = stamp.mask(uncertain)
            guess = stamp + sign * pd.to_timedelta(work.columns[duration], unit="s")
            expected = guess if expected is None else expected.fillna(guess)
        if expected is not None:
            hints[name] = expected
    return hints


def _stamps(work: Conversion) -> None:
    for name, reading in work.times.readings.items():
        work.columns[name] = reading.values
        if name in ("created_at", "started_at", "responded_at"):
            precision = np.where(reading.day_only, "day", reading.precision)
            work.columns[f"{name}_precision"] = pd.Series(precision, index=work.index).astype("str")


def _words(work: Conversion) -> None:
    raw, plan, ledger = work.raw, work.plan, work.ledger
    for column in plan.columns:
        kind = column.kind
        if kind not in (*WORD_KINDS, "status", "flag"):
            continue
        text = raw.cells[column.header]
        empty = empty_cells(text, column, plan)
        if kind == "status":
            work.columns["status_raw"] = read_text(text, empty)
            work.columns["status"] = read_status(text, empty, column, plan, work.asking, ledger, _ended(work))
        elif kind in RAW_BESIDE:
            work.columns[column.field] = read_text(text, empty)
            work.columns[RAW_BESIDE[kind]] = read_words_of(kind, text, empty, column, plan, ledger)
        elif kind == "sentiment":
            work.columns["sentiment"] = read_text(text, empty)
        elif kind == "flag":
            _flag(work, column, text, empty)
        else:
            work.columns[column.field] = read_words_of(kind, text, empty, column, plan, ledger)
        if kind != "flag":
            _also(work, column, text, empty)


def _flag(work: Conversion, column: Column, text: pd.Series, empty: pd.Series) -> None:
    if column.field.startswith("sla_") and not column.words:
        words = {folded(word) for word in text[~empty].unique()}
        work.columns[f"custom:{column.header}"] = read_text(text, empty)
        if words & SLA_SIDES:
            values = read_sla_sides(text, empty, column, work.asking, work.ledger)
            if values is not None:
                work.columns[column.field] = values
            return
    work.columns[column.field] = read_flag(text, empty, column, work.plan, work.ledger)


def _also(work: Conversion, column: Column, text: pd.Series, empty: pd.Series) -> None:
    """The second target of a column ("Not Offered" also says that no survey was sent)."""
    if column.also is None:
        return
    field = str(column.also["to"]).partition(".")[2]
    second = Column(column.header, column.table, field, words=str(column.also.get("words", "")))
    if second.kind == "flag":
        work.columns[field] = read_flag(text, empty, second, work.plan, work.ledger)
    else:
        work.columns[field] = read_words_of(second.kind, text, empty, second, work.plan, work.ledger)


def _ended(work: Conversion) -> pd.Series | None:
    """Rows with a solve or close stamp, None when the file has neither column."""
    texts = [work.raw.cells[c.header] for c in work.plan.columns if c.field in ("solved_at", "closed_at")]
    if not texts:
        return None
    ended = texts[0].str.strip() != ""
    for text in texts[1:]:
        ended = ended | (text.str.strip() != "")
    return ended


def _unanswered(work: Conversion) -> np.ndarray | None:
    """Calls that nobody answered; zeros in their times mean "none" and become missing."""
    if "outcome" not in work.columns:
        return None
    outcome = work.columns["outcome"]
    rows = np.asarray((outcome.notna() & outcome.ne("answered")).astype(bool))
    for field in CALL_TIMES:
        if field not in work.columns:
            continue
        zero = rows & np.asarray(work.columns[field] == 0)
        header, text = work.text_of(field)
        work.ledger.note(
            "C_ZERO_IS_NONE", header, zero, text, "null", "0 on calls that nobody answered means none"
        )
        work.columns[field] = work.columns[field].mask(zero)
    return rows


def _scores(work: Conversion, unanswered: np.ndarray | None) -> None:
    for column in work.plan.feeding("csat", "nps", "ces"):
        found = read_rating(work.raw, column, work.plan, work.asking, work.ledger, unanswered)
        if column.also is not None:
            text = work.raw.cells[column.header]
            _also(work, column, text, empty_cells(text, column, work.plan))
            found.pop("csat_offered", None)
        work.columns.update(found)


def _others(work: Conversion) -> None:
    raw, plan, ledger = work.raw, work.plan, work.ledger
    for column in plan.columns:
        if column.kind == IGNORED or column.header not in raw.cells:
            continue
        text = raw.cells[column.header]
        if column.kind == CUSTOM:
            work.columns[f"custom:{column.header}"] = read_text(text, empty_cells(text, column, plan))
        elif column.kind == "key":
            work.columns[column.field] = read_keys(text, column, ledger)
        elif column.kind == "count":
            work.columns[column.field] = read_count(raw, column, ledger)
        elif column.kind == "number":
            work.columns[column.field] = read_amount(raw, column, ledger)
        elif column.kind in ("text", "email", "list", "name"):
            _texts(work, column, text)


def _status_by_tag(work: Conversion) -> None:
    """Tags that say how a solved or closed ticket ended ("closed_by_merge"), where the record names such."""
    meanings = {folded(tag): status for tag, status in work.plan.tag_status.items()}
    column = next((column for column in work.plan.columns if column.field == "tags"), None)
    if not meanings or column is None or "status" not in work.columns:
        return
    separator = None if column.separator.isspace() else column.separator

    def meaning(cell: str) -> str | None:
        tags = (folded(tag) for tag in cell.split(separator))
        return next((meanings[tag] for tag in tags if tag in meanings), None)

    text, status = work.raw.cells[column.header], work.columns["status"]
    said = map_cells(text, meaning)
    rows = said.notna() & status.isin(ENDED)
    if rows.any():
        work.columns["status"] = status.mask(rows, said).astype("str")
        detail = ", ".join(f"{word}: {count}" for word, count in said[rows].value_counts().items())
        work.ledger.note(
            "C_STATUS_BY_TAG", column.header, np.asarray(rows, dtype=bool), text, "status by tag", detail
        )


def _texts(work: Conversion, column: Column, text: pd.Series) -> None:
    empty = empty_cells(text, column, work.plan)
    if column.kind == "list":
        work.columns[column.field] = read_list(text, empty, column.separator)
    elif column.kind == "email":
        work.columns[column.field] = read_text(text, empty).str.lower()
    elif column.kind == "name":
        people, emails = read_people(text, empty, column, agents=True)
        work.columns[column.field] = people
        if emails.notna().any() and "agent_email" not in work.columns:
            work.columns["agent_email"] = emails
    elif column.field == "category":
        _category(work, column, text, empty)
    else:
        values = read_text(text, empty)
        work.columns[column.field] = values.str.lower() if column.field == "type" else values


def _category(work: Conversion, column: Column, text: pd.Series, empty: pd.Series) -> None:
    """Topics written as a path ("Billing > Invoice", "Billing::Invoice") give category and subcategory."""
    values = read_text(text, empty)
    for separator in (" > ", "::"):
        split = values.str.contains(separator, regex=False, na=False)
        if split.any() and float(split.mean()) > 0.1 and work.plan.header_of("subcategory") is None:
            parts = values.str.split(separator, n=1, regex=False)
            work.columns["category"] = parts.str[0].str.strip().astype("str")
            rest = parts.str[1].str.strip().str.replace(separator, " > ", regex=False)
            work.columns["subcategory"] = rest.astype("str")
            return
    work.columns["category"] = values
