"""Drivers of a change → sentences: how much is mix, how much is performance, and when the two contradict.

The parts of one change share one unit and as many decimals as they need to add up as printed. Nothing here
says why: a part is where the change sits in the sums, not its cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi.model import Claim, Direction, Grain, Group, Unit, Verdict, inside
from kpi.words import lexicon
from kpi.words.figures import (
    PLAIN,
    Shown,
    enough,
    numbers_of,
    percent,
    probability,
    rounded,
    shown_as,
    signed,
)
from kpi.words.figures import bare as bare_number
from kpi.words.figures import level as level_words
from kpi.words.sentences import sentence

if TYPE_CHECKING:
    from kpi.drivers.nouns import Drivers, Finding, Part, Scan, Segment
    from kpi.drivers.steps import Step

CUSTOM = "custom:"
MORE_DECIMALS = 1
"""So many decimals more than usual are tried to make the parts add up as printed."""
NAMED = 3
NOUN = {
    Grain.TICKETS: "tickets",
    Grain.SURVEYS: "answers",
    Grain.CALLS: "calls",
    Grain.AGENT_DAYS: "agent-days",
    Grain.CUSTOMERS: "customers",
}


def dimension_words(name: str, *, many: bool = False) -> str:
    """A dimension inside a sentence.

    >>> dimension_words("category"), dimension_words("category", many=True), dimension_words("custom:Store")
    ('category', 'categories', 'Store')
    """
    own = name.startswith(CUSTOM) or any(letter.isupper() or letter in "[]()" for letter in name)
    word = " ".join(name.removeprefix(CUSTOM).replace("_", " ").split())
    if not many:
        return word
    if own:
        return f"values of {word}"
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def driver_sentence(drivers: Drivers) -> str:
    """The change and its parts in one sentence.

    Raises:
        ValueError: when the parts do not add up to the change; such a sentence must not be said.
    """
    if drivers.total is None:
        subject = inside(drivers.metric.name)
        return f"The change of {subject} cannot be taken apart: {_bare_reason(drivers.refused)}."
    check_drivers(drivers)
    figures = _Figures.of(drivers)
    start = _start(drivers, figures)
    if drivers.mix is None and drivers.performance is None and drivers.new_and_vanished is None:
        return f"{start}: {_contributions(drivers, figures)}."
    if drivers.mix is None and drivers.performance is None and not _has_mix(drivers):
        return f"{start}: {_contributions(drivers, figures)}."
    said = []
    if drivers.mix is not None:
        lead = _lead(drivers, "mix")
        said.append(
            f"{figures.change(drivers.mix)} from the mix of {dimension_words(drivers.dimension, many=True)}"
            f"{lead}{_hedge(drivers.mix)}"
        )
    if drivers.performance is not None:
        lead = _lead(drivers, "performance")
        said.append(
            f"{figures.change(drivers.performance)} within {dimension_words(drivers.dimension, many=True)}"
            f"{lead}{_hedge(drivers.performance)}"
        )
    if drivers.new_and_vanished is not None:
        part = drivers.new_and_vanished
        said.append(
            f"{figures.change(part)} from {dimension_words(drivers.dimension, many=True)} "
            f"that came or went{_hedge(part)}"
        )
    return f"{start}: {'; '.join(said)}."


def driver_title(drivers: Drivers) -> str:
    """The finding above the picture: the largest part, or that it cannot be said."""
    name = drivers.metric.name
    if drivers.total is None:
        return f"Why {inside(name)} moved cannot be split by {dimension_words(drivers.dimension)}"
    if drivers.simpson:
        return f"{name}: the total and its {dimension_words(drivers.dimension, many=True)} go opposite ways"
    figures = _Figures.of(drivers)
    if not _has_mix(drivers):
        first = drivers.segments[0] if drivers.segments else None
        if first is not None and first.alone is not None and first.alone.verdict in lexicon.CLEAR:
            return f"{name}: {_segment_name(first)} adds {figures.change(first.alone)}"
        return f"{name} by {dimension_words(drivers.dimension)}: {figures.change(drivers.total)} in all"
    parts = [(drivers.mix, "the mix of {}"), (drivers.performance, "changes within {}")]
    known = [(part, words) for part, words in parts if part is not None]
    clear = [(part, words) for part, words in known if part.beyond_chance]
    many = dimension_words(drivers.dimension, many=True)
    if not clear:
        return f"{name}: neither mix nor change within {many} is beyond chance"
    part, words = max(clear, key=lambda pair: abs(pair[0].value))
    return f"{name}: {figures.change(part)} from {words.format(many)}"


def driver_doubt(drivers: Drivers, claim: Claim | None) -> str:
    """That the change as a whole may be chance, so that its parts may be as well; else empty.

    A metric picked out of many because it moved most has moved by chance more often than its own p-value
    says, so the parts are held to the verdict that allows for all metrics. A reversal that is beyond chance
    on both sides stands by itself.
    """
    if claim is None or drivers.total is None or drivers.simpson_sure:
        return ""
    comparison = claim.comparison
    if comparison.verdict in lexicon.CLEAR:
        return ""
    among = f" among {claim.looks:,} comparisons" if claim.looks > 1 else ""
    return (
        f"There is no clear change in {inside(drivers.metric.name)}{among}: {comparison.reason}. "
        "So its parts may be chance as well, and none is marked."
    )


def doubtful_title(drivers: Drivers) -> str:
    """The title where the change as a whole may be chance."""
    return f"{drivers.metric.name}: no clear change that could be explained"


def driver_warning(drivers: Drivers) -> str:
    """That the total and its segments go opposite ways, as surely as the intervals allow; else empty."""
    total, performance, mix = drivers.total, drivers.performance, drivers.mix
    if not drivers.simpson or total is None or performance is None:
        return ""
    figures = _Figures.of(drivers)
    name, many = drivers.metric.name, dimension_words(drivers.dimension, many=True)
    both = [s for s in drivers.segments if s.value_now is not None and s.value_before is not None]
    rising = performance.value > 0
    alike = sum((s.value_now or 0.0) > (s.value_before or 0.0) for s in both)
    alike = alike if rising else sum((s.value_now or 0.0) < (s.value_before or 0.0) for s in both)
    count = f"{lexicon.compared(rising)} in {alike} of {len(both)}"
    inner = f"{_verb(performance)} within {many} ({figures.change(performance)}; {count})"
    outer = f"the total {_verb(total)} ({figures.change(total)})"
    moved = "" if mix is None else f": the mix makes up {figures.change(mix)}{_weights(drivers)}"
    sure = "" if drivers.simpson_sure else " Not all of this is beyond chance."
    return (
        f"{name} {inner}, yet {outer}{moved}.{sure} "
        f"Compare {inside(name)} within each {dimension_words(drivers.dimension)}."
    )


def step_words(drivers: Drivers, step: Step) -> str:
    """What one step of the walk from before to now is called."""
    many = dimension_words(drivers.dimension, many=True)
    if step.part is None:
        return ""
    if step.kind == "segment" and step.segment is not None:
        return _segment_words(step.segment, step.of)
    return {
        "mix": f"Mix of {many}",
        "performance": f"Within {many}",
        "lone": f"{many.capitalize()} that came or went",
        "others": f"{step.count} others",
    }[step.kind]


def part_words(drivers: Drivers, part: Part) -> str:
    """A part with its interval, as printed beside the picture."""
    figures = _Figures.of(drivers)
    bounds = figures.bounds(part)
    return f"{figures.change(part)} ({bounds})" if bounds else figures.change(part)


def level_of(drivers: Drivers, value: float) -> str:
    """A level of the walk as text."""
    figures = _Figures.of(drivers)
    return str(level_words(value, figures.levels, figures.places))


def change_of(drivers: Drivers, part: Part | None) -> str:
    """The value of a part as text; empty for none."""
    return "" if part is None else _Figures.of(drivers).change(part)


def interval_of(drivers: Drivers, part: Part) -> str:
    """The interval of a part as text; empty without one."""
    return _Figures.of(drivers).bounds(part)


def finding_cells(finding: Finding) -> dict[str, str]:
    """Values, change and interval of a finding for a table."""
    figures = numbers_of(finding.comparison)
    weight = finding.weight
    return {
        "Before": figures.before or "no answer",
        "Now": figures.now or "no answer",
        "Difference": figures.change or "",
        "Interval": figures.interval or "",
        "Verdict": f"{lexicon.MARK[finding.comparison.verdict]} {lexicon.SHORT[finding.comparison.verdict]}",
        "Share of rows": "" if weight is None else str(level_words(weight, PLAIN[Unit.PERCENT], 1)),
    }


def verdict_of(part: Part | None) -> str:
    """Mark and word of a part, e.g. "▲ better"; empty for none."""
    if part is None:
        return ""
    if part.p is None:
        return "○ not judged"
    return f"{lexicon.MARK[part.verdict]} {_short(part)}"


def driver_alt(drivers: Drivers) -> str:
    """What the picture shows, for those who do not see it."""
    if drivers.total is None:
        return driver_sentence(drivers)
    said = [f"A walk from {drivers.before} to {drivers.now}.", driver_sentence(drivers)]
    said += [
        f"{_segment_name(s)}: {_Figures.of(drivers).bare_change(s.contribution)}."
        for s in drivers.segments[:6]
    ]
    return " ".join(said)


# ---------------------------------------------------------------- the scan


def scan_sentence(scan: Scan) -> str:
    """What was looked at, how much of it stands out, what was too small."""
    found = len(scan.findings)
    many = f"{scan.looks:,} look{'' if scan.looks == 1 else 's'}"
    by = " and ".join(
        filter(
            None,
            [
                ", ".join(map(dimension_words, scan.dimensions[:-1])),
                *map(dimension_words, scan.dimensions[-1:]),
            ],
        )
    )
    metrics = f"{len(scan.metrics)} metric{'' if len(scan.metrics) == 1 else 's'}"
    what = f"{many} ({metrics} by {by})" if by else many
    if not scan.looks:
        said = f"{what}: nothing had enough rows to be looked at."
    elif not found:
        said = f"{what}: nothing is beyond chance and large enough to matter."
    else:
        are = "is" if found == 1 else "are"
        share = percent(1 - _overall(scan))
        said = (
            f"{what}: {found:,} {are} beyond chance and large enough to matter; "
            f"of such findings at most {share} are false on average."
        )
    if scan.lesser:
        said += f" {scan.lesser:,} more {'is' if scan.lesser == 1 else 'are'} real but too small to matter."
    if scan.small:
        were = "was" if scan.small == 1 else "were"
        said += f" {scan.small:,} with fewer than {scan.fewest} rows on a side {were} not looked at."
    return said


def finding_sentence(finding: Finding, scan: Scan) -> str:
    """One finding of a scan, with the interval that allows for its having been found."""
    whole = replace(finding.comparison, group=Group())
    claim = Claim(whole, str(scan.now), str(scan.before), scan.looks)
    weight = ""
    if finding.weight is not None:
        noun = NOUN[finding.metric.grain]
        weight = f" It holds {percent(round(finding.weight, 3))} of the {noun}."
    also = ""
    if finding.also:
        also = f" The same rows as {', '.join(finding.also)}."
    return f"{finding_name(finding)}: {sentence(claim)}{weight}{also}"


def finding_name(finding: Finding) -> str:
    """Dimension and value of a finding, e.g. "Team Live chat"."""
    name = dimension_words(finding.dimension)
    return f"{name[:1].upper()}{name[1:]} {' '.join(str(finding.group).split())}"


def adjusted_words(part: Part | None) -> str:
    """The p-value of a part, allowing for all segments' parts."""
    p = None if part is None else part.p_adjusted if part.p_adjusted is not None else part.p
    return "" if p is None else probability(p)


