"""Words of help desks in the usual languages: placeholders, status, priority, channel, answers, yes and no."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

PLACEHOLDERS: frozenset[str] = frozenset({"", "-", "--", "?", "n/a", "null", "none", "nan", "nat"})
AGENT_PLACEHOLDERS: frozenset[str] = frozenset({"no agent", "unassigned"})

STATUS: Mapping[str, str] = {}
PRIORITY: Mapping[str, str] = {}
CHANNEL: Mapping[str, str] = {}
DIRECTION: Mapping[str, str] = {}
BOOL: Mapping[str, bool] = {}
SLA: Mapping[str, bool] = {}
CSAT: Mapping[str, str] = {}


def is_placeholder(text: pd.Series, *, agents: bool = False) -> pd.Series:
    """Where a cell stands for "nothing" (bool Series aligned with ``text``); empty cells count too.

    ``agents`` adds the words that stand for "nobody" ("No Agent", "unassigned").
    """
    raise NotImplementedError


def read_words(text: pd.Series, words: Mapping[str, object]) -> tuple[pd.Series, dict[str, int]]:
    """(values, unknown): the mapped words (dtype object, None for placeholders and unknown words), and how often each
    unknown word (as written first) occurs, most frequent first. Case, outer and repeated blanks do not matter.
    """
    raise NotImplementedError
