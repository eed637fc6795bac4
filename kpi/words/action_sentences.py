"""Actions → sentences: what became of each, what was expected, what must be said beside the verdict.

Every word is looked up from an outcome or the sign of a number. A verdict says what changed from the day of
the action on; only a control says more, and no sentence here says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi.actions.nouns import JUDGED, Outcome
from kpi.model import Estimate, Metric, Unit, inside
from kpi.periods.wording import day_words, describe
from kpi.words import lexicon
from kpi.words.figures import Shown, bare, enough, percent, probability, shown_as, signed
from kpi.words.goal_sentences import segment_words, subject
from kpi.workspace import Action, ActionStatus

if TYPE_CHECKING:
    from kpi.actions.nouns import Effect, Review

OUTCOME = {
    Outcome.HELPED: "Helped",
    Outcome.MADE_WORSE: "Made worse",
    Outcome.CHANGED: "Changed",
    Outcome.TOO_SMALL: "Too small to matter",
    Outcome.CANNOT_TELL: "Cannot tell",
    Outcome.TOO_EARLY: "Too early",
    Outcome.NO_DATA: "No data",
    Outcome.NOT_DONE: "Not done yet",
    Outcome.NO_METRIC: "No verdict",
}
MARK = {
    Outcome.HELPED: "▲",
    Outcome.MADE_WORSE: "▼",
    Outcome.CHANGED: "◆",
    Outcome.TOO_SMALL: "●",
    Outcome.CANNOT_TELL: "●",
    Outcome.TOO_EARLY: "○",
    Outcome.NO_DATA: "○",
    Outcome.NOT_DONE: "",
    Outcome.NO_METRIC: "",
}
OPEN = (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS)


def plan_title(reviews: Sequence[Review], today: date) -> str:
    """What was done, whether it helped, what is overdue: the title of the plan."""
    if not reviews:
        return "No action is planned yet"
    late = sum(overdue(one.action, today) for one in reviews)
    counts = [
        (sum(one.outcome is outcome for one in reviews), words)
        for outcome, words in (
            (Outcome.HELPED, "helped"),
            (Outcome.MADE_WORSE, "made things worse"),
            (Outcome.CHANGED, "changed something"),
            (Outcome.TOO_SMALL, "did too little to matter"),
            (Outcome.CANNOT_TELL, "cannot be told from chance"),
            (Outcome.TOO_EARLY, "too early to judge"),
        )
    ]
    done = sum(one.action.status == ActionStatus.DONE for one in reviews)
    said = [f"{count} {words}" for count, words in counts if count]
    if len(reviews) == 1:
        one = reviews[0]
        start = f"{OUTCOME[one.outcome]}: {one.action.title}" if said else f"1 action, {one.action.status}"
        return f"{start}, overdue" if late else start
    start = f"Of {len(reviews)} actions {done or 'none'} {'is' if done < 2 else 'are'} done"
    if said:
        start += f": {', '.join(said)}"
    return f"{start}; {late} overdue" if late else start


def overdue(action: Action, today: date) -> bool:
    """Whether it is open and its day is over."""
    return action.status in OPEN and action.due < today


def verdict_sentence(review: Review) -> str:
    """What became of an action, with the interval, or why there is no verdict."""
    word = OUTCOME[review.outcome]
    effect, metric = review.effect, review.metric
    if effect is None or metric is None or review.outcome not in JUDGED:
        if review.outcome is Outcome.NOT_DONE:
            return f"{word}." if review.action.status in OPEN else f"No verdict: {review.reason}."
        again = f"; ask again from {day_words(review.ready_on)}" if review.ready_on else ""
        return f"{word}: {review.reason}{again}."
    _check(review)
    about = subject(metric, metric.key, review.action.where)
    at = review.action.done_on
    since = "" if at is None else f" from {day_words(at)} on"
    beyond = f" against {segment_words(review.control)}" if review.control else ""
    if review.outcome is Outcome.CANNOT_TELL:
        seen = least_words(review)
        seen = f"; a change of {seen} or more would have been seen" if seen else ""
        return (
            f"{word}: no change beyond chance in {inside(about)}{beyond}{since} "
            f"({change_words(review, short=True)}){seen}."
        )
    verb = lexicon.moved(effect.value > 0)
    return f"{word}: {inside(about)} {verb}{beyond} by {size_words(review)}{since}."


def expected_sentence(review: Review) -> str:
    """What was expected, and whether the interval holds it; empty where nothing was."""
    expected, effect = review.action.expected_change, review.effect
    if expected is None or review.metric is None:
        return ""
    shown = _shown(review, expected)
    said = f"Expected: {_signed(expected, shown)}"
    if effect is None or review.expected_held is None:
        return f"{said}."
    if review.expected_held:
        doubt = (
            "" if review.outcome in (Outcome.HELPED, Outcome.MADE_WORSE) else ", as it holds no change at all"
        )
        return f"{said}: the interval holds it{doubt}."
    if (effect.high < 0 < expected) or (effect.low > 0 > expected):
        return f"{said}: it went the other way."
    short = effect.high < expected if expected > 0 else effect.low > expected
    return f"{said}: the change was clearly {'less' if short else 'more'} than that."


def beside_sentences(review: Review) -> tuple[str, ...]:
    """What must be said beside a verdict: control, extreme start, drift, neighbours, an early look."""
    effect = review.effect
    if effect is None:
        return review.notes
    said = []
    if review.control:
        said.append(
            f"What moved both segments alike is taken out: compared with {segment_words(review.control)}."
        )
    else:
        said.append("Without a control segment, whatever else changed from that day on is in this number.")
    if review.extreme is not None and review.outcome in (Outcome.HELPED, Outcome.CANNOT_TELL):
        days = describe(review.extreme.period)
        said.append(
            f"The four weeks before it ({days}) were the worst of {review.extreme.blocks} such blocks: after "
            "an extreme, part of a recovery comes by itself (regression to the mean). The verdict compares "
            "with all the days before, not with these four weeks."
        )
    if effect.drift:
        said.append("It was already on its way before: the change is what came beside a straight line.")
    if effect.persistence > 0.5:
        said.append(
            "This series wanders slowly, so only a longer history could tell a step from its wandering."
        )
    if review.beside:
        names = ", ".join(review.beside[:4])
        said.append(f"Within four weeks of it: {names}. What each of them did cannot be told apart.")
    if review.early and review.action.review_on is not None:
        said.append(
            f"An early look: the review is on {day_words(review.action.review_on)}; what is looked at often "
            "enough will look like a success on some day."
        )
    return (*said, *review.notes)


def basis_sentence(review: Review) -> str:
    """What a verdict rests on."""
    if review.effect is None or review.days is None:
        return ""
    p = review.effect.p if review.p_adjusted is None else review.p_adjusted
    return (
        f"{describe(review.days)}: {review.days_before} days with a value before, {review.days_after} from "
        f"the day on; p, allowing for all actions judged here: {probability(p)}; {review.effect.method}."
    )


def plain_words(review: Review, estimate: Estimate | None) -> str:
    """The plain value before or after, with its n."""
    if review.metric is None or estimate is None:
        return "no answer"
    unit = change_unit(review.metric)
    return f"{unit.level(estimate.value)} (n = {estimate.n:,})"


def both_sentence(review: Review) -> str:
    """The plain values before and after, of the control too where there is one; empty without values."""
    if review.before is None or review.after is None:
        return ""
    said = (
        f"Before: {plain_words(review, review.before)}; from the day on: {plain_words(review, review.after)}."
    )
    if len(review.controls) == 2:
        before, after = (plain_words(review, each) for each in review.controls)
        said += f" The control ({segment_words(review.control)}): {before}, then {after}."
    return said


def change_unit(metric: Metric) -> Unit:
    """Changes of totals are per day, as periods before and after are of unequal length."""
    return (
        Unit.PER_DAY if metric.unit is Unit.COUNT and getattr(metric.measure, "total", False) else metric.unit
    )


def change_words(review: Review, *, short: bool = False) -> str:
    """The change with its interval and sign; as a share where that is what was judged."""
    effect = review.effect
    if effect is None or review.metric is None:
        return "no answer"
    shown = _shown(review, effect.value)
    sure = "" if short else f"{percent(review.level)} "
    if effect.relative is not None and effect.relative_low is not None and effect.relative_high is not None:
        digits = _places(effect.relative)
        low, high = (signed(bound * 100, digits) for bound in (effect.relative_low, effect.relative_high))
        return (
            f"{signed(effect.relative * 100, digits)} %, interval {low} to {high} %"
            if short
            else (f"{signed(effect.relative * 100, digits)} % ({sure}interval {low} to {high} %)")
        )
    places = enough(effect.value * shown.factor, shown.decimals)
    low, high = (signed(bound * shown.factor, places) for bound in (effect.low, effect.high))
    change = f"{signed(effect.value * shown.factor, places)}{shown.change}"
    return f"{change}, interval {low} to {high}" if short else f"{change} ({sure}interval {low} to {high})"


def size_words(review: Review) -> str:
    """The same without a sign, for a sentence whose verb says the direction."""
    effect = review.effect
    if effect is None:
        return "no answer"
    sign = 1 if effect.value > 0 else -1
    shown = _shown(review, effect.value)
    sure = percent(review.level)
    if effect.relative is not None and effect.relative_low is not None and effect.relative_high is not None:
        digits = _places(effect.relative)
        ends = sorted(bound * 100 * sign for bound in (effect.relative_low, effect.relative_high))
        near, far = (_bare_signed(bound, digits) for bound in ends)
        main = f"{abs(effect.relative) * 100:,.{digits}f} %"
        return f"{main} ({sure} interval {near} to {far}), about {bare(effect.value, shown, shown.decimals)}"
    places = enough(effect.value * shown.factor, shown.decimals)
    ends = sorted(bound * shown.factor * sign for bound in (effect.low, effect.high))
    near, far = (_bare_signed(bound, places) for bound in ends)
    return f"{abs(effect.value * shown.factor):,.{places}f}{shown.change} ({sure} interval {near} to {far})"


def least_words(review: Review) -> str:
    """The smallest true change that would have been seen; empty when it is not known."""
    effect = review.effect
    if effect is None or review.metric is None:
        return ""
    if effect.detectable_relative is not None:
        return f"{effect.detectable_relative * 100:,.{_places(effect.detectable_relative)}f} %"
    return str(bare(effect.detectable, _shown(review, effect.detectable or 0.0), 1) or "")


def action_table(reviews: Sequence[Review], today: date) -> list[dict[str, str]]:
    """One record an action, for the list and its download."""
    return [_record(one, today) for one in reviews]


def _record(one: Review, today: date) -> dict[str, str]:
    action = one.action
    state = "overdue" if overdue(action, today) else action.status
    return {
        "Action": action.title,
        "Verdict": ""
        if one.outcome is Outcome.NOT_DONE
        else f"{MARK[one.outcome]} {OUTCOME[one.outcome].lower()}".strip(),
        "Status": state,
        "Due": action.due.isoformat(),
        "Owner": action.owner,
        "Part": action.horizon,
        "Metric": "" if not action.metric else subject(one.metric, action.metric, action.where),
        "Works from": "" if action.done_on is None else action.done_on.isoformat(),
        "Review on": "" if action.review_on is None else action.review_on.isoformat(),
        "Change": "" if one.effect is None else change_words(one),
        "Expected": ""
        if action.expected_change is None or one.metric is None
        else _signed(action.expected_change, _shown(one, action.expected_change)),
        "Control": segment_words(action.control),
        "Finding": action.finding,
    }


# ---------------------------------------------------------------- figures


def _shown(review: Review, size: float) -> Shown:
    assert review.metric is not None
    return shown_as(change_unit(review.metric), (size,))


def _signed(value: float, shown: Shown) -> str:
    return f"{signed(value * shown.factor, enough(value * shown.factor, shown.decimals))}{shown.change}"


def _bare_signed(value: float, places: int) -> str:
    return f"{'−' if value < 0 and round(value, places) != 0 else ''}{abs(value):,.{places}f}"


def _places(share: float) -> int:
    return enough(share * 100, 0 if abs(share) >= 0.1 else 1)


def _check(review: Review) -> None:
    """A verdict that contradicts its numbers must not be said."""
    effect: Effect | None = review.effect
    if effect is None or review.outcome in (Outcome.CANNOT_TELL, Outcome.TOO_SMALL):
        return
    if effect.low <= 0 <= effect.high:
        raise ValueError(f"{review.action.title}: '{review.outcome.value}', but the interval holds no change")
    better = 0 if review.metric is None else review.metric.better.value
    good = effect.value * better
    if (review.outcome is Outcome.HELPED and good < 0) or (review.outcome is Outcome.MADE_WORSE and good > 0):
        raise ValueError(
            f"{review.action.title}: '{review.outcome.value}' against the direction of the metric"
        )
