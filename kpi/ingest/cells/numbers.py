"""Numbers as people write them: decimal and thousands signs are settled per column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi.ingest.cells.findings import Ledger
from kpi.ingest.cells.layouts import Distinct, distinct
from kpi.ingest.cells.numerals import evaluate, prove_signs, take_numerals
from kpi.ingest.cells.vocabulary import is_nothing
from kpi.ingest.reading.nouns import Finding

LEAST = 0.8
"""A column is one of numbers from this share of its filled cells on."""

SAMPLE = 2_000


@dataclass(frozen=True)
class NumberShape:
    """How the numbers of one column are written.

    ``decimal`` "." or ","; ``thousands`` "", ",", ".", " " or "'"; ``suffix`` the usual sign after or before
    the number ("€", "%", ""); ``percent``: read to 0-1; ``integer``: no cell has decimals; ``certain`` False
    where "1,234" can be meant both ways; ``share``: part of the filled cells that can be read.
    """

    decimal: str
    thousands: str
    suffix: str
    percent: bool
    integer: bool
    certain: bool
    share: float

    def with_decimal(self, decimal: str) -> NumberShape:
        """The same shape with an open decimal sign settled; a proven one stays."""
        if decimal not in (".", ","):
            raise ValueError(f'a decimal sign is "." or ",", not {decimal!r}')
        if self.certain:
            return self
        return replace(self, decimal=decimal, thousands="," if decimal == "." else ".", certain=True)


@dataclass(frozen=True)
class NumberReading:
    """``values``: Float64 with missing values (percent as 0-1); ``masks``: rows (bool arrays) by finding
    code.
    """

    values: pd.Series
    percent: bool
    findings: tuple[Finding, ...]
    masks: Mapping[str, np.ndarray]


def recognise_numbers(text: pd.Series, *, decimal: str | None = None) -> NumberShape | None:
    """The shape of a column of numbers, None when under 80 % of the filled cells are numbers.

    ``decimal``: the sign that other columns of the file prove; it settles columns like "1,234".

    >>> shape = recognise_numbers(pd.Series(["1.234,50 €", "0,00 €", "-"], dtype="str"))
    >>> shape.decimal, shape.thousands, shape.suffix
    (',', '.', '€')
    """
    column = distinct(text)
    filled = ~is_nothing(column)
    if not filled.any() or not _promising(column, filled):
        return None
    weights = np.where(filled, column.weights, 0)
    numerals = take_numerals(column.values)
    signs = prove_signs(numerals, weights, decimal)
    values = evaluate(numerals, signs.decimal)
    good = filled & ~np.isnan(values)
    share = float(weights[good].sum() / weights.sum())
    if share < LEAST:
        return None
    suffix = _usual(numerals.suffix[good], weights[good])
    return NumberShape(
        decimal=signs.decimal,
        thousands=signs.thousands,
        suffix=suffix,
        percent=suffix == "%",
        integer=bool((values[good] % 1 == 0).all()) and suffix != "%",
        certain=signs.certain,
        share=share,
    )


def _promising(column: Distinct, filled: np.ndarray) -> bool:
    candidates = np.flatnonzero(filled)
    if len(candidates) <= 2 * SAMPLE:
        return True
    picked = candidates[np.linspace(0, len(candidates) - 1, SAMPLE).astype(np.int64)]
    return float(take_numerals(column.values.take(picked)).found.mean()) > LEAST / 2


def _usual(suffixes: np.ndarray, weights: np.ndarray) -> str:
    """The suffix that at least half of the cells have, else none; of several the most frequent."""
    counts: dict[str, int] = {}
    codes, names = pd.factorize(suffixes)
    for name, count in zip(names, np.bincount(codes, weights=weights, minlength=len(names)), strict=True):
        counts[str(name)] = int(count)
    signs = {name: count for name, count in counts.items() if name}
    if not signs:
        return ""
    best = max(signs, key=lambda name: signs[name])
    return best if signs[best] * 2 >= sum(counts.values()) or best != "%" else ""


def read_numbers(
    text: pd.Series, shape: NumberShape, *, records: np.ndarray | None = None, column: str | None = None
) -> NumberReading:
    """Numbers of a column; C_NUM_UNPARSEABLE and C_PLACEHOLDER say what was nulled.

    A cell of another currency, a percent sign in a column without, or a missing one in a column of percents
    (other than 0) is not read: its unit is not that of the column.
    """
    ledger = Ledger(text, records, column)
    cells = distinct(text)
    nothing = is_nothing(cells)
    numerals = take_numerals(cells.values)
    values = evaluate(numerals, shape.decimal)
    percent = numerals.suffix == "%"
    other = (
        (numerals.suffix != shape.suffix) & (numerals.suffix != "")
        if shape.suffix or percent.any()
        else percent
    )
    if shape.percent:
        other = other | ((numerals.suffix == "") & (values != 0))
        values = values / 100
    values = np.where(other | nothing, np.nan, values)
    spread = cells.spread(values)
    ledger.note("C_PLACEHOLDER", cells.spread(nothing & ~cells.blank), "read as empty")
    foreign = cells.spread(other & numerals.found & ~nothing)
    unread = cells.spread(np.isnan(values) & ~nothing)
    ledger.note("C_NUM_UNPARSEABLE", unread & ~foreign, "not a number: left empty")
    ledger.note("C_NUM_UNPARSEABLE", unread & foreign, "another unit than the column: left empty")
    found = pd.Series(spread, index=text.index).astype("Float64")
    return NumberReading(found.mask(np.isnan(spread)), shape.percent, ledger.findings, ledger.masks)
