"""The rows behind what is said about who answers: those asked, and which of them answered."""

from __future__ import annotations

import pandas as pd

from kpi import drill
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Filter, Period
from kpi.surveying.alarming import rate_metric
from kpi.surveying.population import SURVEYED, population

ANSWERED, SILENT = "answered", "no answer"


def survey_rows(
    facts: Facts,
    metric: str,
    period: Period,
    *,
    where: tuple[Filter, ...] = (),
    answered: bool = False,
) -> pd.DataFrame:
    """Those asked in a period, or only those who ``answered``; the silent first.

    The column ``counted as`` says of each whether it has an answer. Where it is not known who was asked, the
    answers are all there is.

    Args:
        metric: csat, nps or ces.

    Raises:
        ValueError: for a metric that is no survey, a field that no table has, and data without answers.
    """
    known = {one.key: one for one in catalogue(facts.definitions, facts)}
    if metric not in SURVEYED or metric not in known:
        raise ValueError(f"{metric} is no survey; choose one of {', '.join(SURVEYED)}")
    found = population(facts, known[metric])
    if isinstance(found, str):
        raise ValueError(found)
    rate = rate_metric(found)
    if rate is None:
        rows = drill.rows(found.facts, found.metric, period, where=where)
        return rows.assign(**{drill.COUNTED: ANSWERED})
    rows = drill.rows(found.facts, rate, period, where=where)
    rows[drill.COUNTED] = rows[drill.COUNTED].map({drill.YES: ANSWERED, drill.NO: SILENT})
    return rows[rows[drill.COUNTED] == ANSWERED].reset_index(drop=True) if answered else rows
