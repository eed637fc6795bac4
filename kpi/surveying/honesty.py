"""Who answers our surveys: everything about one metric in two periods."""

from __future__ import annotations

from dataclasses import replace

from kpi import fields
from kpi.compare import compare, measure
from kpi.drivers import dimensions as all_dimensions
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Comparison, Filter, Metric, Period
from kpi.surveying.alarming import alarm, rate_metric
from kpi.surveying.bounding import bounds, tipping
from kpi.surveying.nouns import Alarm, Honesty, Side, Tipping
from kpi.surveying.population import ANSWERED, ANSWERS, SURVEYED, Population, measure_of, population
from kpi.surveying.representation import represented
from kpi.surveying.reweighting import Result, reweight

MOST_VALUES = 60
"""A dimension with more values is left out: its kinds are too small to answer for themselves."""
NEVER_WEIGHTED = frozenset({"agent"})
"""An agent is no kind of ticket, unless the reader says so."""
SILENT = Alarm(False, None, False, (), 0, False)


def survey_honesty(
    facts: Facts,
    metric: str,
    now: Period,
    before: Period,
    *,
    where: tuple[Filter, ...] = (),
    weight_by: tuple[str, ...] = (),
    target: float | None = None,
) -> Honesty:
    """Response rate, segments, bounds, re-weighting, the alarm, and what of the change is due to who answers.

    Args:
        metric: csat, nps or ces.
        weight_by: dimensions to re-weight by; chosen from the data when empty.
        target: in the unit of the metric; the metric's own (that of the definitions) when None.

    Raises:
        ValueError: for a metric that is no survey, or a field that no table has.
    """
    chosen = _surveyed(facts, metric)
    if target is not None:
        chosen = replace(chosen, target=target)
    level = facts.definitions.confidence
    found = population(facts, chosen)
    if isinstance(found, str):
        return _refused(chosen, found, level)
    lacking = _lacking(found, (*(one.field for one in where), *weight_by))
    if lacking:
        return _refused(chosen, lacking, level)
    names = dimensions(found)
    official = compare(facts, now, before, metrics=(metric,), where=where)[0]
    sides = [_side(found, period, where) for period in (now, before)]
    if not sides[0].answered:
        return replace(_refused(chosen, f"nobody answered in {now}", level), official=official)
    ringing = alarm(found, now, before, names, where) if sides[1].answered else SILENT
    if found.asked is None:
        return replace(
            _refused(chosen, "", level),
            official=official,
            now=sides[0],
            before=sides[1],
            alarm=ringing,
            unknown=found.unknown,
            not_weighted=found.unknown,
            unbounded=found.unknown,
        )
    unbounded = _unbounded(found, sides[0])
    if not unbounded:
        sides = [
            replace(side, bounds=bounds(found, chosen, side.period, where) if side.answered else None)
            for side in sides
        ]
        sides[0] = replace(sides[0], tipping=_tipping(found, chosen.target, sides))
    result, not_weighted = _weighted(found, (now, before), names, where, weight_by, sides)
    if result is not None:
        sides = [
            replace(sides[0], reweighted=result.now),
            replace(sides[1], reweighted=result.before),
        ]
    segments = represented(found, now, names, where)
    return Honesty(
        metric=chosen,
        official=official,
        asked=found.asked,
        now=sides[0],
        before=sides[1],
        coverage=_coverage(facts, found, now, before, where),
        segments=segments,
        segment_looks=sum(one.difference is not None for one in segments),
        weighting=None if result is None else result.weighting,
        change=None if result is None else result.change,
        alarm=ringing,
        scale=found.scale,
        level=level,
        not_weighted=not_weighted,
        unbounded=unbounded,
    )


def survey_alarm(
    facts: Facts, metric: str, now: Period, before: Period, *, where: tuple[Filter, ...] = ()
) -> Alarm:
    """The alarm alone, as on the page: whether it changed who answers."""
    found = population(facts, _surveyed(facts, metric))
    if isinstance(found, str) or _lacking(found, [one.field for one in where]):
        return SILENT
    sides = [_side(found, period, where) for period in (now, before)]
    if not all(side.answered for side in sides):
        return SILENT
    return alarm(found, now, before, dimensions(found), where)


def surveys_with_answers(facts: Facts) -> tuple[str, ...]:
    """Which of CSAT, NPS and CES these data hold."""
    known = {metric.key for metric in catalogue(facts.definitions, facts)}
    held = (key for key in SURVEYED if key in known)
    return tuple(key for key in held if not isinstance(population(facts, _surveyed(facts, key)), str))


