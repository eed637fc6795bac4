"""Scores: which scale a column uses, and its answers normalised, labelled and bucketed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from kpi.ingest.cells.answers import BUCKETS, Answer, place_words, read_answer
from kpi.ingest.cells.findings import Ledger
from kpi.ingest.cells.layouts import Distinct, distinct
from kpi.ingest.cells.vocabulary import NOT_ANSWERED, fold, is_nothing
from kpi.ingest.reading.nouns import Finding

LEAST = 0.8
"""A column is one of scores from this share of its filled cells on."""

MOST_DISTINCT = 500
"""A column with more distinct cells is no score."""

SLIPS = 0.02
"""Values off a scale up to this share (or one alone) are slips, not a longer scale."""

SURE = 50
"""From so many answers on, one that stands apart within 6-10 is a slip without a question."""

_NPS = re.compile(
    r"\bnps\b|promot|recommend|recomend|recommand|weiterempf|empfehl|consigli|aanbevel|poleci", re.I
)
_CES = re.compile(
    r"\bces\d?\b|effort|\beas[ey]|einfach|aufwand|esfuerzo|sforzo|esforço|inspanning|wysił", re.I
)
_CSAT = re.compile(
    r"csat|satisf|rating|rated|\bnote\b|stars?\b|score|survey|zufried|bewert|sterne|soddisf|satisfa|tevreden|zadowol|ocena|smiley|feedback",
    re.I,
)
_EASY = re.compile(r"\beas[ey]|einfach|fácil|facile|makkelijk", re.I)
_GERMAN_MARK = re.compile(r"(?:schul|gesamt|durchschnitts)note", re.I)
_MARK = re.compile(r"\s*note\s*", re.I)
_OUT_OF = re.compile(r"(?:\bsur|\bvon|\bout of|\bsu|\bauf|/)\s*(3|4|5|6|7|10|20|100)\b", re.I)
_RANGE = re.compile(r"(?<!\d)([01])\s*(?:-|–|to|bis|à|a|\.\.)\s*(3|4|5|6|7|10|100)(?!\d)", re.I)


@dataclass(frozen=True)
class ScaleShape:
    """The scale of one column.

    ``kind`` "csat", "nps", "ces" or "other"; ``words``: answer word → place on the scale (for NPS bucket
    words the scale is 0-2); ``symbols``: some answers are stars; ``certain`` False when it must be asked,
    ``reason`` then says why; ``share``: part of the filled cells on the scale.
    """

    low: float
    high: float
    higher_is_better: bool
    certain: bool
    kind: str
    words: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    symbols: bool = False
    reason: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class ScoreReading:
    """Aligned with the text.

    ``raw`` (Float64, on the scale), ``norm`` (Float64 0-100, direction corrected), ``label`` (str: positive,
    neutral, negative; not for NPS), ``bucket`` (str: promoter, passive, detractor; NPS only), ``offered``
    (boolean: True where answered or "offered", False for "not offered", else missing).
    """

    raw: pd.Series
    norm: pd.Series
    label: pd.Series
    bucket: pd.Series
    offered: pd.Series
    findings: tuple[Finding, ...]
    masks: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class _Answers:
    """The distinct answers of a column, their rows, and which distinct cells are no answer."""

    column: Distinct
    answers: list[Answer | None]
    weights: np.ndarray
    offered: list[bool | None]
    nothing: np.ndarray


def _answers(text: pd.Series, none_rows: np.ndarray | None) -> _Answers | None:
    column = distinct(text)
    if len(column.values) > MOST_DISTINCT:
        return None
    cells = column.values.to_pylist()
    nothing = is_nothing(column)
    offered = [NOT_ANSWERED.get(fold(cell)) for cell in cells]
    answers = [
        None if empty or said is not None else read_answer(cell)
        for cell, empty, said in zip(cells, nothing.tolist(), offered, strict=True)
    ]
    weights = column.weights.astype(np.int64)
    if none_rows is not None:
        zero = np.array([answer is not None and answer.value == 0 for answer in answers], dtype=bool)
        unanswered = column.codes[np.asarray(none_rows, dtype=bool)]
        weights = weights - np.where(zero, np.bincount(unanswered, minlength=len(cells)), 0)
    return _Answers(column, answers, weights, offered, nothing)


def recognise_scale(
    text: pd.Series, header: str = "", *, none_rows: np.ndarray | None = None
) -> ScaleShape | None:
    """The scale of a column, None when it holds no scores. ``none_rows``: rows where 0 means "no answer".

    >>> shape = recognise_scale(pd.Series(["5", "4", "**---", "11", "3"], dtype="str"), "CSAT")
    >>> shape.low, shape.high, shape.kind, shape.certain
    (1.0, 5.0, 'csat', True)
    """
    read = _answers(text, none_rows)
    if read is None:
        return None
    asked = ~read.nothing & np.array([said is None for said in read.offered], dtype=bool)
    filled = int(read.weights[asked].sum())
    words = frozenset(answer.word for answer in read.answers if answer is not None and answer.word)
    numbers: dict[float, int] = {}
    tops: dict[int, int] = {}
    worded, symbols = 0, False
    for answer, weight in zip(read.answers, read.weights.tolist(), strict=True):
        if answer is None or weight == 0:
            continue
        symbols |= answer.symbols
        if answer.value is None:
            worded += weight
        else:
            numbers[answer.value] = numbers.get(answer.value, 0) + weight
            if answer.of:
                tops[answer.of] = tops.get(answer.of, 0) + weight
    kind = kind_of_question(header)
    counted = sum(numbers.values())
    if filled == 0 and not any(said is not None for said in read.offered):
        return None
    if worded >= counted and (worded or not filled):
        return _word_scale(words, worded, filled, kind, any(said is not None for said in read.offered))
    shape = _number_scale(numbers, tops, header, kind)
    if shape is None:
        return None
    # A zero below the scale may stand for "no answer"; it does not speak against the scale.
    on = sum(count for value, count in numbers.items() if min(shape.low, 0.0) <= value <= shape.high)
    if on < LEAST * filled:
        return None
    return replace(shape, symbols=symbols, share=on / filled)


def kind_of_question(header: str) -> str:
    """What a header asks for: "nps", "ces", "csat" or "other"."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header)
    for kind, pattern in (("nps", _NPS), ("ces", _CES), ("csat", _CSAT)):
        if pattern.search(text):
            return kind
    return "other"


