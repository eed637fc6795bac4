"""Claims → plain sentences (no markup). Words are looked up from the verdict, numbers from the comparison."""

from __future__ import annotations

from kpi.words.explanations import absent, explain, mark, target, target_words, verdict_words
from kpi.words.figures import Numbers, numbers
from kpi.words.sentences import headline, sentence, title

__all__ = [
    "Numbers",
    "absent",
    "explain",
    "headline",
    "mark",
    "numbers",
    "sentence",
    "target",
    "target_words",
    "title",
    "verdict_words",
]
