"""A trend → sentences: drift, steps, events, the week, where it is heading, what would be false signals.

Every word is looked up from a verdict or the sign of a number; nothing here says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Direction, Period, Unit, Verdict, inside
from kpi.periods.wording import day_words, span_words
from kpi.words import lexicon
from kpi.words.figures import enough, level, percent, probability, shown_as
from kpi.words.trend_figures import change_words, detectable_words, size_words

if TYPE_CHECKING:
    from kpi.trend.nouns import Change, ChangePoint, EventEffect, Outlook, Trend

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
KINDS = ("release", "outage", "campaign", "staffing", "other")
"""Kinds of known events; the last needs no word of its own."""
BEYOND = "limits"
"""The rule of a single point; the others are runs, "shift of 8"."""


def trend_title(trend: Trend) -> str:
    """The finding as a title: a step if there is a clear one, else the drift, else what would have been seen.

    Raises:
        ValueError: when a verdict contradicts its numbers; such a trend must not be said.
    """
    check_trend(trend)
    subject = trend_subject(trend)
    if trend.refused is not None:
        return f"No trend for {inside(subject)}: {trend.refused.removeprefix(f'no {inside(subject)}: ')}"
    steps = [point for point in trend.change_points if point.size.verdict in lexicon.CLEAR]
    if steps and not _rather_a_drift(trend, steps):
        largest = max(steps, key=lambda point: point.size.t or 0.0)
        also = "" if len(steps) == 1 else f", one of {len(steps)} changes of level"
        return f"{_moved(trend, largest.size, subject)} around {day_words(largest.day)}{also}"
    return drift_sentence(trend)[:-1]


def _rather_a_drift(trend: Trend, steps: Sequence[ChangePoint]) -> bool:
    """A clear slope that says more than the steps: several steps one way are a slope, and so is one that is
    not seen as surely as the slope."""
    if trend.slope.verdict not in lexicon.CLEAR or trend.slope.t is None:
        return False
    ways = {(step.size.change or 0.0) > 0 for step in steps}
    if ways != {(trend.slope.change or 0.0) > 0}:
        return False
    return len(steps) > 1 or trend.slope.t > (steps[0].size.t or 0.0)


def trend_findings(trend: Trend) -> tuple[str, ...]:
    """What follows the title: drift, what is left besides steps, whether the series wanders."""
    if trend.refused is not None:
        return ()
    drift = drift_sentence(trend)
    said = [] if drift[:-1] == trend_title(trend) else [drift]
    said += [beside_sentence(trend), persistence_sentence(trend)]
    return tuple(text for text in said if text)


def trend_subject(trend: Trend) -> str:
    """The metric and the segment it is about."""
    chosen = " and ".join(" or ".join(each.values) for each in trend.where)
    return f"{trend.metric.name} for {' '.join(chosen.split())}" if chosen else trend.metric.name


def drift_sentence(trend: Trend) -> str:
    """The slope over the whole stretch, or what is missing for one."""
    subject, change = trend_subject(trend), trend.slope
    long = length_words(trend.span)
    if trend.refused is not None or change.change is None:
        return f"No trend for {inside(subject)}: {trend.refused or change.reason}."
    if change.verdict in lexicon.CLEAR:
        way = "up" if change.change > 0 else "down"
        return f"{subject} drifted {way} by {size_words(trend, change)} over {long}."
    if _beyond_chance(trend, change):
        way = "up" if change.change > 0 else "down"
        return f"{subject} drifted {way} by {size_words(trend, change)} over {long}, too little to matter."
    return f"No evidence of a trend in {inside(subject)} over {long}{_seen(trend, change, 'a drift')}."


def _seen(trend: Trend, change: Change, thing: str) -> str:
    """The smallest true change that would have been seen four times in five."""
    least = detectable_words(trend, change)
    return f"; {thing} of more than {least} would have been seen" if least else ""


def change_point_sentence(trend: Trend, point: ChangePoint) -> str:
    """A step found by the scan: when, between which days, how large."""
    between = (
        f"between {day_words(point.low)} and {day_words(point.high)}"
        if point.low < point.high
        else f"on {day_words(point.day)}"
    )
    said = _moved(trend, point.size, trend_subject(trend))
    doubt = "" if point.size.verdict in lexicon.CLEAR else "; too little to matter or not beyond doubt"
    return f"{said} around {day_words(point.day)} ({between}){doubt}."


def beside_sentence(trend: Trend) -> str:
    """What is left of a drift once the steps are allowed for; empty without steps."""
    change = trend.drift_beside
    if change is None or change.change is None:
        return ""
    steps = "this step" if len(trend.change_points) == 1 else "these steps"
    if _beyond_chance(trend, change):
        way = "upward" if change.change > 0 else "downward"
        return f"Besides {steps} there is a drift {way} by {size_words(trend, change)}."
    return f"Besides {steps} there is no evidence of a drift{_seen(trend, change, 'one')}."


def event_sentence(trend: Trend, effect: EventEffect) -> str:
    """A known event and the change since: "Since the release of 15 June 2026 (v2): −7.9 points (…)"."""
    event, change = effect.event, effect.change
    kind = "" if event.kind == KINDS[-1] or event.kind not in KINDS else f"the {event.kind} "
    name = " ".join(event.name.split())
    when = day_words(event.day)
    if event.until is not None:
        days = span_words(event.day, event.until)
        start = f"During {kind}of {days}" if kind else f"During {days}"
    else:
        start = f"Since {kind}of {when}" if kind else f"Since {when}"
    start += f" ({name})" if name else ""
    if change.change is None:
        return f"{start}: cannot be judged: {change.reason}."
    said = f"{start}: {change_words(trend, change)}"
    p = change.p if change.p_adjusted is None else change.p_adjusted
    if change.verdict in lexicon.CLEAR:
        return f"{said}, {lexicon.SHORT[change.verdict]}."
    if p is not None and p < round(1 - trend.level, 12):
        return f"{said}: beyond chance, too little to matter."
    return f"{said}: no clear change{_seen(trend, change, 'one')}."


def outlook_sentence(trend: Trend, outlook: Outlook) -> str:
    """Where a month or quarter is heading, with the chance to meet the target."""
    name = str(outlook.period)
    if outlook.value is None:
        return f"{name}: no prediction: {outlook.reason}."
    shown = shown_as(trend.metric.unit, (outlook.value, outlook.target))
    places = enough(outlook.value * shown.factor, shown.decimals)
    said = f"{name} is expected to end at {level(outlook.value, shown, places)}"
    if outlook.low is not None and outlook.high is not None:
        low, high = (level(bound, shown, places) for bound in (outlook.low, outlook.high))
        said += f" ({percent(trend.level)} interval {low} to {high})"
    if outlook.chance is not None and outlook.target is not None:
        said += f"; {goal_words(trend, outlook.target)}: {chance_words(outlook.chance)}"
    return f"{said}."


def goal_words(trend: Trend, target: float) -> str:
    """What meeting the target means, with the direction of the metric."""
    shown = shown_as(trend.metric.unit, (target,))
    goal = level(target, shown, shown.decimals)
    up = trend.metric.better is Direction.UP
    return f"chance to {'reach' if up else 'stay at or below'} {goal}"


def chance_words(chance: float) -> str:
    """A chance in whole percent, never none and never certain.

    >>> chance_words(0.034), chance_words(0.0), chance_words(0.9999)
    ('3 %', 'below 1 %', 'above 99 %')
    """
    if chance < 0.01:
        return "below 1 %"
    return "above 99 %" if chance > 0.99 else f"{chance * 100:.0f} %"


def so_far_sentence(trend: Trend, outlook: Outlook) -> str:
    """The value of the month or quarter so far, with its n; empty before it has begun."""
    if outlook.so_far is None:
        return ""
    end = outlook.days_left
    left = f"{end} day{'' if end == 1 else 's'} to come"
    if outlook.so_far.value is None:
        return f"So far no answer ({outlook.so_far.reason}), {left}."
    shown = shown_as(trend.metric.unit, (outlook.so_far.value,))
    value = level(outlook.so_far.value, shown, shown.decimals)
    counted = trend.metric.unit is Unit.COUNT and outlook.so_far.value == outlook.so_far.n
    return f"So far {value}{'' if counted else f' (n {outlook.so_far.n:,})'}, {left}."


def weekday_sentence(trend: Trend) -> str:
    """Which weekdays stand out, and how much of the variation weekdays explain."""
    week = trend.weekdays
    known = [day for day in week.days if day.estimate.value is not None]
    if len(known) < 2:
        return f"No weekday profile: {week.reason or 'fewer than two weekdays have a value'}."
    top = max(known, key=lambda day: day.estimate.value or 0.0)
    bottom = min(known, key=lambda day: day.estimate.value or 0.0)
    high, low = (trend.change_unit.level(day.estimate.value) for day in (top, bottom))
    apart = (
        top.estimate.low is not None
        and bottom.estimate.high is not None
        and top.estimate.low > bottom.estimate.high
    )
    levels = f"{DAYS[top.weekday]} are highest ({high}), {DAYS[bottom.weekday]} lowest ({low})"
    said = levels if apart else f"No weekday clearly stands out: {levels}"
    if week.share is None:
        return f"{said}."
    return f"{said}; weekdays explain {share_words(week.share)} of the variation from day to day."


def share_words(share: float) -> str:
    """A share of variance.

    >>> share_words(0.0), share_words(0.62)
    ('hardly anything', '62 %')
    """
    return "hardly anything" if share < 0.01 else f"{share * 100:.0f} %"


def limits_sentence(trend: Trend) -> str:
    """Where the limits come from, or why there are none."""
    limits = trend.limits
    if limits is None:
        return f"No control limits: {trend.limits_reason}."
    wider = (
        f", widened as neighbouring points resemble each other (correlation {limits.autocorrelation:.2f}"
        + ")"
        if limits.autocorrelation > 0
        else ""
    )
    baseline = span_words(limits.baseline.start, limits.baseline.end)
    points = f"{limits.points} {plural(trend.grain)}"
    return f"Limits frozen on {points}, {baseline}: {limits.method}{wider}."


def signals_sentence(trend: Trend) -> str:
    """What the chart shows: how many points are beyond what the limits lead to expect."""
    grain, limits = trend.grain, trend.limits
    known = [point for point in trend.points if point.counts]
    if limits is None:
        shown = f"{len(known)} {grain if len(known) == 1 else plural(grain)}"
        return f"{trend_subject(trend)}, {shown} without control limits"
    last = limits.limits[-1].centre
    usual = f"the usual {trend.metric.unit.level(last)}"
    found = trend.signals
    if not found:
        return f"No signal in {len(known)} {plural(grain)}: ordinary variation around {usual}"
    newest = found[-1]
    when = day_words(newest.day) if grain == "day" else f"the {grain} from {day_words(newest.day)}"
    are = "is a signal" if len(found) == 1 else "are signals"
    said = f"{len(found)} of {len(known)} {plural(grain)} {are}"
    way = "above" if newest.signal is not None and newest.signal.above else "below"
    return f"{said}, the newest {when}, {way} {usual}"


def chart_key(trend: Trend) -> tuple[str, ...]:
    """How to read the chart."""
    said = [f"Points: {trend.grain}s, whole ones only; bars at the foot: n"]
    if trend.limits is not None:
        better = trend.metric.better is not Direction.NEUTRAL
        colour = "; blue on the better side, orange on the worse" if better else ""
        said.append(f"thin lines: average and control limits; triangles: signals{colour}")
    if any(point.provisional for point in trend.points):
        reason = next(point.provisional for point in trend.points if point.provisional)
        said.append(f"hollow: not final, as {reason}")
    if trend.change_points:
        said.append("grey bands: days between which a change of level lies")
    if trend.events:
        said.append("dashed lines: known events")
    return (*said[:1], *(text[:1].upper() + text[1:] for text in said[1:]))


def false_signals_sentence(trend: Trend) -> str:
    """How many signals would be there if nothing ever changed."""
    limits = trend.limits
    if limits is None:
        return "Without limits no point is called a signal."
    looked = sum(point.counts for point in trend.points)
    rules = " and ".join(map(rule_words, limits.rules))
    expected = f"{limits.expected_false:.1f}"
    expected = "fewer than 0.1" if expected == "0.0" else f"about {expected}"
    found = len(trend.signals)
    seen = f"{found} {'is' if found == 1 else 'are'} marked here"
    return (
        f"If nothing ever changed, {expected} of these {looked} points would be marked by chance "
        f"({rules}); {seen}."
    )


def persistence_sentence(trend: Trend) -> str:
    """That the series wanders and needs a longer history; empty when it does not."""
    if trend.persistence is None or trend.persistence <= 0.5:
        return ""
    if trend.span.days < 182:
        return (
            "This series wanders slowly, so chance alone can look like a trend: take at least 26 weeks "
            "before believing one."
        )
    return (
        "This series wanders slowly, so chance alone can look like a trend: false alarms are more frequent "
        "here than the interval says."
    )


def trend_method(trend: Trend) -> tuple[str, ...]:
    """How all this was computed, for the reader who wants to know."""
    said = [
        f"{trend.metric.name}: {trend.metric.formula}; {trend.metric.basis.words}.",
        f"{trend.days:,} days with a value, {span_words(trend.span.start, trend.span.end)}.",
    ]
    if trend.slope.change is not None:
        p = "" if trend.slope.p is None else f", p {probability(trend.slope.p)}"
        said.append(
            f"Change from the first day to the last: {change_words(trend, trend.slope)}{p}; "
            f"{trend.slope.method}."
        )
    if least := detectable_words(trend, trend.slope):
        said.append(f"A true drift of {least} would have been seen four times in five.")
    said.append(limits_sentence(trend))
    said += [f"{note[:1].upper()}{note[1:]}." for note in trend.notes]
    return tuple(said)


def trend_alt(trend: Trend) -> str:
    """The chart for those who do not see it."""
    known = [point for point in trend.points if point.estimate.value is not None]
    if not known:
        return f"{trend_title(trend)}. No point to draw."
    shown = shown_as(trend.metric.unit, (known[0].estimate.value, known[-1].estimate.value))
    ends = [level(point.estimate.value, shown, shown.decimals) for point in (known[0], known[-1])]
    signals = len(trend.signals)
    return (
        f"{trend_title(trend)}. {len(known)} {plural(trend.grain)} from {ends[0]} "
        f"({day_words(known[0].day)}) to {ends[1]} ({day_words(known[-1].day)}), "
        f"{signals} of them marked as signals."
    )


def rule_words(rule: str) -> str:
    """A rule of the control chart in words.

    >>> rule_words("limits"), rule_words("shift of 12")
    ('a point beyond the limits', '12 in a row on one side of the average')
    """
    if rule == BEYOND:
        return "a point beyond the limits"
    return f"{rule.rpartition(' ')[2]} in a row on one side of the average"


def plural(grain: str) -> str:
    """Several points of a grain."""
    return f"{grain}s"


def _moved(trend: Trend, change: Change, subject: str) -> str:
    verb = lexicon.moved((change.change or 0.0) > 0)
    return f"{subject} {verb} by {size_words(trend, change)}"


def _beyond_chance(trend: Trend, change: Change) -> bool:
    return change.p is not None and change.p < round(1 - trend.level, 12)


# ---------------------------------------------------------------- days and lengths


def length_words(span: Period) -> str:
    """How long a stretch is, in weeks where that is long.

    >>> from datetime import date
    >>> start = date(2026, 1, 1)
    >>> length_words(Period(start, date(2026, 7, 1))), length_words(Period(start, date(2026, 1, 9)))
    ('26 weeks', '9 days')
    """
    return f"{round(span.days / 7)} weeks" if span.days >= 56 else f"{span.days} days"


# ---------------------------------------------------------------- what must not be said


def check_trend(trend: Trend) -> None:
    """Nothing when every verdict fits its numbers; else ValueError naming those that do not."""
    wrong: list[str] = []
    changes: Sequence[tuple[str, Change]] = [
        ("slope", trend.slope),
        *((f"step of {point.day}", point.size) for point in trend.change_points),
        *((f"event of {effect.event.day}", effect.change) for effect in trend.events),
    ]
    for name, change in changes:
        if change.verdict not in lexicon.CLEAR:
            continue
        sign = (change.change or 0.0) * trend.metric.better.value
        fits = Verdict.BETTER if sign > 0 else Verdict.WORSE if sign < 0 else Verdict.CHANGED
        if not change.change or change.verdict is not fits:
            wrong.append(f"{name}: '{change.verdict.value}' for a change of {change.change}")
        elif change.low is not None and change.high is not None and change.low <= 0 <= change.high:
            wrong.append(f"{name}: '{change.verdict.value}', but the interval holds no change")
    if trend.refused is not None and trend.slope.change is not None:
        wrong.append("a refused trend has a slope")
    if wrong:
        raise ValueError(f"{trend.metric.key}: {'; '.join(wrong)}")
