"""Satisfaction, recommendation and effort scores of one file: scale by content, else by question."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.cells import ScaleShape, ScoreReading, read_scores, recognise_scale
from kpi.ingest.mapping import Column, Plan
from kpi.ingest.nouns import Question
from kpi.ingest.questions import Asking
from kpi.ingest.reading import RawTable
from kpi.ingest.wording import map_cells
from kpi.ingest.words import folded

SCALE = re.compile(
    r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(-?\d+(?:\.\d+)?)\s*(?:,\s*(high|low)\s*(?:is|=)?\s*(?:good|best|easy)?)?\s*",
    re.I,
)
WORDS_SCALE = (0.0, 100.0)


def read_rating(
    raw: RawTable, column: Column, plan: Plan, asking: Asking, ledger: Ledger, none_rows: np.ndarray | None
) -> dict[str, pd.Series]:
    """Canonical columns of a score: ``csat_*``, ``nps_*`` or ``ces_*``, with the scale beside them.

    ``none_rows``: rows where 0 means "no answer" (calls that nobody answered).
    """
    text = raw.cells[column.header]
    words = plan.words.get(column.words or column.kind)
    if words:
        return _by_words(raw, text, column, words, asking, ledger)
    shape = recognise_scale(text, column.header, none_rows=none_rows)
    if shape is None:
        filled = np.asarray(text.str.strip().ne(""))
        ledger.note("C_NUM_UNPARSEABLE", column.header, filled, text, "nulled", "the column holds no scores")
        return {}
    shape = _settle(text, column, shape, asking)
    reading = read_scores(text, shape, none_rows=none_rows, records=raw.records, column=column.header)
    ledger.add(reading.findings)
    shown = text if none_rows is None else text.mask(none_rows & reading.raw.isna(), "")
    return _columns(column.kind, shown, reading, shape)


def _settle(text: pd.Series, column: Column, shape: ScaleShape, asking: Asking) -> ScaleShape:
    """The scale with the answer taken into account; asked only when the column does not tell."""
    if column.scale:
        low, high, up = column.scale
        return replace(shape, low=low, high=high, higher_is_better=up, certain=True)
    key = f"scale:{column.header}"
    if shape.certain:
        answer = asking.volunteered(
            key, lambda given: SCALE.fullmatch(given) is not None, "'1-5, high is good'"
        )
    else:
        default = write_scale(shape.low, shape.high, shape.higher_is_better)
        answer, _ = asking.ask(
            Question(
                id=key,
                about=f"Which scale does '{column.header}' use, and which end is good?",
                default=default,
                choices=_choices(column.kind, default),
                column=column.header,
                examples=tuple(text[text.str.strip() != ""].str.strip().unique()[:3]),
                why=shape.reason or "The cells fit more than one scale; scores and shares depend on it.",
            ),
            f"'{column.header}' was read on the scale {default}.",
        )
    found = SCALE.fullmatch(answer) if answer else None
    if found is None:
        return shape
    low, high = float(found[1]), float(found[2])
    up = shape.higher_is_better if found[3] is None else found[3].casefold() == "high"
    return replace(shape, low=low, high=high, higher_is_better=up, certain=True)


def write_scale(low: float, high: float, higher_is_better: bool) -> str:
    """A scale as an answer.

    >>> write_scale(1, 7, True)
    '1-7, high is good'
    """
    return f"{low:g}-{high:g}, {'high' if higher_is_better else 'low'} is good"


def _choices(kind: str, default: str) -> tuple[str, ...]:
    ends = ((1, 5), (1, 7)) if kind == "ces" else ((1, 5), (1, 7), (0, 5), (1, 10), (0, 10), (0, 100))
    written = [write_scale(low, high, up) for low, high in ends for up in (True, False)]
    return tuple(dict.fromkeys((default, *written)))


def _columns(kind: str, text: pd.Series, reading: ScoreReading, shape: ScaleShape) -> dict[str, pd.Series]:
    answered = reading.raw.notna() | reading.label.notna()
    raw_text = text.str.strip().where(text.str.strip() != "").astype("str")
    if kind == "nps":
        return {"nps_raw": reading.raw.round().astype("Int64"), "nps_bucket": reading.bucket.astype("str")}
    if kind == "ces":
        return {
            "ces_raw": reading.raw,
            "ces_norm": reading.norm,
            "ces_scale_max": _constant(shape.high, answered),
            "ces_scale_min": _constant(shape.low, answered),
            "ces_higher_is_better": pd.Series(
                shape.higher_is_better, index=text.index, dtype="boolean"
            ).where(answered),
        }
    return {
        "csat_raw": raw_text,
        "csat_score": reading.raw,
        "csat_norm": reading.norm,
        "csat_label": reading.label.astype("str"),
        "csat_offered": reading.offered.astype("boolean"),
        "scale_min": _constant(shape.low, answered),
        "scale_max": _constant(shape.high, answered),
        "higher_is_better": pd.Series(shape.higher_is_better, index=text.index, dtype="boolean").where(
            answered
        ),
    }


def _constant(value: float, where: pd.Series) -> pd.Series:
    return pd.Series(float(value), index=where.index, dtype="Float64").where(where)


def _by_words(
    raw: RawTable, text: pd.Series, column: Column, words: object, asking: Asking, ledger: Ledger
) -> dict[str, pd.Series]:
    """Scores written as the words of a source; numbers among them are read on their own scale."""
    table = {folded(word): value for word, value in dict(words).items()}  # type: ignore[call-overload]
    places = {"positive": 100.0, "neutral": 50.0, "negative": 0.0}

    def norm_of(cell: str) -> float | None:
        value = table.get(folded(cell))
        return places[value] if isinstance(value, str) else value

    known = map_cells(text, lambda cell: folded(cell) in table).astype(bool)
    norm = pd.Series(map_cells(text, norm_of), dtype="Float64")
    score, low, high = (
        norm.copy(),
        _constant(WORDS_SCALE[0], norm.notna()),
        _constant(WORDS_SCALE[1], norm.notna()),
    )
    rest = text.mask(known, "")
    label = norm.map(_label_of, na_action="ignore").astype("str")
    if rest.str.strip().ne("").any():
        shape = recognise_scale(rest, column.header)
        if shape is None:
            left = np.asarray(rest.str.strip().ne(""))
            ledger.note("C_ENUM_UNKNOWN", column.header, left, text, "no score, raw text kept")
        else:
            shape = _settle(rest, column, shape, asking)
            reading = read_scores(rest, shape, records=raw.records, column=column.header)
            ledger.add(reading.findings)
            answered = reading.raw.notna()
            norm, score = norm.fillna(reading.norm), score.fillna(reading.raw)
            label = label.fillna(reading.label)
            low, high = (
                low.fillna(_constant(shape.low, answered)),
                high.fillna(_constant(shape.high, answered)),
            )
    answered = norm.notna()
    columns = {
        "csat_raw": text.str.strip().where(text.str.strip() != "").astype("str"),
        "csat_score": score,
        "csat_norm": norm,
        "csat_label": label,
        "scale_min": low,
        "scale_max": high,
        "higher_is_better": pd.Series(True, index=text.index, dtype="boolean").where(answered),
    }
    if column.also is None:
        columns["csat_offered"] = pd.Series(True, index=text.index, dtype="boolean").where(answered)
    return columns


def _label_of(norm: float) -> str:
    return "positive" if norm > 50 else "negative" if norm < 50 else "neutral"
