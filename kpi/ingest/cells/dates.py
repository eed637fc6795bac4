"""Dates and times of one column: recognised as a whole, read in one pass, to UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from kpi.ingest.reading.nouns import Finding


@dataclass(frozen=True)
class DateShape:
    """How the dates of one column are written.

    ``order`` "ymd", "dmy", "mdy" or "ambiguous" (all parts up to 12: ask, or take it from a sister column);
    ``precision`` "day", "minute" or "second"; ``zone``: the zone that the cells declare themselves ("UTC", "+02:00",
    "offsets" when they differ), None without one; ``share``: part of the filled cells that are dates;
    ``kind`` "text", "epoch_s", "epoch_ms" or "serial" (numbers are dates only when the header says so too);
    ``half_converted``: a spreadsheet turned some of the cells round.
    """

    format: str
    order: str
    precision: str
    zone: str | None
    share: float
    kind: str = "text"
    half_converted: bool = False

    def with_order(self, order: str) -> DateShape:
        """The same shape with its order settled ("dmy" or "mdy")."""
        raise NotImplementedError


@dataclass(frozen=True)
class DateReading:
    """``values``: datetime64[ns, UTC] (local midnight of ``zone`` for days), ``precision`` of the column,
    ``day_only``: rows (bool array) that have no time; ``masks``: rows by finding code.
    """

    values: pd.Series
    precision: str
    findings: tuple[Finding, ...]
    day_only: np.ndarray
    masks: Mapping[str, np.ndarray]


def recognise_dates(text: pd.Series) -> DateShape | None:
    """The shape of a column of dates (each with a year), None when under 80 % of the filled cells are dates."""
    raise NotImplementedError


def settle_order(shape: DateShape, sisters: Sequence[DateShape]) -> DateShape:
    """An ambiguous shape with the order that its sister columns prove (unchanged when they prove none or both)."""
    raise NotImplementedError


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
    """Dates of a column as UTC. ``zone``: IANA name for cells without an offset of their own. ``hints``: expected
    UTC instants (datetime64[ns, UTC], NaT without one) that settle the doubled hour of autumn. ``future``: later dates
    than ``now`` + 2 days are meant (due dates). Raises ValueError for an ambiguous order or an unknown zone.
    """
    raise NotImplementedError


def read_times_of_day(text: pd.Series) -> pd.Series:
    """Seconds after midnight (Float64) of "09:12:58", "9:12", "9:12 PM" and day fractions "0.38400462962963"."""
    raise NotImplementedError


def recognise_times_of_day(text: pd.Series) -> str | None:
    """Precision ("minute" or "second") of a column of times of day, None when it is none."""
    raise NotImplementedError


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
    """A date column and a time-of-day column (both text) as one column of instants. Rows without a time stay days."""
    raise NotImplementedError
