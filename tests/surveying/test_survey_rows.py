"""The rows behind the kinds of tickets: as many as are said to be asked and to have answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi import drill
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Period
from kpi.surveying import survey_honesty, survey_rows

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
NOW, BEFORE = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def facts() -> Facts:
    files = [(name, FILES / name) for name in ("tickets.csv", "surveys.csv")]
    zone = "Europe/Berlin"
    return build_facts(
        import_files(files, {"timezone": zone}, team_zone=zone).tables, Definitions(timezone=zone)
    )


@pytest.mark.parametrize("metric", ["csat", "nps", "ces"])
def test_as_many_rows_as_were_asked_and_answered(facts: Facts, metric: str) -> None:
    honesty = survey_honesty(facts, metric, NOW, BEFORE)
    assert honesty.now is not None
    assert len(survey_rows(facts, metric, NOW)) == honesty.now.asked
    assert len(survey_rows(facts, metric, NOW, answered=True)) == honesty.now.answered
    for one in honesty.segments[::5]:
        where = (Filter(one.dimension, (one.name,)),)
        rows = survey_rows(facts, metric, NOW, where=where)
        assert len(rows) == one.asked
        assert (rows[drill.COUNTED] == "answered").sum() == one.answered
        assert len(survey_rows(facts, metric, NOW, where=where, answered=True)) == one.answered


def test_what_is_no_survey_is_refused_in_words(facts: Facts) -> None:
    with pytest.raises(ValueError, match="frt is no survey; choose one of csat, nps, ces"):
        survey_rows(facts, "frt", NOW)
