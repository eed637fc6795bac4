"""Promises, targets, open tickets near their limit and exceptions → sentences and tables.

Every word is looked up from a side that the evidence gave; nothing here says why.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from kpi.attainment.nouns import Clock, Origin, Side
from kpi.model import Estimate, Unit, inside
from kpi.periods import describe
from kpi.words.figures import percent
from kpi.words.goal_sentences import segment_words, subject

if TYPE_CHECKING:
    from kpi.attainment.nouns import (
        Aim,
        AttainmentCurve,
        CurvePoint,
        Exceptions,
        Kept,
        LeftBand,
        Promise,
        Standing,
    )

MARK = {
    Side.REACHED: "▲ reached",
    Side.MISSED: "▼ missed",
    Side.ABOVE: "◆ above",
    Side.BELOW: "◆ below",
    Side.CANNOT_TELL: "● cannot tell",
    Side.TOO_FEW: "○ too few",
    Side.NO_VALUE: "○ no value",
    Side.NO_TARGET: "no target set",
    Side.NOT_NOW: "○ not in these days",
}
DONE = {Clock.RESPONSE: "answered", Clock.RESOLUTION: "solved", Clock.HOLD: "of callers answered"}
TITLE_ORDER = (Side.MISSED, Side.REACHED, Side.CANNOT_TELL, Side.TOO_FEW, Side.NO_TARGET)
IN_TITLE = 2
"""Promises with their numbers in the title (one more where none has a target); further ones are counted."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
OLD_H = 24.0
"""Data of a watched folder that are older than this say so first."""


def time_words(seconds: float) -> str:
    """A promised time.

    >>> [time_words(each) for each in (30, 300, 3600, 5400, 86400, 604800)]
    ['30 s', '5 min', '1 h', '1.5 h', '24 h', '7 days']
    """
    for size, word, least in ((DAY, "days", 3 * DAY), (HOUR, "h", HOUR), (MINUTE, "min", MINUTE)):
        if seconds >= least:
            return f"{seconds / size:,.1f}".removesuffix(".0") + f" {word}"
    return f"{seconds:g} s"


def share_words(estimate: Estimate, *, interval: bool = True) -> str:
    """A share with its interval: "94.1 % [92.8, 95.2]"."""
    text = Unit.PERCENT.level(estimate.value)
    if not interval or estimate.low is None or estimate.high is None:
        return text
    return f"{text} [{estimate.low * 100:.1f}, {estimate.high * 100:.1f}]"


def promise_name(one: Promise) -> str:
    """What is promised to whom: "chat", "urgent, resolution", "calls"."""
    if one.clock is Clock.HOLD:
        return f"calls, {one.name}" if one.name and one.name != "(none)" else "calls"
    name = one.name or "everything"
    return f"{name}, resolution" if one.clock is Clock.RESOLUTION else name


def kept_title(found: Kept) -> str:
    """Which promises are kept, as a title."""
    judged = [one for one in found.promises if one.kept.value is not None]
    if not judged:
        whys = list(dict.fromkeys(f"{clock.value}: {reason}" for clock, reason in found.absent))
        others = f"; {len(whys) - 1} more below" if len(whys) > 1 else ""
        return (
            f"No promise can be checked: {whys[0]}{others}"
            if whys
            else "No promise can be checked in this period"
        )
    first = [one for one in judged if one.clock is not Clock.RESOLUTION] or judged
    first.sort(key=lambda one: (TITLE_ORDER.index(one.judged.side), -one.kept.n))
    unset = all(one.judged.side is Side.NO_TARGET for one in first)
    chosen = first[: IN_TITLE + unset]
    more = len(judged) - len(chosen)
    tail = f"; {more} more below" if more else ""
    if unset:
        done = "Solved" if chosen[0].clock is Clock.RESOLUTION else "Answered"
        # Several intervals in a title hide the shares; they stand in the table below it.
        said = [
            f"{promise_name(one)} {share_words(one.kept, interval=len(chosen) == 1)} within "
            f"{time_words(one.limit_s)}"
            for one in chosen
        ]
        return f"{done} in time: {', '.join(said)}{tail}; no share to reach is set"
    text = "; ".join(_clause(one) for one in chosen) + tail
    return text[:1].upper() + text[1:]


