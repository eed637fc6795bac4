"""What a column looks like: the content tests of the generic path, each made once and only when asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import pandas as pd

from kpi.ingest.cells import vocabulary
from kpi.ingest.cells.dates import DateShape, read_dates, recognise_dates
from kpi.ingest.cells.durations import DurationShape, recognise_durations
from kpi.ingest.cells.keys import looks_like_ids
from kpi.ingest.cells.numbers import NumberShape, read_numbers, recognise_numbers
from kpi.ingest.words import DIRECTIONS, OUTCOMES, SENTIMENTS, SLA_SIDES, STATUSES_TOO, folded

SAMPLE = 2000
COMPARED = 4000
TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[ap]\.?m\.?)?", re.IGNORECASE)
DAY_FRACTION = re.compile(r"0?[.,]\d+|0|1")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PERSON = re.compile(r"[^\W\d_][\w.'’-]*,? [^\W\d_][\w.'’ -]*")


class Profile:
    """One column of a raw table under test. ``text`` is the whole column, "" where empty."""

    def __init__(self, header: str, text: pd.Series, rows: int) -> None:
        self.header = header
        self.text = text
        self.rows = rows

    @cached_property
    def filled(self) -> np.ndarray:
        """Which cells hold something other than a blank or a placeholder."""
        empty = self.text.str.strip().str.lower().isin([*PLACEHOLDERS, ""])
        return np.asarray(~empty.astype(bool))

    @cached_property
    def fill(self) -> float:
        """Share of cells that are filled."""
        return float(self.filled.mean()) if self.rows else 0.0

    @cached_property
    def values(self) -> pd.Series:
        """All filled cells."""
        return self.text[self.filled]

    @cached_property
    def sample(self) -> pd.Series:
        """Up to 2,000 filled cells, taken evenly over the column."""
        step = max(1, len(self.values) // SAMPLE)
        return self.values.iloc[::step].iloc[:SAMPLE]

    @cached_property
    def distinct(self) -> int:
        """Number of different filled cells."""
        return int(self.values.nunique())

    @property
    def unique(self) -> float:
        """Distinct cells as a share of filled cells."""
        return self.distinct / len(self.values) if len(self.values) else 0.0

    @cached_property
    def dates(self) -> DateShape | None:
        """Date shape when nine cells in ten are dates."""
        if not len(self.sample) or self.times_of_day >= 0.9:
            return None
        shape = recognise_dates(self.values)
        return shape if shape is not None and shape.share >= 0.8 else None

    @cached_property
    def moments(self) -> np.ndarray:
        """Up to 4,000 of the dates, taken evenly over the column (datetime64[ns], NaT where there is none).

        Which date comes first hardly depends on the order of day and month; that is settled or asked later.
        """
        text = self.text.iloc[:: max(1, len(self.text) // COMPARED)]
        if self.dates is None:
            return np.full(len(text), np.datetime64("NaT", "ns"))
        shape = self.dates.with_order("dmy") if self.dates.order == "ambiguous" else self.dates
        reading = read_dates(text, shape, "UTC", now=datetime.now(tz=UTC))
        return np.asarray(reading.values.dt.tz_localize(None).to_numpy(dtype="datetime64[ns]"))

    @cached_property
    def numbers(self) -> NumberShape | None:
        """Number shape when the column is numeric."""
        return recognise_numbers(self.sample) if len(self.sample) else None

    @cached_property
    def amounts(self) -> np.ndarray:
        """The sample as numbers (NaN where unreadable); empty when not numeric."""
        if self.numbers is None:
            return np.empty(0)
        read = read_numbers(self.sample, self.numbers).values
        return np.asarray(read.to_numpy(dtype="float64", na_value=np.nan))

    @cached_property
    def durations(self) -> DurationShape | None:
        """Duration shape of the column."""
        return recognise_durations(self.sample) if len(self.sample) else None

    @cached_property
    def ids(self) -> float:
        """How much the cells look like ids, 0-1."""
        return float(looks_like_ids(self.sample)) if len(self.sample) else 0.0

    @cached_property
    def times_of_day(self) -> float:
        """Share of cells that are clock times or fractions of a day."""
        if not len(self.sample):
            return 0.0
        clock = self.share_of(TIME_OF_DAY)
        return clock if clock >= 0.5 else self.share_of(DAY_FRACTION)

    @cached_property
    def emails(self) -> float:
        """Share of cells with an e-mail address."""
        return self.share_of(EMAIL)

    @cached_property
    def people(self) -> float:
        """Share of cells with two or more words and no digit, like a name."""
        return self.share_of(PERSON)

    def share_of(self, pattern: re.Pattern[str]) -> float:
        """Share of sampled cells that match a pattern wholly."""
        if not len(self.sample):
            return 0.0
        return sum(pattern.fullmatch(value.strip()) is not None for value in self.sample) / len(self.sample)

    @cached_property
    def words(self) -> pd.Series:
        """The sampled cells folded for look-up."""
        return self.sample.map(folded)

    def coverage(self, kind: str) -> float:
        """Share of cells that a vocabulary knows."""
        if not len(self.sample):
            return 0.0
        return float(self.words.isin(VOCABULARIES[kind]).mean())


PLACEHOLDERS = frozenset(word.casefold() for word in vocabulary.PLACEHOLDERS)
VOCABULARIES: dict[str, frozenset[str]] = {
    "status": frozenset(folded(word) for word in (*vocabulary.STATUS, *STATUSES_TOO)),
    "priority": frozenset(folded(word) for word in vocabulary.PRIORITY),
    "channel": frozenset(folded(word) for word in vocabulary.CHANNEL),
    "flag": frozenset(folded(word) for word in vocabulary.BOOL),
    "sla": frozenset(folded(word) for word in vocabulary.SLA) | SLA_SIDES,
    "csat": frozenset(folded(word) for word in vocabulary.CSAT),
    "outcome": frozenset(OUTCOMES),
    "direction": frozenset(DIRECTIONS),
    "sentiment": frozenset(SENTIMENTS),
}
