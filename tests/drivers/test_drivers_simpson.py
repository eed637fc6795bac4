"""Reversals: the published one, the planted one, and none where nothing was planted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from small_desk import BEFORE, NOW, desk, spread

from kpi.compare import compare
from kpi.drivers import Drivers, Presence, Split, explain
from kpi.facts import Facts
from kpi.model import Period, Verdict
from kpi.stats import kitagawa
from kpi.words import driver_sentences as words

Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")

# Bickel, Hammel & O'Connell (1975), Science 187:398; UCBAdmissions: admitted, rejected.
BERKELEY = {
    "A": ((512, 313), (89, 19)),
    "B": ((353, 207), (17, 8)),
    "C": ((120, 205), (202, 391)),
    "D": ((138, 279), (131, 244)),
    "E": ((53, 138), (94, 299)),
    "F": ((22, 351), (24, 317)),
}


@pytest.fixture(scope="module")
def berkeley() -> Drivers:
    """Men stand as the period before, women as the period now, admission as the flag."""
    rows = []
    for department, (men, women) in BERKELEY.items():
        rows += spread(BEFORE, department, *men) + spread(NOW, department, *women)
    return explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")


def test_berkeley_turns_round(berkeley: Drivers) -> None:
    """Women are admitted at 30.4 % against 44.5 %, and at a slightly higher rate within departments: "a small
    but statistically significant bias in favor of women", as the paper's abstract has it."""
    assert berkeley.total is not None
    assert berkeley.mix is not None
    assert berkeley.performance is not None
    assert berkeley.comparison.before.value == pytest.approx(0.44519, abs=1e-5)
    assert berkeley.comparison.now.value == pytest.approx(0.30354, abs=1e-5)
    assert berkeley.total.value == pytest.approx(0.30354 - 0.44519, abs=2e-5)
    assert berkeley.mix.beyond_chance
    assert berkeley.mix.value < 0 < berkeley.performance.value
    assert berkeley.simpson
    assert berkeley.simpson_sure


def test_berkeley_by_hand(berkeley: Drivers) -> None:
    """Kitagawa's two sums, worked out from the published counts."""
    men = {k: sum(v[0]) for k, v in BERKELEY.items()}
    women = {k: sum(v[1]) for k, v in BERKELEY.items()}
    n1, n2 = sum(men.values()), sum(women.values())
    mix = performance = 0.0
    for k, (one, two) in BERKELEY.items():
        w1, w2, r1, r2 = men[k] / n1, women[k] / n2, one[0] / men[k], two[0] / women[k]
        mix += (w2 - w1) * (r1 + r2) / 2
        performance += (r2 - r1) * (w1 + w2) / 2
    assert berkeley.mix is not None
    assert berkeley.performance is not None
    assert berkeley.mix.value == pytest.approx(mix, abs=1e-12)
    assert berkeley.performance.value == pytest.approx(performance, abs=1e-12)
    assert all(segment.presence is Presence.BOTH for segment in berkeley.segments)


def test_berkeley_has_the_intervals_of_independent_rows(berkeley: Drivers) -> None:
    """Applicants were spread evenly over days, so there is nothing but binomial and multinomial chance."""
    men, women = ([sum(pair) for pair in side] for side in zip(*BERKELEY.values(), strict=True))
    n1, n2 = sum(men), sum(women)
    r1 = [BERKELEY[k][0][0] / n for k, n in zip(BERKELEY, men, strict=True)]
    r2 = [BERKELEY[k][1][0] / n for k, n in zip(BERKELEY, women, strict=True)]
    expected = kitagawa(
        [n / n1 for n in men],
        r1,
        [n / n2 for n in women],
        r2,
        v1=[r * (1 - r) / n for r, n in zip(r1, men, strict=True)],
        v2=[r * (1 - r) / n for r, n in zip(r2, women, strict=True)],
        n1=n1,
        n2=n2,
        centred=True,
    )
    for part, known in ((berkeley.mix, expected.mix), (berkeley.performance, expected.performance)):
        assert part is not None
        assert part.low is not None
        assert known.low is not None
        assert part.value - part.low == pytest.approx(known.value - known.low, rel=0.02)


def test_a_reversal_that_may_be_chance_is_hedged() -> None:
    """The same shift of the mix with so few rows that the rise within segments may be chance."""
    rows = spread(BEFORE, "easy", 160, 40) + spread(BEFORE, "hard", 8, 32)
    rows += spread(NOW, "easy", 34, 6) + spread(NOW, "hard", 44, 156)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.simpson
    assert not found.simpson_sure
    said = words.driver_warning(found)
    assert "may have risen within categories" in said
    assert "Not all of this is beyond chance." in said
    assert "the total fell" in said


def test_opposite_signs_by_chance_are_no_reversal() -> None:
    """The total moves up and the segments down by next to nothing, and the mix has not moved."""
    rows = spread(BEFORE, "one", 50, 150) + spread(BEFORE, "two", 100, 100)
    rows += spread(NOW, "one", 49, 149) + spread(NOW, "two", 102, 102)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.total is not None
    assert found.performance is not None
    assert found.total.value * found.performance.value < 0
    assert not found.simpson


# ---------------------------------------------------------------- planted


