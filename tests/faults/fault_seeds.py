"""Ways in which a function can go wrong, as functions of the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

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
from kpi import compare
from kpi.measures import Survival
from kpi.model import Comparison, Direction, Period, Unit, Verdict

Patch = pytest.MonkeyPatch


def changed(module: Any, name: str, make: Callable[[Any], Any]) -> Callable[[Patch], None]:
    """Puts ``make(original)`` in the place of a function."""

    def seed(patch: Patch) -> None:
        patch.setattr(module, name, make(getattr(module, name)))

    return seed


def both(*seeds: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """Several changes that make one fault."""

    def seed(patch: Patch) -> None:
        for one in seeds:
            one(patch)

    return seed


SWAPPED = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}


def judged_as(turn: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
    """A judge whose verdict is turned: (metric, difference, judgement) → judgement."""

    def make(judge: Any) -> Any:
        def other(metric: Any, now: Any, before: Any, difference: Any, **more: Any) -> Any:
            return turn(metric, difference, judge(metric, now, before, difference, **more))

        return other

    return make


def swap_verdict(_metric: Any, _difference: Any, judgement: Any) -> Any:
    return replace(judgement, verdict=SWAPPED.get(judgement.verdict, judgement.verdict))


def higher_is_always_better(metric: Any, difference: Any, judgement: Any) -> Any:
    if metric.better is Direction.DOWN:
        return swap_verdict(metric, difference, judgement)
    return judgement


def evidence_ignored(metric: Any, difference: Any, judgement: Any) -> Any:
    if judgement.verdict is not Verdict.UNCLEAR or difference is None or metric.better is Direction.NEUTRAL:
        return judgement
    good = difference.value * metric.better.value > 0
    return replace(judgement, verdict=Verdict.BETTER if good else Verdict.WORSE)


def neutral_is_judged(metric: Any, difference: Any, judgement: Any) -> Any:
    if judgement.verdict is Verdict.CHANGED:
        return replace(judgement, verdict=Verdict.BETTER if difference.value > 0 else Verdict.WORSE)
    return judgement


def with_settings(**fixed: Any) -> Callable[[Any], Any]:
    """The same function with some arguments fixed."""
    return lambda function: lambda *args, **more: function(*args, **{**more, **fixed})


def on_each(turn: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A compare whose differences are turned before anyone sees them."""

    def make(function: Any) -> Any:
        def other(*args: Any, **more: Any) -> Any:
            return tuple(
                each if each.difference is None else replace(each, difference=turn(each.difference))
                for each in function(*args, **more)
            )

        return other

    return make


def negated(difference: Any) -> Any:
    low, high = (None if end is None else -end for end in (difference.high, difference.low))
    return replace(difference, value=-difference.value, low=low, high=high)


def narrower(difference: Any) -> Any:
    """An interval of 80 % that is called one of 95 %."""
    if difference.low is None or difference.high is None:
        return difference
    low, high = (
        difference.value + 0.65 * (end - difference.value) for end in (difference.low, difference.high)
    )
    return replace(difference, low=low, high=high)


def one_sided(function: Any) -> Any:
    def other(*args: Any, **more: Any) -> Any:
        low, high, p = function(*args, **more)
        return low, high, p / 2

    return other


def other_tail(function: Any) -> Any:
    def other(*args: Any, **more: Any) -> Any:
        low, high, p = function(*args, **more)
        return low, high, max(1e-12, 1 - p)

    return other


def level_ignored(function: Any) -> Any:
    return lambda k1, n1, k2, n2, level=0.95, **more: function(k1, n1, k2, n2, 0.8, **more)


def unadjusted(p: Sequence[float | None]) -> list[float | None]:
    return list(p)


def without_ranks(p: Sequence[float | None]) -> list[float | None]:
    """Bonferroni in place of Benjamini-Hochberg."""
    tested = sum(value is not None for value in p)
    return [None if value is None else min(1.0, value * tested) for value in p]


def in_halves(adjust: Any) -> Any:
    """Adjusted over half of what was looked at."""

    def other(p: Sequence[float | None]) -> list[float | None]:
        half = len(p) // 2
        return [*adjust(p[:half]), *adjust(p[half:])]

    return other


def sides_swapped(function: Any) -> Any:
    return lambda facts, now, before, **more: function(facts, before, now, **more)


def labels_swapped(function: Any) -> Any:
    return lambda found, now, before: function(found, before, now)


def filter_ignored(function: Any) -> Any:
    return lambda facts, now, before, **more: function(facts, now, before, **{**more, "where": ()})


def a_day_short(function: Any) -> Any:
    """The last day of a period is left out."""

    def other(table: Any, measures: Any, *, period: Any, **more: Any) -> Any:
        if period is not None and period.days > 1:
            period = Period(period.start, period.end - timedelta(days=1))
        return function(table, measures, period=period, **more)

    return other


def ended_only(function: Any) -> Any:
    """Waits that have not ended are left out."""

    def other(self: Survival, columns: Any) -> Any:
        given = dict(function(self, columns))
        given["censored"] = given["censored"] * 0
        return given

    return other


def in_turn(function: Any) -> Any:
    """A writer that speaks of the claim before last."""
    last: list[Any] = []

    def other(claim: Any, *args: Any) -> Any:
        last.append(claim)
        return function(last[-2] if len(last) > 1 else claim, *args)

    return other


