"""Who answers our surveys, and what that does to the numbers."""

from kpi.surveying.behind import survey_rows
from kpi.surveying.honesty import dimensions, survey_alarm, survey_honesty, surveys_with_answers
from kpi.surveying.nouns import (
    Alarm,
    Asked,
    Bounds,
    ChangeSplit,
    Honesty,
    Lean,
    Represented,
    Reweighted,
    Shift,
    Side,
    Tipping,
    Weighting,
)
from kpi.surveying.population import population

__all__ = [
    "Alarm",
    "Asked",
    "Bounds",
    "ChangeSplit",
    "Honesty",
    "Lean",
    "Represented",
    "Reweighted",
    "Shift",
    "Side",
    "Tipping",
    "Weighting",
    "dimensions",
    "population",
    "survey_alarm",
    "survey_honesty",
    "survey_rows",
    "surveys_with_answers",
]
