"""Dates and times of one column: recognised as a whole, read in one pass, to UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from kpi.ingest.cells.clocks import seconds_of_day
from kpi.ingest.cells.days import to_days
from kpi.ingest.cells.findings import Ledger
from kpi.ingest.cells.instants import is_zone, to_instants
from kpi.ingest.cells.layouts import Distinct, distinct
from kpi.ingest.cells.orders import decide
from kpi.ingest.cells.stamps import NO_OFFSET, NONE, NUMBER, Parts, take_apart
from kpi.ingest.cells.vocabulary import is_nothing
from kpi.ingest.reading.nouns import Finding

LEAST = 0.8
"""A column is one of dates from this share of its filled cells on."""

SAMPLE = 2_000
"""Distinct cells that are tried before a long column is taken apart."""

GRADES = ("day", "minute", "second")


@dataclass(frozen=True)
class DateShape:
    """How the dates of one column are written.

    ``order`` "ymd" (also where nothing is to be decided: month words, epochs), "dmy", "mdy" or "ambiguous"
    (all parts up to 12: ask, or take it from a sister column);
    ``precision`` "day", "minute" or "second"; ``zone``: the zone that the cells declare themselves ("UTC",
    "+02:00", an IANA name, "offsets" when they differ), None without one; ``share``: part of the filled cells
    that are dates; ``kind`` "text", "epoch_s", "epoch_ms" or "serial" (numbers are dates only when the header
    says so too); ``half_converted``: a spreadsheet turned some of the cells round; ``groups``: order by way
    of writing; ``zone_unclear``: cells name a zone by a word that several zones share.
    """

    format: str
    order: str
    precision: str
    zone: str | None
    share: float
    kind: str = "text"
    half_converted: bool = False
    groups: tuple[tuple[str, str], ...] = ()
    zone_unclear: bool = False

    def with_order(self, order: str) -> DateShape:
        """The same shape with what is ambiguous settled as "dmy" or "mdy"; what is proven stays."""
        if order not in ("dmy", "mdy"):
            raise ValueError(f'an order is "dmy" or "mdy", not {order!r}')
        if self.order != "ambiguous":
            return self
        settled = tuple((label, order if found == "ambiguous" else found) for label, found in self.groups)
        return replace(self, order=order, groups=settled)


@dataclass(frozen=True)
class DateReading:
    """``values``: datetime64[ns, UTC] (local midnight of the zone for days), ``precision`` of the column,
    ``day_only``: rows (bool array) that have no time; ``masks``: rows by finding code; ``zone``: the zone
    that cells without an offset were read in.
    """

    values: pd.Series
    precision: str
    findings: tuple[Finding, ...]
    day_only: np.ndarray
    masks: Mapping[str, np.ndarray]
    zone: str = "UTC"


def recognise_dates(text: pd.Series) -> DateShape | None:
    """The shape of a column of dates with a year, None when under 80 % of the filled cells are dates.

    The order is decided by all cells of the column.

    >>> recognise_dates(pd.Series(["03.10.2025 09:15", "13.10.2025 12:00"], dtype="str")).order
    'dmy'
    >>> recognise_dates(pd.Series(["03/10/2025", "04/11/2025"], dtype="str")).order
    'ambiguous'
    """
    column = distinct(text)
    filled = ~is_nothing(column)
    if not filled.any() or not _promising(column, filled):
        return None
    parts = take_apart(column.values)
    weights = column.weights
    rows = int(weights[filled].sum())
    dated = (parts.state != NONE) & filled
    numeric = dated & (parts.state == NUMBER)
    share = float(weights[dated].sum()) / rows
    if share < LEAST:
        return None
    kind = "text"
    if weights[numeric].sum() > 0.5 * weights[dated].sum():
        labels = {parts.groups[number] for number in np.unique(parts.group[numeric]).tolist()}
        if len(labels) > 1 or bool((dated & ~numeric).any()):
            return None
        kind = labels.pop()
    decided = decide(parts, weights)
    grade = _column_grade(parts, dated, weights)
    return DateShape(
        format=max(parts.formats, key=lambda key: parts.formats[key]) if kind == "text" else kind,
        order=decided.order,
        precision=GRADES[grade],
        zone=_declared(parts, dated),
        share=share,
        kind=kind,
        half_converted=decided.half_converted,
        groups=decided.groups,
        zone_unclear=parts.unclear,
    )


def _promising(column: Distinct, filled: np.ndarray) -> bool:
    """Whether a sample spread over a long column has dates at all."""
    candidates = np.flatnonzero(filled)
    if len(candidates) <= 2 * SAMPLE:
        return True
    picked = candidates[np.linspace(0, len(candidates) - 1, SAMPLE).astype(np.int64)]
    return float((take_apart(column.values.take(picked)).state != NONE).mean()) > LEAST / 2


def _column_grade(parts: Parts, dated: np.ndarray, weights: np.ndarray) -> int:
    """Precision of a column: a time of 00:00:00 in every one of five or more cells is no time."""
    timed = dated & (parts.seconds >= 0)
    if not timed.any():
        return 0
    if (
        int(weights[dated].sum()) >= 5
        and not (parts.seconds[timed] > 0).any()
        and not parts.nanos[timed].any()
    ):
        return 0
    usual = np.bincount(parts.grade[timed], weights=weights[timed], minlength=3)
    grade = int(np.argmax(usual))
    if grade == 2 and int(weights[timed].sum()) >= 20 and not (parts.seconds[timed] % 60 > 0).any():
        return 1
    return grade


def _declared(parts: Parts, dated: np.ndarray) -> str | None:
    timed = dated & (parts.seconds >= 0)
    if not timed.any():
        return None
    offsets = np.unique(parts.offset[timed])
    places = np.unique(parts.place[timed])
    if len(places) == 1 and places[0] >= 0 and is_zone(parts.places[int(places[0])]):
        return parts.places[int(places[0])]
    if NO_OFFSET in offsets:
        return None
    if len(offsets) > 1:
        return "offsets"
    minutes = int(offsets[0]) // 60
    if minutes == 0:
        return "UTC"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def settle_order(shape: DateShape, sisters: Sequence[DateShape]) -> DateShape:
    """An ambiguous shape with the order that its sister columns prove; unchanged when they prove none or
    both.
    """
    proven = {
        sister.order for sister in sisters if sister.order in ("dmy", "mdy") and not sister.half_converted
    }
    if shape.order != "ambiguous" or len(proven) != 1:
        return shape
    return shape.with_order(proven.pop())


def read_dates(
    text: pd.Series,
    shape: DateShape,
    zone: str,
    *,
    hints: pd.Series | None = None,
    now: datetime,
    future: bool = False,
    records: np.ndarray | None = None,
    column: str | None = None,
) -> DateReading:
    """Dates of a column as UTC.

    ``zone``: IANA name (or "+02:00") for cells without an offset of their own; an IANA zone that the cells
    name (``shape.zone``) goes before it. ``hints``: expected UTC instants (datetime64[ns, UTC], NaT without
    one) that settle the doubled hour of autumn. ``future``: dates after ``now`` + 2 days are meant (due
    dates). Numbers in a column of text dates are read as serial days. Raises ValueError for an ambiguous
    order or an unknown zone.
    """
    _check(shape, zone)
    return _read(text, None, shape, zone, hints, now, future, Ledger(text, records, column))


def join_date_time(
    dates: pd.Series,
    times: pd.Series,
    shape: DateShape,
    zone: str,
    *,
    hints: pd.Series | None = None,
    now: datetime,
    future: bool = False,
    records: np.ndarray | None = None,
    column: str | None = None,
) -> DateReading:
    """A date column and a time-of-day column (both text) as one column of instants.

    A time in the date cells that is not midnight is kept; rows without a time stay days. An unreadable time
    is noted as C_DATE_UNPARSEABLE and leaves the day.
    """
    _check(shape, zone)
    ledger = Ledger(dates, records, column)
    return _read(dates, times, shape, zone, hints, now, future, ledger)


def _check(shape: DateShape, zone: str) -> None:
    if shape.order == "ambiguous":
        raise ValueError("the order of day and month is not settled: use with_order or settle_order first")
    if not is_zone(zone):
        raise ValueError(f"unknown time zone {zone!r}: give an IANA name such as Europe/Berlin, or +02:00")


def _read(
    text: pd.Series,
    times: pd.Series | None,
    shape: DateShape,
    zone: str,
    hints: pd.Series | None,
    now: datetime,
    future: bool,
    ledger: Ledger,
) -> DateReading:
    column = distinct(text)
    parts = take_apart(column.values)
    nothing = column.spread(is_nothing(column))
    day, good, swapped = to_days(parts, dict(shape.groups), shape.order, shape.half_converted)
    if shape.kind != "text":
        good &= (parts.state == NUMBER) & (
            parts.group == parts.groups.index(shape.kind) if shape.kind in parts.groups else False
        )
    seconds, grade = parts.seconds.copy(), parts.grade.copy()
    if shape.precision == "day" and times is None:
        seconds[parts.seconds == 0] = -1
    day, good = column.spread(day), column.spread(good)
    seconds, nanos, grade = column.spread(seconds), column.spread(parts.nanos), column.spread(grade)
    offset = column.spread(parts.offset)
    bad_time = np.zeros(len(text), dtype=bool)
    if times is not None:
        seconds, grade, bad_time = _with_times(times, seconds, grade)
    if shape.zone is not None and "/" in shape.zone and is_zone(shape.zone):
        zone = shape.zone
    instants = to_instants(day, np.where(good, seconds, -1), nanos, offset, good, zone, hints)
    empty = np.asarray(text.isna()) | nothing
    written = ~column.spread(column.blank)
    ledger.note("C_PLACEHOLDER", nothing & written, "read as empty")
    ledger.note("C_DATE_UNPARSEABLE", ~good & ~empty, "no such date: left empty")
    ledger.note("C_DATE_UNPARSEABLE", bad_time & good, "no such time of day: only the date is used")
    limit = pd.Timestamp(now)
    limit = limit.tz_localize("UTC") if limit.tzinfo is None else limit.tz_convert("UTC")
    latest = limit + (pd.Timedelta(days=365 * 20) if future else pd.Timedelta(days=2))
    outside = good & (
        (day < np.datetime64("1995-01-01", "D").astype(np.int64)) | (instants.values > latest).to_numpy()
    )
    outside |= good & instants.values.isna().to_numpy()
    ledger.note("C_DATE_OUT_OF_RANGE", outside, f"not between 1995 and {latest:%Y-%m-%d}: left empty")
    good &= ~outside
    values = instants.values.where(pd.Series(good))
    if shape.kind == "text":
        serial = good & column.spread(parts.state == NUMBER)
        ledger.note(
            "C_DATE_EXCEL_SERIAL", serial, lambda at: f"serial day read as {_local(instants.local, at)}"
        )
    foreign = good & column.spread(parts.foreign)
    ledger.note(
        "C_DATE_LOCALISED_MONTH", foreign, lambda at: f"month word read as {_local(instants.local, at)}"
    )
    turned = good & column.spread(swapped)
    ledger.note(
        "C_DATE_HALF_CONVERTED", turned, lambda at: f"day and month settled as {_local(instants.local, at)}"
    )
    doubled, missing = instants.doubled & good & (seconds >= 0), instants.missing & good & (seconds >= 0)
    ledger.note("C_DATE_DST_AMBIGUOUS", doubled, lambda at: _settled(instants.by_hint, values, at))
    ledger.note(
        "C_DATE_DST_NONEXISTENT",
        missing,
        lambda at: f"shifted forward to {values.iloc[at]:%Y-%m-%dT%H:%M:%SZ}",
    )
    day_only = good & (seconds < 0)
    values.index = text.index
    precision = shape.precision if times is None else _joined_grade(seconds, grade, good)
    return DateReading(values, precision, ledger.findings, day_only, ledger.masks, zone)


def _local(local: np.ndarray, at: int) -> str:
    return str(np.datetime64(int(local[at]), "s")).replace("T", " ").removesuffix(" 00:00:00")


def _settled(by_hint: np.ndarray, values: pd.Series, at: int) -> str:
    why = "settled by a duration" if by_hint[at] else "first of the two"
    return f"read as {values.iloc[at]:%Y-%m-%dT%H:%M:%SZ} ({why})"


def _joined_grade(seconds: np.ndarray, grade: np.ndarray, good: np.ndarray) -> str:
    timed = good & (seconds >= 0)
    if not timed.any():
        return "day"
    return GRADES[int(np.bincount(grade[timed], minlength=3)[1:].argmax()) + 1]


def _with_times(
    times: pd.Series, seconds: np.ndarray, grade: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(seconds, grade, unreadable) of a date column with the times of another one put in."""
    column = distinct(times)
    found, found_grade = seconds_of_day(column.values)
    bad = column.spread((found < 0) & ~is_nothing(column))
    found, found_grade = column.spread(found), column.spread(found_grade)
    use = (seconds <= 0) & (found >= 0)
    own = seconds > 0
    return (
        np.where(use, found, np.where(own, seconds, -1)),
        np.where(use, found_grade, np.where(own, grade, 0)).astype(np.int8),
        bad,
    )


