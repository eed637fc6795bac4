"""Answers to satisfaction surveys: scores, whether they count as satisfied, and which tickets and calls
they rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from kpi.definitions import Definitions
from kpi.facts.columns import Bools, Canonical, Known, places

POSITIVE_SHARE, NEGATIVE_SHARE = 75.0, 40.0
"""Of a scale put on 0-100: from here on satisfied, below here dissatisfied, where neither a label nor a rule
for the scale decides (4 of 5 is 75, 2 of 5 is 25)."""


class Satisfaction(NamedTuple):
    """CSAT answers, row by row. ``scale`` is (low, high) of ``score``; None when answers are words only."""

    answered: Bools
    satisfied: Bools
    dissatisfied: Bools
    score: Known
    scale: tuple[float, float] | None
    mixed: bool


def satisfaction(surveys: Canonical, definitions: Definitions) -> Satisfaction:
    """Reads labels, scores and scales under the chosen thresholds (satisfied from 4 of 5, from 8 of 10)."""
    label, norm = surveys.text("csat_label"), surveys.number("csat_norm")
    own = surveys.text("survey_type")
    answered = (label.known | norm.known) & ~own.among("asat", "nps", "ces")
    low, high = surveys.number("scale_min"), surveys.number("scale_max")
    scaled = answered & norm.known & low.known & high.known & (high.values > low.values)
    score = low.values + norm.values / 100 * (high.values - low.values)
    satisfied = np.where(label.known, label.among("positive"), norm.known & (norm.values >= POSITIVE_SHARE))
    dissatisfied = np.where(label.known, label.among("negative"), norm.known & (norm.values < NEGATIVE_SHARE))
    for top, threshold in ((5.0, definitions.csat_positive_of_5), (10.0, definitions.csat_positive_of_10)):
        ruled = scaled & (high.values == top) & (low.values <= 1)
        satisfied = np.where(ruled, score >= threshold - 1e-9, satisfied)
        dissatisfied &= ~satisfied
    scales = {
        (float(a), float(b)) for a, b in np.unique(np.stack([low.values, high.values])[:, scaled], axis=1).T
    }
    if len(scales) == 1 and bool(scaled[answered & norm.known].all()):
        return Satisfaction(
            answered,
            satisfied & answered,
            dissatisfied & answered,
            Known(np.where(scaled, score, 0.0), scaled),
            next(iter(scales)),
            False,
        )
    # words alone (good, bad) have no score: only scales that differ are put on 0-100
    known = answered & norm.known & bool(scales)
    return Satisfaction(
        answered,
        satisfied & answered,
        dissatisfied & answered,
        Known(np.where(known, norm.values, 0.0), known),
        (0.0, 100.0) if known.any() else None,
        len(scales) > 1,
    )


@dataclass(frozen=True, eq=False)
class Ratings:
    """Which tickets and calls have an answered satisfaction survey, and whether the last one was satisfied.

    ``answered`` are the rows of the survey table with an answer.
    """

    answered: pd.DataFrame
    satisfied: Bools

    @staticmethod
    def from_surveys(surveys: pd.DataFrame | None, definitions: Definitions) -> Ratings:
        """From the canonical table of surveys."""
        if surveys is None or not len(surveys):
            return Ratings(pd.DataFrame(), np.zeros(0, np.bool_))
        answers = satisfaction(Canonical("surveys", surveys), definitions)
        return Ratings(surveys[answers.answered], answers.satisfied[answers.answered])

    def of(self, rows: Canonical) -> tuple[Bools, Bools] | None:
        """(rated, rated satisfied) of tickets or calls; None when no survey can be joined."""
        column = "call_id" if rows.name == "calls" else "ticket_id"
        if column not in self.answered.columns or column not in rows.rows.columns:
            return None
        place = places(rows.rows[column], self.answered[column], last=True)
        rated = place >= 0
        if not rated.any():
            return None
        return rated, rated & self.satisfied[np.maximum(place, 0)]
