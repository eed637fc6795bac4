"""Canonical columns as plain arrays with a mask of where they are known."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY, local_days, local_parts

Bools = NDArray[np.bool_]
SECOND = 1_000_000_000
LARGEST = 2**31 - 2
UNKNOWN_HOUR = 24


class Known(NamedTuple):
    """Values (0 or "" where unknown) and where they are known."""

    values: NDArray[Any]
    known: Bools


class Words(NamedTuple):
    """A column of few words: a code for each row (−1 where unknown) and the words in lower case."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def known(self) -> Bools:
        """Where there is a word."""
        found: Bools = self.codes >= 0
        return found

    def among(self, *words: str) -> Bools:
        """Where the word is one of these."""
        hits = np.array([name in words for name in self.names] + [False], dtype=np.bool_)
        found: Bools = hits[self.codes]
        return found


class Canonical:
    """Reads columns of one canonical table; a column that is not there is unknown everywhere."""

    def __init__(self, name: str, rows: pd.DataFrame) -> None:
        self.name = name
        self.rows = rows
        self.size = len(rows)

    def has(self, column: str) -> bool:
        """Whether the column is there with any value."""
        return column in self.rows.columns and bool(self.rows[column].notna().any())

    def nothing(self) -> Bools:
        """A mask that is false everywhere."""
        return np.zeros(self.size, dtype=np.bool_)

    def time(self, column: str) -> Known:
        """UTC nanoseconds since 1970."""
        if column not in self.rows.columns:
            return Known(np.zeros(self.size, np.int64), self.nothing())
        index = pd.DatetimeIndex(pd.to_datetime(self.rows[column], utc=True))
        stamps = index.tz_convert(None).as_unit("ns").to_numpy()
        known = ~np.isnat(stamps)
        return Known(np.where(known, stamps.view(np.int64), 0), known)

    def number(self, column: str) -> Known:
        """Floats."""
        if column not in self.rows.columns:
            return Known(np.zeros(self.size), self.nothing())
        values = pd.to_numeric(self.rows[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(values)
        return Known(np.where(known, values, 0.0), known)

    def flag(self, column: str) -> Known:
        """Booleans."""
        if column not in self.rows.columns:
            return Known(self.nothing(), self.nothing())
        series = self.rows[column]
        known = series.notna().to_numpy(dtype=np.bool_)
        values = series.astype("boolean").fillna(False).to_numpy(dtype=np.bool_)
        return Known(values & known, known)

    def text(self, column: str) -> Words:
        """Words in lower case."""
        if column not in self.rows.columns:
            return Words(np.full(self.size, -1, np.int64), ())
        codes, names = pd.factorize(self.rows[column], use_na_sentinel=True)
        return Words(codes.astype(np.int64), tuple(str(name).strip().lower() for name in names))

    def keys(self, *columns: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Codes of the first column that has a key in each row (−1 where none has), and the distinct keys."""
        found: pd.Series | None = None
        for column in columns:
            if column in self.rows.columns:
                series = self.rows[column].astype("str")
                found = series if found is None else found.where(found.notna(), series)
        if found is None:
            return np.full(self.size, -1, np.int64), np.zeros(0, dtype=object)
        codes, names = pd.factorize(found.str.strip().replace("", None), use_na_sentinel=True)
        return codes.astype(np.int64), np.asarray(names, dtype=object)


def places(keys: pd.Series, among: pd.Series, *, last: bool = False) -> NDArray[np.int64]:
    """Row number in ``among`` of each key; −1 where it is missing or not there.

    Of repeated keys the first row is taken, or the last.
    """
    both = pd.concat([among.astype("str"), keys.astype("str")], ignore_index=True)
    codes, names = pd.factorize(both, use_na_sentinel=True)
    theirs, ours = codes[: len(among)], codes[len(among) :]
    rows = np.flatnonzero(theirs >= 0)
    rows = rows if last else rows[::-1]
    row_of = np.full(len(names) + 1, -1, np.int64)
    row_of[theirs[rows]] = rows
    found: NDArray[np.int64] = row_of[ours]
    return found


def days_of(time: Known, zone: str) -> NDArray[np.int32]:
    """Local days of known times, ``MISSING_DAY`` elsewhere."""
    return local_days(_stamps(time), zone)


def hours_of(time: Known, zone: str) -> NDArray[np.uint8]:
    """Local hour 0-23 of known times, 24 elsewhere."""
    hours = local_parts(_stamps(time), zone).hour
    return np.where(hours < 0, UNKNOWN_HOUR, hours).astype(np.uint8)


def _stamps(time: Known) -> NDArray[np.datetime64]:
    stamps = time.values.astype("datetime64[ns]")
    return np.where(time.known, stamps, np.datetime64("NaT", "ns"))


def as_times(time: Known) -> pd.DatetimeIndex:
    """Known times as a UTC index (NaT elsewhere), for the calendars."""
    return pd.DatetimeIndex(_stamps(time), tz="UTC")


def whole(values: NDArray[Any], known: Bools) -> NDArray[np.int32]:
    """Rounded to int32, 0 where unknown; what is larger than fits is the largest that fits."""
    return np.where(known, np.clip(np.rint(values), -LARGEST, LARGEST), 0).astype(np.int32)


def flags(mask: Bools) -> NDArray[np.uint8]:
    """A mask as compact flags, in memory of their own: a mask changed later changes no fact."""
    return mask.astype(np.uint8)


def known_days(days: NDArray[np.int32]) -> Bools:
    """Where there is a day."""
    found: Bools = days != MISSING_DAY
    return found
