"""Scores: which scale a column uses, and its answers normalised, labelled and bucketed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kpi.ingest.reading.nouns import Finding


@dataclass(frozen=True)
class ScaleShape:
    """The scale of one column.

    ``kind`` "csat", "nps", "ces" or "other"; ``words``: casefolded word → place on the scale (None for answers that
    are none: "offered"); ``certain`` False when it must be asked, ``reason`` then says why;
    ``share``: part of the filled cells on the scale.
    """

    low: float
    high: float
    higher_is_better: bool
    certain: bool
    kind: str
    words: Mapping[str, float | None] = field(default_factory=dict)
    symbols: bool = False
    reason: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class ScoreReading:
    """Aligned with the text: ``raw`` (Float64, on the scale), ``norm`` (Float64 0-100, direction corrected),
    ``label`` (str: positive / neutral / negative), ``bucket`` (str: promoter / passive / detractor, nps only),
    ``offered`` (boolean: True where answered or "offered", False for "not offered", else missing).
    """

    raw: pd.Series
    norm: pd.Series
    label: pd.Series
    bucket: pd.Series
    offered: pd.Series
    findings: tuple[Finding, ...]
    masks: Mapping[str, np.ndarray]


def recognise_scale(
    text: pd.Series, header: str = "", *, none_rows: np.ndarray | None = None
) -> ScaleShape | None:
    """The scale of a column, None when it holds no scores. ``none_rows``: rows where 0 means "no answer"."""
    raise NotImplementedError


def read_scores(
    text: pd.Series,
    shape: ScaleShape,
    *,
    none_rows: np.ndarray | None = None,
    records: np.ndarray | None = None,
    column: str | None = None,
) -> ScoreReading:
    """Scores of a column; C_SCORE_OUT_OF_SCALE, C_SCORE_SYMBOLS and C_PLACEHOLDER say what was done."""
    raise NotImplementedError
