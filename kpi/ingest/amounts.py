"""Durations, counts and numbers of one file: units and bases by header, content, stamps, else by question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.cells import (
    DurationShape,
    read_durations,
    read_numbers,
    recognise_durations,
    recognise_numbers,
    test_basis,
    test_unit,
    unit_from_header,
    vocabulary,
)
from kpi.ingest.mapping import Column, Plan
from kpi.ingest.nouns import Question
from kpi.ingest.questions import Asking
from kpi.ingest.reading import RawTable
from kpi.ingest.sources import GENERIC
from kpi.ingest.wording import map_cells
from kpi.ingest.words import folded

Span = tuple[pd.Series, pd.Series]
UNITS = ("seconds", "minutes", "hours", "days")
CLOCKS = ("h:mm", "m:ss")
BARE = r"-?[\d.,' ]*\d[\d.,' ]*"
SLACK_S = 60.0
MORNING, EVENING = 6, 20
FEWEST_DECIDING = 5
FEWEST_FOR_PROOF = 20
SPANS: dict[str, tuple[str, str]] = {
    "first_reply": ("created_at", "first_response_at"),
    "first_resolution": ("created_at", "solved_at"),
    "full_resolution": ("created_at", "solved_at"),
    "total": ("started_at", "ended_at"),
    "wait": ("started_at", "answered_at"),
}
"""Which two stamps a duration lies between."""

BASES = {"calendar": "cal", "business": "bus"}


def read_duration(
    raw: RawTable,
    column: Column,
    plan: Plan,
    times: dict[str, pd.Series],
    zone: str,
    asking: Asking,
    ledger: Ledger,
) -> tuple[str, pd.Series]:
    """(field, seconds) of a duration column.

    The field may move from ``_cal_s`` to ``_bus_s``; it is "" when two stamps contradict the column.
    """
    text = raw.cells[column.header]
    text = _without_none(raw, column, text, ledger)
    shape = recognise_durations(text, column.header)
    if shape is None and text.str.strip().ne("").any() and recognise_numbers(text) is None:
        filled = np.asarray(text.str.strip().ne(""))
        ledger.note(
            "C_DUR_UNPARSEABLE", column.header, filled, text, "nulled", "the column holds no durations"
        )
        return column.field, pd.Series(np.nan, index=text.index, dtype="float64")
    span = _span(column.field, times)
    near = span or _span(column.field, times, closed=True)
    unit = _unit(text, column, shape, near, asking)
    reading = read_durations(text, unit, shape=shape, records=raw.records, column=column.header)
    ledger.add(reading.findings)
    seconds = pd.Series(reading.seconds.to_numpy(dtype="float64", na_value=np.nan), index=text.index)
    if span is not None and plan.source == GENERIC and _contradicted(seconds, span):
        known = np.asarray(seconds.notna())
        detail = "is not the time between the two stamps of its row; the stamps are used, the column is kept"
        ledger.note("C_SUM_MISMATCH", column.header, known, text, "kept as custom column", detail)
        return "", seconds
    return _based(column, seconds, near, zone, plan, asking, text), seconds


def _contradicted(seconds: pd.Series, span: Span) -> bool:
    """Neither clock time (equal in half of the rows) nor business time (never longer) between the stamps."""
    between = (span[1] - span[0]).dt.total_seconds()
    known = seconds.notna() & between.ge(0)
    if int(known.sum()) < FEWEST_FOR_PROOF:
        return False
    slack = np.maximum(SLACK_S, 0.02 * between)
    equal = float(((seconds - between).abs() <= slack)[known].mean())
    shorter = float((seconds - between <= slack)[known].mean())
    return equal < 0.5 and (shorter < 0.98 or float(seconds[known].le(0).mean()) > 0.5)


def _without_none(raw: RawTable, column: Column, text: pd.Series, ledger: Ledger) -> pd.Series:
    """Zeros that mean "none" are emptied: always, or where the header of ``none_unless`` is empty."""
    if not column.none_if:
        return text
    words = {folded(word) for word in column.none_if}
    none = map_cells(text, lambda cell: folded(cell) in words).astype(bool)
    if column.none_unless:
        if column.none_unless not in raw.cells:
            return text
        none = none & (raw.cells[column.none_unless].str.strip() == "")
    detail = f"no value while '{column.none_unless}' is empty" if column.none_unless else "not measured"
    ledger.note("C_ZERO_IS_NONE", column.header, np.asarray(none), text, "null", detail)
    return text.mask(none, "")


def _span(field: str, times: dict[str, pd.Series], *, closed: bool = False) -> Span | None:
    """The two stamps of a duration. ``closed``: the end of a ticket may be its close stamp, which can prove a
    unit or a basis by agreeing but proves nothing by lying later.
    """
    for stem, (start, end) in SPANS.items():
        end = "closed_at" if closed and end == "solved_at" else end
        if field.startswith(stem) and start in times and end in times:
            return times[start], times[end]
    return None


def _unit(
    text: pd.Series, column: Column, shape: DurationShape | None, span: Span | None, asking: Asking
) -> str | None:
    """The unit of bare numbers, or what "4:02" means: by answer, record, header, stamps, else by question."""
    key = f"unit:{column.header}"
    named = column.unit or unit_from_header(column.header)
    two_part_open = shape is not None and not shape.certain and named not in CLOCKS
    known = named in UNITS or named == "milliseconds"
    if known and not two_part_open and asking.given(key) is None:
        return named
    filled = text.str.strip()
    bare = bool((filled.str.fullmatch(BARE, na=False) & filled.str.contains("[1-9]", na=False)).any())
    if not bare and not two_part_open:
        asking.volunteered(key, (*UNITS, *CLOCKS).__contains__, "one of " + ", ".join((*UNITS, *CLOCKS)))
        return named
    choices = CLOCKS if two_part_open else UNITS
    given = asking.given(key)
    if given is None or given not in choices:
        if known:
            return named
        tested = _test_clock(text, shape, span) if two_part_open else _test_bare(text, span)
        if tested:
            return tested
    shown = text[text.str.strip().str.fullmatch(r"\d+:\d+" if two_part_open else BARE, na=False)]
    default = (shape.two_part if two_part_open else shape.unit) if shape is not None else None
    default = default or "minutes"
    about = f"In which unit are the bare numbers of '{column.header}' ({len(shown)} cells)?"
    if two_part_open:
        about = (
            f"Are cells of '{column.header}' like '{_first(shown)}' hours and minutes or minutes and seconds?"
        )
    answer, _ = asking.ask(
        Question(
            id=key,
            about=about,
            default=default,
            choices=choices,
            column=column.header,
            examples=tuple(shown.str.strip().unique()[:3]),
            why=f"{_kpi(column)} would be wrong by a factor of 60 with the wrong unit.",
        ),
        f"'{column.header}' was read as {default} where the cell does not say its unit.",
    )
    return answer


def _first(cells: pd.Series) -> str:
    return str(cells.iloc[0]).strip() if len(cells) else "4:02"


def _test_bare(text: pd.Series, span: Span | None) -> str | None:
    numbers = recognise_numbers(text) if span is not None else None
    if numbers is None or span is None:
        return None
    found: str | None = test_unit(read_numbers(text, numbers).values, *span)
    return found


def _test_clock(text: pd.Series, shape: DurationShape | None, span: Span | None) -> str | None:
    """ "h:mm" or "m:ss" by the stamps: the one that agrees with the time between them in half of the rows."""
    if span is None:
        return None
    between = (span[1] - span[0]).dt.total_seconds()
    for form in CLOCKS:
        seconds = read_durations(text, form, shape=shape).seconds
        known = seconds.notna() & between.notna()
        near = (seconds - between).abs() <= np.maximum(SLACK_S, 0.02 * between)
        if known.sum() >= 5 and float(near[known].mean()) >= 0.5:
            return form
    return None


def _kpi(column: Column) -> str:
    stems = {
        "first_reply": "First response time",
        "full_resolution": "Time to resolution",
        "handle": "Handle time",
    }
    return next(
        (name for stem, name in stems.items() if column.field.startswith(stem)), "Every time from this column"
    )


def _based(
    column: Column,
    seconds: pd.Series,
    span: Span | None,
    zone: str,
    plan: Plan,
    asking: Asking,
    text: pd.Series,
) -> str:
    """The field of the right basis: known by record or header, else tested against stamps, else asked."""
    stem, _, basis = column.field.removesuffix("_s").rpartition("_")
    if basis not in ("cal", "bus"):
        return column.field
    key = f"basis:{column.header}"
    given = asking.volunteered(key, BASES.__contains__, "calendar or business")
    if given:
        return f"{stem}_{BASES[given]}_s"
    if plan.source != GENERIC or basis == "bus" or _says_calendar(column.header):
        return column.field
    found = test_basis(seconds, *span) or _runs_at_night(seconds, span, zone) if span is not None else None
    if found:
        return f"{stem}_{found}_s"
    if not seconds.notna().any():
        return column.field
    answer, _ = asking.ask(
        Question(
            id=key,
            about=f"Does '{column.header}' count clock time (calendar) or only opening hours (business)?",
            default="calendar",
            choices=tuple(BASES),
            column=column.header,
            examples=tuple(text[text.str.strip() != ""].unique()[:3]),
            why=f"{_kpi(column)} in opening hours is several times shorter than in clock time.",
        ),
        f"'{column.header}' was read as clock time.",
    )
    return f"{stem}_{BASES[answer or 'calendar']}_s"


def _runs_at_night(seconds: pd.Series, span: Span, zone: str) -> str | None:
    """ "cal" when the duration equals the clock time in nine of ten rows that touch a night or a weekend."""
    start, end = (stamp.dt.tz_convert(zone).dt.tz_localize(None) for stamp in span)
    closed = start.dt.day_of_week.ge(5) | end.dt.day_of_week.ge(5)
    for stamp in (start, end):
        closed = closed | stamp.dt.hour.lt(MORNING) | stamp.dt.hour.ge(EVENING)
    between = (span[1] - span[0]).dt.total_seconds()
    deciding = closed & between.gt(0) & seconds.notna()
    if int(deciding.sum()) < FEWEST_DECIDING:
        return None
    equal = (seconds - between).abs() <= np.maximum(SLACK_S, 0.02 * between)
    return "cal" if float(equal[deciding].mean()) >= 0.9 else None


def _says_calendar(header: str) -> bool:
    return "calendar" in header.casefold() or "clock" in header.casefold()


def read_count(raw: RawTable, column: Column, ledger: Ledger) -> pd.Series:
    """Counts as Int64; yes and no become 1 and 0."""
    text = raw.cells[column.header]
    flags = {folded(word): int(value) for word, value in vocabulary.BOOL.items() if not word.isdigit()}
    worded = map_cells(text, lambda cell: flags.get(folded(cell)))
    rest = text.mask(worded.notna(), "")
    counts = pd.Series(pd.NA, index=text.index, dtype="Int64")
    if rest.str.strip().ne("").any():
        values = read_amount(raw, column, ledger, rest)
        whole = values.round()
        counts = whole.where(whole.eq(values) | values.isna()).mask(values < 0).astype("Int64")
        bad = np.asarray((values.notna() & counts.isna()).astype(bool))
        ledger.note("C_NUM_UNPARSEABLE", column.header, bad, text, "nulled", "not a count")
    return counts.mask(worded.notna(), pd.Series(worded, dtype="Int64"))


def read_amount(raw: RawTable, column: Column, ledger: Ledger, text: pd.Series | None = None) -> pd.Series:
    """Numbers as Float64, decimal sign settled per column."""
    text = raw.cells[column.header] if text is None else text
    shape = recognise_numbers(text)
    if shape is None:
        filled = np.asarray(text.str.strip().ne(""))
        ledger.note("C_NUM_UNPARSEABLE", column.header, filled, text, "nulled", "the column holds no numbers")
        return pd.Series(pd.NA, index=text.index, dtype="Float64")
    reading = read_numbers(text, shape, records=raw.records, column=column.header)
    ledger.add(reading.findings)
    if not shape.integer:
        ledger.settings.setdefault("decimal", shape.decimal)
        if shape.thousands:
            ledger.settings.setdefault("thousands", shape.thousands)
    if shape.percent and column.field.endswith("_pct"):
        return reading.values * 100
    return reading.values
