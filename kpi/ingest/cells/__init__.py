"""Cells: one column of text in, values and an exact account of what could not be read out."""

from kpi.ingest.cells.dates import (
    DateReading,
    DateShape,
    join_date_time,
    read_dates,
    read_times_of_day,
    recognise_dates,
    recognise_times_of_day,
    settle_order,
)
from kpi.ingest.cells.durations import (
    DurationReading,
    DurationShape,
    read_durations,
    recognise_durations,
    test_basis,
    test_unit,
    unit_from_header,
)
from kpi.ingest.cells.keys import NameReading, clean_keys, hash_text, looks_like_ids, mangled_keys, names
from kpi.ingest.cells.numbers import NumberReading, NumberShape, read_numbers, recognise_numbers
from kpi.ingest.cells.scores import ScaleShape, ScoreReading, kind_of_question, read_scores, recognise_scale
from kpi.ingest.cells.vocabulary import is_placeholder, read_words

__all__ = [
    "DateReading",
    "DateShape",
    "DurationReading",
    "DurationShape",
    "NameReading",
    "NumberReading",
    "NumberShape",
    "ScaleShape",
    "ScoreReading",
    "clean_keys",
    "hash_text",
    "is_placeholder",
    "join_date_time",
    "kind_of_question",
    "looks_like_ids",
    "mangled_keys",
    "names",
    "read_dates",
    "read_durations",
    "read_numbers",
    "read_scores",
    "read_times_of_day",
    "read_words",
    "recognise_dates",
    "recognise_durations",
    "recognise_numbers",
    "recognise_scale",
    "recognise_times_of_day",
    "settle_order",
    "test_basis",
    "test_unit",
    "unit_from_header",
]