# ---------------------------------------------------------------- checks


def check_drivers(drivers: Drivers) -> None:
    """Nothing when parts and verdicts fit the change; else ValueError saying what does not."""
    if drivers.total is None:
        return
    key, total = drivers.metric.key, drivers.total.value
    scale = max(
        [
            abs(total),
            *(abs(s.contribution) for s in drivers.segments),
            *(abs(p.value) for p in _parts(drivers)),
        ]
    )
    if _has_mix(drivers):
        summed = sum(part.value for part in _parts(drivers))
        if abs(summed - total) > 1e-9 * max(scale, 1.0):
            raise ValueError(f"{key}: the parts add up to {summed:g} and the change is {total:g}")
    segments = sum(s.contribution for s in drivers.segments)
    if drivers.segments and abs(segments - total) > 1e-9 * max(scale, 1.0):
        raise ValueError(f"{key}: the segments add up to {segments:g} and the change is {total:g}")
    for part in (*_parts(drivers), drivers.total):
        if part.verdict in (Verdict.BETTER, Verdict.WORSE):
            good = part.value * drivers.metric.better.value > 0
            if (part.verdict is Verdict.BETTER) != good:
                raise ValueError(f"{key}: a part of {part.value:g} is said to be {part.verdict.value}")
    if drivers.simpson and drivers.performance is not None and drivers.performance.value * total >= 0:
        raise ValueError(f"{key}: a reversal is said where total and performance go the same way")


