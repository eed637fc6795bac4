"""Two random halves of a data set, and how often a comparison of what cannot differ says that it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from kpi.facts import Facts
from kpi.model import Comparison, Filter, Grain, Verdict

HALVES = ("one", "other")
ONE, OTHER = ((Filter("half", (name,)),) for name in HALVES)
LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def in_halves(
    facts: Facts, random: np.random.Generator, share: float = 0.5, by_customer: bool = False
) -> Facts:
    """The same facts with a dimension ``half``: a coin for every ticket, or for every customer.

    Surveys and calls stand in the half of their ticket; rows without one, agent-days and, by ticket,
    customers have a coin of their own. ``share`` is the chance of the first half, for parts of unequal size.
    """
    coins = _coins(_keys(facts, "ticket_id"), random, share)
    if by_customer:
        coins = _coins_of_customers(facts, coins, random, share)
    tables = {}
    for grain, table in facts.tables.items():
        half = (random.random(len(table)) >= share).astype(np.int64)
        name = next((key for key in ("ticket_id", "requester_id") if key in table.source), None)
        if name is not None and (name == "ticket_id" or by_customer):
            place = coins.index.get_indexer(pd.Index(table.source[name]))
            half = np.where(place >= 0, coins.to_numpy()[place], half)
        column = pd.Categorical.from_codes(half, categories=pd.Index(HALVES, dtype=object))
        tables[grain] = replace(table, dimensions=MappingProxyType({**table.dimensions, "half": column}))
    return replace(facts, tables=MappingProxyType(tables))


def _keys(facts: Facts, name: str) -> pd.Index:
    numbers = pd.unique(pd.concat([t.source[name] for t in facts.tables.values() if name in t.source]))
    return pd.Index(numbers).dropna()


def _coins(keys: pd.Index, random: np.random.Generator, share: float) -> pd.Series:
    return pd.Series((random.random(len(keys)) >= share).astype(np.int64), index=keys)


def _coins_of_customers(
    facts: Facts, tickets: pd.Series, random: np.random.Generator, share: float
) -> pd.Series:
    """Coins of tickets as those of who wrote them, together with those of customers by their own number."""
    source = facts.tables[Grain.TICKETS].source
    who = source.set_index("ticket_id")["requester_id"].dropna()
    listed = facts.table(Grain.CUSTOMERS)
    others = pd.Index([]) if listed is None else pd.Index(listed.source["requester_id"])
    coins = _coins(pd.Index(who.unique()).union(others), random, share)
    of_tickets = tickets.copy()
    of_tickets.loc[who.index] = coins.loc[who.to_numpy()].to_numpy()
    return pd.concat([of_tickets, coins[~coins.index.isin(of_tickets.index)]])


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
