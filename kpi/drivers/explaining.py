"""Why a metric moved: one metric, two periods, one dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpi.compare import compare
from kpi.drivers.medians import MedianTerms, median_terms
from kpi.drivers.nouns import Drivers, Part, Presence, Segment, Split
from kpi.drivers.sides import Floats, Segments, beside, gather, ratio_side, times_side
from kpi.drivers.terms import Terms, terms_of
from kpi.estimates import Measured
from kpi.facts import Facts
from kpi.fields import PARTS_OF_TIME
from kpi.measures import Days, Gap, Mean, Quantile, Rate, Score, Share, Stock, Survival
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.rate import CALENDAR
from kpi.model import Comparison, Direction, Filter, Group, Metric, Period, Verdict
from kpi.stats import benjamini_hochberg
from kpi.surroundings import Compared, around
from kpi.verdicts import chance, matters

JUDGED = 40
"""Parts of so many segments, the largest, are judged; the others are too small to be told apart."""
COMPARED = 100
"""Up to so many segments are also compared with themselves; more are for the scan."""
MIX, PERFORMANCE, LONE = 0, 1, 2
Key = tuple[int | None, int]
"""Place of a segment (None: all of them) and which part."""

HOW = {
    Split.RATIO: "Kitagawa: mix and performance add up to the change exactly; intervals by linearisation",
    Split.QUANTILE: "each period re-weighted to the mix of the other, average of both ways round: mix and "
    "performance add up to the change exactly; intervals and parts of segments from the share ended by the "
    "middle of both medians",
    Split.SUM: "every segment adds its own change; a count has no mix",
    Split.NONE: "",
}


def explain(
    facts: Facts,
    metric: str | Metric,
    now: Period,
    before: Period,
    dimension: str,
    *,
    where: tuple[Filter, ...] = (),
) -> Drivers:
    """The change of a metric, taken apart by the values of a dimension.

    Raises:
        ValueError: for an unknown metric or a dimension that no table has.
    """
    whole = compare(facts, now, before, metrics=(metric,), where=where)[0]
    chosen = whole.metric
    refused = _refused(chosen, whole) or _no_dimension(dimension)
    if refused:
        return _nothing(chosen, now, before, dimension, whole, refused)
    segments = gather(facts, chosen, now, before, dimension, where)
    if not segments.names:
        reason = segments.missing or "there are no rows to split"
        return _nothing(chosen, now, before, dimension, whole, reason)
    single: tuple[Comparison, ...] = ()
    if len(segments.names) <= COMPARED or split_of(chosen) is Split.SUM:
        single = compare(facts, now, before, metrics=(metric,), by=(dimension,), where=where)
    work = _Work(facts, chosen, now, before, dimension, where, whole, segments, _by_group(single, segments))
    split = split_of(chosen)
    if split is Split.SUM:
        return work.contributions()
    if split is Split.QUANTILE:
        return work.of_median()
    return work.of_ratio()


def split_of(metric: Metric) -> Split:
    """How the change of a metric can be taken apart."""
    measure = metric.measure
    if isinstance(measure, Stock) or (isinstance(measure, Rate) and measure.per == CALENDAR):
        return Split.SUM
    if isinstance(measure, Quantile | Survival):
        return Split.QUANTILE
    return Split.RATIO if isinstance(measure, Share | Score | Mean | Rate) else Split.NONE


def _refused(metric: Metric, whole: Comparison) -> str:
    """Why the change of this metric cannot be taken apart, else empty."""
    if metric.incomparable_segments:
        return f"segments do not add up to the whole: {metric.incomparable_segments}"
    if split_of(metric) is Split.NONE:
        return "this kind of number cannot be split into segments that add up"
    if whole.difference is None:
        return whole.reason
    return ""


def _no_dimension(dimension: str) -> str:
    if dimension.strip().casefold() in PARTS_OF_TIME:
        return (
            f"each {dimension.strip().casefold()} lies in one of the two periods, so there is no mix of them"
        )
    return ""


def _nothing(
    metric: Metric, now: Period, before: Period, dimension: str, whole: Comparison, refused: str
) -> Drivers:
    return Drivers(
        metric,
        now,
        before,
        dimension,
        Split.NONE,
        whole,
        None,
        None,
        None,
        None,
        (),
        False,
        False,
        "",
        "",
        refused,
    )


def _by_group(single: Sequence[Comparison], segments: Segments) -> list[Comparison | None]:
    found = {each.group: each for each in single}
    return [found.get(group) for group in segments.groups]


@dataclass(frozen=True)
class _Work:
    """What is at hand while one change is taken apart."""

    facts: Facts
    metric: Metric
    now: Period
    before: Period
    dimension: str
    where: tuple[Filter, ...]
    whole: Comparison
    segments: Segments
    single: list[Comparison | None]

    # ------------------------------------------------------------ shares, scores, means, rates

    def of_ratio(self) -> Drivers:
        now = ratio_side(self.metric, self.segments.now)
        before = ratio_side(self.metric, self.segments.before)
        if now.n.sum() <= 0 or before.n.sum() <= 0:
            return self._empty("one of the periods has no rows")
        near = self._around()
        run_sides = None if near is None else [(days, ratio_side(self.metric, each)) for days, each in near]
        terms = terms_of(now, before, run_sides, self._days())
        parts = terms.parts
        sums = (parts.mix.value, parts.performance.value, parts.new_and_vanished.value)
        of_segments = (parts.mix_terms, parts.performance_terms, parts.new_and_vanished_terms)
        pulls, single = (
            (terms.mix, terms.performance, terms.lone),
            (terms.mix_of, terms.performance_of, terms.lone_of),
        )
        return self._taken_apart(
            Split.RATIO,
            terms,
            lambda kind: terms.case(sums[kind], pulls[kind](), self._level),
            lambda kind, k: terms.case(float(of_segments[kind][k]), single[kind](k), self._level),
            sums,
            of_segments,
            [_known(rate) for rate in now.rate],
            [_known(rate) for rate in before.rate],
        )

    def of_median(self) -> Drivers:
        measure = self.metric.measure
        if not isinstance(measure, Quantile | Survival):
            raise TypeError(f"{self.metric.key} is no quantile")
        near = self._around()
        run_sides = None if near is None else [(days, times_side(each)) for days, each in near]
        found = median_terms(
            measure, times_side(self.segments.now), times_side(self.segments.before), run_sides, self._days()
        )
        if not isinstance(found, MedianTerms):
            return self._empty(found)
        return self._taken_apart(
            Split.QUANTILE,
            found.terms,
            lambda kind: found.case(kind, self._level),
            lambda kind, k: found.case_of(kind, k, self._level),
            found.sums,
            found.parts,
            list(found.medians_now),
            list(found.medians_before),
        )

    def _days(self) -> tuple[Days, Days] | None:
        now, before = self.segments.whole_now.exposure, self.segments.whole_before.exposure
        return None if now is None or before is None else (now, before)

    def _around(self) -> list[tuple[Days, tuple[Measured | None, ...]]] | None:
        """The segments on the days beside the compared ones; None where days make no series."""
        compared = Compared(
            (self.now.first_day, self.now.last_day), (self.before.first_day, self.before.last_day)
        )
        whole = around(self.facts, (self.metric,), compared, where=self.where).get(self.metric.key)
        if whole is None or self._days() is None:
            return None
        runs = [stretch.days for stretch in whole.get(Group(), ())]
        return beside(self.facts, self.metric, self.segments, self.dimension, runs, self.where)

    def _taken_apart(
        self,
        split: Split,
        terms: Terms,
        of_all: Callable[[int], Case | Gap],
        of_one: Callable[[int, int], Case | Gap],
        sums: tuple[float, float, float],
        parts: tuple[Floats, Floats, Floats],
        values2: Sequence[float | None],
        values1: Sequence[float | None],
    ) -> Drivers:
        shared = bool(terms.both.any())
        apart = bool(((terms.now.n > 0) != (terms.before.n > 0)).any())
        asked: dict[Key, tuple[float, Case | Gap]] = {}
        if shared:
            for kind in (MIX, PERFORMANCE, LONE) if apart else (MIX, PERFORMANCE):
                asked[None, kind] = (sums[kind], of_all(kind))
        size = np.abs(parts[0]) + np.abs(parts[1]) + np.abs(parts[2])
        made: dict[Key, Part] = {}
        largest = set(np.argsort(-size, kind="stable")[:JUDGED].tolist())
        held = [k for k in range(size.size) if terms.now.n[k] > 0 or terms.before.n[k] > 0]
        for k in held:
            for kind in (MIX, PERFORMANCE) if terms.both[k] else (LONE,):
                value = float(parts[kind][k])
                if k in largest:
                    asked[k, kind] = (value, of_one(kind, k))
                else:
                    made[k, kind] = Part(value, reason=f"not among the {JUDGED} largest")
        made |= self._judged(asked)
        whole = {kind: made.pop((None, kind), None) for kind in (MIX, PERFORMANCE, LONE)}
        if apart and not shared:
            whole[LONE] = self._total()
        made = self._adjusted(made)
        segments = [
            self._segment(
                terms,
                k,
                values2[k],
                values1[k],
                (made.get((k, MIX)), made.get((k, PERFORMANCE)), made.get((k, LONE))),
            )
            for k in held
        ]
        return self._drivers(split, whole[MIX], whole[PERFORMANCE], whole[LONE], segments)

    @property
    def _level(self) -> float:
        return self.facts.definitions.confidence

    def _judged(self, asked: Mapping[Key, tuple[float, Case | Gap]]) -> dict[Key, Part]:
        """Every part with its interval, by one evidence for all of them."""
        daily = {key: case for key, (_, case) in asked.items() if isinstance(case, Case)}
        known = dict(zip(daily, evidence_for(list(daily.values())), strict=True))
        found = {}
        for key, (value, case) in asked.items():
            gap = case.gap if isinstance(case, Case) else case
            difference = gap.finish(known[key] if key in known else gap.clustered())
            reason = difference.method if difference.p is None else ""
            verdict = self._verdict(difference.value, difference.p)
            found[key] = Part(value, difference.low, difference.high, difference.p, None, verdict, reason)
        return found

    def _segment(
        self,
        terms: Terms,
        k: int,
        value2: float | None,
        value1: float | None,
        parts: tuple[Part | None, Part | None, Part | None],
    ) -> Segment:
        n2, n1 = self._n(self.segments.now[k]), self._n(self.segments.before[k])
        return Segment(
            self.segments.names[k],
            _presence(terms.now.n[k] > 0, terms.before.n[k] > 0),
            n2,
            n1,
            float(terms.now.weight[k]),
            float(terms.before.weight[k]),
            value2,
            value1,
            *parts,
            self.single[k],
        )

    # ------------------------------------------------------------ counts

    def contributions(self) -> Drivers:
        """Every segment's own change."""
        per = self.whole.difference.per if self.whole.difference else ""
        raw: dict[Key, Part] = {}
        rows: list[tuple[Presence, float | None, float | None, float]] = []
        for k, (one, other) in enumerate(zip(self.segments.now, self.segments.before, strict=True)):
            value2, value1 = self._count(one, per), self._count(other, per)
            comparison = self.single[k]
            difference = None if comparison is None else comparison.difference
            if difference is not None and difference.per == per:
                part = Part(difference.value, difference.low, difference.high, difference.p)
                if difference.p is None:
                    part = replace(part, reason=difference.method)
            else:
                part = Part((value2 or 0.0) - (value1 or 0.0), reason="one period has none of these")
            raw[k, LONE] = part
            rows.append((_presence(bool(value2), bool(value1)), value2, value1, part.value))
        adjusted = self._adjusted(raw)
        segments = [
            Segment(
                self.segments.names[k],
                presence,
                self._n(self.segments.now[k]),
                self._n(self.segments.before[k]),
                None,
                None,
                value2,
                value1,
                None,
                None,
                adjusted[k, LONE],
                self.single[k],
            )
            for k, (presence, value2, value1, _) in enumerate(rows)
        ]
        lone = [s.contribution for s in segments if s.presence is not Presence.BOTH]
        new = Part(sum(lone), reason="a sum of counts without a test of its own") if lone else None
        return self._drivers(Split.SUM, None, None, new, segments)

    def _count(self, one: Measured | None, per: str) -> float | None:
        if one is None or one.estimate.value is None:
            return None
        value = one.estimate.parts.get("per_day") if per else one.estimate.value
        return None if value is None else float(value)

    # ------------------------------------------------------------ judging and putting together

    def _total(self) -> Part:
        difference = self.whole.difference
        if difference is None:
            return Part(0.0, reason=self.whole.reason)
        reason = difference.method if difference.p is None else ""
        return Part(
            difference.value,
            difference.low,
            difference.high,
            difference.p,
            difference.p_adjusted,
            self.whole.verdict,
            reason,
        )

    def _adjusted(self, raw: Mapping[Key, Part]) -> dict[Key, Part]:
        """p-values allowing for all segments' parts, and verdicts from those."""
        keys = list(raw)
        p = benjamini_hochberg([raw[key].p for key in keys])
        return {
            key: replace(raw[key], p_adjusted=q, verdict=self._verdict(raw[key].value, q))
            for key, q in zip(keys, p, strict=True)
        }

    def _verdict(self, value: float, p: float | None) -> Verdict:
        least = matters(self.metric, self.whole.before, self.whole.difference)
        if p is None or p >= chance(self.facts.definitions.confidence) or abs(value) < least:
            return Verdict.UNCLEAR
        if self.metric.better is Direction.NEUTRAL:
            return Verdict.CHANGED
        return Verdict.BETTER if value * self.metric.better.value > 0 else Verdict.WORSE

    def _n(self, one: Measured | None) -> int:
        return 0 if one is None else one.estimate.n

    def _drivers(
        self,
        split: Split,
        mix: Part | None,
        performance: Part | None,
        lone: Part | None,
        segments: list[Segment],
    ) -> Drivers:
        total = self._total()
        simpson, sure = _reversal(total, mix, performance, lone)
        order = sorted(segments, key=lambda s: (-_size(s), s.name))
        method = "; ".join(
            filter(None, (HOW[split], self.whole.difference.method if self.whole.difference else ""))
        )
        return Drivers(
            self.metric,
            self.now,
            self.before,
            self.dimension,
            split,
            self.whole,
            total,
            mix,
            performance,
            lone,
            tuple(order),
            simpson,
            sure,
            self.whole.difference.per if self.whole.difference else "",
            method,
        )

    def _empty(self, reason: str) -> Drivers:
        return _nothing(self.metric, self.now, self.before, self.dimension, self.whole, reason)


def _size(segment: Segment) -> float:
    return sum(abs(part.value) for part in (segment.mix, segment.performance, segment.alone) if part)


def _reversal(
    total: Part, mix: Part | None, performance: Part | None, lone: Part | None
) -> tuple[bool, bool]:
    """Whether performance and total go opposite ways, and whether both are beyond chance.

    What turns the total round is the mix (or segments that came and went); as long as that may be chance,
    opposite signs are noise and no reversal.
    """
    if performance is None or mix is None or total.value * performance.value >= 0:
        return False, False
    turned = any(part is not None and part.beyond_chance for part in (mix, lone))
    return turned, turned and total.beyond_chance and performance.beyond_chance


def _presence(now: bool, before: bool) -> Presence:
    if now and before:
        return Presence.BOTH
    return Presence.NEW if now else Presence.VANISHED


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
