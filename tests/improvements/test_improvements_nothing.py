"""Labels without meaning: what is claimed then is a false alarm, and there are no more than stated."""

from __future__ import annotations

import pytest
from peer_desk import Q3
from quiet_desk import shuffled
from scipy import stats

from kpi import improvements, issues
from kpi.facts import Facts
from kpi.improvements import RATE


def allowed(samples: int) -> int:
    """As many false alarms as a rate that is kept leads to once in a thousand such tests at most."""
    return int(stats.binom.isf(0.001, samples, RATE))


@pytest.mark.parametrize("samples", [6, pytest.param(100, marks=pytest.mark.full)])
def test_labels_in_random_order_claim_no_more_than_the_stated_rate(sample: Facts, samples: int) -> None:
    loud = topics = 0
    for seed in range(samples):
        kept = issues.sort(shuffled(sample, seed))
        found = improvements.improvements(kept, Q3)
        topics += bool(improvements.needs(kept, found))
        assert len(found.looks) > 100
        loud += bool(found.behind)
        if not found.behind:
            assert improvements.suggestions(found) == ()
    assert loud <= allowed(samples)
    assert topics <= allowed(samples)
