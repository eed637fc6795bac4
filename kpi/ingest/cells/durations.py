"""Durations in clock, word and number form, as seconds; what unit and basis a column has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.ingest.reading.nouns import Finding


@dataclass(frozen=True)
class DurationShape:
    """How the durations of one column are written.

    ``kind`` "clock", "words", "number" or "mixed"; ``unit``: unit of the bare numbers when the column itself tells
    (usual unit of its worded cells), a suggestion to be confirmed; ``bare``, ``worded``, ``clock``: cells of each form;
    ``two_part`` "h:mm" or "m:ss": what "4:02" means, ``certain`` whether that is known;
    ``clock_time``: all cells are times of day ("12:02:23 AM") that a spreadsheet made of durations.
    """

    kind: str
    unit: str | None
    bare: int
    worded: int
    clock: int
    two_part: str
    certain: bool
    clock_time: bool
    decimal: str
    share: float


@dataclass(frozen=True)
class DurationReading:
    """``seconds``: Float64 with missing values; ``masks``: rows (bool arrays) by finding code."""

    seconds: pd.Series
    findings: tuple[Finding, ...]
    masks: Mapping[str, np.ndarray]


def recognise_durations(text: pd.Series, header: str = "") -> DurationShape | None:
    """The shape of a column of durations, None when under 80 % of the filled cells are durations or numbers."""
    raise NotImplementedError


def read_durations(
    text: pd.Series,
    unit: str | None,
    *,
    shape: DurationShape | None = None,
    records: np.ndarray | None = None,
    column: str | None = None,
) -> DurationReading:
    """Seconds of a column. ``unit`` ("seconds", "minutes", "hours", "days", "milliseconds") is that of bare numbers;
    with None they stay null (C_DUR_UNPARSEABLE, "number without a unit").
    """
    raise NotImplementedError


def unit_from_header(header: str) -> str | None:
    """The unit that a header names, "h:mm", "h:mm:ss" or "m:ss" for clock forms, None without one."""
    raise NotImplementedError


def test_unit(d: pd.Series, a: pd.Series, b: pd.Series) -> str | None:
    """Unit of the numbers ``d`` by the stamps ``a`` and ``b``; None when it must be asked."""
    raise NotImplementedError


def test_basis(d: pd.Series, a: pd.Series, b: pd.Series) -> str | None:
    """ "cal" or "bus" of the seconds ``d`` by the stamps ``a`` and ``b``; None when it must be asked."""
    raise NotImplementedError