def _word_scale(
    words: frozenset[str], worded: int, filled: int, kind: str, offers: bool
) -> ScaleShape | None:
    if filled and worded < LEAST * filled:
        return None
    if words and words <= set(BUCKETS) and words & {"promoter", "promoters", "detractor", "detractors"}:
        places = {"detractor": 0.0, "passive": 1.0, "promoter": 2.0}
        found = {word: places[BUCKETS[word]] for word in sorted(words)}
        return ScaleShape(0.0, 2.0, True, True, "nps", found, share=worded / filled)
    if not words:
        return ScaleShape(0.0, 1.0, True, True, "csat", {}) if offers else None
    placed = place_words(words)
    if placed is None:
        return None
    found, low, high = placed
    return ScaleShape(
        low, high, True, True, "csat" if kind == "other" else kind, found, share=worded / max(filled, 1)
    )


def _number_scale(
    numbers: dict[float, int], tops: dict[int, int], header: str, kind: str
) -> ScaleShape | None:
    """The scale of plain numbers, by the bulk of them and what the header says."""
    total = sum(numbers.values())
    spare = max(1, int(SLIPS * total)) if total >= 5 else 0
    said = _RANGE.search(header)
    if said:
        low, high = float(said.group(1)), float(said.group(2))
        if _off(numbers, low, high) <= spare:
            doubt = kind == "ces" and not _EASY.search(header)
            reason = "which end of an effort scale is good is not said" if doubt else ""
            return ScaleShape(low, high, True, not doubt, _kind_of_range(kind, low, high), reason=reason)
    top_said = _OUT_OF.search(header)
    if top_said and kind not in ("nps", "ces"):
        top = int(top_said.group(1))
        low = 0.0 if top > 10 or numbers.get(0.0, 0) > spare else 1.0
        if _off(numbers, low, top) <= spare:
            return ScaleShape(low, float(top), True, True, kind)
    if tops:
        top = max(tops, key=lambda of: tops[of])
        if _off(numbers, 0, top) <= spare and top >= 3 and sum(tops.values()) * 2 >= total:
            low = 0.0 if numbers.get(0.0, 0) > spare else 1.0
            return ScaleShape(low, float(top), True, True, kind)
    if not numbers:
        return None
    low, high = _bulk(numbers, spare)
    if low < 0 or high > 100:
        return None
    broken = sum(count for value, count in numbers.items() if value % 1)
    shape = _by_bulk(low, high, numbers, header, kind)
    if shape is None:
        return None
    apart = [value for value in numbers if shape.high < value <= 10]
    if apart and total < SURE and shape.certain and kind != "nps":
        reason = f"an answer of {max(apart):g} stands apart: {shape.low:g}-{shape.high:g} is assumed"
        return replace(shape, certain=False, reason=reason)
    if broken <= spare:
        return shape
    reason = "answers with decimals look like averages, not single answers"
    return replace(shape, certain=False, reason=reason)


