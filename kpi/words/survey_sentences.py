"""Who answers our surveys → sentences. No word here says how the silent feel: no answer can tell that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kpi.model import Difference, Direction, Metric, Unit, inside
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import agreeing, between, percent, probability

if TYPE_CHECKING:
    from kpi.surveying.nouns import (
        Alarm,
        Bounds,
        ChangeSplit,
        Honesty,
        Represented,
        Reweighted,
        Shift,
        Side,
        Tipping,
    )

SHORT = {"csat": "CSAT", "nps": "NPS", "ces": "CES"}
MOST_NAMED = 3
SHARES = Unit.PERCENT


def survey_name(metric: Metric) -> str:
    """The short name.

    >>> from kpi.metrics.satisfaction import CSAT
    >>> survey_name(CSAT)
    'CSAT'
    """
    return SHORT.get(metric.key, inside(metric.name))


def answer_words(metric: Metric) -> str:
    """One answer to the question, with its article.

    >>> from kpi.metrics.satisfaction import CSAT, NPS
    >>> answer_words(CSAT), answer_words(NPS)
    ('a CSAT answer', 'an NPS answer')
    """
    name = survey_name(metric)
    return f"{'an' if name[:1] in 'AEFHILMNORSX' and name.isupper() else 'a'} {name} answer"


def survey_title(honesty: Honesty) -> str:
    """The finding: that it changed who answers, how few answer, or why that cannot be told."""
    if honesty.refused:
        return f"Who answers cannot be told: {honesty.refused}"
    if honesty.alarm.rings:
        return f"It changed who answers: {alarm_reasons(honesty)[0]}"
    if honesty.asked is None or honesty.now is None or honesty.now.share is None:
        return "Only the answers are known: how many stayed silent cannot be told"
    rate = f"{SHARES.level(honesty.now.share)} of {honesty.asked.words} have {answer_words(honesty.metric)}"
    if not honesty.alarm.looks:
        return rate
    return f"{rate}; no sign that it changed who answers"


def survey_findings(honesty: Honesty) -> tuple[str, ...]:
    """What follows from the title, most important first."""
    if honesty.refused or honesty.now is None:
        return ()
    said = [f"{capital(reason)}." for reason in alarm_reasons(honesty)[1:]] if honesty.alarm.rings else []
    if honesty.asked is None:
        said.append(f"{capital(honesty.unknown)}: no rate, no bounds and no re-weighting are given.")
        return tuple(said)
    said.append(rate_sentence(honesty))
    if honesty.now.reweighted is not None:
        said.append(reweighted_sentence(honesty))
    if honesty.change is not None:
        said.append(change_sentence(honesty))
    said.append(unknowable_sentence(honesty))
    return tuple(text for text in said if text)


def rate_sentence(honesty: Honesty) -> str:
    """How many answered, of how many, and against before."""
    now, before, asked = honesty.now, honesty.before, honesty.asked
    if now is None or asked is None or now.share is None:
        return ""
    start = f"{asked.rate.capitalize()} {SHARES.level(now.share)} ({now.answered:,} of {now.asked:,})"
    if before is None or before.share is None:
        return f"{start}."
    rate = honesty.alarm.rate
    change = "" if rate is None or rate.difference is None else _judged(SHARES, rate.difference)
    note = "" if asked.is_response else "; who of them was sent a survey is not known"
    return f"{start}, {SHARES.level(before.share)} in {before.period}{change}{note}."


def _judged(unit: Unit, difference: Difference) -> str:
    if difference.p_adjusted is None or difference.low is None or difference.high is None:
        return ""
    interval = between(unit, difference.low, difference.high)
    return f": {unit.change(difference.value)} ({interval}; p {probability(difference.p_adjusted)}, adjusted)"


def alarm_reasons(honesty: Honesty) -> tuple[str, ...]:
    """Why the alarm rings: the rate, then kinds of tickets, the largest shift first."""
    return reasons_of(honesty.alarm)


def reasons_of(alarm: Alarm) -> tuple[str, ...]:
    """The same from the alarm alone."""
    found = []
    if alarm.rate_clear and alarm.rate is not None and alarm.rate.difference is not None:
        fewer = "fewer" if alarm.rate.difference.value < 0 else "more"
        found.append(
            f"{fewer} {alarm.words} have an answer, {SHARES.level(alarm.rate.now.value)} after "
            f"{SHARES.level(alarm.rate.before.value)}"
        )
    found += [shift_sentence(shift, relative=alarm.relative) for shift in alarm.clear]
    return tuple(found)


def shift_sentence(shift: Shift, *, relative: bool) -> str:
    """One kind of ticket that is more, or less, of the answers than before."""
    size = SHARES.change(abs(shift.change.value)).lstrip("+±")
    way = "more" if shift.change.value > 0 else "less"
    beyond = ", beyond the change in what was asked" if relative else " (or of the tickets)"
    return (
        f"{kind_words(shift.dimension, shift.name)} makes up {size} {way} of the answers than before{beyond}"
    )


def kind_words(dimension: str, name: str) -> str:
    """A kind of ticket inside a sentence.

    >>> kind_words("channel", "chat"), kind_words("custom:Store", "12")
    ('channel chat', 'Store 12')
    """
    return f"{dimension_words(dimension)} {name}"


def alarm_sentence(honesty: Honesty) -> str:
    """Whether it changed who answers, with how much was looked at."""
    alarm = honesty.alarm
    if not alarm.looks:
        return capital(f"{alarm.reason or 'nothing could be compared'}.")
    if alarm.rings:
        return f"It changed who answers: {'; '.join(alarm_reasons(honesty)[:MOST_NAMED])}."
    return (
        f"No sign that it changed who answers: none of {_looks(alarm)} is beyond chance and large enough "
        "to matter."
    )


def _looks(alarm: Alarm) -> str:
    return f"{alarm.looks:,} comparisons" if alarm.looks != 1 else "the one comparison that could be made"


def warning_sentence(honesty: Honesty) -> str:
    """One line beside the number on other pages; empty when the alarm is silent."""
    return short_warning(survey_name(honesty.metric), alarm_reasons(honesty), honesty.alarm)


def short_warning(name: str, reasons: Sequence[str], alarm: Alarm) -> str:
    """One line: read the change of this metric with care, and the first reason; empty without an alarm."""
    if not alarm.rings or not reasons:
        return ""
    return f"Read the change of {name} with care, it changed who answers: {reasons[0]}."


def bounds_sentence(honesty: Honesty) -> str:
    """Between what the value of everybody lies."""
    now, unit = honesty.now, honesty.metric.unit
    if now is None or now.bounds is None or honesty.asked is None:
        return capital(f"{honesty.unbounded or honesty.unknown or honesty.refused}.")
    worst, best = now.bounds.worst, now.bounds.best
    low, high = min(worst, best), max(worst, best)
    return (
        f"{survey_name(honesty.metric)} of all {honesty.asked.words} lies somewhere between "
        f"{unit.level(low)} and {unit.level(high)}, as {now.silent:,} of {now.asked:,} are silent"
    )


def tipping_sentence(honesty: Honesty, tipping: Tipping) -> str:
    """How different the silent would have to be to bring everybody across a line."""
    metric, unit, now = honesty.metric, honesty.metric.unit, honesty.now
    if now is None or now.raw.value is None:
        return ""
    needed = now.raw.value + tipping.gap
    places = _places(unit, needed, now.raw.value, tipping.gap)
    heard = unit.level(now.raw.value, places)
    start = f"Those who answered stand at {heard}, {'above' if tipping.above else 'below'} {tipping.of}"
    if tipping.silent is None:
        return f"{start}; no silence could put everybody on the other side of it."
    way = "at most" if tipping.above else "at least"
    return (
        f"{start}; for {survey_name(metric)} of everybody to be on the other side, the silent would have to "
        f"average {way} {unit.level(tipping.silent, places)}, {unit.change(tipping.gap, places)} from those "
        "who answered."
    )


def unknowable_sentence(honesty: Honesty) -> str:
    """What no arithmetic on these data can tell."""
    if honesty.now is None or not honesty.now.silent or honesty.asked is None:
        return ""
    return (
        f"Whether the {honesty.now.silent:,} silent are happier or unhappier than those who answered cannot "
        "be known from these data, only how different they would have to be."
    )


def reweighted_sentence(honesty: Honesty) -> str:
    """Raw against re-weighted, with the chance of the difference."""
    now, weighting = honesty.now, honesty.weighting
    if now is None or now.reweighted is None or weighting is None or now.raw.value is None:
        return capital(f"{honesty.not_weighted}.") if honesty.not_weighted else ""
    unit, one = honesty.metric.unit, now.reweighted
    name = survey_name(honesty.metric)
    places = _places(unit, one.value, now.raw.value, one.difference.value)
    words = (
        f"Re-weighted to {_the_asked(honesty)} by {by_words(weighting.dimensions)}, {name} is "
        f"{unit.level(one.value, places)} instead of {unit.level(now.raw.value, places)}"
    )
    sure = _chance(one.difference)
    return f"{words} ({unit.change(one.difference.value, places)}{sure and f', {sure}'})."


def weights_sentence(honesty: Honesty) -> str:
    """By what is re-weighted."""
    weighting = honesty.weighting
    if weighting is None:
        return honesty.not_weighted
    return f"{weighting.kinds} kinds by {by_words(weighting.dimensions)}"


def change_sentence(honesty: Honesty) -> str:
    """How much of the change is only due to who answers."""
    change, unit = honesty.change, honesty.metric.unit
    if change is None or honesty.before is None:
        return ""
    places = split_places(unit, change)
    who, sure = change.who, _chance(change.who)
    return (
        f"Of the change of {unit.change(change.raw.value, places)} since {honesty.before.period}, "
        f"{unit.change(who.value, places)} is due to who answers{sure and f' ({sure})'}; re-weighted it is "
        f"{unit.change(change.reweighted.value, places)}."
    )


def split_places(unit: Unit, change: ChangeSplit) -> int | None:
    """The decimals at which the printed parts add up to the printed change."""
    return _places(unit, change.raw.value, change.reweighted.value, change.who.value)


def _places(unit: Unit, whole: float, part: float, rest: float) -> int | None:
    if unit not in (Unit.PERCENT, Unit.POINTS, Unit.SCORE):
        return None
    factor = 100.0 if unit is Unit.PERCENT else 1.0
    usual = 2 if unit is Unit.SCORE else 1
    return max(usual, agreeing(whole * factor, part * factor, rest * factor, usual))


def _chance(difference: Difference) -> str:
    if difference.low is None or difference.high is None:
        return ""
    return "may be chance" if difference.low <= 0 <= difference.high else "beyond chance"


def _the_asked(honesty: Honesty) -> str:
    return "all tickets" if honesty.asked is None else f"all {honesty.asked.words}"


def by_words(dimensions: Sequence[str]) -> str:
    """Crossed dimensions.

    >>> by_words(("channel", "category"))
    'channel and category'
    """
    return " and ".join(dimension_words(name) for name in dimensions)


def segments_sentence(honesty: Honesty, shown: Sequence[Represented]) -> str:
    """Which kinds of tickets stand out among the answers."""
    clear = [one for one in shown if one.lean.value.startswith(("over", "under"))]
    if not shown or honesty.asked is None:
        return "No kinds of tickets can be told apart."
    dimension = dimension_words(shown[0].dimension, many=True)
    if not clear:
        return f"No clear difference between {dimension} in how many answer"
    named = [f"{one.name} ({SHARES.level(one.rate.value)})" for one in clear[:MOST_NAMED]]
    share = "answers" if honesty.asked.is_response else "has an answer"
    rate = SHARES.level(_rate(honesty))
    return f"Not all {dimension} answer alike; of all, {rate} {share}: {', '.join(named)}"


def _rate(honesty: Honesty) -> float | None:
    return None if honesty.now is None else honesty.now.share


def segment_rows(shown: Sequence[Represented], asked: str) -> list[dict[str, str]]:
    """Kinds of tickets as rows of text."""
    rows = []
    for one in shown:
        interval = (
            f"{SHARES.level(one.rate.low)} to {SHARES.level(one.rate.high)}"
            if one.rate.low is not None and one.rate.high is not None
            else ""
        )
        difference = one.difference
        rows.append(
            {
                dimension_words(one.dimension).capitalize(): one.name,
                asked.capitalize(): f"{one.asked:,}",
                "Answers": f"{one.answered:,}",
                "Answered": SHARES.level(one.rate.value),
                "Interval": interval,
                "Against the others": "" if difference is None else SHARES.change(difference.value),
                "p, adjusted": ""
                if difference is None or difference.p_adjusted is None
                else probability(difference.p_adjusted),
                "Among answers": one.lean.value,
            }
        )
    return rows


def shift_rows(alarm: Alarm) -> list[dict[str, str]]:
    """The kinds of tickets that the alarm looked at, as rows of text."""
    rows = []
    for one in alarm.shifts:
        change = one.change
        interval = (
            between(SHARES, change.low, change.high)
            if change.low is not None and change.high is not None
            else ""
        )
        rows.append(
            {
                "Kind": kind_words(one.dimension, one.name),
                "Before": SHARES.change(one.before) if alarm.relative else SHARES.level(one.before),
                "Now": SHARES.change(one.now) if alarm.relative else SHARES.level(one.now),
                "Shift": SHARES.change(change.value),
                "Interval": interval,
                "p, adjusted": "" if change.p_adjusted is None else probability(change.p_adjusted),
                "Clear": "yes" if one.clear else "",
            }
        )
    return rows


def weighted_rows(honesty: Honesty) -> list[dict[str, str]]:
    """Raw, re-weighted and their difference in both periods."""
    rows = []
    for side in (honesty.now, honesty.before):
        if side is not None and side.reweighted is not None:
            rows.append(_weighted_row(honesty.metric.unit, side, side.reweighted))
    return rows


def _weighted_row(unit: Unit, side: Side, one: Reweighted) -> dict[str, str]:
    gap = one.difference
    places = _places(unit, one.value, side.raw.value or 0.0, gap.value)
    return {
        "Period": str(side.period),
        "As answered": unit.level(side.raw.value, places),
        "Interval": _span(unit, side.raw.low, side.raw.high),
        "Re-weighted": unit.level(one.value, places),
        "Interval, re-weighted": _span(unit, one.low, one.high),
        "Difference": unit.change(gap.value, places),
        "Interval of it": "" if gap.low is None or gap.high is None else between(unit, gap.low, gap.high),
        "Answers": f"{one.n:,}",
        "Worth, of equal weight": f"{one.effective:,.0f}",
        "Heaviest answer": f"× {one.heaviest:.2f}",
    }


def change_rows(honesty: Honesty) -> list[dict[str, str]]:
    """The change and its two parts, which add up as printed."""
    change, unit = honesty.change, honesty.metric.unit
    if change is None:
        return []
    places = split_places(unit, change)
    parts: Mapping[str, Difference] = {
        "Change as answered": change.raw,
        "Change re-weighted": change.reweighted,
        "Due to who answers": change.who,
    }
    return [
        {
            "Part": name,
            "Size": unit.change(part.value, places),
            "Interval": "" if part.low is None or part.high is None else between(unit, part.low, part.high),
            "p": "" if part.p is None else probability(part.p),
        }
        for name, part in parts.items()
    ]


def _span(unit: Unit, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{unit.level(low)} to {unit.level(high)}"


def survey_alt(honesty: Honesty) -> str:
    """The picture of the bounds for those who do not see it."""
    parts = []
    for side in (honesty.now, honesty.before):
        if side is None or side.bounds is None or side.raw.value is None:
            continue
        unit = honesty.metric.unit
        parts.append(
            f"{side.period}: answered {unit.level(side.raw.value)}, everybody between "
            f"{unit.level(min(side.bounds.worst, side.bounds.best))} and "
            f"{unit.level(max(side.bounds.worst, side.bounds.best))}"
        )
    return "; ".join(parts)


def bounds_words(honesty: Honesty, bounds: Bounds) -> str:
    """Which end of the bounds is the worst case."""
    unit = honesty.metric.unit
    bottom = "all silent unhappy" if honesty.metric.better is Direction.UP else "all silent at the hard end"
    top = "all silent happy" if honesty.metric.better is Direction.UP else "all silent at the easy end"
    return f"{bottom}: {unit.level(bounds.worst)}; {top}: {unit.level(bounds.best)}"


def survey_method(honesty: Honesty) -> tuple[str, ...]:
    """How all this was computed."""
    said = []
    if honesty.asked is not None:
        said.append(
            f"Counted: {honesty.asked.words}, {honesty.asked.basis.words}; the newest ones, whose answer may "
            "still come, are left out."
        )
    official = honesty.official
    if official is not None and official.now.value is not None and honesty.asked is not None:
        said.append(
            f"The other pages show {survey_name(honesty.metric)} {official.metric.basis.words} "
            f"({honesty.metric.unit.level(official.now.value)}), so it can differ a little from here."
        )
    if honesty.now is not None and honesty.now.bounds is not None:
        said.append(
            "Worst and best case: every silent customer at the bottom, or at the top, of the scale (Manski "
            "1989). Nothing is assumed about them."
        )
    weighting = honesty.weighting
    if weighting is not None and honesty.now is not None and honesty.now.reweighted is not None:
        merged = f"; {weighting.merged} small ones were put together with others" if weighting.merged else ""
        why = (
            "named by you"
            if weighting.chosen
            else "which go most clearly with both answering and what is said"
            if weighting.matters
            else "none goes clearly with both answering and what is said, so there is little to repair"
        )
        said.append(
            f"Re-weighting: {weighting.kinds} kinds of tickets by {by_words(weighting.dimensions)} ({why}), "
            f"each with at least {weighting.fewest} answers in both periods{merged}. It repairs what these "
            "show, and nothing else (Holt & Smith 1979; worth in equal answers: Kish 1965)."
        )
        said.append(f"{honesty.now.reweighted.method}.")
    if honesty.alarm.looks:
        said.append(
            f"The alarm looks at the rate and at every kind of ticket, {honesty.alarm.looks:,} comparisons; "
            f"p is adjusted for all of them (Benjamini & Hochberg), at {percent(honesty.level)} confidence, "
            "and only shifts of 2 points or more ring it."
        )
    return tuple(said)


def coverage_sentence(honesty: Honesty) -> str:
    """Answers of all solved tickets, where that is another question than the response rate."""
    one = honesty.coverage
    if one is None or one.now.value is None:
        return ""
    return (
        f"Coverage {SHARES.level(one.now.value)}: for so many of {one.now.n:,} solved tickets we know what "
        "the customer thought."
    )


def capital(text: str) -> str:
    """The text with a large first letter.

    >>> capital("nobody answered.")
    'Nobody answered.'
    """
    return text[:1].upper() + text[1:]
