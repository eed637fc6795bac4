"""The checks of this folder on a fixed choice of drawn teams: silent where nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
from checks_numbers import check_comparisons, check_measure
from checks_recount import (
    channel_filter,
    check_against_rows,
    check_newest_days_are_provisional,
    check_nothing_is_stale,
)
from checks_said import check_claims, check_target
from checks_shown import (
    check_card,
    check_chart,
    check_comparison_row,
    check_json,
    check_lines,
    check_metric_row,
)
from moving_team import Moved, moving_team

import kpi.engine
import kpi.estimates
import kpi.lines
import kpi.measures.share
import kpi.plain
import kpi.verdicts
import kpi.words
import kpi.words.explanations
import kpi.words.figures
import kpi.words.lexicon
import kpi.words.sentences
import ui.cards
import ui.comparing
import ui.metric_table
import ui.store
from kpi import compare, periods
from kpi.model import Claim, Comparison, Filter, Group, Period
from kpi.periods.kinds import as_date

Patch = pytest.MonkeyPatch
SEEDS = tuple(range(14))
"""Teams that together hold every verdict (see ``test_results_contradict_nothing``)."""


ENORMOUS = MappingProxyType(
    {
        "csat": 0.9,
        "nps": 150.0,
        "frt": 9.0,
        "ttr": 9.0,
        "queue_wait": 9.0,
        "volume": 9.0,
        "escalation_rate": 0.9,
    }
)
"""Smallest differences that matter, which hardly any change reaches."""


@cache
def team(seed: int, confidence: float = 0.95) -> Moved:
    """Drawn once, before any fault."""
    return moving_team(seed, confidence)


@cache
def demanding(seed: int) -> Moved:
    """A team to which only enormous changes matter, so that real ones are too small."""
    moved = team(seed)
    definitions = replace(moved.facts.definitions, matters=ENORMOUS)
    return replace(moved, facts=replace(moved.facts, definitions=definitions))


@cache
def right(seed: int) -> tuple[Comparison, ...]:
    """Comparisons without a fault, for faults of words and pictures."""
    return team(seed).comparisons


@cache
def right_claims(seed: int) -> tuple[Claim, ...]:
    """Claims without a fault."""
    return compare.claims(right(seed), team(seed).now, team(seed).before)


def numbers_of_teams() -> None:
    """Comparisons of all teams, with the confidence of their definitions."""
    for seed in SEEDS:
        check_comparisons(team(seed).comparisons, 0.95, 10)
        check_comparisons(demanding(seed).comparisons, 0.95, 10)


def numbers_at_another_confidence() -> None:
    """The same at 90 %."""
    for seed in SEEDS[:8]:
        check_comparisons(team(seed, 0.9).comparisons, 0.9, 10)


def rows_of_teams() -> None:
    """Values counted again from the rows, for everything and for one channel; nothing is kept from before."""
    for seed in SEEDS[:8]:
        moved = moving_team(seed)
        check_against_rows(moved, moved.comparisons)
        chat = compare.compare(moved.facts, moved.now, moved.before, where=channel_filter("chat"))
        check_against_rows(moved, chat, "chat")


def measures_of_teams() -> None:
    """Shares of all teams: interval and p are one test."""
    for seed in SEEDS[:12]:
        moved = team(seed)
        metrics = [m for m in _catalogue(moved) if isinstance(m.measure, kpi.measures.share.Share)]
        sides = [
            kpi.estimates.measured(moved.facts, metrics, p, parts=False) for p in (moved.now, moved.before)
        ]
        for metric in metrics:
            now, before = (side[metric.key].get(Group()) for side in sides)
            if now is not None and before is not None and now.statistics and before.statistics:
                check_measure(metric.measure, now.statistics, before.statistics, None)


def _catalogue(moved: Moved) -> Sequence[Any]:
    from kpi.metrics import catalogue

    return catalogue(moved.facts.definitions, moved.facts)


def said_of_teams() -> None:
    """Claims, sentences, headline, title, explanation, target, marks."""
    for seed in SEEDS:
        moved = team(seed)
        check_claims(compare.claims(right(seed), moved.now, moved.before), moved.now, moved.before)


def said_at_another_confidence() -> None:
    """The same at 90 %."""
    for seed in SEEDS[:4]:
        moved = team(seed, 0.9)
        check_claims(compare.claims(moved.comparisons, moved.now, moved.before), moved.now, moved.before)


def targets_of_teams() -> None:
    for seed in SEEDS:
        for each in right(seed):
            check_target(each)


def valued(seed: int) -> list[Claim]:
    """Claims with a value now, as cards and rows have them."""
    return [claim for claim in right_claims(seed) if claim.comparison.now.value is not None]


def cards_of_teams() -> None:
    for seed in SEEDS:
        for claim in valued(seed):
            check_card(claim)


def rows_of_compare() -> None:
    for seed in SEEDS:
        for claim in valued(seed):
            check_comparison_row(claim.comparison)


def rows_of_metrics() -> None:
    for seed in SEEDS:
        for claim in valued(seed):
            check_metric_row(claim.comparison, team(seed).facts.definitions)


def pictures_of_teams() -> None:
    for seed in SEEDS[:10]:
        check_chart(right(seed))


def json_of_teams() -> None:
    for seed in SEEDS:
        for each in right(seed):
            check_json(each)


def lines_of_teams() -> None:
    for seed in SEEDS:
        check_lines(team(seed).now, team(seed).before, right(seed))


def provisional_weeks() -> None:
    facts = team(_long_team()).facts
    span = Period(as_date(facts.first_day), as_date(facts.last_day))
    check_newest_days_are_provisional(facts, periods.grid(span, "week", facts.definitions, partial="drop"))


@cache
def _long_team() -> int:
    return next(seed for seed in SEEDS if team(seed).facts.last_day - team(seed).facts.first_day > 100)


@dataclass(frozen=True)
class Looked:
    """What ``ui.store`` needs of a view."""

    facts: Any
    now: Period
    before: Period
    where: tuple[Filter, ...] = ()
    kept_targets: tuple[Any, ...] = ()

    @property
    def definitions(self) -> Any:
        return self.facts.definitions

    @property
    def choices(self) -> tuple[Any, ...]:
        return (self.facts.fingerprint, self.now, self.before, self.where)


@cache
def views() -> tuple[Looked, ...]:
    """The same data in other periods, with a filter, and under other definitions."""
    moved = team(_long_team())
    shorter = Period(moved.now.start, moved.now.start + timedelta(days=4))
    earlier = Period(moved.before.start, moved.before.start + timedelta(days=4))
    return (
        Looked(moved.facts, moved.now, moved.before),
        Looked(moved.facts, shorter, moved.before),
        Looked(moved.facts, shorter, earlier),
        Looked(moved.facts, moved.now, moved.before, channel_filter("chat")),
        Looked(team(_long_team(), 0.9).facts, moved.now, moved.before),
    )


def answers_of_the_store() -> None:
    ask: Any = ui.store.claims
    check_nothing_is_stale(ask, views())
