"""Beside a finding: how it was computed, what is too small to see, marks, targets, reasons for no answer."""

from __future__ import annotations

from kpi.model import Basis, Claim, Comparison, Direction, Estimate, Metric, Verdict, inside
from kpi.words import lexicon
from kpi.words.figures import level, numbers, percent, probability, shown_as


def verdict_words(verdict: Verdict, metric: Metric) -> str:
    """A verdict in a few words; with what is too few, and which way is better."""
    if verdict is Verdict.TOO_FEW:
        return f"too few {lexicon.noun(metric)} to say"
    if verdict in (Verdict.BETTER, Verdict.WORSE):
        return f"{lexicon.SHORT[verdict]} ({lexicon.HIGHER_IS[metric.better]})"
    return lexicon.SHORT[verdict]


def mark(verdict: Verdict) -> str:
    """A shape and a word, so that colour is never alone.

    >>> mark(Verdict.BETTER), mark(Verdict.UNCLEAR)
    ('▲ better', '● no clear change')
    """
    return f"{lexicon.MARK[verdict]} {lexicon.SHORT[verdict]}"


def explain(claim: Claim) -> str:
    """How sure: n, intervals, method, p and its adjustment, smallest change to be seen, basis, caveats."""
    comparison, difference = claim.comparison, claim.comparison.difference
    metric, figures = comparison.metric, numbers(claim)
    noun = lexicon.noun(metric)
    said = [
        f"{metric.name}: {metric.formula}; {metric.basis.words}.",
        f"{figures.now_n} {noun} in {claim.now_label}, {figures.before_n} in {claim.before_label}.",
    ]
    for side, text, label in (
        (comparison.now, figures.now, claim.now_label),
        (comparison.before, figures.before, claim.before_label),
    ):
        said.append(_side(metric, side, text, label))
    if difference is None:
        said.append("There is no test of the change.")
    else:
        interval = f", {percent(difference.level)} interval {figures.interval}" if figures.interval else ""
        per = f" ({difference.per})" if difference.per else ""
        said.append(f"Change{per}: {figures.change}{interval}; {difference.method}.")
        said.append(_chance(claim))
        if figures.detectable is not None:
            said.append(f"A true change of {figures.detectable} would have been seen four times in five.")
    said += [_full_stop(text[:1].upper() + text[1:]) for text in (comparison.reason, metric.caveat) if text]
    said += [
        f"{label}: {_full_stop(side.note)}"
        for side, label in ((comparison.now, claim.now_label), (comparison.before, claim.before_label))
        if side.note
    ]
    return " ".join(text for text in said if text)


def _side(metric: Metric, side: Estimate, text: str | None, label: str) -> str:
    if side.value is None:
        return f"No answer for {label}: {_full_stop(side.reason or 'no reason was given')}"
    if side.low is None or side.high is None:
        return ""
    shown = shown_as(metric.unit, (side.value,))
    low, high = (level(bound, shown, shown.decimals) for bound in (side.low, side.high))
    return f"{label}: {text}, interval {low} to {high}."


def _chance(claim: Claim) -> str:
    difference = claim.comparison.difference
    if difference is None or difference.p is None:
        return "No p-value could be computed."
    said = f"p {probability(difference.p)}"
    if difference.p_adjusted is None:
        return f"{said}, not adjusted."
    looks = f"{claim.looks:,} comparison{'' if claim.looks == 1 else 's'}"
    return f"{said}, adjusted for {looks} {probability(difference.p_adjusted)}."


def absent(metric: Metric, reason: str) -> str:
    """That there is no number, and the reason."""
    return f"No {inside(metric.name)}: {_full_stop(reason)}"


def target_words(metric: Metric, estimate: Estimate) -> str:
    """Where the estimate stands to the target, as surely as its interval allows; empty without either.

    A bound on the target itself counts as reaching it. A count at one moment is exact and needs no interval.
    """
    if metric.target is None or estimate.value is None:
        return ""
    shown = shown_as(metric.unit, (estimate.value, metric.target))
    goal = level(metric.target, shown, shown.decimals)
    low, high = estimate.low, estimate.high
    if metric.basis is Basis.POINT and low is None and high is None:
        low = high = estimate.value
    over = low is not None and low > metric.target
    under = high is not None and high < metric.target
    reached_up, reached_down = over or low == metric.target, under or high == metric.target
    if metric.better is Direction.NEUTRAL:
        place = (
            "above"
            if over
            else "below"
            if under
            else "at"
            if low == high
            else "above or below cannot be told"
        )
        return f"target {goal}: {place}"
    met, missed = (reached_up, under) if metric.better is Direction.UP else (reached_down, over)
    return f"target {goal}: {'met' if met else 'missed' if missed else 'met or missed cannot be told'}"


def target(comparison: Comparison) -> str:
    """:func:`target_words` of the value now."""
    return target_words(comparison.metric, comparison.now)


def _full_stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