def _clause(one: Promise) -> str:
    name, within = promise_name(one), time_words(one.limit_s)
    value = share_words(one.kept)
    if one.aim.value is None or one.kept.value is None:
        return f"{name}: {value} {DONE[one.clock]} within {within}"
    goal = Unit.PERCENT.level(one.aim.value)
    if one.judged.side is Side.REACHED:
        keeps = "keep their" if one.clock is Clock.HOLD else "keeps its"
        return f"{name} {keeps} promise ({value} within {within}, target {goal})"
    if one.judged.side is Side.MISSED:
        miss = "miss their promise" if one.clock is Clock.HOLD else "misses its promise"
        gap = abs(one.kept.value - one.aim.value) * 100
        return f"{name} {miss} by {gap:.1f} points ({value} within {within}, target {goal})"
    return f"{name} cannot be told from its target of {goal} ({value} within {within})"


def promise_table(found: Kept) -> list[dict[str, str]]:
    """One record a promise, for the table and its download."""
    return [_promise_record(one, found.level) for one in found.promises]


def _promise_record(one: Promise, level: float) -> dict[str, str]:
    calls = one.clock is Clock.HOLD
    late = one.overrun
    by = Unit.MINUTES.level(late.value) if late.value is not None else (late.reason or "") if late.n else ""
    if late.value is not None and late.low is not None and late.high is not None:
        by += f" ({Unit.MINUTES.level(late.low)} to {Unit.MINUTES.level(late.high)})"
    return {
        "Promise": promise_name(one),
        "Within": time_words(one.limit_s),
        "Kept": Unit.PERCENT.level(one.kept.value) if one.kept.value is not None else "no value",
        f"{percent(level)} interval": _interval(one.kept, Unit.PERCENT),
        "n": f"{one.kept.n:,}",
        "Share to reach": "" if one.aim.value is None else Unit.PERCENT.level(one.aim.value),
        "Verdict": MARK[one.judged.side],
        "Met": f"{one.met:,}",
        "Missed": f"{one.missed:,}",
        "Missed by (median)": by,
        "Late and still open": "" if calls else f"{one.late_open:,}",
        "Waiting, still in time": "" if calls else f"{one.pending:,}",
        "Longest still waiting": "" if one.longest_s is None else time_words(one.longest_s),
    }


def needed_sentence(name: str, unit: Unit, value: float, goal: float, n: int, rows: float) -> str:
    """How many rows would tell a value from its target."""
    near, far = unit.level(value), unit.level(goal)
    times = rows / max(n, 1)
    much = f"about {_round(rows):,} rows"
    if times < 1:
        much += ": that many usually tell, these do not"
    else:
        much += f", {times:,.{0 if times >= 10 else 1}f} times as many as there are"
    return f"{name}: to tell {near} from {far} it takes {much}, if it stays as it is."


def promise_notes(found: Kept) -> tuple[str, ...]:
    """What would tell the undecided, what cannot be said, and by which clock."""
    notes = []
    for one in found.promises:
        if one.judged.side is Side.CANNOT_TELL and one.kept.value is not None and one.aim.value is not None:
            name = promise_name(one)
            if one.judged.rows is not None:
                notes.append(
                    needed_sentence(
                        name, Unit.PERCENT, one.kept.value, one.aim.value, one.kept.n, one.judged.rows
                    )
                )
            else:
                notes.append(f"{name}: cannot tell, {one.judged.reason}")
    if found.promises and all(one.aim.value is None for one in found.promises):
        notes.append(
            "No share to reach is set, so nothing is kept or broken: set one below for “Answered within "
            "target”, for everything or for a channel."
        )
    notes += [f"{clock.value.capitalize()}: {reason}." for clock, reason in found.absent]
    return tuple(notes)


