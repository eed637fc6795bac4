"""Claims for the tests of words: any unit, direction, evidence; the verdict by a rule of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass

from kpi.measures import Share
from kpi.model import (
    Basis,
    Claim,
    Comparison,
    Difference,
    Direction,
    Estimate,
    Family,
    Grain,
    Group,
    Metric,
    Unit,
    Verdict,
)

ALPHA, MINIMUM_N = 0.05, 10
LEVELS = {
    Unit.PERCENT: (0.0, 1.0),
    Unit.POINTS: (-100.0, 100.0),
    Unit.SCORE: (1.0, 7.0),
    Unit.MINUTES: (0.01, 9_000.0),
    Unit.HOURS: (0.01, 900.0),
    Unit.COUNT: (0.0, 90_000.0),
    Unit.PER_DAY: (0.01, 900.0),
}
NAMES = (
    "Customer satisfaction (CSAT)",
    "First response time",
    "QA score",
    "New tickets",
    "Net promoter score (NPS)",
)
LABELS = (
    ("Q3 2026", "Q2 2026"),
    ("September 2026", "August 2026"),
    ("1–30 September 2026", "2–31 August 2026"),
)
SEGMENTS = ("chat", "email")


def metric(unit: Unit, better: Direction, name: str = NAMES[0], **others: object) -> Metric:
    fixed: dict[str, object] = {
        "key": "made_up",
        "name": name,
        "question": "Is it so?",
        "family": Family.SATISFACTION,
        "unit": unit,
        "better": better,
        "grain": Grain.SURVEYS,
        "basis": Basis.ANSWERED,
        "measure": Share("is_a", "is_b"),
        "formula": "these ÷ those",
        "needs": ("surveys.csat_label",),
        "matters": 0.02,
    }
    return Metric(**{**fixed, **others})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """What a claim is made of; ``p`` is not adjusted, ``reach`` is half the width of the interval."""

    unit: Unit
    better: Direction
    now: float
    before: float
    reach: float
    p: float
    now_n: int = 1210
    before_n: int = 1105
    looks: int = 24
    over_time: bool = True
    group: str = ""
    name: str = NAMES[0]
    labels: tuple[str, str] = LABELS[0]
    per: str = ""
    per_change: float = 0.0
    least: float = 0.0
    """The smallest change that matters."""
    unbounded: str = ""
    """ "low" or "high" when the interval has no such bound."""


def verdict(case: Case) -> Verdict:
    """Better, worse, changed, unclear or too few, from the facts alone."""
    change = case.per_change if case.per else case.now - case.before
    if min(case.now_n, case.before_n) < MINIMUM_N:
        return Verdict.TOO_FEW
    if change == 0 or abs(change) < case.least:
        return Verdict.UNCLEAR
    if abs(change) <= case.reach or case.p * case.looks >= ALPHA:
        return Verdict.UNCLEAR
    if case.better is Direction.NEUTRAL:
        return Verdict.CHANGED
    return Verdict.BETTER if (change > 0) == (case.better is Direction.UP) else Verdict.WORSE


def claim(case: Case) -> Claim:
    change = case.per_change if case.per else case.now - case.before
    difference = Difference(
        change,
        None if case.unbounded == "low" else change - case.reach,
        None if case.unbounded == "high" else change + case.reach,
        case.p,
        "a test",
        p_adjusted=min(1.0, case.p * case.looks),
        detectable=1.4 * case.reach,
        per=case.per,
    )
    comparison = Comparison(
        metric(case.unit, case.better, case.name),
        Group((("channel", case.group),)) if case.group else Group(),
        Estimate(case.now, case.now_n),
        Estimate(case.before, case.before_n),
        difference,
        verdict(case),
        "A bound decided.",
    )
    now, before = case.labels if case.over_time else SEGMENTS
    return Claim(comparison, now, before, case.looks, case.over_time)


def random_case(draw: random.Random) -> Case:
    """A case as it may come up: half of them with a clear change."""
    unit = draw.choice(list(Unit))
    low, high = LEVELS[unit]
    before = draw.uniform(low, high) if draw.random() < 0.6 else low + (high - low) * draw.betavariate(1, 20)
    now = min(high, max(low, before + (high - low) * draw.gauss(0, 0.08)))
    if unit is Unit.COUNT:
        now, before = float(round(now)), float(round(before))
    clear = draw.random() < 0.5
    gap = abs(now - before)
    reach = gap * draw.uniform(0.05, 0.95) if clear else gap * draw.uniform(1.01, 4) + (high - low) * 0.001
    daily = unit is Unit.COUNT and draw.random() < 0.3
    per_change = draw.choice((-1, 1)) * draw.uniform(2, 40)
    if daily:
        reach = abs(per_change) * (draw.uniform(0.1, 0.9) if clear else draw.uniform(1.1, 3))
    return Case(
        unit=unit,
        better=draw.choice(list(Direction)),
        now=now,
        before=before,
        reach=reach,
        p=draw.uniform(0, 0.002) if clear else draw.uniform(0.05, 1),
        now_n=draw.choice((3, 480, 1210, 25_310)) if draw.random() < 0.2 else draw.randint(10, 5_000),
        before_n=draw.randint(10, 5_000),
        looks=draw.choice((1, 5, 24)),
        over_time=draw.random() < 0.8,
        group=draw.choice(("", "", "Live chat", "Seller dispute")),
        name=draw.choice(NAMES),
        labels=draw.choice(LABELS),
        per="per day" if daily else "",
        per_change=per_change if daily else 0.0,
        least=draw.choice((0.0, 0.0, 0.0, (high - low) * 0.05)),
        unbounded=draw.choice(("",) * 8 + ("low", "high")),
    )
