"""When we say better, in sentences written from the numbers that the judge uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.definitions import Definitions
from kpi.measures.evidence import ENOUGH
from kpi.model import Claim, Metric, Unit, Verdict
from kpi.stats import FEWEST_DAYS
from kpi.verdicts import FEWEST_EVENTS, chance
from kpi.words import lexicon
from kpi.words.figures import percent
from kpi.words.sentences import sentence

if TYPE_CHECKING:
    from kpi.calling.rules import WorkedExample
    from kpi.calling.simulating import Rates, Simulation

WEEK = 7


def verdicts_title(definitions: Definitions) -> str:
    """The page in one sentence."""
    alpha = f"{chance(definitions.confidence):g}"
    return f"We say better or worse only if chance would seldom bring it (p below {alpha}) and it matters"


def verdict_needs(definitions: Definitions) -> tuple[tuple[Verdict, str], ...]:
    """Every verdict and all that it needs."""
    alpha = f"{chance(definitions.confidence):g}"
    least = definitions.minimum_n
    return (
        (
            Verdict.BETTER,
            f"All three: p below {alpha} after allowing for everything that was compared; a difference of "
            f"at least what matters for the metric; at least {least:,} rows on both sides. The way that is "
            "better is fixed for each metric.",
        ),
        (Verdict.WORSE, "The same, in the other direction."),
        (Verdict.CHANGED, "The same, for a metric of which neither way is better, such as new tickets."),
        (
            Verdict.UNCLEAR,
            f"Enough rows, but p is not below {alpha}, or the difference is smaller than what matters. It "
            "does not say that nothing changed: it says which changes can be excluded. Also when two sides "
            "must not be compared, with the reason.",
        ),
        (
            Verdict.TOO_FEW,
            f"A side has no value, fewer than {least:,} rows, or too little for an interval; for counts, "
            f"fewer than {FEWEST_EVENTS} events on both sides.",
        ),
    )


def verdict_designs() -> tuple[str, ...]:
    """What chance is learned from, in the order of choice."""
    weeks = FEWEST_DAYS // WEEK
    return (
        f"Days: where the data hold at least {weeks} weeks of days around both periods, chance is learned "
        "from how much the desk's days wander, allowing for good and bad stretches (SN-GLS). What agents add "
        "beyond that comes on top.",
        f"Weeks, days and agents: with fewer days, from how much weeks (or days, where there are fewer than "
        f"{ENOUGH} weeks) and agents differ (cluster-robust, Student's t).",
        "Rows: never less chance than independent rows would have; alone only where nothing else is known.",
    )


def example_sentence(example: WorkedExample) -> str:
    """The claim of a worked example, in the words of the other pages."""
    claim = Claim(example.comparison, "these four weeks", "the four weeks before", example.looks)
    return sentence(claim)


def example_numbers(example: WorkedExample) -> str:
    """The made numbers behind it."""
    case, metric = example.case, example.comparison.metric
    if metric.unit is Unit.PERCENT:
        numbers = (
            f"{case.hits_now:,} of {case.rows_now:,} now, {case.hits_before:,} of {case.rows_before:,} before"
        )
    else:
        numbers = f"{case.hits_now:,} now, {case.hits_before:,} before"
    looks = f", one of {example.looks} comparisons" if example.looks > 1 else ""
    return f"{metric.name}: {numbers}{looks}"


def example_reason(example: WorkedExample) -> str:
    """Why the judge said so."""
    reason = example.comparison.reason
    return f"{reason[:1].upper()}{reason[1:]}."


def example_title(example: WorkedExample) -> str:
    """The verdict as mark and word."""
    verdict = example.comparison.verdict
    return f"{lexicon.MARK[verdict]} {verdict.value.capitalize()}"


def simulation_title(simulation: Simulation) -> str:
    """How often the change would be called."""
    change = simulation.metric.unit.change(simulation.change)
    rates = simulation.changed
    if rates.too_few == 1:
        return f"With {simulation.world.n:,} rows a period we would say too few, always"
    if simulation.change == 0:
        return f"Without any change we would call one in {of_hundred(rates.called)}"
    way = _right_word(simulation)
    return f"A true change of {change} would be called {way} in {of_hundred(_right(simulation))}"


def _right(simulation: Simulation) -> float:
    """How often the change is called in its own direction."""
    good = simulation.change * simulation.metric.better.value > 0
    return simulation.changed.better if good else simulation.changed.worse


def _right_word(simulation: Simulation) -> str:
    return "better" if simulation.change * simulation.metric.better.value > 0 else "worse"


def of_hundred(share: float) -> str:
    """A share as so many of a hundred; only an exact 0 or 1 reads as none or all.

    >>> of_hundred(0.834), of_hundred(0.001), of_hundred(0.0), of_hundred(0.999)
    ('83 of 100 cases', 'fewer than 1 of 100 cases', 'none of 100 cases', 'more than 99 of 100 cases')
    """
    if share == 0:
        return "none of 100 cases"
    if share < 0.005:
        return "fewer than 1 of 100 cases"
    if 0.995 < share < 1:
        return "more than 99 of 100 cases"
    return f"{share * 100:.0f} of 100 cases"


def simulation_sentences(simulation: Simulation) -> tuple[str, ...]:
    """What follows: all verdicts, false alarms, the plain test, the smallest change that is seen."""
    rates, unit = simulation.changed, simulation.metric.unit
    said = [f"{rates_sentence(rates)} ({rates.runs:,} simulated pairs of periods, ± {_points(rates.error)})."]
    false = simulation.unchanged
    said.append(
        f"When nothing changed, we would call a change in {of_hundred(false.called)} "
        f"(± {_points(false.error)}); a plain test of independent rows in "
        f"{of_hundred(simulation.plain_unchanged)}."
    )
    seen = _smallest(simulation)
    said.append(
        f"The smallest true change that is called four times in five: {seen}. A measured difference of less "
        f"than {unit.change(simulation.least).lstrip('+')} is never called, as it does not matter."
        if seen
        else "No change on the curve is called four times in five: more days or more rows are needed."
    )
    said.append(f"Chance was learned from: {simulation.design}.")
    return tuple(said)


def rates_sentence(rates: Rates) -> str:
    """All verdicts of the simulated pairs."""
    parts = [
        f"{word} {share * 100:.1f} %"
        for word, share in (
            ("better", rates.better),
            ("worse", rates.worse),
            ("unclear", rates.unclear),
            ("too few", rates.too_few),
        )
        if share > 0 or word != "too few"
    ]
    return f"Called {', '.join(parts)}"


def _points(error: float) -> str:
    return f"{error * 100:.1f} points"


def _smallest(simulation: Simulation) -> str:
    unit = simulation.metric.unit
    parts = [
        f"a {word} of {unit.change(size).lstrip('+')}"
        for word, size in (("fall", simulation.smallest_down), ("rise", simulation.smallest_up))
        if size is not None
    ]
    return " or ".join(parts)


def power_sentence(simulation: Simulation) -> str:
    """The finding above the curve."""
    seen = _smallest(simulation)
    if not seen:
        return "No change on this curve is called four times in five"
    return f"Four times in five we would see {seen}"


def power_alt(simulation: Simulation) -> str:
    """The curve for those who do not see it."""
    unit = simulation.metric.unit
    ends = [simulation.curve[0], simulation.curve[-1]]
    named = "; ".join(f"{unit.change(p.change)}: {of_hundred(p.seen)}" for p in ends)
    return f"Chance that a true change is called, by its size. {power_sentence(simulation)}. {named}."


def plain_warning(simulation: Simulation) -> str:
    """What a plain test would do to a lead who believes it, in one line; empty where it does no harm."""
    if simulation.plain_unchanged <= 2 * chance(simulation.confidence):
        return ""
    return (
        f"A plain test would call {of_hundred(simulation.plain_unchanged)} in which nothing changed: days "
        "that resemble their neighbours are not independent rows."
    )


def matters_words(metric: Metric) -> str:
    """The smallest difference that matters to a metric.

    >>> from kpi.metrics.satisfaction import CSAT
    >>> matters_words(CSAT)
    'Customer satisfaction (CSAT): 2.0 points'
    """
    if metric.relative_matters:
        return f"{metric.name}: {percent(metric.matters)} of the value before"
    return f"{metric.name}: {metric.unit.change(metric.matters).lstrip('+')}"
