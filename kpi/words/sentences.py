"""Claims → sentences: what changed, how sure, from how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kpi.model import Claim, Direction, Estimate, Unit, Verdict, inside
from kpi.words import lexicon
from kpi.words.figures import Numbers, numbers, percent

MOST_POINTS = 6
UNCLEAR_POINTS = 3
"""So many findings are named when nothing is beyond chance."""


def sentence(claim: Claim) -> str:
    """One finding: both values with their n, the change with its interval, and what may be said about it.

    Raises:
        ValueError: when verdict and difference contradict each other; such a claim must not be said.
    """
    check(claim)
    verdict = claim.comparison.verdict
    if claim.comparison.now.value is None or claim.comparison.before.value is None:
        return _missing(claim)
    if verdict is Verdict.TOO_FEW:
        return _too_few(claim)
    if verdict in lexicon.CLEAR:
        return _clear(claim)
    return _unclear(claim)


def check(claim: Claim) -> None:
    """Nothing when verdict and difference fit; else ValueError saying what does not."""
    comparison = claim.comparison
    verdict, difference, better = comparison.verdict, comparison.difference, comparison.metric.better
    if verdict not in lexicon.CLEAR:
        return
    key = comparison.metric.key
    if difference is None or difference.value == 0:
        raise ValueError(f"{key}: the verdict is '{verdict.value}' and there is no change")
    if comparison.now.value is None or comparison.before.value is None:
        raise ValueError(f"{key}: the verdict is '{verdict.value}' and a value is missing")
    good = difference.value * better.value
    expected = Verdict.BETTER if good > 0 else Verdict.WORSE if good < 0 else Verdict.CHANGED
    if verdict is not expected:
        raise ValueError(
            f"{key}: the verdict is '{verdict.value}', but a change of {difference.value:g} is "
            f"'{expected.value}' where {lexicon.HIGHER_IS[better]}"
        )


def _clear(claim: Claim) -> str:
    figures, subject = numbers(claim), lexicon.subject(claim)
    difference = claim.comparison.difference
    rising = difference is not None and difference.value > 0
    judged = f"{lexicon.JUDGEMENT[claim.comparison.verdict]}: {_change(claim, figures)}"
    now, before = _levels(claim, figures)
    if not figures.adds_up:
        how = (difference.per if difference else "") or "like for like"
        verb = lexicon.moved(rising) if claim.over_time else f"is {lexicon.compared(rising)}"
        return f"{subject} {verb} {how}, {judged}; as counted {now} and {before}."
    if claim.over_time:
        return f"{subject} {lexicon.moved(rising)} from {before} to {now}, {judged}."
    return f"{subject} is {lexicon.compared(rising)}: {now} against {before}, {judged}."


def _unclear(claim: Claim) -> str:
    figures = numbers(claim)
    now, before = _levels(claim, figures)
    said = f"{lexicon.hedge(claim)} in {inside(lexicon.subject(claim))}"
    if figures.change is None:
        return f"{said}: {now} and {before}."
    change = _change(claim, figures)
    if not figures.adds_up:
        per = claim.comparison.difference.per if claim.comparison.difference else ""
        change = change if per else f"like for like {change}"
    unlikely = _unlikely(claim, figures)
    return f"{said}: {now} and {before}, {change}." + (f" {unlikely}" if unlikely else "")


def _unlikely(claim: Claim, figures: Numbers) -> str:
    """What the interval excludes: the bad side, or the side that it reaches to."""
    difference, better = claim.comparison.difference, claim.comparison.metric.better
    if difference is None:
        return ""
    low, high = difference.low, difference.high
    falling = (low is not None and low < 0, figures.low_bare)
    rising = (high is not None and high > 0, figures.high_bare)
    if better is Direction.NEUTRAL and low is not None and high is not None and low < 0 < high:
        word = "A change of" if claim.over_time else "A gap of"
        sides = [(word, rising if high >= -low else falling)]
    else:
        sides = [(lexicon.excluded(claim, False), falling), (lexicon.excluded(claim, True), rising)]
    if better is Direction.DOWN:
        sides.reverse()
    for word, (reached, bound) in sides:
        if reached and any(digit in str(bound) for digit in "123456789"):
            return f"{word} more than {bound} is unlikely."
    return ""


def _too_few(claim: Claim) -> str:
    now, before = _levels(claim, numbers(claim))
    noun, subject = lexicon.noun(claim.comparison.metric), inside(lexicon.subject(claim))
    difference = claim.comparison.difference
    if difference is not None and difference.p is None and claim.comparison.reason:
        why = claim.comparison.reason.rstrip(".")
        return f"Not enough to compare {subject}: {now} and {before}; {why}."
    return f"Too few {noun} to compare {subject}: {now} and {before}."


def _missing(claim: Claim) -> str:
    subject, comparison = inside(lexicon.subject(claim)), claim.comparison
    sides = [(claim.now_label, comparison.now), (claim.before_label, comparison.before)]
    gone = [(label, side) for label, side in sides if side.value is None]
    reasons = list(dict.fromkeys(side.reason or "no reason was given" for _, side in gone))
    where = " and ".join(label for label, _ in gone)
    said = f"No answer for {subject} in {where}: {'; '.join(reasons)}."
    now, before = _levels(claim, numbers(claim))
    if len(gone) == 2:
        return said
    return f"{said} {_sentence_case(before if comparison.now.value is None else now)}."


def _levels(claim: Claim, figures: Numbers) -> tuple[str, str]:
    comparison = claim.comparison
    return (
        _level(comparison.now, comparison.metric.unit, figures.now, figures.now_n, claim.now_label),
        _level(
            comparison.before, comparison.metric.unit, figures.before, figures.before_n, claim.before_label
        ),
    )


def _level(estimate: Estimate, unit: Unit, text: str | None, n: str, label: str) -> str:
    counted = unit is Unit.COUNT and estimate.value == estimate.n
    return f"{text} in {label}" if counted else f"{text} in {label} (n {n})"


def _change(claim: Claim, figures: Numbers) -> str:
    difference = claim.comparison.difference
    if difference is None or figures.interval is None:
        return str(figures.change)
    return f"{figures.change} ({percent(difference.level)} interval {figures.interval})"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(claims: Sequence[Claim]) -> tuple[str, ...]:
    """The frame (periods, how many comparisons are beyond chance), then up to six main points as ranked.

    When nothing is beyond chance the frame says so and the first few comparisons say what can be excluded.
    """
    if not claims:
        return ("There is nothing to compare.",)
    clear = [claim for claim in claims if claim.comparison.verdict in lexicon.CLEAR]
    judged = [claim for claim in claims if _judged(claim)]
    frame = f"{claims[0].now_label} against {claims[0].before_label}"
    if not judged:
        return (f"{frame}: there are too few cases to compare anything.",)
    small = sum(lexicon.beyond_chance(claim.comparison) for claim in judged) - len(clear)
    if not clear:
        points = (sentence(claim) for claim in judged[:UNCLEAR_POINTS])
        return (f"{frame}: {_nothing(len(judged), small)}", *points)
    are = "is" if len(clear) == 1 else "are"
    first = f"{frame}: {len(clear):,} of {len(judged):,} comparisons {are} beyond chance"
    if small:
        first += f"; {small:,} more {'is' if small == 1 else 'are'}, but too small to matter"
    first += "."
    return (first, *(sentence(claim) for claim in clear[:MOST_POINTS]))


def _nothing(judged: int, small: int) -> str:
    """That nothing is beyond chance, or nothing that matters."""
    comparisons = f"{judged:,} comparison{'' if judged == 1 else 's'}"
    if not small:
        return f"nothing is beyond chance in {comparisons}."
    are = "is" if small == 1 else "are"
    matters = f"{small:,} {are} real but too small to matter"
    return f"nothing that matters is beyond chance in {comparisons}; {matters}."


def _judged(claim: Claim) -> bool:
    return claim.comparison.verdict is not Verdict.TOO_FEW and claim.comparison.difference is not None


def overview(claims: Sequence[Claim]) -> str:
    """How many of the metrics changed (or differ) beyond chance, and which way, as a title."""
    judged = [claim for claim in claims if _judged(claim)]
    if not judged:
        return title(claims)
    counts = Counter(
        claim.comparison.verdict for claim in judged if claim.comparison.verdict in lexicon.CLEAR
    )
    first, many = claims[0], f"{len(judged):,} metric{'s' * (len(judged) != 1)}"
    where = (
        f"in {first.now_label}" if first.over_time else f"between {first.now_label} and {first.before_label}"
    )
    verb = "changed" if first.over_time else "differ"
    if not counts:
        return f"None of {many} {verb if first.over_time else 'differs'} beyond chance {where}"
    said = ", ".join(
        f"{counts[verdict]:,} {verdict.value}"
        for verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)
        if counts[verdict]
    )
    return f"{counts.total():,} of {many} {verb} beyond chance {where}: {said}"


def title(claims: Sequence[Claim]) -> str:
    """The first finding as the title of a page: subject, direction, both levels, period."""
    if not claims:
        return "There is nothing to compare"
    clear = next((claim for claim in claims if claim.comparison.verdict in lexicon.CLEAR), None)
    if clear is None:
        few = not any(_judged(claim) for claim in claims)
        start = "Too few cases to compare" if few else "No clear change:"
        return f"{start} {claims[0].now_label} against {claims[0].before_label}"
    check(clear)
    figures, difference = numbers(clear), clear.comparison.difference
    rising = difference is not None and difference.value > 0
    subject = lexicon.subject(clear)
    if not figures.adds_up:
        verb = lexicon.moved(rising) if clear.over_time else f"is {lexicon.compared(rising)}"
        how = (difference.per if difference else "") or "like for like"
        return f"{subject} {verb} {how} in {clear.now_label}: {figures.change}"
    if clear.over_time:
        verb = lexicon.moved(rising)
        return f"{subject} {verb} from {figures.before} to {figures.now} in {clear.now_label}"
    return (
        f"{subject} is {lexicon.compared(rising)} in {clear.now_label} ({figures.now}) "
        f"than in {clear.before_label} ({figures.before})"
    )