@pytest.mark.parametrize("key", ["ttr", "fcr"])
def test_the_planted_mix_shift_is_found(sample: Facts, truths: dict[str, dict[str, Any]], key: str) -> None:
    planted = truths["mix_shift"]["where"]
    assert key in (planted["metric"], planted["also"])
    found = explain(sample, key, Q3, Q2, planted["dimension"])
    assert found.total is not None
    assert found.mix is not None
    assert found.performance is not None
    assert found.total.verdict is Verdict.WORSE
    assert found.mix.verdict is Verdict.WORSE
    assert found.performance.value * found.total.value < 0
    assert found.performance.verdict in (Verdict.BETTER, Verdict.UNCLEAR)
    assert found.simpson
    # What lies within the issues is planted small; for first contact resolution it is just not beyond chance.
    assert found.simpson_sure is (found.performance.verdict is Verdict.BETTER)
    assert found.simpson_sure or key == planted["also"]
    top = found.segments[0]
    assert top.name == planted["grows"]
    assert top.weight_now is not None
    assert top.weight_before is not None
    assert top.weight_now > 3 * top.weight_before
    assert top.mix is not None
    assert top.mix.verdict is Verdict.WORSE
    warning = words.driver_warning(found)
    assert planted["grows"] in warning
    assert "yet the total" in warning
    # Of the 91 payment failures of Q2 some ended early by luck: they may be the eighth.
    assert re.search(r"in [78] of 8", warning)
    assert f"more {planted['grows']}" in words.driver_sentence(found)


def test_the_header_of_the_file_names_the_same_dimension(sample: Facts) -> None:
    one = explain(sample, "fcr", Q3, Q2, "category")
    other = explain(sample, "fcr", Q3, Q2, "Category")
    assert one.mix == other.mix
    assert one.segments == other.segments


@pytest.mark.parametrize("dimension", ["channel", "category", "team", "agent", "product", "priority"])
def test_controls_give_no_warning(sample: Facts, dimension: str) -> None:
    """Reopened tickets are constant by construction, whatever they are split by."""
    found = explain(sample, "reopen_rate", Q3, Q2, dimension)
    assert found.total is not None
    assert found.total.verdict is Verdict.UNCLEAR
    assert found.performance is not None
    assert found.performance.verdict is Verdict.UNCLEAR
    assert not found.simpson
    assert words.driver_warning(found) == ""


@pytest.mark.parametrize(
    ("key", "dimension"),
    [("ttr", "product"), ("ttr", "language"), ("fcr", "product"), ("csat", "product"), ("aht", "queue")],
)
def test_a_dimension_without_a_shift_gives_no_warning(sample: Facts, key: str, dimension: str) -> None:
    found = explain(sample, key, Q3, Q2, dimension)
    assert found.mix is not None
    assert found.mix.verdict is Verdict.UNCLEAR
    assert not found.simpson


# ---------------------------------------------------------------- kinds


def test_counts_are_contributions(sample: Facts) -> None:
    found = explain(sample, "volume", Q3, Q2, "category")
    assert found.split is Split.SUM
    assert found.mix is None
    assert found.performance is None
    assert found.total is not None
    assert found.per == "per day"
    assert sum(s.contribution for s in found.segments) == pytest.approx(found.total.value, abs=1e-9)
    assert found.segments[0].name == "Seller dispute"
    assert found.segments[0].alone is not None
    assert found.segments[0].alone.verdict is Verdict.CHANGED


def test_stocks_are_contributions(sample: Facts) -> None:
    found = explain(sample, "backlog", Q3, Q2, "team")
    assert found.split is Split.SUM
    assert found.total is not None
    assert sum(s.contribution for s in found.segments) == pytest.approx(found.total.value, abs=1e-9)


@pytest.mark.parametrize(
    ("key", "dimension", "said"),
    [
        ("resolution_rate", "team", "less time to be solved"),
        ("repeat_rate", "team", "a customer counts once in each segment"),
        ("sla", "team", "no"),
        ("csat", "month", "there is no mix"),
        ("ttr", "queue", "tickets have no field 'queue'"),
    ],
)
def test_what_cannot_be_taken_apart_says_why(sample: Facts, key: str, dimension: str, said: str) -> None:
    found = explain(sample, key, Q3, Q2, dimension)
    assert found.total is None
    assert said in found.refused
    assert not found.simpson
    assert words.driver_sentence(found).startswith("The change of")


def test_unknown_names_are_refused(sample: Facts) -> None:
    with pytest.raises(ValueError, match="unknown metric"):
        explain(sample, "nothing", Q3, Q2, "team")
    with pytest.raises(ValueError, match="unknown field"):
        explain(sample, "csat", Q3, Q2, "colour")


def test_few_answers_of_agents_stay_hidden_and_still_add_up(sample: Facts) -> None:
    found = explain(sample, "asat", Q3, Q2, "agent")
    assert found.total is not None
    assert [s.name for s in found.segments] == ["(fewer than 5 answers each)"]
    assert sum(s.contribution for s in found.segments) == pytest.approx(found.total.value, abs=1e-9)


def test_the_total_is_the_comparison_of_the_page(sample: Facts) -> None:
    found = explain(sample, "csat", Q3, Q2, "channel")
    (whole,) = compare(sample, Q3, Q2, metrics=("csat",))
    assert whole.difference is not None
    assert found.total is not None
    assert (found.total.value, found.total.low, found.total.high) == (
        whole.difference.value,
        whole.difference.low,
        whole.difference.high,
    )
    assert found.total.verdict is whole.verdict