# ---------------------------------------------------------------- pieces


class _Figures:
    """One unit and one number of decimals for all parts of a change."""

    def __init__(self, levels: Shown, changes: Shown, places: int) -> None:
        self.levels = levels
        self.changes = changes
        self.places = places

    @staticmethod
    def of(drivers: Drivers) -> _Figures:
        unit, comparison = drivers.metric.unit, drivers.comparison
        levels = shown_as(unit, (comparison.now.value, comparison.before.value))
        changes = levels
        if drivers.per and unit is Unit.COUNT:
            levels = changes = PLAIN[Unit.PER_DAY]
        total = 0.0 if drivers.total is None else drivers.total.value
        values = [part.value for part in _parts(drivers)] if _has_mix(drivers) else []
        places = changes.decimals
        for tried in range(changes.decimals, changes.decimals + MORE_DECIMALS + 1):
            printed = sum(
                (rounded(value * changes.factor, tried) for value in values), start=rounded(0.0, tried)
            )
            if not values or printed == rounded(total * changes.factor, tried):
                places = tried
                break
        return _Figures(levels, changes, places)

    def change(self, part: Part) -> str:
        return self.bare_change(part.value)

    def bare_change(self, value: float) -> str:
        scaled = value * self.changes.factor
        return signed(scaled, self.places) + self.changes.change

    def size(self, value: float) -> str:
        return str(bare_number(value, self.changes, self.places))

    def bounds(self, part: Part) -> str:
        """The interval with its unit; a bound that the data do not set is said to be none."""
        if part.low is None and part.high is None:
            return ""
        first, last = (
            None if bound is None else signed(bound * self.changes.factor, self._enough(bound))
            for bound in (part.low, part.high)
        )
        if last is None:
            return f"{first}{self.changes.change} to no upper bound"
        return f"{first or 'no lower bound'} to {last}{self.changes.change}"

    def _enough(self, bound: float) -> int:
        return enough(bound * self.changes.factor, self.places)