def clock_words(business_hours: bool) -> str:
    """By which clock times are measured."""
    return "in business hours" if business_hours else "in clock time, nights and weekends included"


# ---------------------------------------------------------------- curve


def curve_sentence(found: AttainmentCurve, point: CurvePoint, name: str) -> str:
    """What share a promise of this time would have kept."""
    share = f"{point.share * 100:.1f} % [{point.low * 100:.1f}, {point.high * 100:.1f}]"
    return f"If the promise were {time_words(point.seconds)}: {share} of {name} {_done(found.clock)} in time"


def curve_alt(found: AttainmentCurve, name: str) -> str:
    """The curve in words."""
    told = ", ".join(f"{p.share * 100:.0f} % within {time_words(p.seconds)}" for p in found.points[::3])
    return f"Share of {name} {_done(found.clock)} by the time allowed: {told}"


def curve_notes(found: AttainmentCurve, business_hours: bool) -> tuple[str, ...]:
    """What the picture shows."""
    waits = "callers who hung up count as never answered"
    if found.clock is not Clock.HOLD:
        waits = f"{found.waiting:,} still wait and count as waiting at least so long (Kaplan-Meier)"
    clock = "" if found.clock is Clock.HOLD else clock_words(business_hours)
    differs = (
        ""
        if found.clock is Clock.HOLD or not found.waiting
        else ("the share in the table leaves out what still waits in time, this one does not")
    )
    return (
        f"{found.ended:,} {_done(found.clock)}; {waits}",
        differs,
        clock,
        f"Band: {percent(found.level)} interval of each time by itself. Dashed: the promise of today",
    )


def _done(clock: Clock) -> str:
    return "solved" if clock is Clock.RESOLUTION else "answered"


# ---------------------------------------------------------------- targets


def aim_words(aim: Aim, unit: Unit) -> str:
    """The target that holds and where it comes from.

    >>> from kpi.attainment.nouns import Aim
    >>> aim_words(Aim(0.8, Origin.DEFINITIONS), Unit.PERCENT)
    '80.0 %, the usual one'
    >>> aim_words(Aim(None, Origin.NONE), Unit.PERCENT)
    'none'
    """
    if aim.value is None:
        return "none"
    said = unit.level(aim.value)
    if aim.target is None:
        return f"{said}, the usual one"
    return f"{said}, set on Targets for {segment_words(aim.target.where) or 'everything'}"


def standing_table(found: Kept) -> list[dict[str, str]]:
    """One record a target."""
    return [_standing_record(one, found.level) for one in found.standings]


def _standing_record(one: Standing, level: float) -> dict[str, str]:
    unit = None if one.metric is None else one.metric.unit
    goal = (
        "" if one.aim.value is None else (f"{one.aim.value:g}" if unit is None else unit.level(one.aim.value))
    )
    estimate = one.estimate
    valid = "always"
    if one.aim.target is not None:
        first, last = one.aim.target.valid_from, one.aim.target.valid_until
        valid = (
            " ".join(f"{word} {day}" for word, day in (("from", first), ("until", last)) if day) or "always"
        )
    now = "" if one.judged.side is Side.NOT_NOW else estimate.reason or ""
    if one.metric is not None:
        now = _plainly(one.metric.name, now)
    if unit is not None and estimate.value is not None:
        now = unit.level(estimate.value)
    return {
        "Target": subject(one.metric, one.key, one.where),
        "To reach": goal,
        "Verdict": MARK[one.judged.side],
        "Now": now,
        f"{percent(level)} interval": "" if unit is None else _interval(estimate, unit),
        "n": f"{estimate.n:,}" if estimate.n else "",
        "Holds": valid,
        "Set in": "this page" if one.aim.origin is Origin.KEPT else "usual",
        "Note": "" if one.aim.target is None else one.aim.target.note,
    }  # fmt: skip


