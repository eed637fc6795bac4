"""Contacts per customer and the part of the few, against chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kpi.customers.chances import chance_of, equal_rate, usual_spread
from kpi.customers.sharing import equal_parts, of_counts, truncated_rate


def test_truncated_rate_is_the_one_with_this_mean() -> None:
    """Zero-truncated Poisson: mean λ / (1 − e^−λ)."""
    for rate in (0.1, 0.5, 2.0, 9.0):
        assert truncated_rate(rate / (1 - np.exp(-rate))) == pytest.approx(rate, rel=1e-6)
    assert truncated_rate(1.0) == 0.0
    contacts = np.repeat([1, 2, 3, 4], [50, 30, 15, 5])
    assert equal_rate(contacts, np.ones(100)) == pytest.approx(truncated_rate(contacts.mean()))


def test_equal_customers_are_no_more_uneven_than_chance() -> None:
    random = np.random.default_rng(1)
    loud = 0
    for _ in range(60):
        counts = random.poisson(1.2, 300)
        loud += of_counts(counts).uneven
    assert loud <= stats.binom.isf(0.001, 60, 0.025)


def test_a_few_heavy_writers_are_found() -> None:
    random = np.random.default_rng(2)
    counts = random.poisson(1.0, 400)
    counts[:20] += random.poisson(9, 20)
    shared = of_counts(counts)
    assert shared.uneven
    top = shared.top
    assert top is not None
    assert top.part > top.high > top.chance > top.low
    assert sum(band.customers for band in shared.bands) == shared.customers == int((counts > 0).sum())
    assert sum(band.contacts for band in shared.bands) == shared.contacts == int(counts.sum())
    assert sum(band.expected for band in shared.bands) == pytest.approx(shared.customers, rel=0.01)


def test_the_top_is_counted_by_hand() -> None:
    counts = np.array([10, 5, 3, *[1] * 27, 0, 0])
    shared = of_counts(counts)
    assert [(top.customers, top.contacts, top.least) for top in shared.tops] == [
        (1, 10, 10),
        (2, 15, 5),
        (3, 18, 3),
    ]
    assert shared.tops[2].part == pytest.approx(18 / 45)
    assert not shared.dominated


def test_one_customer_with_half_of_everything_is_told() -> None:
    shared = of_counts(np.array([50, *[1] * 50]))
    assert shared.dominated
    assert shared.largest == 50


def test_edges() -> None:
    assert of_counts(np.zeros(5, np.int64)).refused
    once = of_counts(np.ones(100, np.int64))
    assert not once.uneven
    assert once.tops[0].part == pytest.approx(0.01)
    few = of_counts(np.array([3, 1]))
    assert (few.contacts, few.customers, few.top) == (4, 2, None)
    assert "too few" in few.refused
    parts, _ = equal_parts(50, 0.0)
    assert parts[2] == pytest.approx(0.1)


def test_the_chance_of_many_contacts() -> None:
    """P(X ≥ c | X ≥ 1) of a Poisson number."""
    contacts, rate = np.array([1, 2, 5]), np.array([0.8, 0.8, 0.8])
    by_hand = [
        1.0,
        stats.poisson.sf(1, 0.8) / (1 - np.exp(-0.8)),
        stats.poisson.sf(4, 0.8) / (1 - np.exp(-0.8)),
    ]
    assert chance_of(contacts, rate) == pytest.approx(by_hand)
    assert (chance_of(np.array([3]), np.array([0.0])) == 1.0).all()


def test_the_usual_spread_is_found_again() -> None:
    """Rates from a gamma distribution of shape 2: contacts are negative binomial of size 2."""
    random = np.random.default_rng(4)
    exposure = random.choice([0.3, 1.0], 60_000)
    counts = random.poisson(random.gamma(2.0, 0.75, 60_000) * exposure)
    seen = counts > 0
    spread = usual_spread(counts[seen], exposure[seen])
    assert spread is not None
    assert spread.mean == pytest.approx(1.5, rel=0.08)
    assert spread.size == pytest.approx(2.0, rel=0.25)
    p = spread.chance_of(counts[seen], exposure[seen])
    assert np.mean(p < 0.05) < 0.055
    assert np.mean(chance_of(counts[seen], 1.5 * exposure[seen]) < 0.01) > 0.02


def test_equal_customers_have_hardly_a_spread() -> None:
    random = np.random.default_rng(5)
    counts = random.poisson(1.2, 3000)
    seen = counts[counts > 0]
    spread = usual_spread(seen, np.ones(seen.size))
    assert spread is None or spread.size > 8
