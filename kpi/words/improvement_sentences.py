"""Where improving would pay most → sentences. Numbers with their intervals, hedged, never a cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Unit, inside
from kpi.words.figures import probability, shown_as
from kpi.words.improvement_figures import (
    ISSUE,
    MOST_NAMED,
    all_names,
    amount,
    dimension,
    gain,
    joined,
    levels,
    listed,
    peers,
    percent,
    span,
    value_words,
    word,
)
from kpi.words.lexicon import NOUN

if TYPE_CHECKING:
    from kpi.improvements.nouns import Improvements, Look, Need, Outcome, Suggestion

SAID = {
    "behind": "behind",
    "small": "too small to matter",
    "ahead": "ahead",
    "unclear": "not clear",
}
BY_PEOPLE = "not clear: its people"
PROMISES = ("sla", "ttr_within_target", "frt_within_target")
CAUSE = "This says where, not why: what else sets these contacts apart may be behind it."
NOT_ADDED = "Issues, channels and products hold the same contacts: their gains must not be added."


def tied(behind: Sequence[Look]) -> tuple[Look, ...]:
    """The first and those that cannot be told from it: their intervals overlap."""
    if not behind:
        return ()
    return tuple(look for look in behind if look is behind[0] or look.high >= behind[0].low)


def improvement_title(found: Improvements, outcome: Outcome | None) -> str:
    """Where improving would pay most in one outcome; else that nothing stands out."""
    if found.refused or outcome is None:
        return "Where improving would pay most cannot be said"
    behind = _behind(found, outcome)
    looks = found.of(outcome.key)
    if not looks:
        return f"Where improving {word(outcome)} would pay most cannot be said"
    if not behind:
        many = f"none of {len(looks)} comparisons is" if len(looks) > 1 else "one comparison is not"
        return f"Nothing stands out in {word(outcome)}: {many} behind its peers beyond chance"
    first, together = behind[0], tied(behind)
    if len(together) > 1:
        names = listed([value_words(look) for look in together])
        return (
            f"{names} would pay most, too close to rank: with {value_words(first)} at {peers(first)}, "
            f"{word(outcome)} would be {gain(first)}"
        )
    return (
        f"Improving {value_words(first)} would pay most: at {peers(first)}, {word(outcome)} would be "
        f"{gain(first)}"
    )


def _behind(found: Improvements, outcome: Outcome) -> list[Look]:
    return [look for look in found.of(outcome.key) if look.standing == "behind"]


def clear_sentence(found: Improvements, outcome: Outcome) -> str:
    """Which part of the list is clear."""
    some, none = [], []
    for name in found.dimensions:
        looks = found.of(outcome.key, name)
        if not looks:
            continue
        behind = sum(look.standing == "behind" for look in looks)
        if behind:
            some.append(f"{behind} of {len(looks)} {dimension(name, len(looks))}")
        else:
            none.append(f"{len(looks)} {dimension(name, len(looks))}")
    if not some and not none:
        return ""
    clear = f"Clearly behind in {word(outcome)}: {joined(some)}" if some else ""
    rest = f"{'none' if some else 'None'} of {joined(none, 'or')}" if none else ""
    told = ", ".join(filter(None, (clear, rest))) + ("" if some else f" is clearly behind in {word(outcome)}")
    return (
        f"{told}. All others cannot be told from the median of their peers, do better, or are behind "
        "by too little to matter."
    )


def order_sentence(found: Improvements, outcome: Outcome) -> str:
    """What may be said of the order; empty with fewer than two."""
    behind = _behind(found, outcome)
    if len(behind) < 2:
        return ""
    together = tied(behind)
    if len(together) == 1:
        return f"{value_words(behind[0])} stands clear of the others: its interval lies above all of theirs."
    names = listed([value_words(look) for look in together])
    return f"{names} cannot be told apart in what they would give: their intervals overlap."


def nature_sentence(found: Improvements, outcome: Outcome) -> str:
    """Which dimensions are no peers in an outcome, and where they are compared instead; else empty."""
    names = [name for each, name in found.by_nature if each.key == outcome.key]
    if not names:
        return ""
    many = [dimension(name, 2) for name in names]
    kept = [
        word(each)
        for each in found.outcomes
        if each.key in PROMISES and any(found.of(each.key, name) for name in names)
    ]
    instead = f": they are compared in {listed(kept)}" if kept else ""
    return (
        f"{_capital(joined(many))} are not compared here, since what they are sets how long things take"
        f"{instead}."
    )


def elsewhere_sentence(found: Improvements, outcome: Outcome) -> str:
    """Other outcomes with something clear; empty where there are none."""
    names = [
        f"{word(each)} ({listed([value_words(look) for look in behind])})"
        for each in found.outcomes
        if each.key != outcome.key and (behind := _behind(found, each))
    ]
    return f"Clear in other outcomes: {'; '.join(names)}." if names else ""


def look_sentence(look: Look, looks: int) -> str:
    """One value against its peers, what it would give, how sure it is."""
    metric = look.outcome.metric
    unit, noun = metric.unit, NOUN[metric.grain]
    alike = alike_words(look)
    own, other = levels(look)
    against = f"{other}, {peers(look)}{alike}"
    first = f"{all_names(look)}: {inside(metric.name)} {own} of {look.n:,} {noun}, against {against}."
    sure = f"p {probability(look.p_adjusted)} after adjusting for {looks:,} looks"
    share = f"It holds {Unit.PERCENT.level(look.reach, 0)} of all {noun}"
    if look.by_people:
        return f"{first} {by_people(look)}"
    if look.standing == "unclear":
        interval = span(unit, look.impact, look.low, look.high)
        return (
            f"{first} Chance alone may make such a gap ({sure}); at that level {word(look.outcome)} as a "
            f"whole would change by {interval}{_unit(unit, look.impact)}."
        )
    if look.standing == "ahead":
        return f"{first} It is ahead of its peers beyond chance ({sure})."
    small = ", less than what matters" if look.standing == "small" else ""
    return (
        f"{first} {share}, so at that level {word(look.outcome)} as a whole would be {gain(look)}{small}; "
        f"{sure}. {cautious(look)}{total(look)}"
    ).strip()


def _unit(unit: Unit, value: float) -> str:
    return shown_as(unit, (value,)).change


def alike_words(look: Look) -> str:
    """What was made alike: " with the same issues and channels"; empty where nothing was."""
    return f" with the same {joined([dimension(name, 2) for name in look.alike])}" if look.alike else ""


def by_people(look: Look) -> str:
    """Why a gap that contacts alone would make clear is none of the group."""
    many = f"{look.agents:,} agents" if look.agents != 1 else "one agent"
    return (
        f"Its contacts differ beyond chance, but its {many} are too few to tell the "
        f"{dimension(look.dimension)} from its people: agents differ so much that "
        f"{dimension(look.dimension, 2)} made up at random would be as far apart."
    )


def cautious(look: Look) -> str:
    """The size with the luck of the worst allowed for."""
    unit = look.outcome.metric.unit
    return f"Allowing for the bad luck of the worst: {amount(unit, look.cautious)}."


def total(look: Look) -> str:
    """What a gain in time adds up to in the period; empty for shares."""
    if not look.outcome.adds or look.reach <= 0:
        return ""
    factor = 1.0 if look.outcome.metric.unit is Unit.HOURS else 1 / 60
    every = look.n / look.reach * factor
    low, high = look.low * every, look.high * every
    return f" Over the period {look.impact * every:,.0f} {look.outcome.adds} ({low:,.0f} to {high:,.0f})."


def chart_sentence(found: Improvements, outcome: Outcome, name: str) -> str:
    """What the picture of one dimension shows."""
    looks = found.of(outcome.key, name)
    behind = [look for look in looks if look.standing == "behind"]
    many = dimension(name, len(looks))
    if not behind:
        return f"None of {len(looks)} {many} is clearly behind the others in {word(outcome)}"
    verb = "is" if len(behind) == 1 else "are"
    return (
        f"{listed([look.value for look in behind])} {verb} clearly behind the other "
        f"{dimension(name, 2)} in {word(outcome)}"
    )


def chart_alt(found: Improvements, outcome: Outcome, name: str) -> str:
    """The picture in words."""
    looks = found.of(outcome.key, name)[:MOST_NAMED]
    rows = "; ".join(f"{look.value} {gain(look)}, {SAID[look.standing]}" for look in looks)
    return f"Dots with intervals, one for each {dimension(name)}, the largest sure gain first: {rows}"


def chart_key(found: Improvements, outcome: Outcome, name: str) -> tuple[str, ...]:
    """How the picture is read."""
    alike = next((look.alike for look in found.of(outcome.key, name) if look.alike), ())
    return (
        f"What {word(outcome)} over all {NOUN[outcome.metric.grain]} would gain if each met {_median(name)}",
        f"with the same mix of {joined([dimension(each, 2) for each in alike])}" if alike else "",
        f"lines: {percent(found.level)} intervals, widened for {len(found.looks):,} looks",
        "orange behind, blue ahead, grey cannot be told",
    )


def _median(name: str) -> str:
    return f"the median of the other {dimension(name, 2)}"


def look_cells(look: Look) -> dict[str, object]:
    """One row of the table; numbers in units that stand in the headers."""
    metric = look.outcome.metric
    noun = NOUN[metric.grain].capitalize()
    share = metric.unit is Unit.PERCENT
    factor, unit = (
        (100.0, "%") if share else (1.0, {Unit.HOURS: "h", Unit.MINUTES: "min"}.get(metric.unit, ""))
    )
    points = "points" if share else unit
    short = round(look.n * (1 - look.level if look.outcome.sign > 0 else look.level)) if share else None
    row: dict[str, object] = {dimension(look.dimension).capitalize(): look.value, noun: look.n}
    if short is not None:
        row["Fell short"] = short
    return row | {
        _header("Own level", unit): round(look.level * factor, 2),
        _header("Median of the others", unit): round(look.reference * factor, 2),
        "Share of all, %": round(look.reach * 100, 1),
        _header("Gain of the whole", points): round(look.impact * factor, 2),
        "from": round(look.low * factor, 2),
        "to": round(look.high * factor, 2),
        _header("Cautious gain", points): round(look.cautious * factor, 2),
        "Evidence": BY_PEOPLE if look.by_people else SAID[look.standing],
    }


def _header(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit else name


def suggestion_title(each: Suggestion) -> str:
    """What it is about, with its family or dimension."""
    first = each.looks[0]
    if first.dimension == ISSUE:
        family = f", {each.family}" if each.family != "not mapped" else ""
        return f"{each.value} (issue{family})"
    return f"{each.value} ({dimension(each.dimension)})"


def suggestion_sentence(each: Suggestion) -> str:
    """The whole of it in one sentence, for an action."""
    first = each.looks[0]
    gains = [f"{word(look.outcome)} would be {gain(look)}" for look in each.looks]
    return f"{suggestion_title(each)}: at {peers(first)}, {'; '.join(gains)}."


def gain_sentence(look: Look) -> str:
    """One outcome of a suggestion: level, peers, reach, gain."""
    noun, (own, other) = NOUN[look.outcome.metric.grain], levels(look)
    alike = alike_words(look)
    return (
        f"{_capital(word(look.outcome))}: {own} here, {other} is "
        f"{peers(look)}{alike}; {Unit.PERCENT.level(look.reach, 0)} of all {noun}. At that median the whole "
        f"would be {gain(look)}."
    )


def suggestion_cells(look: Look, each: Suggestion) -> dict[str, object]:
    """One row of the download."""
    return {
        "Where": each.value,
        "Kind": dimension(each.dimension),
        "Family": each.family if each.dimension == ISSUE else "",
        "Outcome": look.outcome.metric.name,
        "Rows": look.n,
        "Gain": gain(look),
        "Worth checking": "; ".join(each.check),
    }


def rows_label(look: Look) -> str:
    """The link to the rows behind one number."""
    return f"{look.n:,} {NOUN[look.outcome.metric.grain]} ({word(look.outcome).removeprefix('the ')})"


def check_sentence(each: Suggestion) -> str:
    """What to check next."""
    return f"Worth checking: {'; '.join(each.check)}."


def months_sentence(look: Look) -> str:
    """What the picture of the months is."""
    return f"{look.outcome.metric.name} of {value_words(look)} month by month"


def no_suggestion(found: Improvements) -> str:
    """That there is nothing to suggest."""
    return (
        f"No suggestion: of {len(found.looks):,} comparisons none is behind its peers by more than "
        "chance and "
        "by enough to matter. A longer period or fewer filters would show smaller gaps."
    )


def need_sentence(need: Need) -> str:
    """Whether it is the topic or some of the people; nobody is named."""
    look = need.look
    unit = look.outcome.metric.unit
    name = f"{look.value}, {word(look.outcome)}"
    if need.spread == "too few agents" or need.mean is None or need.low is None or need.high is None:
        return (
            f"{name}: only {need.agents} agents have enough contacts in it and in other topics; "
            "too few to tell the topic from the people."
        )
    typical = (
        f"the typical of {need.agents} agents is {amount(unit, need.mean)} behind the same agent's "
        "other topics "
        f"({span(unit, need.mean, need.low, need.high)})"
    )
    if need.spread == "most of the team":
        return (
            f"{name}: most of the team. {_capital(typical)}, so it looks like the topic: training, "
            "or what stands behind it."
        )
    if need.spread == "some of the team":
        return (
            f"{name}: part of the team. {_capital(typical)}, and agents differ beyond chance: see "
            "Agents, with cases made alike."
        )
    return f"{name}: whether it is the topic or some of the people cannot be told. {_capital(typical)}."


def needs_title(needs: Sequence[Need]) -> str:
    """The topics that most of the team finds hard, and those that part it."""
    most, some = (
        list(dict.fromkeys(need.look.value for need in needs if need.spread == spread))
        for spread in ("most of the team", "some of the team")
    )
    parted = f"in {listed(some)} some agents fall short and others do not" if some else ""
    if most:
        first = f"{listed(most)}: most of the team falls short of its own other topics"
        return f"{first}; {parted}" if parted else first
    if parted:
        return _capital(parted)
    if needs:
        return "No topic is clearly hard for most of the team"
    return "No topic is clearly behind in what training could change, and in none agents differ beyond chance"


NEEDS_NOTE = (
    "Agents with 5 or more contacts in the topic and elsewhere, each against the own other topics; at least "
    "5 such agents. Their gaps are pulled towards each other by how little each knows. Whether agents differ "
    "is asked of all topics as one family. A topic that is hard for everybody may need training, another "
    "process, or a better product: the numbers do not say which."
)


def lacking_sentences(found: Improvements) -> tuple[str, ...]:
    """What cannot be shown, and which column would help."""
    said = [
        f"{_capital(name)}: {reason.removeprefix(f'no {inside(name)}: ')}." for name, reason in found.lacking
    ]
    if found.no_issue:
        said.append(f"By issue: {found.no_issue}; a column such as category, reason or subject would help.")
    rare: dict[str, int] = {}
    for whole in found.wholes:
        for name, _, few in whole.values:
            rare[name] = max(rare.get(name, 0), few)
    for name, most in rare.items():
        if most:
            said.append(
                f"Not compared, with too few rows in an outcome or beyond the 100 largest: up to {most:,} "
                f"{dimension(name, most)}."
            )
    if found.undated:
        said.append("Rows without dates are taken all together, whatever the period.")
    return tuple(said)


def rows_sentence(look: Look, n: int, short: bool, period: str) -> str:
    """What the rows below are."""
    noun = NOUN[look.outcome.metric.grain]
    which = f" that fell short ({look.outcome.short})" if short else ""
    return f"{n:,} {noun} of {value_words(look)}{which} in {period}"


def method_sentences(found: Improvements) -> tuple[str, ...]:
    """How everything on the page was computed."""
    return (
        "Gain = share of all rows × gap to the median of the peers: what the whole would have been "
        "in this period "
        "if these contacts had met it. Peers are the other values of the same column with enough rows.",
        "The peers are pulled towards their mean by how little each knows before the median is taken "
        "(empirical "
        "Bayes, DerSimonian & Laird 1986): a plain median of small shares leans to one side.",
        "Everything is compared within the same issue and channel (level of the value beside level of the "
        "kind of contact, least squares). So a channel is not blamed for the issues it carries, and an issue "
        "not for the channel it comes by.",
        "Channels and priorities are not compared in times: what they are sets how long things take. They "
        "are compared in whether the time promised or aimed for was kept.",
        "A team is its people: the agent is the unit of chance there (spread of agents pooled over all "
        "teams, Student's t), so a team is behind only beyond what teams made up at random would be.",
        "The interval holds the uncertainty of the value and of the median, with days and agents as clusters "
        "(the same judge as on Compare).",
        f"{len(found.looks):,} looks are one family: Benjamini-Hochberg allows 5 % of the "
        "named to be "
        f"named without cause, and all intervals are {percent(found.level)} so that those of the "
        "chosen hold too "
        "(Benjamini & Yekutieli 2005). The order goes by the lower end of the interval, never by the dot.",
        "The cautious gain pulls each gap towards that of its peers: the worst of many is partly unlucky.",
        CAUSE,
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