def _has_mix(drivers: Drivers) -> bool:
    return (
        drivers.mix is not None
        or drivers.performance is not None
        or bool(drivers.new_and_vanished is not None and drivers.split.value != "contributions")
    )


def _parts(drivers: Drivers) -> list[Part]:
    found = (drivers.mix, drivers.performance, drivers.new_and_vanished)
    return [part for part in found if part is not None]


def _start(drivers: Drivers, figures: _Figures) -> str:
    total, name = drivers.total, drivers.metric.name
    if total is None:
        return name
    span = f"from {drivers.before} to {drivers.now}"
    if total.verdict in lexicon.CLEAR:
        return f"{name} {lexicon.moved(total.value > 0)} by {figures.size(total.value)} {span}"
    thing = "Only a small change" if total.beyond_chance else "No clear change"
    said = figures.change(total)
    if bounds := figures.bounds(total):
        said += f", interval {bounds}"
    return f"{thing} in {inside(name)} {span} ({said})"


def _contributions(drivers: Drivers, figures: _Figures) -> str:
    named = [s for s in drivers.segments if s.alone is not None][:NAMED]
    said = [f"{_segment_name(s)} {figures.bare_change(s.contribution)}{_mark(s.alone)}" for s in named]
    others = len(drivers.segments) - len(named)
    if others:
        rest = sum(s.contribution for s in drivers.segments[NAMED:])
        said.append(f"{others} other{'' if others == 1 else 's'} {figures.bare_change(rest)}")
    return ", ".join(said)


def _lead(drivers: Drivers, kind: str) -> str:
    """The segment that makes most of a part in its direction, if that is beyond chance."""
    part = drivers.mix if kind == "mix" else drivers.performance
    if part is None or not part.beyond_chance:
        return ""
    pairs = [(s, s.mix if kind == "mix" else s.performance) for s in drivers.segments]
    sure = [
        (s, own)
        for s, own in pairs
        if own is not None and own.value * part.value > 0 and own.beyond_chance and _judged(own)
    ]
    if not sure:
        return ""
    segment, own = max(sure, key=lambda pair: abs(pair[1].value))
    if abs(own.value) < abs(part.value) / 4:
        return ""
    return f", above all {_segment_words(segment, kind)}"


