"""Short periods and segments without any row that counts: a defined answer or a stated reason, every time."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from kpi.drivers import explain
from kpi.drivers.plain import drivers_plain
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Period
from kpi.words import driver_sentences as words

SPANS = {
    "a day": (date(2026, 9, 6), date(2026, 9, 6)),
    "a week": (date(2026, 9, 7), date(2026, 9, 13)),
    "a month": (date(2026, 8, 1), date(2026, 8, 31)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("span", "dimension"), [("a day", "agent"), ("a week", "queue"), ("a month", "category")]
)
def test_every_metric_has_an_answer_or_a_reason(sample: Facts, span: str, dimension: str) -> None:
    now = Period(*SPANS[span])
    before = now.shifted(-now.days)
    for metric in catalogue(sample.definitions, sample)[::2]:
        found = explain(sample, metric.key, now, before, dimension)
        assert words.driver_sentence(found)
        assert words.driver_title(found)
        assert json.dumps(drivers_plain(found), allow_nan=False)
        parts = [found.total, found.mix, found.performance, found.new_and_vanished]
        parts += [part for s in found.segments for part in (s.mix, s.performance, s.alone)]
        for part in parts:
            if part is None:
                continue
            assert math.isfinite(part.value)
            assert part.p is None or 0 < part.p <= 1
            assert part.p is not None or part.reason
            assert part.low is None or part.low <= part.value + 1e-9
            assert part.high is None or part.high >= part.value - 1e-9
        assert all(s.n_now or s.n_before or metric.basis.value == "point_in_time" for s in found.segments)
