"""Nothing is to be found: equal customers, constant leaving, answers at random.

Each part may claim something in 5 of 100 such desks (the few who write most: in 2.5), and no more.
"""

from __future__ import annotations

from collections import Counter

import pytest
from customer_desk import BEFORE, NOW, Desk, facts_of, tables_of
from scipy import stats

from kpi import compare, customers
from kpi.model import Verdict

RATES = {"uneven": 0.025}
CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def allowed(samples: int, rate: float) -> int:
    """As many false claims as a rate that is kept leads to once in a thousand such tests at most."""
    return int(stats.binom.isf(0.001, samples, rate))


def claims(seed: int) -> Counter[str]:
    """The parts of the page that claim something on a desk where there is nothing."""
    known = customers.know(facts_of(tables_of(Desk(customers=500, rate=4.0), seed)))
    found: Counter[str] = Counter()
    found["uneven"] += customers.sharing(known, NOW).uneven
    found["writes often"] += customers.risk(known, NOW, BEFORE).many > 0
    found["curves differ"] += any(each.differ for each in customers.staying(known).contrasts)
    found["after answers"] += any(each.clear for each in customers.relations(known))
    found["moves"] += customers.moves(known, NOW).clear
    proofs = customers.prove(known, NOW, BEFORE).proofs
    # Who writes in one period and in the next is the same chance for all; leaving and answers too.
    found["list foretells"] += any(proof.helps or proof.misleads for proof in proofs)
    for follow in customers.follows(known):
        found[f"cohorts {follow}"] += customers.cohorts(known, follow, "quarter").differ is not None
    compared = compare.compare(known.facts, NOW, BEFORE, metrics=("repeat_contact", "churn", "ces", "nps"))
    found["numbers"] += any(each.verdict in CLEAR for each in compared)
    return found


@pytest.mark.parametrize("samples", [10, pytest.param(100, marks=pytest.mark.full)])
def test_desks_without_anything_claim_no_more_than_the_stated_rate(samples: int) -> None:
    total: Counter[str] = Counter()
    for seed in range(samples):
        total += claims(1_000 + seed)
    loud = {part: many for part, many in total.items() if many > allowed(samples, RATES.get(part, 0.05))}
    assert not loud, dict(total)


@pytest.mark.full
def test_kinds_of_customers_claim_no_more_than_the_stated_rate() -> None:
    apart = changed = 0
    for seed in range(100):
        known = customers.know(facts_of(tables_of(Desk(customers=500, rate=4.0), 5_000 + seed)))
        found = customers.segments(known, NOW, BEFORE)
        apart += any(kind.differs for kind in found.kinds)
        changed += found.scan is not None and bool(found.scan.findings)
    assert max(apart, changed) <= allowed(100, 0.05)
