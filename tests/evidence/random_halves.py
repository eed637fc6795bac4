"""Two random halves of a data set, and how often a comparison of what cannot differ says that it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from kpi.facts import Facts
from kpi.model import Comparison, Filter, Verdict

HALVES = ("one", "other")
ONE, OTHER = ((Filter("half", (name,)),) for name in HALVES)
LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def in_halves(facts: Facts, random: np.random.Generator, share: float = 0.5) -> Facts:
    """The same facts with a dimension ``half``: a coin for every ticket.

    Surveys and calls stand in the half of their ticket; rows without one, agent-days and customers have a
    coin of their own. ``share`` is the chance of the first half, for parts of unequal size.
    """
    numbers = pd.unique(
        pd.concat([t.source["ticket_id"] for t in facts.tables.values() if "ticket_id" in t.source])
    )
    coins = pd.Series((random.random(len(numbers)) >= share).astype(np.int64), index=pd.Index(numbers))
    coins = coins[coins.index.notna()]
    tables = {}
    for grain, table in facts.tables.items():
        half = (random.random(len(table)) >= share).astype(np.int64)
        if "ticket_id" in table.source:
            place = coins.index.get_indexer(pd.Index(table.source["ticket_id"]))
            half = np.where(place >= 0, coins.to_numpy()[place], half)
        column = pd.Categorical.from_codes(half, categories=pd.Index(HALVES, dtype=object))
        tables[grain] = replace(table, dimensions=MappingProxyType({**table.dimensions, "half": column}))
    return replace(facts, tables=MappingProxyType(tables))


@dataclass
class Tally:
    """What many comparisons said.

    Attributes:
        calls: calls of compare; ``loud_calls`` of them with any verdict of better, worse or changed.
        tested: comparisons with a p-value by metric; ``small`` of them with p < 0.05 before any adjustment.
        loud: comparisons with such a verdict by metric.
    """

    calls: int = 0
    loud_calls: int = 0
    tested: Counter[str] = field(default_factory=Counter)
    small: Counter[str] = field(default_factory=Counter)
    loud: Counter[str] = field(default_factory=Counter)

    def add(self, comparisons: Iterable[Comparison]) -> None:
        """Count one call of compare."""
        any_loud = False
        for each in comparisons:
            key = each.metric.key
            if each.difference is not None and each.difference.p is not None:
                self.tested[key] += 1
                self.small[key] += int(each.difference.p < 0.05)
            if each.verdict in LOUD:
                self.loud[key] += 1
                any_loud = True
        self.calls += 1
        self.loud_calls += any_loud

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.calls + other.calls,
            self.loud_calls + other.loud_calls,
            self.tested + other.tested,
            self.small + other.small,
            self.loud + other.loud,
        )

    @property
    def comparisons(self) -> int:
        """Comparisons with a p-value."""
        return self.tested.total()

    @property
    def share_loud(self) -> float:
        """Share of comparisons with a verdict of better, worse or changed."""
        return self.loud.total() / self.comparisons

    @property
    def share_small(self) -> float:
        """Share of comparisons with p < 0.05 before any adjustment."""
        return self.small.total() / self.comparisons

    def __str__(self) -> str:
        rates = ", ".join(
            f"{key} {100 * self.small[key] / n:.1f} ({self.loud[key]})" for key, n in self.tested.items()
        )
        return (
            f"{self.calls} calls, {self.loud_calls} with a verdict; {self.comparisons} comparisons, "
            f"{100 * self.share_loud:.2f} % with a verdict, {100 * self.share_small:.2f} % with p < .05; "
            f"by metric p < .05 in % (verdicts): {rates}"
        )
