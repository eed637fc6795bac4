"""Numbers as people write them: decimal and thousands signs are settled per column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.ingest.reading.nouns import Finding


@dataclass(frozen=True)
class NumberShape:
    """How the numbers of one column are written.

    ``decimal`` "." or ","; ``thousands`` "", ",", ".", " " or "'"; ``suffix`` the usual sign after or before the
    number ("€", "%", ""); ``percent``: read to 0-1; ``integer``: no cell has decimals; ``certain`` False where
    "1,234" can be meant both ways; ``share``: part of the filled cells that can be read.
    """

    decimal: str
    thousands: str
    suffix: str
    percent: bool
    integer: bool
    certain: bool
    share: float

    def with_decimal(self, decimal: str) -> NumberShape:
        """The same shape with the decimal sign settled."""
        raise NotImplementedError


@dataclass(frozen=True)
class NumberReading:
    """``values``: Float64 with missing values; ``masks``: rows (bool arrays) by finding code."""

    values: pd.Series
    percent: bool
    findings: tuple[Finding, ...]
    masks: Mapping[str, np.ndarray]


def recognise_numbers(text: pd.Series) -> NumberShape | None:
    """The shape of a column of numbers, None when under 80 % of the filled cells are numbers."""
    raise NotImplementedError


def read_numbers(
    text: pd.Series, shape: NumberShape, *, records: np.ndarray | None = None, column: str | None = None
) -> NumberReading:
    """Numbers of a column; C_NUM_UNPARSEABLE and C_PLACEHOLDER say what was nulled."""
    raise NotImplementedError
