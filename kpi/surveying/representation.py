"""Which kinds of tickets are found among the answers more, or less, often than among those asked."""

from __future__ import annotations

from dataclasses import replace

from kpi import engine
from kpi.estimates import exposure_of
from kpi.measures import Cells, Share
from kpi.model import Filter, Period
from kpi.stats import benjamini_hochberg
from kpi.surveying.nouns import Lean, Represented
from kpi.surveying.population import ANSWERED, ASKED, Population
from kpi.verdicts import chance

FEWEST_ASKED = 30
"""A kind of which fewer were asked says nothing about how often it answers."""
MATTERS = 0.02
"""A rate that differs from that of the others by less is no reason for worry."""


def represented(
    found: Population, period: Period, dimensions: tuple[str, ...], where: tuple[Filter, ...]
) -> tuple[Represented, ...]:
    """Every value of every dimension against all other rows, p adjusted over all of them.

    Ordered: over- and under-represented ones first, by the size of the difference.
    """
    if found.asked is None:
        return ()
    rate = Share(ANSWERED, ASKED)
    definitions = found.facts.definitions
    level = definitions.confidence
    days = exposure_of(found.facts, found.table, found.basis, period)
    made: list[Represented] = []
    for dimension in dimensions:
        result = engine.aggregate(
            found.table, {"rate": rate}, basis=found.basis, period=period, by=(dimension,), where=where
        )
        cells = {str(group): one["rate"] for group, one in result.items()}
        whole = Cells.empty(("n", "k"))
        for one in cells.values():
            if isinstance(one, Cells):
                whole = whole + one
        asked, answered = whole.total("n"), whole.total("k")
        if asked <= 0 or answered <= 0:
            continue
        for name, one in cells.items():
            if not isinstance(one, Cells) or one.total("n") <= 0:
                continue
            n, k = one.total("n"), one.total("k")
            rest = whole + Cells(one.day, one.agent, {key: -values for key, values in one.sums.items()})
            enough = min(n, asked - n) >= FEWEST_ASKED
            difference = rate.difference(one, rest, level=level, exposure=days) if enough else None
            made.append(
                Represented(
                    dimension,
                    name,
                    round(n),
                    round(k),
                    n / asked,
                    k / answered,
                    rate.estimate(one, level=level, exposure=days),
                    difference,
                    Lean.TOO_FEW,
                )
            )
    return _judged(made, chance(level))


def _judged(made: list[Represented], alpha: float) -> tuple[Represented, ...]:
    adjusted = benjamini_hochberg([None if one.difference is None else one.difference.p for one in made])
    judged = []
    for one, p in zip(made, adjusted, strict=True):
        if one.difference is None or p is None:
            judged.append(one)
            continue
        clear = p < alpha and abs(one.difference.value) >= MATTERS
        lean = Lean.UNCLEAR if not clear else Lean.OVER if one.difference.value > 0 else Lean.UNDER
        judged.append(replace(one, difference=replace(one.difference, p_adjusted=p), lean=lean))
    order = {Lean.OVER: 0, Lean.UNDER: 0, Lean.UNCLEAR: 1, Lean.TOO_FEW: 2}
    judged.sort(key=lambda one: (order[one.lean], -abs(one.of_answers - one.of_asked)))
    return tuple(judged)