def dimensions(found: Population) -> tuple[str, ...]:
    """The dimensions of those asked by which kinds of tickets are told apart."""
    table = found.table
    return tuple(
        name
        for name in all_dimensions(found.facts)
        if (own := fields.resolve(table, name)) is not None
        and own in table.dimensions
        and 2 <= len(table.dimensions[own].categories) <= MOST_VALUES
    )


def _surveyed(facts: Facts, key: str) -> Metric:
    if key not in SURVEYED:
        raise ValueError(f"'{key}' is no answer to a survey; choose one of {', '.join(SURVEYED)}")
    known = {one.key: one for one in (*catalogue(facts.definitions), *catalogue(facts.definitions, facts))}
    return known[key]


def _lacking(found: Population, names: tuple[str, ...] | list[str]) -> str:
    """That the rows looked at lack a field; raises ValueError where no table has it."""
    lacking = [name for name in names if fields.resolve(found.table, name) is None]
    for name in lacking:
        if all(fields.resolve(table, name) is None for table in found.facts.tables.values()):
            raise fields.unknown(name, found.facts.tables.values())
    if not lacking:
        return ""
    words = "surveys" if found.asked is None else found.asked.words
    return f"{words} have no field {' or '.join(map(repr, lacking))}, so they cannot be told apart by it"


def _side(found: Population, period: Period, where: tuple[Filter, ...]) -> Side:
    """How many were asked and answered, and what those said."""
    flag = ANSWERED if found.asked is not None else ANSWERS
    raw_metric = replace(
        found.metric,
        key="survey_raw",
        measure=measure_of(found.metric, flag),
        grain=found.grain,
        basis=found.basis,
        parts={},
        left_out={},
    )
    metrics = [raw_metric]
    if found.asked is not None:
        rate = rate_metric(found)
        metrics += [] if rate is None else [rate]
    raw, *rates = (one.estimate for one in measure(found.facts, period, metrics=metrics, where=where))
    asked = rates[0].n if rates else raw.n
    return Side(period, asked, raw.n, raw, None, (), None)


def _unbounded(found: Population, side: Side) -> str:
    if found.scale is None:
        return "the ends of the scale are not known, so worst and best cannot be told"
    if side.silent == 0:
        return f"every one of the {side.asked:,} {_words(found)} has an answer: nobody is silent"
    return ""


def _words(found: Population) -> str:
    return "surveys" if found.asked is None else found.asked.words


def _tipping(found: Population, target: float | None, sides: list[Side]) -> tuple[Tipping, ...]:
    lines = []
    unit = found.metric.unit
    if target is not None:
        lines.append((f"the target of {unit.level(target)}", target))
    if sides[1].raw.value is not None:
        value = sides[1].raw.value
        lines.append((f"the {unit.level(value)} of those who answered in {sides[1].period}", value))
    return tipping(sides[0].raw, sides[0].asked, tuple(lines), found.scale or (0.0, 1.0))


def _weighted(
    found: Population,
    periods: tuple[Period, Period],
    names: tuple[str, ...],
    where: tuple[Filter, ...],
    weight_by: tuple[str, ...],
    sides: list[Side],
) -> tuple[Result | None, str]:
    least = found.facts.definitions.minimum_n
    few = [side for side in sides if side.answered < least]
    if few:
        return None, f"fewer than {least} answers in {few[0].period}"
    if sides[0].silent == 0 and sides[1].silent == 0:
        return None, "everybody answered, so there is nothing to re-weight"
    candidates = tuple(name for name in names if name not in NEVER_WEIGHTED)
    result = reweight(found, periods, candidates, where, chosen=weight_by)
    return (None, result) if isinstance(result, str) else (result, "")


def _coverage(
    facts: Facts, found: Population, now: Period, before: Period, where: tuple[Filter, ...]
) -> Comparison | None:
    """Answers ÷ solved tickets, where those asked are the surveys sent."""
    if found.asked is None or not found.asked.is_response or found.metric.key != "csat":
        return None
    if "coverage" not in {metric.key for metric in catalogue(facts.definitions, facts)}:
        return None
    one = compare(facts, now, before, metrics=("coverage",), where=where)[0]
    return one if one.now.value is not None else None


def _refused(metric: Metric, reason: str, level: float) -> Honesty:
    return Honesty(
        metric=metric,
        official=None,
        asked=None,
        now=None,
        before=None,
        coverage=None,
        segments=(),
        segment_looks=0,
        weighting=None,
        change=None,
        alarm=SILENT,
        scale=None,
        level=level,
        refused=reason,
    )