def read_times_of_day(text: pd.Series) -> pd.Series:
    """Seconds after midnight (Float64) of "09:12:58", "9:12", "9:12 PM" and fractions of a day.

    >>> read_times_of_day(pd.Series(["9:12", "12:05 AM", "0.38400462962963", "x"], dtype="str")).tolist()
    [33120.0, 300.0, 33178.0, <NA>]
    """
    column = distinct(text)
    seconds, _ = seconds_of_day(column.values)
    found = column.spread(seconds).astype(np.float64)
    values = pd.Series(found, index=text.index).astype("Float64")
    return values.mask(pd.Series(found < 0, index=text.index))


def recognise_times_of_day(text: pd.Series) -> str | None:
    """Precision ("minute" or "second") of a column of times of day, None when it is none.

    Fractions of a day ("second") count where nearly all read cells are fractions and half of them have six
    decimals or more; the header must say time too, since other shares look the same.
    """
    column = distinct(text)
    filled = ~is_nothing(column)
    if not filled.any() or not _promising_times(column, filled):
        return None
    seconds, grade = seconds_of_day(column.values)
    weights = column.weights
    good = filled & (seconds >= 0)
    if weights[good].sum() < LEAST * weights[filled].sum():
        return None
    cells = column.values.to_pylist()
    colon = np.array(
        [":" in cell or not cell[:1].isdigit() or cell[-1:].lower() == "m" for cell in cells], dtype=bool
    )
    long = np.array([len(cell) >= 8 for cell in cells], dtype=bool)
    clock, fraction = int(weights[good & colon].sum()), int(weights[good & ~colon].sum())
    if clock < LEAST * weights[filled].sum():
        many = int(weights[good & ~colon & long].sum())
        return "second" if fraction >= 0.9 * weights[good].sum() and many * 2 >= fraction else None
    return GRADES[
        int(np.bincount(grade[good & colon], weights=weights[good & colon], minlength=3)[1:].argmax()) + 1
    ]


def _promising_times(column: Distinct, filled: np.ndarray) -> bool:
    candidates = np.flatnonzero(filled)
    picked = candidates[np.linspace(0, len(candidates) - 1, min(SAMPLE, len(candidates))).astype(np.int64)]
    return float((seconds_of_day(column.values.take(picked))[0] >= 0).mean()) > LEAST / 2


__all__ = [
    "DateReading",
    "DateShape",
    "join_date_time",
    "read_dates",
    "read_times_of_day",
    "recognise_dates",
    "recognise_times_of_day",
    "settle_order",
]
