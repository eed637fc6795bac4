"""The cut-offs of the field's standard scales, answer by answer.

NPS: Reichheld (2003), Harvard Business Review: 9-10 promoters, 7-8 passives, 0-6 detractors. CSAT: top two of
five, top three of ten.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from kpi import compare
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import Tables


def one_answer(key: str, **columns: object) -> dict[str, float | int | None]:
    """Value and parts of a metric over a single answer."""
    row = {
        "survey_id": "s1",
        "survey_type": "nps" if key == "nps" else "csat",
        "responded_at": pd.Timestamp(datetime(2026, 3, 2, 12, tzinfo=UTC)),
        **columns,
    }
    surveys = pd.DataFrame([row])
    facts = build_facts(Tables(surveys=surveys), Definitions())
    (found,) = compare.measure(facts, None, metrics=(key,))
    return {"value": found.estimate.value, **found.estimate.parts}


@pytest.mark.parametrize("score", range(11))
def test_promoters_passives_detractors(score: int) -> None:
    found = one_answer("nps", nps_raw=score)
    counts = (found["promoters_count"], found["passives_count"], found["detractors_count"])
    assert counts == (int(score >= 9), int(7 <= score <= 8), int(score <= 6))
    assert found["value"] == (100 if score >= 9 else 0 if score >= 7 else -100)


@pytest.mark.parametrize(
    ("low", "high", "satisfied_from", "unhappy_to"), [(1, 5, 4, 2), (1, 10, 8, 5)], ids=["of five", "of ten"]
)
def test_satisfied_from(low: int, high: int, satisfied_from: int, unhappy_to: int) -> None:
    for score in range(low, high + 1):
        norm = 100 * (score - low) / (high - low)
        label = "positive" if score >= satisfied_from else "negative" if score <= unhappy_to else "neutral"
        found = one_answer(
            "csat", csat_score=float(score), csat_norm=norm, csat_label=label,
            scale_min=float(low), scale_max=float(high),
        )  # fmt: skip
        assert found["value"] == float(score >= satisfied_from), score
        assert (found["satisfied"], found["dissatisfied"]) == (
            int(score >= satisfied_from),
            int(score <= unhappy_to),
        ), score