def _kind_of_range(kind: str, low: float, high: float) -> str:
    return "nps" if kind == "other" and (low, high) == (0.0, 10.0) else kind


def _off(numbers: dict[float, int], low: float, high: float) -> int:
    return sum(count for value, count in numbers.items() if not low <= value <= high)


def _bulk(numbers: dict[float, int], spare: int) -> tuple[float, float]:
    """Lowest and highest value after slips at the ends are left out (never more than ``spare`` rows
    together).
    """
    values = sorted(numbers)
    low, high, left = 0, len(values) - 1, spare
    # A slip stands apart from the scale; a rare but neighbouring step is an answer.
    while high > low and numbers[values[high]] <= left and values[high] - values[high - 1] > 1:
        left -= numbers[values[high]]
        high -= 1
    while low < high and values[low] < 0 and numbers[values[low]] <= left:
        left -= numbers[values[low]]
        low += 1
    return values[low], values[high]


def _by_bulk(low: float, high: float, numbers: dict[float, int], header: str, kind: str) -> ScaleShape | None:
    present = {value for value in numbers if low <= value <= high}
    if kind == "nps":
        if high > 10:
            return None
        certain = high >= 8
        reason = "" if certain else f"no answer above {high:g}: 0-10 is assumed, 1-5 is possible"
        return ScaleShape(0.0, 10.0, True, certain, "nps", reason=reason)
    if kind == "ces":
        if high > 10:
            return None
        top = 5.0 if high <= 5 else 7.0 if high <= 7 else 10.0
        certain = top == 7.0 and _EASY.search(header) is not None
        reason = (
            "" if certain else "the scale of an effort question (1-5 or 1-7) and its good end are not said"
        )
        return ScaleShape(min(low, 1.0), top, True, certain, "ces", reason=reason)
    mark = _school_mark(header, high)
    if mark is not None:
        return mark
    if present <= {0.0, 1.0}:
        # A column of 0 and 1 without a word about satisfaction is a flag.
        if kind == "other" or len(present) < 2:
            return None
        return ScaleShape(0.0, 1.0, True, True, kind)
    if low < 1 and high <= 5:
        reason = "0 may be the lowest answer or mean that nothing was answered"
        return ScaleShape(1.0, 5.0, True, False, kind, reason=reason)
    if high <= 5:
        certain = high == 5
        reason = "" if certain else f"no answer above {high:g}: 1-5 is assumed"
        return ScaleShape(1.0, 5.0, True, certain, kind, reason=reason)
    if high <= 7:
        reason = f"the highest answer is {high:g}: 1-7 is assumed, 1-10 is possible"
        return ScaleShape(min(low, 1.0), 7.0, True, False, kind, reason=reason)
    if high <= 10:
        if low < 1:
            reason = "answers from 0 to 10 may be the question for recommendation"
            return ScaleShape(0.0, 10.0, True, False, "nps" if kind == "other" else kind, reason=reason)
        return ScaleShape(1.0, 10.0, True, True, kind)
    if kind == "csat" and high > 50:
        return ScaleShape(0.0, 100.0, True, False, kind, reason="0-100 is assumed")
    return None


def _school_mark(header: str, high: float) -> ScaleShape | None:
    """German marks, where 1 is best. "Note" alone is one when a 6 occurs; French notes rise with praise."""
    if _GERMAN_MARK.search(header) and high <= 6:
        return ScaleShape(1.0, 6.0, False, False, "csat", reason="a school mark of 1 is read as the best")
    if not _MARK.fullmatch(header) or high > 6:
        return None
    if high == 6:
        return ScaleShape(1.0, 6.0, False, False, "csat", reason="a mark of 1 is read as the best of 1-6")
    reason = "a high note is read as good; where it is a school mark, 1 is the best"
    return ScaleShape(1.0, 5.0, True, False, "csat", reason=reason)


