"""What may be said of bottlenecks: where time goes, which hours wait longest, what is old, what goes
round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.bottlenecks.nouns import (
    AFTER,
    CLOSED,
    CUSTOMER,
    FIRST,
    HELD,
    QUEUE,
    TALK,
    TEAM,
    THIRD,
    UNTOLD,
    WORK,
)
from kpi.model import Comparison, Estimate, Grain, Unit, Verdict, inside
from kpi.words.figures import probability

if TYPE_CHECKING:
    from kpi.bottlenecks.nouns import (
        Ageing,
        Behind,
        Cell,
        Grid,
        Hours,
        Load,
        Loop,
        Loops,
        Part,
        Relation,
        Slice,
        Slot,
        Split,
        Stage,
        Stages,
        Standing,
    )

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOUNS = {Grain.TICKETS: ("ticket", "tickets"), Grain.CALLS: ("call", "calls")}
DOES = {
    FIRST: "is waiting for the first reply",
    TEAM: "lies with the team after the first reply",
    WORK: "is work",
    CUSTOMER: "is waiting for the customer",
    THIRD: "is waiting for a third party",
    CLOSED: "passes while the desk is closed",
    UNTOLD: "is not told by the data",
    QUEUE: "is waiting in the queue",
    TALK: "is talk",
    HELD: "is hold during the call",
    AFTER: "is work after the call",
}
"""What a part of the time does, after its share."""
SUBJECT = {
    TEAM: "Time with the team after the first reply",
    WORK: "Time of work",
    CUSTOMER: "Time of waiting for the customer",
    THIRD: "Time of waiting for a third party",
    CLOSED: "Time while the desk is closed",
    UNTOLD: "Time that the data do not tell",
}
"""Parts as the subject of a sentence, where their name is none."""
METRIC_OF_PART = {FIRST: "frt", WORK: "aht", QUEUE: "queue_wait", TALK: "aht", HELD: "aht", AFTER: "aht"}
"""The metric that follows a part over time; time to solution for every other."""


# ---------------------------------------------------------------- pieces


def contacts(behind: Behind) -> str:
    """A number of contacts with their noun."""
    return counted(behind.n, behind.grain)


def counted(n: int, grain: Grain) -> str:
    """
    >>> counted(1, Grain.CALLS), counted(1_204, Grain.TICKETS)
    ('1 call', '1,204 tickets')
    """
    one, many = NOUNS.get(grain, ("row", "rows"))
    return f"{n:,} {one if n == 1 else many}"


def hour_words(hour: int) -> str:
    """
    >>> hour_words(9)
    '09:00 to 09:59'
    """
    return f"{hour:02d}:00 to {hour:02d}:59"


def day_words(weekdays: Sequence[int]) -> str:
    """Weekdays as they stand in a sentence.

    >>> day_words((0, 1, 2, 3, 4)), day_words((5,)), day_words((0, 2)), day_words((6, 0, 1, 2, 3))
    ('Monday to Friday', 'Saturday', 'Monday and Wednesday', 'Sunday to Thursday')
    """
    days = list(weekdays)
    if len(days) > 2:
        inner = set(days)
        for first in range(7):
            run = [(first + step) % 7 for step in range(len(days))]
            if set(run) == inner and (first - 1) % 7 not in inner:
                return f"{WEEKDAYS[run[0]]} to {WEEKDAYS[run[-1]]}"
    names = [WEEKDAYS[day] for day in sorted(days)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def slot_words(slot: Slot) -> str:
    """An hour on its days."""
    return f"{day_words(slot.weekdays)} from {hour_words(slot.hour)}"


def seconds(value: float) -> str:
    """
    >>> seconds(45), seconds(480), seconds(9_000)
    ('45 s', '8.0 min', '2 h 30 min')
    """
    return Unit.MINUTES.level(value / 60)


def hours_words(value: float) -> str:
    """
    >>> hours_words(138_059.3), hours_words(12.34)
    ('138,059 h', '12.3 h')
    """
    return f"{value:,.0f} h" if value >= 100 else f"{value:,.1f} h"


def percent(value: float | None) -> str:
    """
    >>> percent(0.5237), percent(0.004), percent(None)
    ('52 %', '0.4 %', 'no answer')
    """
    if value is None:
        return "no answer"
    if 0 < value < 0.0005:
        return "below 0.1 %"
    return f"{value * 100:.0f} %" if value >= 0.0995 or value == 0 else f"{value * 100:.1f} %"


def span(estimate: Estimate) -> str:
    """The interval of a share; empty without one."""
    if estimate.low is None or estimate.high is None:
        return ""
    places = 1 if estimate.high >= 0.01 else 2
    return f"{estimate.low * 100:.{places}f} to {estimate.high * 100:.{places}f} %"


def times(log: float) -> str:
    """A log of a ratio as "2.5 times".

    >>> times(math.log(2.5)), times(math.log(0.4))
    ('2.5 times', '0.40 times')
    """
    ratio = math.exp(log)
    if ratio >= 99.5:
        return f"{ratio:,.0f} times"
    return f"{ratio:.1f} times" if ratio >= 1 else f"{ratio:.2f} times"


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- the title


def title(split: Split, hours: Hours) -> str:
    """Which hour waits longest, and where most of the time goes."""
    slow = [each for each in hours.found if each.slower]
    where_to = largest_sentence(split)
    if not slow:
        return capital(where_to) if where_to else "Where the time goes cannot be said"
    first = slow[0].slot
    same = [each for each in slow if each.slot == first]
    said = listed([_how_much(each) for each in same])
    given_up = all(each.measure == "calls given up" for each in same)
    what = "most calls are given up" if given_up else "customers wait longest"
    head = f"{slot_words(first)} {what}: {said}"
    return f"{head}; {where_to}" if where_to else head


def _how_much(standing: Standing) -> str:
    effect = standing.effect.value or 0.0
    if standing.measure == "calls given up":
        return f"{Unit.PERCENT.change(effect, 1)} of the calls given up"
    where = standing.measure.removeprefix("wait ").removeprefix("first reply").strip()
    return f"{times(effect)} as long {where}".strip()


def largest_sentence(split: Split) -> str:
    """The largest part of the time, or those that cannot be told apart; empty without any."""
    if split.refused is not None or not split.parts:
        return ""
    ordered = sorted(split.parts, key=lambda part: -(part.share.value or 0.0))
    first, whole = ordered[0], whole_words(split)
    close = [
        part
        for part in ordered
        if part.share.high is not None and first.share.low is not None and part.share.high >= first.share.low
    ]
    if len(close) == 2:
        one, two = close
        return (
            f"{percent(one.share.value)} of {whole} {DOES[one.name]} and "
            f"{percent(two.share.value)} {DOES[two.name]}, too close to rank"
        )
    if first.name == UNTOLD and any(part.name == FIRST for part in split.parts):
        return (
            f"{percent(first.share.value)} of {whole} passes after the first reply, and the data do not tell "
            "for whom it waits"
        )
    return f"{percent(first.share.value)} of {whole} {DOES[first.name]}"


def whole_words(split: Split) -> str:
    """What the parts are parts of."""
    return "the time of answered calls" if split.told.grain is Grain.CALLS else "the time to solution"


# ---------------------------------------------------------------- where time goes


def split_sentence(split: Split) -> str:
    """How much time it is, and how it parts."""
    if split.refused is not None:
        return f"Where the time goes cannot be told: {split.refused}."
    each = split.hours / split.told.n
    if split.told.grain is Grain.CALLS:
        return (
            f"{contacts(split.told)} answered in this period took {hours_words(split.hours)} from "
            f"their coming to the end of the work together, {Unit.HOURS.level(each)} each on average"
        )
    return (
        f"{contacts(split.told)} solved in this period took {hours_words(split.hours)} from creation to "
        f"solution together, {Unit.HOURS.level(each)} each on average"
    )


def part_finding(part: Part) -> str:
    """A part that changed beyond chance; empty where it did not."""
    one = part.comparison
    if one is None or one.difference is None or one.verdict not in CLEAR:
        return ""
    moved = "rose" if one.difference.value > 0 else "fell"
    return (
        f"{SUBJECT.get(part.name, part.name)} {moved} from {one.metric.unit.level(one.before.value)} to "
        f"{one.metric.unit.level(one.now.value)} a contact on average ({interval(one)}). "
        "Part of it may be another mix of contacts."
    )


CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def interval(one: Comparison) -> str:
    """Change with its interval and p."""
    difference, unit = one.difference, one.metric.unit
    if difference is None:
        return "no interval"
    if difference.low is None or difference.high is None:
        return unit.change(difference.value)
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    sure = "" if p is None else f", p {probability(p)} after adjusting"
    return (
        f"{unit.change(difference.value)}, between {unit.change(difference.low)} and "
        f"{unit.change(difference.high)}{sure}"
    )


def part_cells(part: Part) -> dict[str, object]:
    """A line of the table of parts."""
    one = part.comparison
    return {
        "Where the time goes": part.name,
        "Hours": f"{part.hours:,.1f}",
        "Share": percent(part.share.value),
        "Interval": span(part.share),
        "Time each": "" if one is None or one.now.value is None else one.metric.unit.level(one.now.value),
        "Contacts": part.behind.n,
        "Hours before": f"{part.hours_before:,.1f}",
        "Share before": "" if part.share_before is None else percent(part.share_before.value),
        "Contacts before": part.behind_before.n,
        "Change": _change(one),
    }


def _change(one: Comparison | None) -> str:
    if one is None or one.difference is None:
        return "no answer" if one is None else capital(one.reason)[:120]
    mark = {
        Verdict.BETTER: "better",
        Verdict.WORSE: "worse",
        Verdict.CHANGED: "changed",
        Verdict.UNCLEAR: "not clear",
        Verdict.TOO_FEW: "too few",
    }[one.verdict]
    return f"{one.metric.unit.change(one.difference.value)} each, {mark}"


def split_notes(split: Split) -> tuple[str, ...]:
    """What had to be assumed, what is left out."""
    said = []
    without = split.solved - split.told.n
    if without > 0 and split.told.grain is Grain.CALLS:
        said.append(f"{without:,} answered calls have no known wait or talk time and are left out.")
    elif without > 0:
        said.append(f"{without:,} solved contacts have no known time to solution and are left out.")
    if split.closed_from:
        said.append(
            f"“{CLOSED}” is taken from the waits for the first reply and with the team, by "
            f"{split.closed_from}; "
            "nights of waiting for customers and third parties stay with those."
        )
    if split.why_open:
        said.append(f"Nights and weekends are not told apart: {split.why_open}.")
    said += [f"{capital(note)}." for note in split.notes]
    return tuple(said)


def points(share: float | None) -> float:
    """A share in percent, for an axis."""
    return (share or 0.0) * 100


def by_share(split: Split) -> list[Part]:
    """The parts from the largest down, what is not told last."""
    return sorted(split.parts, key=lambda part: (part.name == UNTOLD, -(part.share.value or 0.0)))


def split_alt(split: Split) -> str:
    """The picture in words."""
    said = "; ".join(f"{part.name} {percent(part.share.value)} ({span(part.share)})" for part in split.parts)
    return f"Parts of {whole_words(split)}: {said}"


def slice_total(each: Slice) -> str:
    """What stands above a bar."""
    return f"{hours_words(each.total)}, {contacts(each.behind)}"


def slices_sentence(found: Sequence[Slice], label: str) -> str:
    """Which value holds most of the hours."""
    whole = sum(each.total for each in found) or 1.0
    first = found[0]
    if len(found) == 1:
        return f"All the time belongs to {first.name}"
    return f"{percent(first.total / whole)} of all hours belong to {inside(label)} {first.name}"


def slices_alt(found: Sequence[Slice], label: str) -> str:
    """The picture in words."""
    return f"Parts of the time by {inside(label)}: " + "; ".join(
        f"{each.name} {hours_words(each.total)}" for each in found
    )


def slice_cells(each: Slice, split: Split) -> dict[str, object]:
    """A line of the table by channel or issue: hours of each part."""
    return {
        "Of": each.name,
        "Contacts": each.behind.n,
        "Hours": f"{each.total:,.1f}",
        **{part.name: f"{each.hours.get(part.name, 0.0):,.1f} h" for part in split.parts},
    }


# ---------------------------------------------------------------- stages


def stage_cells(stage: Stage) -> dict[str, object]:
    """A line of the table of stages."""
    now, before, p90 = stage.median.now, stage.median.before, stage.p90.now
    return {
        "Stage": stage.name,
        "Median": _level(now),
        "Interval": _bounds(now, Unit.MINUTES),
        "One in ten longer than": _level(p90),
        "Its interval": _bounds(p90, Unit.MINUTES),
        "Contacts": stage.behind.n,
        "Still in it": int(now.parts.get("open") or 0),
        "Median before": _level(before),
        "Contacts before": stage.behind_before.n,
        "Change of median": _short(stage.median),
        "Change of the longest tenth": _short(stage.p90),
    }


def _level(estimate: Estimate) -> str:
    if estimate.value is None:
        return "not reached yet" if estimate.n else "no answer"
    return Unit.MINUTES.level(estimate.value)


def _bounds(estimate: Estimate, unit: Unit) -> str:
    if estimate.low is None and estimate.high is None:
        return ""
    if estimate.high is None:
        return f"at least {unit.level(estimate.low)}"
    return f"{unit.level(estimate.low)} to {unit.level(estimate.high)}"


def _short(one: Comparison) -> str:
    if one.difference is None:
        return "too few" if one.verdict is Verdict.TOO_FEW else "no answer"
    return _change(one).replace(" each", "")


def stages_sentence(stages: Stages) -> str:
    """The stage in which contacts stay longest."""
    known = [each for each in stages.found if each.median.now.value is not None]
    if not known:
        needs = list(dict.fromkeys(need for _, need in stages.missing))
        lacking = "; ".join(needs) if needs else "stamps of its stages"
        return f"How long contacts stay in each stage cannot be told. It would need {lacking}"
    most = max(each.behind.n for each in known)
    usual = [each for each in known if each.behind.n >= most / 2]
    longest = max(usual, key=lambda each: each.median.now.value or 0.0)
    worst = max(usual, key=lambda each: _or_more(each.p90.now))
    said = (
        f"The longest stage is {_quoted(longest.name)}: half of {contacts(longest.behind)} stay "
        f"{_level(longest.median.now)} or longer"
    )
    if worst.p90.now.value is not None:
        same = "one in ten" if worst is longest else f"one in ten stays in {_quoted(worst.name)}"
        said += f", {same} {_level(worst.p90.now)} or longer"
    return said


def _or_more(estimate: Estimate) -> float:
    """A time; one that is not reached yet is longer than all others."""
    return math.inf if estimate.value is None else estimate.value


def _quoted(name: str) -> str:
    return f"“{inside(name)}”"


def stage_finding(stage: Stage) -> str:
    """A stage that became longer or shorter beyond chance; empty where none did."""
    for one, what in ((stage.median, "Its median"), (stage.p90, "Its slowest tenth")):
        if one.difference is None or one.verdict not in CLEAR:
            continue
        moved = "rose" if one.difference.value > 0 else "fell"
        return (
            f"{stage.name}: {inside(what)} {moved} from {_level(one.before)} to {_level(one.now)} "
            f"({interval(one)})."
        )
    return ""


def missing_stages(stages: Stages) -> str:
    """Which stages could not be told, and what column would tell them; what was left out."""
    said = [f"{note}." for note in stages.notes]
    if stages.missing and stages.found:
        each = "; ".join(f"“{name}” needs {need}" for name, need in stages.missing)
        said.append(f"Not told: {each}.")
    return " ".join(said)


# ---------------------------------------------------------------- hours


def standing_sentence(standing: Standing, hours: Hours) -> str:
    """An hour that stands out: how much, how sure, on how many."""
    effect = standing.effect
    if effect.value is None or effect.low is None or effect.high is None:
        return ""
    sure = (
        ""
        if standing.p_adjusted is None
        else f"; p {probability(standing.p_adjusted)} after adjusting for {hours.looked_at:,} hours"
    )
    size = f"{contacts(standing.behind)} against {standing.others:,} in the other open hours of the same days"
    if standing.measure == "calls given up":
        more = "more" if effect.value > 0 else "fewer"
        return (
            f"{slot_words(standing.slot)}, {more} calls are given up: {percent(standing.typical)} instead "
            f"of {percent(standing.typical_others)} ({Unit.PERCENT.change(effect.value)}, between "
            f"{Unit.PERCENT.change(effect.low)} and {Unit.PERCENT.change(effect.high)}). "
            f"{capital(size)}{sure}."
        )
    low, high = math.exp(effect.low), math.exp(effect.high)
    return (
        f"{slot_words(standing.slot)}, the {standing.measure} takes {times(effect.value)} as long "
        f"({low:.2f} to {high:.2f}): typically {seconds(standing.typical)} instead of "
        f"{seconds(standing.typical_others)}. {capital(size)}{sure}."
    )


def hours_sentence(hours: Hours) -> str:
    """Which hours stand out, or that none does, or why it cannot be said."""
    if hours.refused is not None:
        return f"Hours cannot be told apart: {hours.refused}"
    if not hours.looked_at:
        return "No hour has enough contacts to be held against the others of its days"
    slow = [each for each in hours.found if each.slower]
    quick = [each for each in hours.found if not each.slower]
    if not hours.found:
        return f"None of {hours.looked_at:,} hours stands out from the other hours of its days"
    if slow:
        names = list(dict.fromkeys(slot_words(each.slot) for each in slow))
        return f"Customers wait longest {listed([_inner(name) for name in names[:3]])}"
    names = list(dict.fromkeys(slot_words(each.slot) for each in quick))
    return f"No hour is slower than the others of its days; shorter {listed([_inner(n) for n in names[:3]])}"


def _inner(slot: str) -> str:
    return f"on {slot}"


def grid_sentence(hours: Hours, grid: Grid) -> str:
    """What a picture shows."""
    if grid.kind == "count":
        largest = max(grid.cells, key=lambda cell: cell.value or 0.0)
        return (
            f"{capital(grid.name)}: most on {WEEKDAYS[largest.weekday]} from {hour_words(largest.hour)} "
            f"({value_words(grid, largest)})"
        )
    mine = [each for each in hours.found if each.measure == grid.name]
    if not mine:
        return f"{capital(grid.name)}: no hour stands out from the others of its days"
    said = [
        f"{slot_words(each.slot)} {_size(each)}"
        for each in sorted(mine, key=lambda each: (not each.slower, each.p_adjusted or 0.0))[:3]
    ]
    return f"{capital(grid.name)}: {listed(said)}"


def _size(standing: Standing) -> str:
    value = standing.effect.value or 0.0
    if standing.measure == "calls given up":
        return Unit.PERCENT.change(value)
    return f"{times(value)} as long as the other hours"


def share_of_largest(grid: Grid, cell: Cell) -> float:
    """A count as a share of the largest of its grid."""
    largest = max((each.value or 0.0 for each in grid.cells), default=0.0)
    return (cell.value or 0.0) / largest if largest > 0 else 0.0


def load_cells(loads: Sequence[Load], slot: Slot) -> list[dict[str, object]]:
    """What comes and is answered in an hour against the other open hours of its days."""
    return [
        {
            "An hour, on average": capital(each.name),
            hour_words(slot.hour): f"{each.value:,.1f}",
            "Other open hours": f"{each.others:,.1f}",
            "Contacts in the hour": each.behind.n,
        }
        for each in loads
    ]


def grid_cells(grid: Grid) -> list[dict[str, object]]:
    """The picture as a table."""
    return [
        {
            "Weekday": WEEKDAYS[cell.weekday],
            "Hour": hour_words(cell.hour),
            "Contacts": cell.behind.n,
            capital(grid.name): value_words(grid, cell),
            "Against the other hours of the same days": against_words(grid, cell),
            "Stands out": "yes" if cell.stands_out else "no",
        }
        for cell in grid.cells
    ]


def nothing_found(hours: Hours, loops: Loops) -> str:
    """That nothing is beyond chance, and how much was looked at."""
    looked = f"{hours_sentence(hours)}. {loops_sentence(loops)}."
    return f"Nothing stands out beyond chance in the parts, stages, hours and loops. {looked}"


def grid_alt(grid: Grid) -> str:
    """The picture in words."""
    largest = sorted(
        (cell for cell in grid.cells if cell.value is not None), key=lambda cell: -(cell.value or 0.0)
    )[:3]
    said = "; ".join(
        f"{WEEKDAYS[cell.weekday]} {cell.hour:02d}:00 {value_words(grid, cell)}" for cell in largest
    )
    return f"{capital(grid.name)} by hour and weekday, the largest: {said}"


def value_words(grid: Grid, cell: Cell) -> str:
    """The value of a square."""
    if cell.value is None:
        return "fewer than 10 contacts"
    if grid.kind == "wait":
        return seconds(cell.value)
    return percent(cell.value) if grid.kind == "share" else f"{cell.value:,.1f}"


def against_words(grid: Grid, cell: Cell) -> str:
    """How a square fares against the other open hours of its days."""
    if cell.against is None:
        return ""
    if grid.kind == "share":
        return Unit.PERCENT.change(cell.against)
    return f"{cell.against:.1f} times as long"


def label_words(grid: Grid, cell: Cell) -> str:
    """The number in a square."""
    if grid.kind == "count":
        value = cell.value or 0.0
        return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
    if cell.against is None:
        return ""
    return f"{cell.against:.1f}×" if grid.kind == "wait" else f"{cell.against * 100:+.0f}"


def grid_key(grid: Grid) -> tuple[str, ...]:
    """How to read the picture."""
    if grid.kind == "count":
        return (f"{capital(grid.name)}, {grid.about}",)
    what = "times as long as" if grid.kind == "wait" else "points more than"
    return (
        f"Number: {what} in the other open hours of the same days ({grid.about})",
        "Orange: longer, blue: shorter; framed: beyond chance; empty: fewer than 10 contacts or not open",
    )


def zone_sentence(hours: Hours, origin: str) -> str:
    """In which time zone hours are cut, and how sure that is."""
    how = {
        "declared": "as the file says",
        "asked": "as it was chosen when the file was read",
        "assumed": "assumed, as no file says it: choose yours on Data or under Definitions",
    }.get(origin, "")
    return f"Hours are local time of {hours.zone}" + (f" ({how})" if how else "")


def hours_method(hours: Hours) -> tuple[str, ...]:
    """How hours are judged."""
    return (
        "An hour is held against the other open hours of the same days (waits on a log scale, an intercept "
        "for every day, days as clusters), so a bad day or week cannot make an hour look bad.",
        f"{hours.looked_at:,} hours were tested as one family (Benjamini-Hochberg): each hour over "
        f"{day_words(hours.working) if hours.working else 'the working days'} together, and each hour of "
        f"each weekday, for every kind of wait; {hours.too_few:,} had too few contacts. The strongest is "
        "taken out of what others are held against, then the rest is asked again: one slow hour must not "
        "make all others look quick.",
        "Intervals of hours that were found are widened for their having been found (Benjamini & Yekutieli "
        "2005).",
        f"Open hours: {hours.open_from}.",
        *(f"{capital(note)}." for note in hours.notes),
    )


# ---------------------------------------------------------------- backlog


def ageing_sentence(ageing: Ageing) -> str:
    """How much is open, how old it is, and how that changed."""
    if ageing.refused is not None:
        return f"The backlog cannot be told: {ageing.refused}"
    if not ageing.behind.n:
        return f"Nothing was open at the end of this period; {ageing.behind_before.n:,} before"
    old = sum(band.behind.n for band in ageing.bands if band.low >= 7)
    old_before = sum(band.behind_before.n for band in ageing.bands if band.low >= 7)
    return (
        f"{contacts(ageing.behind)} open at the end ({ageing.behind_before.n:,} before), {old:,} of them for "
        f"a week or longer ({old_before:,} before); the oldest for {ageing.oldest or 0:,} days"
    )


def ageing_verdict(ageing: Ageing) -> str:
    """What the judge says of the change of the backlog."""
    one = ageing.comparison
    if one is None:
        return ""
    if one.verdict in CLEAR:
        return f"That is beyond chance: {one.reason}."
    if one.verdict is Verdict.TOO_FEW:
        return f"Whether that is more than chance cannot be said: {one.reason}."
    return f"The counts are exact; whether the way of working changed is not clear: {one.reason}."


def ageing_notes(ageing: Ageing) -> tuple[str, ...]:
    """What is left out."""
    return tuple(f"{capital(note)}." for note in ageing.notes)


MOST_LINES = 12


def open_lines(label: str, lines: Sequence[tuple[str, Behind, Behind]]) -> list[dict[str, object]]:
    """Open contacts by one dimension, the most first."""
    return [
        {label: value, "Open": every.n, "For a week or longer": old.n}
        for value, every, old in lines[:MOST_LINES]
    ]


def age_cells(ageing: Ageing) -> list[dict[str, object]]:
    """Lines of the table of ages."""
    total, total_before = max(ageing.behind.n, 1), max(ageing.behind_before.n, 1)
    return [
        {
            "Open for": band.name,
            "Contacts": band.behind.n,
            "Share": percent(band.behind.n / total),
            "Contacts before": band.behind_before.n,
            "Share before": percent(band.behind_before.n / total_before),
        }
        for band in ageing.bands
    ]


def age_alt(ageing: Ageing) -> str:
    """The picture in words."""
    said = "; ".join(f"{band.name} {band.behind.n:,} ({band.behind_before.n:,})" for band in ageing.bands)
    return f"Open contacts by age now (before): {said}"


# ---------------------------------------------------------------- loops


def loop_cells(loop: Loop, loops: Loops) -> dict[str, object]:
    """A line of the table of loops."""
    effect = loop.effect
    return {
        "What happened": loop.name,
        "Contacts": loop.behind.n,
        "Of solved": percent(loop.share.value),
        "Interval": span(loop.share),
        "Share of the time": percent(loop.of_time.value),
        "Its interval": span(loop.of_time),
        "Median": Unit.MINUTES.level(loop.median),
        "Median of others": Unit.MINUTES.level(loop.median_others),
        "Against the same kind": "" if effect.value is None else f"{times(effect.value)} as long",
        "Between": ""
        if effect.low is None or effect.high is None
        else f"{math.exp(effect.low):.2f} and {math.exp(effect.high):.2f}",
        "Beyond chance": beyond(loop, loops),
    }


def beyond(loop: Loop, loops: Loops) -> str:
    """Whether a loop takes longer or shorter beyond chance."""
    if loop.effect.p is None or loop.p_adjusted is None:
        return loop.effect.reason or "no answer"
    return "yes" if loop.p_adjusted < 1 - loops.level - 1e-12 else "no"


def longer(loop: Loop, loops: Loops) -> bool:
    """Whether a loop goes with more time beyond chance; less time is no bottleneck."""
    return beyond(loop, loops) == "yes" and (loop.effect.value or 0.0) > 0


def kind_words(loops: Loops) -> str:
    """What the same kind means."""
    names = {"category": "issue"}
    if not loops.kinds:
        return "others (no column tells kinds of contacts apart)"
    return f"others of the same {listed([names.get(name, name) for name in loops.kinds])}"


def loop_sentence(loop: Loop, loops: Loops) -> str:
    """How much longer contacts of a loop take, hedged; empty without an interval."""
    effect = loop.effect
    if effect.value is None or effect.low is None or effect.high is None or loop.p_adjusted is None:
        return ""
    head = f"{loop.name}: {contacts(loop.behind)} ({percent(loop.share.value)} of those solved)"
    size = (
        f"{times(effect.value)} as long ({math.exp(effect.low):.2f} to {math.exp(effect.high):.2f}) as "
        f"{kind_words(loops)}"
    )
    if longer(loop, loops):
        return (
            f"{head} take {size}, p {probability(loop.p_adjusted)} after adjusting. Harder contacts go round "
            "more often, so not all of it is the cost of going round."
        )
    if beyond(loop, loops) == "yes":
        return f"{head} take {size}, p {probability(loop.p_adjusted)} after adjusting: no bottleneck."
    return f"{head} take {size}, which chance explains (p {probability(loop.p_adjusted)})."


def loops_sentence(loops: Loops) -> str:
    """Which loops go with more time."""
    if loops.refused is not None:
        return f"Hand-overs cannot be told: {loops.refused}"
    if not loops.found:
        lacking = listed(loops.missing) if loops.missing else "more contacts"
        return f"No contact of this period is known to have gone round. The data would need {lacking}"
    slow = [each for each in loops.found if longer(each, loops)]
    if not slow:
        return f"Contacts that went round do not clearly take longer than {kind_words(loops)}"
    first = max(slow, key=lambda each: each.of_time.value or 0.0)
    return (
        f"{first.name}: {percent(first.share.value)} of the contacts solved, {percent(first.of_time.value)} "
        f"of their time; {times(first.effect.value or 0.0)} as long as {kind_words(loops)}"
    )


def missing_loops(loops: Loops) -> str:
    """Which columns would tell more."""
    return f"Not told: {'; '.join(loops.missing)}." if loops.missing and loops.found else ""


# ---------------------------------------------------------------- satisfaction


def relation_sentence(relation: Relation) -> str:
    """How satisfaction goes with a time, in one sentence."""
    if relation.refused is not None:
        return f"Satisfaction cannot be held against the {relation.name}: {relation.refused}"
    slope = relation.slope
    if slope.value is None or slope.low is None or slope.high is None:
        why = slope.reason or "too few answers"
        return f"How satisfaction goes with the {relation.name} cannot be said: {why}"
    size = (
        f"{Unit.PERCENT.change(slope.value)} for every doubling of the time "
        f"({Unit.PERCENT.change(slope.low)} to {Unit.PERCENT.change(slope.high)})"
    )
    if relation.clear:
        way = "less" if slope.value < 0 else "more"
        return f"The longer the {relation.name}, the {way} often customers are satisfied: {size}"
    return f"No clear relation between satisfaction and the {relation.name}: {size}"


def relation_notes(relation: Relation) -> tuple[str, ...]:
    """What the answer rests on, what could have been seen, what it does not say."""
    if relation.refused is not None:
        return ()
    names = {"category": "issue"}
    kinds = [*(names.get(name, name) for name in relation.kinds), "month"]
    said = [
        f"{contacts(relation.behind)} with an answer, {percent(relation.mean)} satisfied; compared within "
        f"the same {listed(kinds)}."
    ]
    if relation.p_adjusted is not None:
        said.append(f"p {probability(relation.p_adjusted)} after adjusting for the other times.")
    if relation.detectable is not None and not relation.clear:
        said.append(
            f"A relation of {Unit.PERCENT.change(relation.detectable).lstrip('+')} or more for every "
            "doubling would have been found four times in five; a smaller one can hide."
        )
    said.append(
        "This does not prove that answering faster would change satisfaction: what makes a contact slow can "
        "be what makes its customer unhappy, and who answers is not everybody."
    )
    return tuple(said)


def band_cells(relation: Relation) -> list[dict[str, object]]:
    """Lines of the table of bands."""
    return [
        {
            "Band": capital(band.name),
            "Satisfied, case mix made alike": percent(band.satisfied.value),
            "Interval": span(band.satisfied),
            "As it is": percent(band.raw),
            "Contacts": band.behind.n,
        }
        for band in relation.bands
    ]


def relation_alt(relation: Relation) -> str:
    """The picture in words."""
    said = "; ".join(
        f"{band.name} {percent(band.satisfied.value)} ({span(band.satisfied)})" for band in relation.bands
    )
    return f"Share of satisfied answers by {relation.name}, within each channel: {said}"
