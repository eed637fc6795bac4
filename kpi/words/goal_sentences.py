"""Goals → sentences: what a goal is, where it stands, what is to be expected, what to know before setting it.

Every word is looked up from a standing or from the sides of an interval; nothing here says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.goals.nouns import Standing
from kpi.model import Direction, Estimate, Filter, Metric, Unit, inside
from kpi.periods.wording import day_words
from kpi.words.figures import Shown, bare, enough, level, percent, shown_as
from kpi.words.trend_sentences import chance_words

if TYPE_CHECKING:
    from kpi.goals.nouns import Outset, Progress
    from kpi.workspace import Goal

STANDING = {
    Standing.REACHED: "Reached",
    Standing.ON_PACE: "On pace",
    Standing.BEHIND: "Behind",
    Standing.CANNOT_TELL: "Cannot tell",
    Standing.TOO_EARLY: "Too early",
    Standing.MISSED: "Not reached",
    Standing.NO_METRIC: "Metric no longer in the data",
    Standing.NO_DATA: "No data for it",
}
MARK = {
    Standing.REACHED: "▲",
    Standing.ON_PACE: "▲",
    Standing.BEHIND: "▼",
    Standing.MISSED: "▼",
    Standing.CANNOT_TELL: "●",
    Standing.TOO_EARLY: "○",
    Standing.NO_METRIC: "○",
    Standing.NO_DATA: "○",
}
ATTENTION = (
    Standing.BEHIND,
    Standing.MISSED,
    Standing.CANNOT_TELL,
    Standing.TOO_EARLY,
    Standing.ON_PACE,
    Standing.REACHED,
    Standing.NO_DATA,
    Standing.NO_METRIC,
)
"""What needs attention first."""


def segment_words(where: Sequence[Filter]) -> str:
    """A segment inside a sentence; empty for everything.

    >>> segment_words((Filter("channel", ("chat", "email")), Filter("team", ("A",))))
    'chat or email and A'
    """
    return " ".join(" and ".join(" or ".join(each.values) for each in where).split())


def subject(metric: Metric | None, key: str, where: Sequence[Filter]) -> str:
    """The metric and the segment it is looked at in."""
    name = key if metric is None else metric.name
    segment = segment_words(where)
    return f"{name} for {segment}" if segment else name


def goal_name(goal: Goal, metric: Metric | None) -> str:
    """The goal in one line: "Rolling 7-day CSAT from 82.0 % to 87.0 % by 28 February 2026"."""
    about = inside(subject(metric, goal.metric, goal.where))
    if metric is None:
        return f"{about} from {goal.from_value:g} to {goal.to_value:g} by {day_words(goal.by)}"
    ends = _levels(metric, goal.from_value, goal.to_value)
    return f"Rolling {goal.window_days}-day {about} from {ends[0]} to {ends[1]} by {day_words(goal.by)}"


def goals_title(found: Sequence[Progress]) -> str:
    """How all goals stand, as a title."""
    if not found:
        return "No goal is set yet"
    counts = {each: sum(one.standing is each for one in found) for each in ATTENTION}
    words = {
        Standing.BEHIND: ("is behind", "are behind"),
        Standing.MISSED: ("was not reached in time", "were not reached in time"),
        Standing.CANNOT_TELL: ("cannot be told", "cannot be told"),
        Standing.TOO_EARLY: ("is too early to tell", "are too early to tell"),
        Standing.ON_PACE: ("is on pace", "are on pace"),
        Standing.REACHED: ("is reached", "are reached"),
        Standing.NO_DATA: ("has no data here", "have no data here"),
        Standing.NO_METRIC: ("is of a metric no longer in the data", "are of metrics no longer in the data"),
    }
    if len(found) == 1:
        one = found[0]
        return f"{STANDING[one.standing]}: {goal_name(one.goal, one.metric)}"
    said = [f"{count} {words[each][count > 1]}" for each, count in counts.items() if count]
    return f"Of {len(found)} goals {', '.join(said)}"


def standing_sentence(found: Progress) -> str:
    """Where a goal stands, with its interval and where it should be."""
    word = STANDING[found.standing]
    value = found.value
    if found.metric is None or value is None or value.value is None or found.at is None:
        return f"{word}: {found.reason}."
    shown = shown_as(found.metric.unit, (value.value, found.expected, found.goal.to_value))
    where = _with_interval(value, shown, found.level)
    days = "that day" if found.goal.window_days == 1 else f"the {found.goal.window_days} days to then"
    said = f"{word}: {where} on {day_words(found.at)} (over {days}, n = {value.n:,})"
    target = level(found.goal.to_value, shown, shown.decimals)
    if found.over:
        said += f"; the goal was {target} by {day_words(found.goal.by)}"
    elif found.expected is not None:
        said += f"; on a straight line it should be {level(found.expected, shown, shown.decimals)} by then"
    return f"{said}{f': {found.reason}' if found.reason else ''}."


def ahead_sentence(found: Progress) -> str:
    """What is to be expected on the last day; empty once that is over."""
    ahead, metric = found.ahead, found.metric
    if ahead is None or metric is None or found.over:
        return ""
    if ahead.value is None:
        word = "Too early to say where it will end" if ahead.early else "Where it will end cannot be foretold"
        return f"{word}: {ahead.reason}."
    shown = shown_as(metric.unit, (ahead.value, found.goal.to_value))
    places = enough(ahead.value * shown.factor, shown.decimals)
    said = f"If nothing changes any more, {level(ahead.value, shown, places)}"
    if ahead.low is not None and ahead.high is not None:
        low, high = (level(bound, shown, places) for bound in (ahead.low, ahead.high))
        said += f" is to be expected on {day_words(found.goal.by)}"
        said += f" ({percent(found.level)} interval {low} to {high})"
    if ahead.chance is not None:
        goal = level(found.goal.to_value, shown, shown.decimals)
        side = "more" if found.goal.to_value > found.goal.from_value else "less"
        said += f"; chance of {goal} or {side}: {chance_words(ahead.chance)}"
    return f"{said}."


def ahead_limits(found: Progress) -> str:
    """What the projection takes for granted."""
    if found.ahead is None or found.ahead.value is None or found.ahead.since is None:
        return ""
    return (
        f"The level since {day_words(found.ahead.since)} is taken to go on, with days varying as they did. "
        "No drift, no plan and no season goes into it: the chance is that of doing nothing more."
    )


def outset_sentences(
    outset: Outset, goal: Goal | None = None, level_of_interval: float = 0.95
) -> tuple[str, ...]:
    """What to know before setting a goal: now, the last weeks, the smallest change that would be seen."""
    metric = outset.metric
    shown = shown_as(metric.unit, (outset.value.value,))
    now = _with_interval(outset.value, shown, level_of_interval)
    days = "" if outset.days is None else f" in the {outset.days.days} days to {day_words(outset.days.end)}"
    said = [f"Now: {now}{days} (n = {outset.value.n:,})."]
    if outset.between is not None:
        low, high = (level(end, shown, shown.decimals) for end in outset.between)
        said.append(f"In the last {len(outset.weeks)} whole weeks it went between {low} and {high} a week.")
    if outset.detectable is None:
        said.append(
            f"The smallest change that would be seen is not known: {outset.reason or 'too few cases'}."
        )
        return tuple(said)
    least = bare(outset.detectable, shown, shown.decimals)
    said.append(f"Two windows like this one would show a change of {least} or more (four times in five).")
    if goal is not None:
        said.append(_large_enough(outset, goal, shown, str(least)))
        if (
            metric.better is not Direction.NEUTRAL
            and (goal.to_value - goal.from_value) * metric.better.value < 0
        ):
            side = "higher" if metric.better is Direction.UP else "lower"
            said.append(f"This goal goes the wrong way: for {inside(metric.name)} {side} is better.")
    return tuple(said)


def _large_enough(outset: Outset, goal: Goal, shown: Shown, least: str) -> str:
    size = abs(goal.to_value - goal.from_value)
    words = bare(size, shown, shown.decimals)
    if outset.detectable is not None and size >= outset.detectable:
        return f"The goal is a change of {words}: large enough to be seen."
    return (
        f"The goal is a change of {words}, less than the {least} that would be seen: reaching it could not "
        "be told from chance. A longer window or a larger segment shows smaller changes."
    )


def goal_table(found: Sequence[Progress], *, chances: bool = True) -> list[dict[str, str]]:
    """One record a goal, for the list and its download; without a column of chances where none were asked."""
    records = [_record(one) for one in found]
    return records if chances else [{k: v for k, v in each.items() if k != "Chance"} for each in records]


def _record(one: Progress) -> dict[str, str]:
    unit = None if one.metric is None else one.metric.unit
    value = one.value
    ends = (
        (f"{one.goal.from_value:g}", f"{one.goal.to_value:g}")
        if one.metric is None
        else _levels(one.metric, one.goal.from_value, one.goal.to_value)
    )
    return {
        "Goal": one.goal.name or goal_name(one.goal, one.metric),
        "Verdict": f"{MARK[one.standing]} {STANDING[one.standing].lower()}",
        "Now": "no answer" if unit is None or value is None else unit.level(value.value),
        "Should be": "" if unit is None or one.expected is None or one.over else unit.level(one.expected),
        "To": ends[1],
        "By": one.goal.by.isoformat(),
        "Chance": "" if one.ahead is None or one.ahead.chance is None else chance_words(one.ahead.chance),
        "From": ends[0],
        "95 % interval": _interval(unit, value),
        "n": "" if value is None else f"{value.n:,}",
        "Days together": str(one.goal.window_days),
        "Metric": subject(one.metric, one.goal.metric, one.goal.where),
        "Owner": one.goal.owner,
    }


def goal_alt(found: Progress) -> str:
    """What the picture shows, for those who do not see it."""
    return (
        f"{goal_name(found.goal, found.metric)}. {standing_sentence(found)} {ahead_sentence(found)}".strip()
    )


def _levels(metric: Metric, *values: float) -> tuple[str, ...]:
    shown = shown_as(metric.unit, values)
    places = shown.decimals
    # Two ends that differ must not read alike.
    while places < 4 and len({level(value, shown, places) for value in values}) < len(set(values)):
        places += 1
    return tuple(str(level(value, shown, places)) for value in values)


def _with_interval(value: Estimate, shown: Shown, sure: float) -> str:
    here = str(level(value.value, shown, shown.decimals))
    if value.low is None or value.high is None:
        return here
    low, high = (level(bound, shown, shown.decimals) for bound in (value.low, value.high))
    return f"{here} ({percent(sure)} interval {low} to {high})"


def _interval(unit: Unit | None, value: Estimate | None) -> str:
    if unit is None or value is None or value.low is None or value.high is None:
        return ""
    return f"{unit.level(value.low)} to {unit.level(value.high)}"
