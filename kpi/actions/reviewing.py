"""What became of the actions of a plan: each judged by its step, all of them as one family."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from kpi import compare, fields
from kpi.actions.nouns import FEWEST_AFTER, Effect, Extreme, Outcome, Review
from kpi.actions.stepping import Refusal, counted, gap_between, step_at
from kpi.facts import Facts
from kpi.measures import Rate, Stock
from kpi.metrics import catalogue
from kpi.model import EPOCH, Direction, Estimate, Filter, Metric, Period
from kpi.stats import benjamini_hochberg
from kpi.trend import KnownEvent, last_whole_day
from kpi.trend.daily_series import DailySeries, daily_series
from kpi.workspace import Action, ActionStatus

YEAR = 364
"""Days before the action that its noise is learned from: 52 weeks."""
LONGEST_AFTER = 182
"""Days after it that are looked at where no day of review is named: 26 weeks."""
BLOCK = 28
"""Days before the action that are looked at as what it may have been begun for."""
FEWEST_BLOCKS = 4
OF_TREND = " of trend and limits"
"""What notes of a daily series say of the page they were written for."""
NEAR = 28
"""Another action or event within so many days cannot be told apart from it."""


def review(facts: Facts, actions: Sequence[Action], events: Sequence[KnownEvent] = ()) -> tuple[Review, ...]:
    """A review of each action, in their order; p-values are adjusted over all that could be judged.

    An action is judged by the step of its metric's daily series at the day from which it works, with the
    noise of up to a year of days before it; where a control segment is named, by the step of the daily gap
    between both segments (difference in differences). Days count, not rows or agents: thousands of rows of
    two weeks are two weeks.

    Parameters
        events: what else is known to have happened; what lies within four weeks is named beside the verdict.
    """
    return together([review_one(facts, action) for action in actions], events)


def review_one(facts: Facts, action: Action) -> Review:
    """The review of one action by itself: not yet adjusted for others, nor held against its neighbours."""
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    found = _reviewed(facts, action, known.get(action.metric))
    return found if found.effect is None else replace(found, outcome=_outcome(found, found.effect.p))


def together(reviews: Sequence[Review], events: Sequence[KnownEvent] = ()) -> tuple[Review, ...]:
    """Reviews as one family: p-values adjusted (Benjamini-Hochberg), neighbours in time named."""
    actions = [one.action for one in reviews]
    found = [replace(one, beside=_beside(one.action, actions, events)) for one in reviews]
    tested = [place for place, one in enumerate(found) if one.effect is not None]
    adjusted = benjamini_hochberg([_p(found[place]) for place in tested])
    for place, p in zip(tested, adjusted, strict=True):
        one = found[place]
        found[place] = replace(one, p_adjusted=p, outcome=_outcome(one, p))
    return tuple(found)


def _p(one: Review) -> float:
    return 1.0 if one.effect is None else one.effect.p


def weeks_around(one: Review) -> tuple[Period, ...]:
    """Whole weeks counted from the day of the action to both sides, so that none holds days of both."""
    at, days = one.action.done_on, one.days
    if at is None or days is None:
        return ()
    back = (at - days.start).days // 7
    ahead = ((days.end - at).days + 1) // 7
    first = Period(at, at + timedelta(days=6))
    return tuple(first.shifted(7 * week) for week in range(-back, ahead))


# ---------------------------------------------------------------- one action


def _reviewed(facts: Facts, action: Action, metric: Metric | None) -> Review:
    bare = Review(action, Outcome.NO_METRIC, metric, level=facts.definitions.confidence)
    if not action.metric:
        return replace(bare, reason="no metric to look at afterwards is named")
    if metric is None:
        words = f"the metric '{action.metric}' is not in the list any more"
        return replace(bare, outcome=Outcome.NO_DATA, reason=words)
    at = action.done_on
    if action.status == ActionStatus.GIVEN_UP:
        return replace(bare, outcome=Outcome.NOT_DONE, reason="it was given up")
    if at is None:
        return replace(bare, outcome=Outcome.NOT_DONE, reason="the day from which it works is not set")
    if not facts.dated:
        words = "no row has a date: there is no before and after"
        return replace(bare, outcome=Outcome.NO_DATA, reason=words)
    last = last_whole_day(facts)
    if at > last:
        ready = at + timedelta(days=FEWEST_AFTER - 1)
        words = f"the data end on {last}, before it was done"
        return replace(bare, outcome=Outcome.TOO_EARLY, reason=words, ready_on=ready)
    start = max(EPOCH + timedelta(days=facts.first_day), at - timedelta(days=YEAR))
    if at <= start:
        words = f"the data begin on {start}: there are no days before it"
        return replace(bare, outcome=Outcome.NO_DATA, reason=words)
    end = min(last, action.review_on or at + timedelta(days=LONGEST_AFTER - 1))
    early = action.review_on is not None and action.review_on > last
    bare = replace(bare, days=Period(start, max(end, at)), early=early)
    found = _judged(facts, metric, bare, at)
    if found.outcome is not Outcome.TOO_EARLY or end == last:
        return found
    # The day of review leaves too few days: it must not keep the action from ever being judged.
    later = _judged(facts, metric, replace(bare, days=Period(start, last)), at)
    words = f"its day of review, {end}, left too few days, so all days since are looked at"
    return replace(later, notes=(*later.notes, words)) if later.effect is not None else later


def _judged(facts: Facts, metric: Metric, bare: Review, at: date) -> Review:
    action, days = bare.action, bare.days
    assert days is not None
    own = _series(facts, metric, days, action.where)
    if isinstance(own, str):
        return replace(bare, outcome=Outcome.NO_DATA, reason=own)
    before, after = counted(own, at)
    bare = replace(
        bare,
        days_before=before,
        days_after=after,
        notes=tuple(note.replace(OF_TREND, "") for note in own.notes),
    )
    split = Period(days.start, at - timedelta(days=1)), Period(at, days.end)
    plain = [_plain(facts, metric, part, action.where) for part in split]
    bare = replace(bare, before=plain[0], after=plain[1])
    series, control, notes = _against(facts, metric, own, action, days, at)
    level = bare.level
    typical = _typical(metric, own, at, plain[0]) if own.log else None
    effect = step_at(series, at, level, typical=typical, gap=bool(control))
    if isinstance(effect, Refusal):
        ready = _ready(own, days, effect) if effect.early else None
        outcome = Outcome.TOO_EARLY if effect.early else Outcome.NO_DATA
        return replace(bare, outcome=outcome, reason=effect.reason, ready_on=ready)
    expected = action.expected_change
    held = None if expected is None else effect.low <= expected <= effect.high
    return replace(
        bare,
        outcome=Outcome.CANNOT_TELL,
        effect=effect,
        control=control,
        controls=tuple(_plain(facts, metric, part, control) for part in split) if control else (),
        notes=(*bare.notes, *notes),
        expected_held=held,
        extreme=_extreme(metric, own, at),
    )


def _series(facts: Facts, metric: Metric, days: Period, where: tuple[Filter, ...]) -> DailySeries | str:
    try:
        return daily_series(facts, metric, days, where)
    except ValueError as error:
        # The rest of the message lists every field there is.
        return str(error).split(";")[0]


def _plain(facts: Facts, metric: Metric, days: Period, where: tuple[Filter, ...]) -> Estimate:
    (found,) = compare.measure(facts, days, metrics=(metric.key,), where=where)
    return per_day(metric, found.estimate)


def per_day(metric: Metric, estimate: Estimate) -> Estimate:
    """A total per day of its period: periods before and after are of unequal length."""
    if not (isinstance(metric.measure, Rate) and metric.measure.total) or estimate.value is None:
        return estimate
    share = float(estimate.parts.get("per_day") or 0.0) / estimate.value if estimate.value else 1.0
    low, high = (None if bound is None else bound * share for bound in (estimate.low, estimate.high))
    return replace(estimate, value=estimate.value * share, low=low, high=high)


def _against(
    facts: Facts, metric: Metric, own: DailySeries, action: Action, days: Period, at: date
) -> tuple[DailySeries, tuple[Filter, ...], tuple[str, ...]]:
    """The series to be judged, the control it is held against, and why not where there is none."""
    if not action.control:
        return own, (), ()
    if not apart(facts, metric, action.where, action.control):
        return own, (), ("judged without its control: both segments may hold the same rows",)
    other = _series(facts, metric, days, action.control)
    if isinstance(other, str):
        return own, (), (f"judged without its control: {other}",)
    gap = gap_between(own, other)
    alone, together = counted(own, at), counted(gap, at)
    refused = step_at(gap, at, 0.95) if min(together) < min(alone) else None
    if isinstance(refused, Refusal):
        return (
            own,
            (),
            (f"judged without its control: of the days on which both have a value {refused.reason}",),
        )
    return gap, action.control, ()


def apart(facts: Facts, metric: Metric, one: tuple[Filter, ...], other: tuple[Filter, ...]) -> bool:
    """Whether two segments share no row: some field is filtered in both, without a value in common."""
    table = facts.table(metric.grain)

    def own(field: str) -> str:
        return (None if table is None else fields.resolve(table, field)) or field.casefold()

    values = {own(each.field): {value.casefold() for value in each.values} for each in one}
    return any(
        own(each.field) in values
        and not values[own(each.field)] & {value.casefold() for value in each.values}
        for each in other
    )


def _typical(metric: Metric, series: DailySeries, at: date, before: Estimate) -> float:
    """The level before the action by which a share is put into units."""
    if before.value is not None and before.value > 0 and not isinstance(metric.measure, Rate | Stock):
        return before.value
    past = series.value[: series.place(at)]
    return math.exp(float(past[np.isfinite(past)].mean())) if np.isfinite(past).any() else 1.0


def _ready(series: DailySeries, days: Period, refusal: Refusal) -> date:
    """The day on which enough days will have a value, at the pace of the last four weeks."""
    recent = np.isfinite(series.value[-BLOCK:])
    pace = max(float(recent.mean()) if recent.size else 1.0, 1 / 7)
    return days.end + timedelta(days=math.ceil(refusal.missing / pace))


# ---------------------------------------------------------------- verdict


def wanted(metric: Metric, action: Action) -> int:
    """+1 where more is hoped for, −1 where less is, 0 where nobody said."""
    if metric.better is not Direction.NEUTRAL:
        return int(metric.better.value)
    expected = action.expected_change or 0.0
    return (expected > 0) - (expected < 0)


def _outcome(one: Review, p: float | None) -> Outcome:
    if one.effect is None or one.metric is None or p is None or p >= 1 - one.level:
        return Outcome.CANNOT_TELL
    if not _matters(one.metric, one.effect, one.before):
        return Outcome.TOO_SMALL
    sign = wanted(one.metric, one.action)
    if sign == 0:
        return Outcome.CHANGED
    return Outcome.HELPED if one.effect.value * sign > 0 else Outcome.MADE_WORSE


def _matters(metric: Metric, effect: Effect, before: Estimate | None) -> bool:
    """Whether the change is at least the smallest that matters."""
    if not metric.relative_matters:
        return abs(effect.value) >= metric.matters
    if effect.relative is not None:
        return abs(math.log1p(max(effect.relative, -0.999999))) >= math.log1p(metric.matters)
    base = None if before is None else before.value
    return base is None or abs(effect.value) >= metric.matters * abs(base)


# ---------------------------------------------------------------- what must be said beside it


def _extreme(metric: Metric, series: DailySeries, at: date) -> Extreme | None:
    """Whether the four weeks before the action were the worst of all such blocks before it.

    A team that acts on its worst weeks sees better ones next, whatever it did: what is picked because it is
    extreme moves back. The step is fitted on the whole year, not on these weeks, and still this is said.
    """
    if metric.better is Direction.NEUTRAL:
        return None
    place = series.place(at)
    means = []
    for end in range(place, BLOCK - 1, -BLOCK):
        block = series.value[end - BLOCK : end]
        if np.isfinite(block).sum() >= BLOCK // 2:
            means.append(float(np.nanmean(block)) * metric.better.value)
    if len(means) < FEWEST_BLOCKS or means[0] > min(means):
        return None
    return Extreme(Period(at - timedelta(days=BLOCK), at - timedelta(days=1)), len(means))


def _beside(action: Action, actions: Sequence[Action], events: Sequence[KnownEvent]) -> tuple[str, ...]:
    at = action.done_on
    if at is None:
        return ()
    near = [
        other.title
        for other in actions
        if other is not action
        and other.id != action.id
        and other.done_on is not None
        and other.status != ActionStatus.GIVEN_UP
        and abs((other.done_on - at).days) <= NEAR
    ]
    near += [event.name or event.kind for event in events if abs((event.day - at).days) <= NEAR]
    return tuple(near)