def remembered_by_metric(function: Any) -> Any:
    """Figures kept by the key of the metric alone."""
    kept: dict[str, Any] = {}

    def other(comparison: Any) -> Any:
        return kept.setdefault(comparison.metric.key, function(comparison))

    return other


def keyed(*parts: int) -> Callable[[Any], Any]:
    """A cache of comparisons whose key holds only these of fingerprint, now, before, filters."""

    def make(_function: Any) -> Any:
        kept: dict[Any, Any] = {}

        def other(fingerprint: Any, now: Any, before: Any, where: Any, facts: Any) -> Any:
            choices = (fingerprint, now, before, where)
            key = tuple(choices[part] for part in parts)
            if key not in kept:
                kept[key] = compare.compare(facts, now, before, where=where)
            return kept[key]

        return other

    return make


def looks_of_all(function: Any) -> Any:
    return lambda found, now, before: tuple(
        replace(each, looks=len(found) + 1) for each in function(found, now, before)
    )


def unranked(function: Any) -> Any:
    return lambda found, now, before: tuple(reversed(function(found, now, before)))


def sides(turn: Callable[[Comparison], Comparison]) -> Callable[[Any], Any]:
    """A writer that is handed another comparison."""
    return lambda function: lambda comparison, *args: function(turn(comparison), *args)


def other_side(comparison: Comparison) -> Comparison:
    return replace(comparison, now=comparison.before, before=comparison.now)


def turned_verdict(comparison: Comparison) -> Comparison:
    return replace(comparison, verdict=SWAPPED.get(comparison.verdict, comparison.verdict))


def turned_change(comparison: Comparison) -> Comparison:
    if comparison.difference is None:
        return comparison
    return replace(comparison, difference=negated(comparison.difference))


def with_difference(**turn: str) -> Callable[[Comparison], Comparison]:
    """A comparison whose difference has the value of another field of it."""

    def other(comparison: Comparison) -> Comparison:
        difference = comparison.difference
        if difference is None:
            return comparison
        taken = {name: getattr(difference, source) for name, source in turn.items()}
        return replace(comparison, difference=replace(difference, **taken))

    return other


def claimed(turn: Callable[[Comparison], Comparison]) -> Callable[[Any], Any]:
    """The same for a writer of claims."""
    return lambda function: (
        lambda claim, *args: function(replace(claim, comparison=turn(claim.comparison)), *args)
    )


def swapped_values(mapping: Any, one: Any, other: Any) -> dict[Any, Any]:
    """A dictionary with two of its values exchanged."""
    return {**mapping, one: mapping.get(other), other: mapping.get(one)}


def set_to(module: Any, name: str, value: Any) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(module, name, value)


def percent_for_points(function: Any) -> Any:
    return lambda self, value, decimals=None: function(self, value, decimals).replace(" points", " %")


WORDS = kpi.words
LEXICON, SENTENCES = kpi.words.lexicon, kpi.words.sentences
PICTURE = import_module("kpi.charts.intervals")
FIGURES, EXPLAINED = kpi.words.figures, kpi.words.explanations
PLAIN_IN_PERCENT = {
    **FIGURES.PLAIN,
    Unit.PERCENT: replace(FIGURES.PLAIN[Unit.PERCENT], change=" %"),
}


def no_headline(_function: Any) -> Any:
    """A first line that is always calm."""
    return lambda found: (
        f"{found[0].now_label} against {found[0].before_label}: nothing is beyond chance in "
        f"{len(found)} comparisons.",
    )


def always_alarmed(function: Any) -> Any:
    """A first line that counts everything as a finding."""

    def other(found: Any) -> Any:
        first, *points = function(found)
        judged = sum(each.comparison.difference is not None for each in found)
        frame = first.partition(": ")[0]
        return (f"{frame}: {judged} of {judged} comparisons are beyond chance.", *points)

    return other


def last_as_title(function: Any) -> Any:
    return lambda found: function(tuple(reversed(found)))


def never_provisional(_function: Any) -> Any:
    return lambda facts, metric, spans: (False,) * len(spans)


def opposite(function: Any) -> Any:
    return lambda rising: function(not rising)


def by_verdict(comparison: Any) -> str:
    """An arrow that shows the judgement in place of the number."""
    return {Verdict.BETTER: "up", Verdict.WORSE: "down"}.get(comparison.verdict, "off")


def met_for_missed(function: Any) -> Any:
    def other(*args: Any) -> str:
        text = str(function(*args))
        return text.replace(": met", ": \0").replace(": missed", ": met").replace(": \0", ": missed")

    return other


def bounds_of_before(function: Any) -> Any:
    return lambda claim, figures: function(replace(claim, comparison=other_side(claim.comparison)), figures)


def p_in_place_of_adjusted(plain: Any) -> Any:
    def other(difference: Any) -> Any:
        given = plain(difference)
        return given and {**given, "p_adjusted": given["p"]}

    return other


def bounds_exchanged(plain: Any) -> Any:
    def other(difference: Any) -> Any:
        given = plain(difference)
        return given and {**given, "low": given["high"], "high": given["low"]}

    return other
