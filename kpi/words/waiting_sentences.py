"""What is open and how old it is, what goes round, and how satisfaction goes with waiting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Unit, Verdict
from kpi.words.bottleneck_words import CLEAR, capital, contacts, listed, percent, span, times
from kpi.words.figures import between, probability

if TYPE_CHECKING:
    from kpi.bottlenecks.nouns import Ageing, Behind, Loop, Loops, Relation


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
        "Others": loop.behind_others.n,
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
        f"({between(Unit.PERCENT, slope.low, slope.high)})"
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
