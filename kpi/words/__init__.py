"""Claims → plain sentences (no markup). Words are looked up from the verdict, numbers from the comparison."""

from __future__ import annotations

from kpi.words.explanations import absent, explain, mark, target, target_words, verdict_words
from kpi.words.figures import Numbers, numbers
from kpi.words.sentences import headline, overview, sentence, title
from kpi.words.trend_figures import change_words
from kpi.words.trend_sentences import (
    change_point_sentence,
    chart_key,
    event_sentence,
    false_signals_sentence,
    limits_sentence,
    outlook_sentence,
    signals_sentence,
    so_far_sentence,
    trend_alt,
    trend_findings,
    trend_method,
    trend_title,
    weekday_sentence,
)

__all__ = [
    "Numbers",
    "absent",
    "change_point_sentence",
    "change_words",
    "chart_key",
    "event_sentence",
    "explain",
    "false_signals_sentence",
    "headline",
    "limits_sentence",
    "mark",
    "numbers",
    "outlook_sentence",
    "overview",
    "sentence",
    "signals_sentence",
    "so_far_sentence",
    "target",
    "target_words",
    "title",
    "trend_alt",
    "trend_findings",
    "trend_method",
    "trend_title",
    "verdict_words",
    "weekday_sentence",
]