def read_scores(
    text: pd.Series,
    shape: ScaleShape,
    *,
    none_rows: np.ndarray | None = None,
    records: np.ndarray | None = None,
    column: str | None = None,
) -> ScoreReading:
    """Scores of a column.

    C_SCORE_OUT_OF_SCALE (nulled), C_SCORE_SYMBOLS (stars read), C_ENUM_UNKNOWN (no answer of this scale,
    nulled) and C_PLACEHOLDER say what was done. Labels: five steps 4-5 / 3 / 1-2, ten steps 8-10 / 6-7 / 1-5,
    two steps as they are, others above / at / below the middle. NPS buckets 9-10 / 7-8 / 0-6.
    """
    ledger = Ledger(text, records, column)
    cells = distinct(text)
    written = cells.values.to_pylist()
    nothing = is_nothing(cells)
    n = len(written)
    raw, symbols, off, unknown = np.full(n, np.nan), np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    offered = np.full(n, np.nan)
    for number, cell in enumerate(written):
        said = NOT_ANSWERED.get(fold(cell))
        if said is not None:
            offered[number] = float(said)
        if nothing[number] or said is not None:
            continue
        answer = read_answer(cell)
        value = None if answer is None else _place(answer, shape)
        if value is None:
            unknown[number] = True
        elif not shape.low <= value <= shape.high or (shape.kind == "nps" and value % 1):
            off[number] = True
        else:
            raw[number], offered[number] = value, 1.0
            symbols[number] = answer is not None and answer.symbols
    raw, offered = cells.spread(raw), cells.spread(offered)
    off, unknown, symbols = cells.spread(off), cells.spread(unknown), cells.spread(symbols)
    zero = np.zeros(len(text), dtype=bool)
    if none_rows is not None:
        zeros = np.array([cell not in ("",) and _is_zero(cell) for cell in written], dtype=bool)
        zero = cells.spread(zeros) & np.asarray(none_rows, dtype=bool)
        raw, offered = np.where(zero, np.nan, raw), np.where(zero, np.nan, offered)
    ledger.note("C_PLACEHOLDER", cells.spread(nothing & ~cells.blank), "read as empty")
    ledger.note("C_PLACEHOLDER", zero, "0 without an answer: read as empty")
    ledger.note(
        "C_SCORE_OUT_OF_SCALE", off & ~zero, f"not on the scale {shape.low:g}-{shape.high:g}: left empty"
    )
    ledger.note("C_ENUM_UNKNOWN", unknown & ~zero, "not an answer of this scale: left empty")
    ledger.note("C_SCORE_SYMBOLS", symbols & ~zero, lambda at: f"read as {raw[at]:g} of {shape.high:g}")
    return _reading(raw, offered, shape, text.index, ledger)


def _is_zero(cell: str) -> bool:
    answer = read_answer(cell)
    return answer is not None and answer.value == 0


def _place(answer: Answer, shape: ScaleShape) -> float | None:
    if answer.value is None:
        return shape.words.get(answer.word)
    if shape.words:
        return None
    if answer.of and answer.of != shape.high:
        return None
    return answer.value


def _reading(
    raw: np.ndarray, offered: np.ndarray, shape: ScaleShape, index: pd.Index, ledger: Ledger
) -> ScoreReading:
    bucket_words = shape.kind == "nps" and bool(shape.words)
    good = raw if shape.higher_is_better else shape.low + shape.high - raw
    norm = (good - shape.low) / (shape.high - shape.low) * 100
    label = np.full(len(raw), None, dtype=object)
    bucket = np.full(len(raw), None, dtype=object)
    if bucket_words:
        for place, name in enumerate(("detractor", "passive", "promoter")):
            bucket[raw == place] = name
        raw, norm = np.full(len(raw), np.nan), np.full(len(raw), np.nan)
    elif shape.kind == "nps":
        bucket[good >= 9], bucket[(good >= 7) & (good <= 8)], bucket[good <= 6] = (
            "promoter",
            "passive",
            "detractor",
        )
    else:
        upper, lower = _edges(shape)
        label[good >= upper], label[good < lower] = "positive", "negative"
        label[(good < upper) & (good >= lower)] = "neutral"
    asked = pd.Series(offered, index=index).astype("Float64").mask(np.isnan(offered)).astype("boolean")
    return ScoreReading(
        raw=pd.Series(raw, index=index).astype("Float64").mask(np.isnan(raw)),
        norm=pd.Series(norm, index=index).astype("Float64").mask(np.isnan(norm)),
        label=pd.Series(label, index=index).astype("str"),
        bucket=pd.Series(bucket, index=index).astype("str"),
        offered=asked,
        findings=ledger.findings,
        masks=ledger.masks,
    )


def _edges(shape: ScaleShape) -> tuple[float, float]:
    """(from here on positive, below this negative)."""
    span = shape.high - shape.low
    if span == 4:
        return shape.high - 1, shape.low + 1.5
    if shape.high == 10:
        return 8.0, 6.0
    if shape.high == 100:
        return 80.0, 60.0
    middle = (shape.low + shape.high) / 2
    return middle + 0.25, middle
