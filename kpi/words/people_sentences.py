"""Agents against chance → sentences. No rank, no praise of luck, no word on why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kpi.model import Direction, Estimate, Metric, Unit, Verdict, inside
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import between, probability
from kpi.words.lexicon import NOUN

if TYPE_CHECKING:
    from kpi.people.nouns import Looked, Mark, Person, Team
    from kpi.people.own import OwnMonth
    from kpi.people.topics import Topic, Topics

Names = Mapping[str, str]
SHORT = {"csat": "satisfaction", "ttr_agent": "resolution time", "fcr": "first contact resolution"}
PERCENT = Unit.PERCENT
BEYOND = {
    Verdict.BETTER: "better than chance explains",
    Verdict.WORSE: "worse than chance explains",
    Verdict.CHANGED: "apart beyond chance",
}
REGRESSION = (
    "Part of every distance is luck, and luck does not come again: who looks worst now tends to "
    "look better next "
    "time although nothing was done, and who looks best tends to look worse. So an agent's "
    "change after a talk or "
    "a training says little by itself; compare it with that of colleagues who started from the same level."
)


def people_title(team: Team, names: Names) -> str:
    """Where it makes a difference who handles a contact; else that it is the cases or luck."""
    if team.refused:
        return f"Agents are not compared: {team.refused}"
    named = [(looked, person) for looked in team.metrics for person in looked.named]
    if named:
        return _named_title(named, names)
    agent, metrics = looks_worst(team)
    if agent:
        return (
            f"{names[agent]} looks worst on {_listed(metrics)}, but with the same kind of contacts no "
            "worse than chance would make anybody"
        )
    if not team.looks:
        return "Nobody can be told from chance here: the data do not say which contacts are alike"
    return "Once the cases are alike, no agent is apart from the team beyond chance"


def _named_title(named: Sequence[tuple[Looked, Person]], names: Names) -> str:
    agents = list(dict.fromkeys(person.agent for _, person in named))
    if len(agents) == 1:
        worse = [metric_word(looked.metric) for looked, p in named if p.verdict is Verdict.WORSE]
        better = [metric_word(looked.metric) for looked, p in named if p.verdict is Verdict.BETTER]
        apart = [metric_word(looked.metric) for looked, p in named if p.verdict is Verdict.CHANGED]
        said = [
            *([f"worse on {_listed(worse)}"] if worse else []),
            *([f"better on {_listed(better)}"] if better else []),
            *([f"apart on {_listed(apart)}"] if apart else []),
        ]
        return f"{names[agents[0]]} is {' and '.join(said)} than chance and the kind of contacts explain"
    metrics = list(dict.fromkeys(metric_word(looked.metric) for looked, _ in named))
    return (
        f"{len(agents)} agents are apart beyond chance and the kind of contacts, on {_listed(metrics)}; "
        "nobody else can be told from chance"
    )


def looks_worst(team: Team) -> tuple[str, tuple[str, ...]]:
    """The agent who is last and outside the raw limits in most metrics, though not beyond chance when the
    cases are alike; and in which metrics. Empty when there is none."""
    last: dict[str, list[str]] = {}
    for looked in team.compared:
        sign = looked.metric.better.value
        apart = [person for person in looked.people if sign and person.fair is not None]
        if not apart:
            continue
        worst = min(apart, key=lambda person: person.raw.value * sign)
        if worst.raw.outside and worst.raw.distance * sign < 0 and not worst.named:
            last.setdefault(worst.agent, []).append(metric_word(looked.metric))
    if not last:
        return "", ()
    agent = max(last, key=lambda name: len(last[name]))
    return agent, tuple(last[agent])


def findings(team: Team, names: Names) -> tuple[str, ...]:
    """One sentence for everybody who is apart, most clearly first; then how many looks that was."""
    named = [(looked, person) for looked in team.metrics for person in looked.named]
    named.sort(key=lambda pair: -abs(pair[1].fair.distance) if pair[1].fair else 0.0)
    said = [person_sentence(looked, person, names) for looked, person in named]
    if team.looks and named:
        said.append(
            f"{team.looks:,} comparisons with chance were made; of those named, at most one in twenty is "
            "expected to be named without cause."
        )
    elif team.looks:
        said.append(f"Nobody is beyond chance in any metric ({team.looks:,} comparisons were made).")
    return tuple(said)


def person_sentence(looked: Looked, person: Person, names: Names) -> str:
    """One agent in one metric: seen, expected, verdict."""
    unit = looked.metric.unit
    who = names[person.agent]
    seen = (
        f"{who}: {metric_word(looked.metric)} {unit.level(person.observed.value)} of "
        f"{person.n:,} {noun(looked)}"
    )
    if person.fair is None:
        return f"{seen}; no fair comparison, because {person.unfair}."
    same = f"colleagues have {unit.level(person.expected)} with the same kind"
    if person.named:
        p = probability(person.fair.p_adjusted or 0.0)
        return f"{seen}; {same}: {BEYOND[person.verdict]} (p {p}, adjusted)."
    return f"{seen}; {same}: where chance would put the agent."


def raw_sentence(looked: Looked) -> str:
    """What the raw numbers seem to say."""
    outside = sum(person.raw.outside for person in looked.people)
    return f"Raw: {outside} of {len(looked.people)} agents are outside the 95 % limits"


def fair_sentence(looked: Looked) -> str:
    """What is left of it when the cases are alike."""
    if not any(person.fair is not None for person in looked.people):
        reason = next((person.unfair for person in looked.people), "")
        return f"Same kind of {noun(looked)}: no comparison, because {reason}"
    count = len(looked.named)
    if not count:
        return f"Same kind of {noun(looked)}: nobody is beyond chance"
    return f"Same kind of {noun(looked)}: {count} {'is' if count == 1 else 'are'} beyond chance"


def together_sentence(looked: Looked) -> str:
    """Who cannot be told apart; never an order."""
    count = len(looked.together)
    if count < 2 or looked.alike is None:
        return ""
    these = f"these {count} agents" if not looked.named else f"the other {count} agents"
    if looked.alike > 0.05:
        return (
            f"{these[:1].upper()}{these[1:]} cannot be told apart: they differ as much as chance "
            f"makes agents differ."
        )
    return (
        f"As a group {these} differ a little more than chance alone makes agents differ (p "
        f"{probability(looked.alike)}), but none of them can be named: there is no order among them."
    )


def lasting_sentence(looked: Looked, team: Team) -> str:
    """How much of the differences between agents is the same again."""
    lasting = looked.lasting
    if lasting.correlation is None or lasting.low is None or lasting.high is None:
        return f"Whether differences last cannot be told: {lasting.reason}." if lasting.reason else ""
    r = f"correlation {two(lasting.correlation)} [{two(lasting.low)}, {two(lasting.high)}]"
    seen = f"{lasting.agents} agents, {team.before} and {team.now}"
    if lasting.low <= 0:
        return f"It is not shown that anything of what sets agents apart lasts: {r}, {seen}."
    return (
        f"About {_percent(max(lasting.correlation, 0.0))} of what sets agents apart is there in both "
        f"periods, the rest "
        f"comes and goes: {r}, {seen}."
    )


def few_sentence(looked: Looked) -> str:
    """Who is not shown."""
    agents, rows = looked.few
    if not agents:
        return ""
    return f"{agents} agents with {rows:,} {noun(looked)} together are not shown by agent: too few each."


def moved_sentence(team: Team) -> str:
    """Who is here in one of the periods only, as counts; empty when nobody is."""
    said = []
    for count, has, lacks in ((team.left, team.before, team.now), (team.came, team.now, team.before)):
        if count:
            who, verb = ("agent", "has") if count == 1 else ("agents", "have")
            said.append(f"{count} {who} {verb} rows in {has} and none in {lacks}")
    if not said:
        return ""
    return f"{'; '.join(said)}: left, new or elsewhere, and not part of what lasts."


def kinds_sentence(looked: Looked) -> str:
    """What makes rows of the same kind, and what could not be compared so."""
    if not looked.by:
        return ""
    words = _listed([dimension_words(name) for name in looked.by])
    text = f"Same kind: the same {words}, handled by others"
    coarse = sum(p.coarse * p.n for p in looked.people) / max(1, sum(p.n for p in looked.people))
    left = sum(p.left_out * p.n for p in looked.people) / max(1, sum(p.n for p in looked.people))
    if coarse >= 0.005:
        text += f"; {_percent(coarse)} compared without the last of these, as the kind is rare"
    if left >= 0.005:
        text += f"; {_percent(left)} left out, as hardly anybody else has such {noun(looked)}"
    return text


def refusals(team: Team) -> tuple[str, ...]:
    """Why agents are not compared in a metric, one sentence each."""
    said = []
    for looked in team.metrics:
        unfair = next((p.unfair for p in looked.people if p.fair is None), "")
        reason = looked.refused or ("" if looked.together or looked.named else unfair)
        if reason:
            own = f"no {inside(looked.metric.name)}: "
            said.append(f"{looked.metric.name}: {reason.removeprefix(own)}.")
    return tuple(said)


def axis_words(looked: Looked, *, fair: bool) -> str:
    """What the vertical axis of a funnel shows."""
    if looked.scale.value == "share":
        return f"{metric_word(looked.metric)}, {'same kind' if fair else 'raw'}"
    more = "longer" if looked.metric.unit in (Unit.MINUTES, Unit.HOURS) else "more"
    return f"chance of {more} than others', {'same kind' if fair else 'raw'}"


def scale_sentence(looked: Looked) -> str:
    """What the dots mean."""
    if looked.scale.value == "share":
        return (
            f"Dot: share of the agent; on the right the team's {PERCENT.level(looked.team)}, "
            f"moved by the distance "
            "from what colleagues have with the same kind"
        )
    return (
        "Dot: chance that one of the agent's is above one of a colleague's, ties half; 50 % is "
        "no difference, "
        f"{_side(looked.metric)}"
    )


def people_alt(looked: Looked, names: Names, *, fair: bool) -> str:
    """The funnel for those who do not see it."""
    marks = [(p, p.fair if fair else p.raw) for p in looked.people]
    outside = [names[p.agent] for p, mark in marks if mark is not None and mark.outside]
    kind = "with the same kind of contacts" if fair else "raw"
    said = f"outside the 95 % limits: {', '.join(outside)}" if outside else "none outside the 95 % limits"
    return f"Funnel of {len(looked.people)} agents, {metric_word(looked.metric)}, {kind}; {said}."


def own_sentence(looked: Looked, person: Person | None, who: str) -> str:
    """One agent against the band of the team."""
    if looked.refused:
        return f"{looked.metric.name}: {looked.refused}."
    if person is None:
        return f"{looked.metric.name}: too few {noun(looked)} of {who} to be shown."
    unit = looked.metric.unit
    seen = f"{looked.metric.name}: {unit.level(person.observed.value)} of {person.n:,} {noun(looked)}"
    if person.fair is None:
        return f"{seen}. No fair comparison, because {person.unfair}."
    where = "inside the band of the team" if not person.fair.outside else "outside the 95 % band of the team"
    said = BEYOND.get(person.verdict, "not told from chance")
    return f"{seen}; the team has {unit.level(person.expected)} with the same kind: {where}, {said}."


def months_sentence(looked: Looked, months: Sequence[OwnMonth], who: str) -> str:
    """The own months in words."""
    told = [month for month in months if month.estimate.value is not None]
    if not told:
        return f"{who} has no month with enough {noun(looked)}"
    inside_of = sum(_covers(month) for month in told if month.expected is not None)
    of = sum(month.expected is not None for month in told)
    if not of:
        return f"{metric_word(looked.metric, capital=True)} of {who}, month by month"
    return (
        f"{metric_word(looked.metric, capital=True)} of {who}: in {inside_of} of {of} months the "
        f"interval holds what "
        "the team has with the same kind"
    )


def rows_sentence(looked: Looked, count: int, who: str) -> str:
    """What the rows behind a number are."""
    return f"{count:,} {NOUN[looked.metric.grain]} of {who}, worst first."


def topics_sentence(topics: Topics) -> str:
    """Whether there is a topic that most of the team finds hard."""
    if topics.refused:
        return f"Topics cannot be compared: {topics.refused}"
    shared = [topic for topic in topics.found if topic.shared]
    if not shared:
        return f"No topic is harder for most of the team than its other topics ({topics.looks:,} looks)"
    names = list(dict.fromkeys(topic.name for topic in shared))
    return f"{_listed(names)}: most of the team is below its own level elsewhere"


def topic_sentence(topic: Topic) -> str:
    """One topic in one metric."""
    comparison = topic.comparison
    unit = comparison.metric.unit
    there = (
        f"{unit.level(comparison.now.value)} against {unit.level(comparison.before.value)} in "
        f"all other topics"
    )
    difference = comparison.difference
    span = ""
    if difference is not None and difference.low is not None and difference.high is not None:
        bounds = between(unit, difference.low, difference.high)
        sure = f"p {probability(topic.p_adjusted)} adjusted"
        span = f" ({unit.change(difference.value)}, 95 % from {bounds}, {sure})"
    if topic.shared:
        who = f"; worse for {topic.worse} of {topic.agents} agents with both"
    elif topic.agents:
        who = f"; worse for only {topic.worse} of {topic.agents} agents with both: not the team's need"
    else:
        who = "; too few agents have both to say whether it is the topic"
    return f"{topic.name}, {metric_word(comparison.metric)}: {there}{span}{who}."


TOPICS_NOTE = (
    "A topic can be harder because the product, the process or the customers are: training is "
    "one answer among "
    "several, and these numbers do not say which."
)


def method_sentences(team: Team) -> tuple[str, ...]:
    """How all this was computed."""
    return (
        "Expected: what all other agents have with contacts of the same issue, channel and "
        "priority, weighted by "
        "how many of each this agent has. A kind of which others have fewer than 10 is widened; what hardly "
        "anybody else has is left out.",
        "Durations and scores are compared by ranks: the chance that one of the agent's is above one of a "
        "colleague's of the same kind; open tickets count by Kaplan-Meier.",
        "Limits: agents always differ a little more than chance. How much is estimated from all of them, the "
        "extreme ones pulled in, and widens the limits of the right picture (Spiegelhalter "
        "2005, corrected); the "
        "left one has the limits of chance alone.",
        "Beyond chance: p below 0.05 after Benjamini-Hochberg over all agents and metrics of this page.",
        "Pulled to the team: each value is moved towards the team by how little it knows (empirical Bayes).",
        "Not shown by agent: agents with fewer rows than the minimum of the definitions, and "
        "one more where a "
        "total would give one away; teams of fewer than 5; what agents say of their own work.",
        REGRESSION,
    )


def metric_word(metric: Metric, *, capital: bool = False) -> str:
    """A short name inside a sentence."""
    word = SHORT.get(metric.key, inside(metric.name))
    return f"{word[:1].upper()}{word[1:]}" if capital else word


def noun(looked: Looked) -> str:
    """What is counted."""
    return "offers" if looked.metric.key == "conversion" else NOUN[looked.metric.grain]


def mark_words(mark: Mark) -> str:
    """A mark in the tip of a picture."""
    return f"{PERCENT.level(mark.value)}; chance: {PERCENT.level(mark.low)} to {PERCENT.level(mark.high)}"


def shown_verdict(person: Person | None, mark: Mark) -> Verdict:
    """What a dot may say: the verdict in the fair picture, nothing in the raw one."""
    return person.verdict if person is not None and person.fair is mark else Verdict.UNCLEAR


def common_domain(looked: Looked) -> tuple[float, float]:
    """Vertical axis of both pictures: all dots, and the limits where they are not too wide."""
    marks = [mark for person in looked.people for mark in (person.raw, person.fair) if mark is not None]
    low = min(min(mark.value, mark.low) for mark in marks)
    high = max(max(mark.value, mark.high) for mark in marks)
    spare = max(0.04 * (high - low), 0.005)
    return max(0.0, low - spare), min(1.0, high + spare)


def _side(metric: Metric) -> str:
    if metric.better is Direction.NEUTRAL:
        return "neither side is better"
    return "higher is better" if metric.better is Direction.UP else "lower is better"


def _covers(month: OwnMonth) -> bool:
    low, high, expected = month.estimate.low, month.estimate.high, month.expected
    if expected is None:
        return False
    return (low is None or low <= expected) and (high is None or expected <= high)


def level_of(estimate: Estimate, metric: Metric) -> str:
    """A level with its unit, empty without one."""
    return "" if estimate.value is None else metric.unit.level(estimate.value)


def interval_of(estimate: Estimate, metric: Metric) -> str:
    """Both bounds with their unit, empty without any."""
    if estimate.value is None or (estimate.low is None and estimate.high is None):
        return ""
    low = "open" if estimate.low is None else metric.unit.level(estimate.low)
    high = "open" if estimate.high is None else metric.unit.level(estimate.high)
    return f"{low} to {high}"


def _percent(share: float) -> str:
    return PERCENT.level(share, 0)


def two(value: float) -> str:
    """A correlation with two decimals."""
    return f"{value:.2f}".replace("-", "−")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
