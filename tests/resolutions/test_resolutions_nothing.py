"""Nothing happened: what is claimed then is a false alarm, and there are no more of them than is said."""

from __future__ import annotations

import pytest
from quiet_resolutions import BEFORE, NOW, allowed, quiet

from kpi import resolutions
from kpi.facts import Facts
from kpi.model import Verdict


@pytest.mark.parametrize("samples", [4, pytest.param(100, marks=pytest.mark.full)])
def test_no_more_is_claimed_than_the_stated_rate(sample: Facts, samples: int) -> None:
    loud = dict.fromkeys(("report", "lasting", "shared", "escalated"), 0)
    for seed in range(samples):
        kept = quiet(sample, seed)
        report = resolutions.report(kept, NOW, BEFORE)
        loud["report"] += any(each.verdict in (Verdict.BETTER, Verdict.WORSE) for each in report.comparisons)
        loud["lasting"] += bool(resolutions.lasting(kept).drops)
        shared = resolutions.shared(kept, NOW)
        assert shared.looked_at > 40
        loud["shared"] += bool(shared.better or shared.worse)
        ended = [each.matched.difference for each in resolutions.escalations(kept, NOW).endings]
        loud["escalated"] += any(d is not None and (d.p_adjusted or 1.0) < 0.05 for d in ended)
    assert all(count <= allowed(samples) for count in loud.values()), loud