def standings_sentence(found: Kept) -> str:
    """How the targets stand."""
    if not found.standings:
        return "No metric has a target"
    counts = Counter(one.judged.side for one in found.standings)
    words = {
        Side.MISSED: "missed",
        Side.REACHED: "reached",
        Side.ABOVE: "above",
        Side.BELOW: "below",
        Side.CANNOT_TELL: "cannot be told",
        Side.TOO_FEW: "with too few rows",
        Side.NO_VALUE: "without a value",
        Side.NOT_NOW: "not held in these days",
    }
    said = [f"{counts[side]} {word}" for side, word in words.items() if counts[side]]
    total = len(found.standings)
    return f"{total} target{'s' if total != 1 else ''} of metrics: {', '.join(said)}"


def standing_notes(found: Kept) -> tuple[str, ...]:
    """What would tell the undecided, and why others have no verdict."""
    notes = []
    for one in found.standings:
        name = subject(one.metric, one.key, one.where)
        side, value = one.judged.side, one.estimate.value
        if one.metric is not None and value is not None and one.aim.value is not None and one.judged.rows:
            notes.append(
                needed_sentence(name, one.metric.unit, value, one.aim.value, one.estimate.n, one.judged.rows)
            )
        elif side in (Side.CANNOT_TELL, Side.NO_VALUE, Side.NOT_NOW, Side.TOO_FEW):
            reason = one.judged.reason or one.estimate.reason or ""
            notes.append(f"{name}: {_plainly(one.metric.name if one.metric else name, reason)}")
    return tuple(notes)


# ---------------------------------------------------------------- open tickets


def waiting_sentence(counts: dict[str, int], soonest_h: float | None) -> str:
    """How many limits run out."""
    soon, rest, over = (counts.get(state, 0) for state in ("runs out soon", "in time", "overdue"))
    first = f", the first in {time_words(max(soonest_h, 0) * HOUR)}" if soonest_h is not None else ""
    said = f"{soon} open promise{'s run' if soon != 1 else ' runs'} out soon{first if soon else ''}"
    verb = "are" if over != 1 else "is"
    return f"{said}; {over} {verb} overdue, {rest} still in time"


def watched_sentence(
    zone_time: str, newest: str, changed: str, old_h: float, every_s: int, business_hours: bool
) -> str:
    """When this is so, where something is watched: by the clock of the machine.

    ``changed``: what is known of its last change ("the files changed at 10:02").
    """
    said = (
        f"As of {zone_time} by the clock of this machine; the newest stamp in the data is {newest}, "
        f"{changed}. What was answered or solved since then still stands here. Looked at "
        f"again every {every_s} s while this page is open. Time left {clock_words(business_hours)}; “soon” "
        "is less than a quarter of the time promised."
    )
    if old_h >= OLD_H:
        said = f"The newest stamp in the data is {time_words(old_h * HOUR)} old. " + said
    return said


def as_of_sentence(as_of: datetime, zone_time: str, business_hours: bool, watched: str = "") -> str:
    """When this was so; ``watched``: the folder or database that is, while these are other data."""
    why = f"these data are not those of the watched {watched}"
    if not watched:
        why = "no folder and no database is watched, so a newer state needs a newer export"
    return (
        f"As of {zone_time}, the newest stamp in the exported data, not as of now: {why}. Time left "
        f"{clock_words(business_hours)}; “soon” is less than a quarter of the time promised."
    )


# ---------------------------------------------------------------- exceptions


def exceptions_sentence(found: Exceptions) -> str:
    """What left its usual band, and how much of that is to be expected by chance."""
    if found.reason:
        return f"No usual band: {found.reason}"
    sure = len(found.sure)
    when = f"in the newest whole {found.grain}"
    looks = f"{found.looks:,} looks, {_about(found.by_chance)} by chance"
    if not found.looks:
        return f"No metric has enough {found.grain}s to be looked at"
    if sure:
        noun = "metrics are" if sure != 1 else "metric is"
        return f"{sure} {noun} out of the usual band beyond chance {when} ({looks})"
    if found.found:
        number = len(found.found)
        left = (
            f"{number} value{'s' if number != 1 else ''} left {'their' if number != 1 else 'its'} usual band"
        )
        return f"{left} {when}; in {found.looks:,} looks {_about(found.by_chance)} would by chance alone"
    return f"Nothing left its usual band {when} ({looks})"