def _judged(part: Part) -> bool:
    return part.p_adjusted is not None and part.p_adjusted < 0.05


def _segment_words(segment: Segment, of: str) -> str:
    name = _segment_name(segment)
    if of == "mix" and segment.weight_now is not None and segment.weight_before is not None:
        return f"{'more' if segment.weight_now > segment.weight_before else 'less'} {name}"
    if of == "lone":
        return f"{segment.presence.value} {name}"
    return name


def _segment_name(segment: Segment) -> str:
    return " ".join(segment.name.split()) or "(empty)"


def _weights(drivers: Drivers) -> str:
    moved = [s for s in drivers.segments if s.mix is not None and s.weight_now is not None]
    if not moved or drivers.mix is None:
        return ""
    way = drivers.mix.value
    same = [s for s in moved if s.mix is not None and s.mix.value * way > 0]
    if not same:
        return ""
    first = max(same, key=lambda s: abs(s.mix.value) if s.mix else 0.0)
    before, now = (level_words(w, PLAIN[Unit.PERCENT], 1) for w in (first.weight_before, first.weight_now))
    return f", and {_segment_name(first)} went from {before} to {now} of all {NOUN[drivers.metric.grain]}"


def _hedge(part: Part) -> str:
    if part.p is None:
        return " (not judged)"
    return "" if part.beyond_chance else " (may be chance)"


def _mark(part: Part | None) -> str:
    if part is None or part.p is None:
        return ""
    return "" if part.beyond_chance else " (may be chance)"


def _short(part: Part) -> str:
    if part.verdict is Verdict.UNCLEAR:
        return "small" if part.beyond_chance and _judged_or_whole(part) else "unclear"
    return lexicon.SHORT[part.verdict]


def _judged_or_whole(part: Part) -> bool:
    return part.p_adjusted is None or part.p_adjusted < 0.05


def _verb(part: Part) -> str:
    rising = part.value > 0
    if part.beyond_chance:
        return lexicon.moved(rising)
    return "may have risen" if rising else "may have fallen"


def _overall(scan: Scan) -> float:
    """Confidence behind the scan: the share of false findings that is held is one less this."""
    return scan.confidence


def _bare_reason(text: str) -> str:
    return text.strip().rstrip(".").removeprefix("cannot be judged: ")


def better_way(drivers: Drivers) -> str:
    """Which way is better, for the line under a picture."""
    return lexicon.HIGHER_IS.get(drivers.metric.better, lexicon.HIGHER_IS[Direction.NEUTRAL])


def segment_table(
    drivers: Drivers, segments: Sequence[Segment], *, judged: bool = True
) -> list[dict[str, str]]:
    """The segments as rows of text: sizes, values, parts, and verdicts where the whole is ``judged``."""
    unit = drivers.metric.unit
    rows = []
    for s in segments:
        shown = shown_as(unit, (s.value_now, s.value_before)) if not drivers.per else PLAIN[Unit.PER_DAY]
        row = {
            dimension_words(drivers.dimension).capitalize(): _segment_name(s),
            f"n, {drivers.before}": f"{s.n_before:,}",
            f"n, {drivers.now}": f"{s.n_now:,}",
        }
        if s.weight_now is not None and s.weight_before is not None:
            row["Weight before"] = str(level_words(s.weight_before, PLAIN[Unit.PERCENT], 1))
            row["Weight now"] = str(level_words(s.weight_now, PLAIN[Unit.PERCENT], 1))
        row[str(drivers.before)] = level_words(s.value_before, shown, shown.decimals) or "none"
        row[str(drivers.now)] = level_words(s.value_now, shown, shown.decimals) or "none"
        if _has_mix(drivers):
            row["Mix"] = _cell(drivers, s.mix, judged)
            row["Within"] = _cell(drivers, s.performance, judged)
            if drivers.new_and_vanished is not None:
                row["Came or went"] = _cell(drivers, s.alone, judged)
        else:
            row["Adds"] = _cell(drivers, s.alone, judged)
        if s.comparison is not None and judged:
            row["On its own"] = f"{lexicon.MARK[s.comparison.verdict]} {lexicon.SHORT[s.comparison.verdict]}"
        rows.append(row)
    return rows


def _cell(drivers: Drivers, part: Part | None, judged: bool) -> str:
    if part is None:
        return ""
    return f"{part_words(drivers, part)} {verdict_of(part)}" if judged else part_words(drivers, part)
