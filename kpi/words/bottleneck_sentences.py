"""What may be said of bottlenecks: which hour waits longest, where time goes, the stages of contacts."""

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
from kpi.words.bottleneck_words import (
    CLEAR,
    WEEKDAYS,
    capital,
    change_words,
    contacts,
    hour_words,
    hours_words,
    interval,
    listed,
    percent,
    slot_words,
    span,
    times,
)
from kpi.words.hour_sentences import (
    against_words,
    grid_alt,
    grid_cells,
    grid_key,
    grid_sentence,
    hours_method,
    hours_sentence,
    label_words,
    load_cells,
    share_of_largest,
    standing_sentence,
    value_words,
    zone_sentence,
)
from kpi.words.waiting_sentences import (
    MOST_LINES,
    age_alt,
    age_cells,
    ageing_notes,
    ageing_sentence,
    ageing_verdict,
    band_cells,
    kind_words,
    longer,
    loop_cells,
    loop_sentence,
    loops_sentence,
    missing_loops,
    open_lines,
    relation_alt,
    relation_notes,
    relation_sentence,
)

if TYPE_CHECKING:
    from kpi.bottlenecks.nouns import Hours, Loops, Part, Slice, Split, Stage, Stages, Standing

__all__ = [
    "DOES",
    "METRIC_OF_PART",
    "MOST_LINES",
    "SUBJECT",
    "WEEKDAYS",
    "against_words",
    "age_alt",
    "age_cells",
    "ageing_notes",
    "ageing_sentence",
    "ageing_verdict",
    "band_cells",
    "by_share",
    "capital",
    "contacts",
    "grid_alt",
    "grid_cells",
    "grid_key",
    "grid_sentence",
    "hour_words",
    "hours_method",
    "hours_sentence",
    "kind_words",
    "label_words",
    "largest_sentence",
    "load_cells",
    "longer",
    "loop_cells",
    "loop_sentence",
    "loops_sentence",
    "missing_loops",
    "missing_stages",
    "nothing_found",
    "open_lines",
    "part_cells",
    "part_finding",
    "percent",
    "points",
    "relation_alt",
    "relation_notes",
    "relation_sentence",
    "share_of_largest",
    "slice_cells",
    "slice_total",
    "slices_alt",
    "slices_sentence",
    "slot_words",
    "span",
    "split_alt",
    "split_notes",
    "split_sentence",
    "stage_cells",
    "stage_finding",
    "stages_sentence",
    "standing_sentence",
    "title",
    "value_words",
    "whole_words",
    "zone_sentence",
]

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


# ---------------------------------------------------------------- the title


def title(split: Split, hours: Hours) -> str:
    """Which hour waits longest; where none does, where most of the time goes."""
    slow = [each for each in hours.found if each.slower]
    if not slow:
        where_to = largest_sentence(split)
        return capital(where_to) if where_to else "Where the time goes cannot be said"
    first = slow[0].slot
    same = [each for each in slow if each.slot == first]
    said = listed([_how_much(each) for each in same])
    given_up = all(each.measure == "calls given up" for each in same)
    what = "most calls are given up" if given_up else "customers wait longest"
    return f"{slot_words(first)} {what}: {said}"


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
    each = Unit.HOURS.level(split.hours / split.told.n)
    done = "answered" if split.told.grain is Grain.CALLS else "solved"
    took = f"took {hours_words(split.hours)}, {each} each on average"
    whole = f"{contacts(split.told)} {done} in this period {took}"
    where_to = largest_sentence(split)
    return f"{capital(where_to)}; {whole}" if where_to else whole


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
        "Change": change_words(one),
    }


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
    return change_words(one).replace(" each", "")


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


def nothing_found(hours: Hours, loops: Loops) -> str:
    """That nothing is beyond chance, and how much was looked at."""
    looked = f"{hours_sentence(hours)}. {loops_sentence(loops)}."
    return f"Nothing stands out beyond chance in the parts, stages, hours and loops. {looked}"