def exception_sentence(one: LeftBand) -> str:
    """One exception."""
    unit = one.metric.unit
    name = subject(one.metric, one.metric.key, one.where)
    side = "below" if one.value < one.low or one.sigmas < 0 else "above"
    word = {True: ", which is better", False: ", which is worse", None: ""}[one.better]
    sure = "" if one.beyond else "; with so many looks it may be chance"
    return (
        f"{name}: {unit.level(one.value)} in {describe(one.period)}, {side} its usual "
        f"{unit.level(one.low)} to {unit.level(one.high)}{word} (n = {one.n:,}){sure}"
    )


def exception_table(found: Exceptions) -> list[dict[str, str]]:
    """One record an exception."""
    return [
        {
            "Metric": one.metric.name,
            "Segment": segment_words(one.where) or "everything",
            "Days": describe(one.period),
            "Value": one.metric.unit.level(one.value),
            "Usual band": f"{one.metric.unit.level(one.low)} to {one.metric.unit.level(one.high)}",
            "Usual": one.metric.unit.level(one.centre),
            "Direction": {True: "▲ better", False: "▼ worse", None: "◆ changed"}[one.better]
            if one.beyond
            else "● may be chance",
            "Size": f"{abs(one.sigmas):.1f} σ",
            "n": f"{one.n:,}",
        }
        for one in found.found
    ]


def skipped_sentences(found: Exceptions) -> tuple[str, ...]:
    """What was not looked at, by reason."""
    by_reason: dict[str, list[str]] = {}
    for what, why in found.skipped:
        by_reason.setdefault(_plainly(what, why), []).append(what)
    return tuple(f"Not looked at, {why}: {', '.join(names)}" for why, names in by_reason.items())


def method_sentences(found: Kept) -> tuple[str, ...]:
    """How all this was computed."""
    return (
        "A row counts as missed once its time is over, whether it was answered since or still waits; what "
        "still waits in time is in neither. As long as any ticket waits in time, tickets count once their "
        "own time is over: of younger ones only the quick are known. Answered within target on other pages "
        "counts those as well, so its newest days look a little better.",
        f"Intervals hold {percent(found.level)} and allow for weeks that differ. All {found.looks} values "
        "with a target were judged together (Benjamini-Hochberg): if each lay on its target, one list in "
        "twenty would hold a verdict by chance.",
        "Of the targets set here the narrowest segment that holds on the last day of the period decides, on "
        "every page; where none does, the usual target of the metric, if it has one.",
        "Promised times are those of Definitions and are measured "
        f"{clock_words(found.business_hours)}; a call is measured in clock time.",
        "Usual bands: three standard deviations from the 26 weeks (or 182 days, each held against its "
        "weekday) before, widened where neighbours resemble each other.",
    )


def _interval(estimate: Estimate, unit: Unit) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{unit.level(estimate.low)} to {unit.level(estimate.high)}"


def _plainly(name: str, reason: str) -> str:
    """A reason without the name that stands before it already.

    >>> _plainly("NPS", "no NPS: no column holds a 0-10 answer")
    'no column holds a 0-10 answer'
    """
    return reason.removeprefix(f"no {inside(name)}: ")


def _about(number: float) -> str:
    if 0 < number < 0.1:
        return "fewer than 0.1"
    return f"about {number:.1f}" if number < 10 else f"about {number:.0f}"


def _round(rows: float) -> int:
    digits = len(str(round(rows))) - 2
    return int(round(rows, -max(digits, 0)))
