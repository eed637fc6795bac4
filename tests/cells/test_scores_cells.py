"""Scales, labels, buckets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import ScaleShape, ScoreReading, read_scores, recognise_scale


def column(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def scale(header: str, *cells: str) -> ScaleShape:
    shape = recognise_scale(column(*cells), header)
    assert shape is not None
    return shape


def read(header: str, *cells: str) -> ScoreReading:
    return read_scores(column(*cells), scale(header, *cells), column=header)


def plain(values: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize(
    ("header", "cells", "low", "high", "kind", "certain"),
    [
        ("CSAT", ["1", "3", "5"], 1, 5, "csat", True),
        ("Rating", ["1.0", "5.0"], 1, 5, "csat", True),
        ("CSAT", ["2", "4"], 1, 5, "csat", False),
        ("CSAT", ["2", "6"], 1, 7, "csat", False),
        ("CSAT", ["1", "8", "10"], 1, 10, "csat", True),
        ("Score", ["0", "8", "10"], 0, 10, "csat", False),
        ("Answer", ["0", "8", "10"], 0, 10, "nps", False),
        ("NPS", ["0", "8", "10"], 0, 10, "nps", True),
        ("NPS", ["1", "4", "5"], 0, 10, "nps", False),
        ("Would recommend 0-10", ["6", "9"], 0, 10, "nps", True),
        ("Weiterempfehlung", ["6", "9"], 0, 10, "nps", True),
        ("Effort", ["2", "5"], 1, 5, "ces", False),
        ("CES", ["2", "7"], 1, 7, "ces", False),
        ("Made it easy", ["2", "7"], 1, 7, "ces", True),
        ("Satisfaction (1-7)", ["2", "4"], 1, 7, "csat", True),
        ("CSAT", ["3.7", "4.2", "5.0"], 1, 5, "csat", False),
        ("rating", ["0", "1"], 0, 1, "csat", True),
        ("CSAT", ["4/5", "2/5"], 1, 5, "csat", True),
        ("CSAT", ["8 of 10", "2 von 10"], 1, 10, "csat", True),
        ("Satisfaction", ["Good", "Bad", "Offered"], 0, 1, "csat", True),
        ("Sentiment", ["Positive", "Neutral", "Negative"], 1, 3, "csat", True),
        ("Q1", ["Very satisfied", "Satisfied", "Dissatisfied"], 1, 5, "csat", True),
        ("Survey results", ["Happy", "Extremely unhappy"], 1, 7, "csat", True),
        ("rating", ["👍", "👎"], 0, 1, "csat", True),
        ("NPS group", ["Promoter", "Passive"], 0, 2, "nps", True),
        ("Zufriedenheit", ["sehr zufrieden", "unzufrieden"], 1, 5, "csat", True),
    ],
)
def test_scale(header: str, cells: list[str], low: float, high: float, kind: str, certain: bool) -> None:
    shape = scale(header, *cells)
    assert (shape.low, shape.high, shape.kind, shape.certain) == (low, high, kind, certain)
    assert bool(shape.reason) != certain, "what is asked says why"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Age", ["32", "45"]),
        ("Reopened", ["0", "1"]),
        ("Agent", ["Ann", "Bob"]),
        ("Comment", [f"text {n}" for n in range(600)]),
        ("NPS", ["-20", "45"]),
        ("CSAT", ["", "-"]),
        ("CSAT", ["Apple", "Good", "Pear"]),
    ],
)
def test_what_is_no_scale(header: str, cells: list[str]) -> None:
    assert recognise_scale(column(*cells), header) is None


def test_five_steps() -> None:
    reading = read("CSAT", "1", "2", "3", "4", "5", "", "not rated")
    assert plain(reading.norm) == [0, 25, 50, 75, 100, None, None]
    assert plain(reading.label) == ["negative", "negative", "neutral", "positive", "positive", None, None]
    assert plain(reading.offered) == [True] * 5 + [None, None]
    assert plain(reading.bucket) == [None] * 7


def test_ten_steps() -> None:
    labels = plain(read("CSAT", *(str(n) for n in range(1, 11))).label)
    assert labels == ["negative"] * 5 + ["neutral"] * 2 + ["positive"] * 3


def test_nps_buckets() -> None:
    reading = read("NPS", *(str(n) for n in range(11)))
    assert plain(reading.bucket) == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert plain(reading.label) == [None] * 11


def test_nps_bucket_words_have_no_score() -> None:
    reading = read("NPS group", "Promoter", "Passive", "Detractor", "")
    assert plain(reading.bucket) == ["promoter", "passive", "detractor", None]
    assert reading.raw.isna().all()
    assert reading.norm.isna().all()


def test_freshdesk_labels() -> None:
    reading = read(
        "Survey results",
        "Extremely happy",
        "Very happy",
        "Happy",
        "Neutral",
        "Unhappy",
        "Very unhappy",
        "Extremely unhappy",
    )
    assert plain(reading.norm) == pytest.approx([100, 83.3, 66.7, 50, 33.3, 16.7, 0], abs=0.05)
    assert plain(reading.label) == ["positive"] * 3 + ["neutral"] + ["negative"] * 3


def test_offered_is_not_answered() -> None:
    reading = read("Satisfaction", "Good", "Bad", "Offered", "Not Offered", "Unoffered", "")
    assert plain(reading.label) == ["positive", "negative", None, None, None, None]
    assert plain(reading.offered) == [True, True, True, False, False, None]


def test_a_column_of_offers_alone_has_no_answers() -> None:
    reading = read("Satisfaction", "Offered", "Not offered")
    assert reading.raw.isna().all()
    assert plain(reading.offered) == [True, False]


def test_stars_are_read_and_flagged() -> None:
    reading = read("CSAT", "4", "**---", "★★★☆☆", "⭐⭐⭐⭐⭐", "5", "1")
    assert plain(reading.raw) == [4, 2, 3, 5, 5, 1]
    (finding,) = reading.findings
    assert (finding.code, finding.count) == ("C_SCORE_SYMBOLS", 3)
    assert finding.examples[0] == (2, "**---", "read as 2 of 5")


def test_a_lone_outlier_does_not_make_the_scale_longer() -> None:
    cells = ["4", "2", "5", "11", "3", "5", "4", "5"]
    reading = read("CSAT", *cells)
    assert plain(reading.raw)[3] is None
    assert [(f.code, f.count) for f in reading.findings] == [("C_SCORE_OUT_OF_SCALE", 1)]
    many = [*["1", "2", "3", "4", "5"] * 20, "10"]
    assert (scale("CSAT", *many).high, scale("CSAT", *many).certain) == (5, True)
    few = ["1", "2", "3", "4", "5", "10"]
    assert (scale("CSAT", *few).high, scale("CSAT", *few).certain) == (5, False)


def test_zero_for_unanswered_calls() -> None:
    text, header = column("0", "3", "0", "5", "1"), "Satisfaction rating"
    unanswered = np.array([True, False, True, False, False])
    shape = recognise_scale(text, header, none_rows=unanswered)
    assert shape is not None
    assert (shape.low, shape.high, shape.certain) == (1, 5, True)
    reading = read_scores(text, shape, none_rows=unanswered)
    assert plain(reading.raw) == [None, 3, None, 5, 1]
    assert [(f.code, f.count) for f in reading.findings] == [("C_PLACEHOLDER", 2)]
    unsaid = recognise_scale(text, header)
    assert unsaid is not None
    assert not unsaid.certain
    assert "0" in unsaid.reason


def test_a_turned_scale() -> None:
    shape = ScaleShape(1, 3, False, True, "csat")
    reading = read_scores(column("1", "2", "3"), shape)
    assert plain(reading.norm) == [100, 50, 0]
    assert plain(reading.label) == ["positive", "neutral", "negative"]
    assert plain(reading.raw) == [1, 2, 3]


def test_unknown_words_are_nulled_and_counted() -> None:
    reading = read("CSAT", *["Good", "Bad"] * 10, "Purple")
    assert [(f.code, f.count) for f in reading.findings] == [("C_ENUM_UNKNOWN", 1)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_norm_and_label_follow_the_definition(answers: list[int]) -> None:
    reading = read_scores(column(*(str(a) for a in answers)), ScaleShape(1, 5, True, True, "csat"))
    assert plain(reading.norm) == [(a - 1) / 4 * 100 for a in answers]
    assert plain(reading.label) == [
        "positive" if a >= 4 else "neutral" if a == 3 else "negative" for a in answers
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=30), st.text(max_size=12))
def test_any_text_is_read_without_error(cells: list[str], header: str) -> None:
    recognise_scale(column(*cells), header)
    reading = read_scores(column(*cells), ScaleShape(1, 5, True, True, "csat"))
    assert reading.raw.dropna().between(1, 5).all()


@pytest.mark.parametrize(
    ("header", "answers", "scale", "certain"),
    [
        ("Note de satisfaction", ["5", "4", "3", "1", "2"], (1, 5, True), True),
        ("Note de satisfaction", ["4", "4", "3", "1", "2"], (1, 5, True), False),
        ("Note de satisfaction", ["6", "4", "3", "1", "2"], (1, 7, True), False),
        ("Note client", ["5", "4", "1"], (1, 5, True), True),
        ("Note sur 5", ["4", "3", "1"], (1, 5, True), True),
        ("Note sur 10", ["4", "3", "8"], (1, 10, True), True),
        ("Note /20", ["14", "13", "8"], (0, 20, True), True),
        ("Note", ["1", "2", "6"], (1, 6, False), False),
        ("Note", ["1", "2", "5"], (1, 5, True), False),
        ("Schulnote", ["1", "2", "5"], (1, 6, False), False),
        ("Gesamtnote", ["1", "2", "5"], (1, 6, False), False),
    ],
)
def test_a_note_is_a_school_mark_only_in_german(
    header: str, answers: list[str], scale: tuple[float, float, bool], certain: bool
) -> None:
    """A French "note" rises with satisfaction; a German "Note" falls with it."""
    shape = recognise_scale(pd.Series(answers * 4, dtype="str"), header)
    assert shape is not None
    assert (shape.low, shape.high, shape.higher_is_better) == scale
    assert shape.certain is certain
    assert certain or shape.reason
