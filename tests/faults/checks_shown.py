"""Whether what is shown contradicts the numbers: cards, tables, chart marks, JSON, lines of the terminal.

The functions of ``ui`` are called as the pages call them; what they hand to Streamlit is caught and read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any
from unittest import mock

from amounts import amounts
from checks_numbers import brief, none_of
from checks_said import LOUD, SIGNS

import kpi.lines
import kpi.plain
from kpi.charts import DARK, LIGHT, Palette, drawable, intervals
from kpi.model import Claim, Comparison, Direction, Period, Unit, Verdict
from ui import cards, comparing, drill, metric_table

COLOUR = {Verdict.BETTER: "blue", Verdict.WORSE: "orange"}
OTHER_NOUNS = {
    "conversion": ("offer", "offers"),
    "productivity": ("contact solved", "contacts solved"),
    "occupancy": ("shift of 8 hours", "shifts of 8 hours"),
    "sla": ("promise decided", "promises decided"),
}
LOUD_ICONS = {Verdict.BETTER: "check_circle", Verdict.WORSE: "error", Verdict.CHANGED: "change_history"}
SHAPES = {
    Verdict.BETTER: "triangle-right",
    Verdict.WORSE: "triangle-left",
    Verdict.CHANGED: "diamond",
    Verdict.UNCLEAR: "circle",
    Verdict.TOO_FEW: "circle",
}
HIDDEN = re.compile("[\\\\\u2060]")


class Caught:
    """Stands where Streamlit would and keeps what it is given."""

    def __init__(self) -> None:
        self.metrics: list[tuple[str, str, dict[str, Any]]] = []
        self.captions: list[str] = []
        self.links: list[str] = []

    def container(self, **_: object) -> AbstractContextManager[None]:
        return nullcontext()

    def metric(self, label: str, value: str, **more: Any) -> None:
        self.metrics.append((read_plain(label), read_plain(value), more))

    def caption(self, text: str) -> None:
        self.captions.append(read_plain(text))

    def page_link(self, _page: object, label: str, **_: object) -> None:
        self.links.append(read_plain(label))


def read_plain(text: str) -> str:
    """Without the marks that keep data from being read as Markdown."""
    return HIDDEN.sub("", text)


@contextmanager
def caught() -> Iterator[Caught]:
    """Streamlit taken away from cards and links."""
    kept = Caught()
    places = SimpleNamespace(page_named=lambda name: name)
    with (
        mock.patch.object(cards, "st", kept),
        mock.patch.object(drill, "st", kept),
        mock.patch.object(drill, "places", places),
    ):
        yield kept


def change_unit(comparison: Comparison) -> Unit:
    """Totals change per day where the difference says so."""
    difference, unit = comparison.difference, comparison.metric.unit
    return Unit.PER_DAY if difference is not None and difference.per and unit is Unit.COUNT else unit


def wrong_amounts(text: str, facts: Sequence[float], unit: Unit, what: str) -> list[str]:
    """What is wrong where a text must hold these numbers and no others."""
    read = amounts(text, unit)
    if len(read) == len(facts) and all(one.says(fact) for one, fact in zip(read, facts, strict=True)):
        return []
    return [f"{what} reads '{text}' where it is {list(facts)}"]


def wrong_change(text: str, comparison: Comparison, what: str, rounded: bool = False) -> list[str]:
    """What is wrong with a change as written: number, sign, unit (points, never percent).

    ``rounded``: a change that is not judged may read as zero (lines of the terminal).
    """
    difference = comparison.difference
    if difference is None:
        return [] if not amounts(text, comparison.metric.unit) else [f"{what} '{text}' of nothing"]
    problems = wrong_amounts(text, [difference.value], change_unit(comparison), what)
    if comparison.metric.unit is Unit.PERCENT and (" points" not in text or "%" in text):
        problems.append(f"{what} '{text}' is not in points")
    zero = not re.search(r"[1-9]", text)
    sign = "±" if zero else "+" if difference.value > 0 else "−"
    allowed = rounded and comparison.verdict not in LOUD
    if not text.startswith(sign) or (zero and abs(difference.value) > 1e-6 and not allowed):
        problems.append(f"{what} '{text}' has the wrong sign")
    return problems


def check_card(claim: Claim) -> None:
    """Value, change, arrow, colour, icon, words, interval, value before, target and n of a card."""
    comparison = claim.comparison
    metric, difference, verdict = comparison.metric, comparison.difference, comparison.verdict
    with caught() as kept:
        cards.card(claim, ())
    ((label, value, more),), (caption,), (link,) = kept.metrics, kept.captions, kept.links
    problems = [] if label == metric.name else [f"the card is called {label}"]
    if comparison.now.value is not None:
        problems += wrong_amounts(value, [comparison.now.value], metric.unit, "the value")
        if metric.unit is Unit.PERCENT and not value.endswith(" %"):
            problems.append(f"the value '{value}' is not in percent")
    problems += wrong_change(read_plain(more["delta"]), comparison, "the change")
    arrow = "off" if difference is None or difference.value == 0 else "up" if difference.value > 0 else "down"
    if more["delta_arrow"] != arrow:
        problems.append(f"the arrow goes {more['delta_arrow']}")
    if more["delta_color"] != COLOUR.get(verdict, "gray"):
        problems.append(f"{verdict.value} is {more['delta_color']}")
    icon = more["icon"] or ""
    if (verdict in LOUD) is not bool(icon) or LOUD_ICONS.get(verdict, "") not in icon:
        problems.append(f"{verdict.value} has the icon '{icon}'")
    said = more["delta_description"]
    if difference is None:
        problems += [] if not said else [f"says '{said}' of nothing"]
    elif not str(said).startswith(SIGNS[verdict][1]):
        problems.append(f"{verdict.value} is called '{said}'")
    if link != f"n = {comparison.now.n:,} {_noun(comparison)}":
        problems.append(f"the link says '{link}'")
    problems += _caption_problems(caption, comparison)
    none_of(problems, brief(comparison))


def _noun(comparison: Comparison) -> str:
    """What an n counts; by metric where that is not the rows."""
    one, many = OTHER_NOUNS.get(comparison.metric.key, ("", ""))
    if not many:
        many = {"surveys": "answers", "agent_days": "agent-days"}.get(
            comparison.metric.grain.value, comparison.metric.grain.value
        )
        one = many.removesuffix("s")
    return many if comparison.now.n != 1 else one


def _caption_problems(caption: str, comparison: Comparison) -> list[str]:
    lines = caption.split("  \n")
    now, before, unit = comparison.now, comparison.before, comparison.metric.unit
    problems = []
    interval = next((line for line in lines if "nterval " in line), None)
    if now.low is not None and now.high is not None:
        if interval is None:
            problems.append("the interval is missing")
        else:
            level, _, bounds = interval.partition("nterval ")
            problems += wrong_amounts(bounds, [now.low, now.high], unit, "the interval")
            sure = comparison.difference
            called = "I" if sure is None else f"{round(100 * sure.level, 6):g} % i"
            if level != called:
                problems.append(f"the interval is said to be one of {level}nterval")
    elif interval is not None:
        problems.append("an interval that there is not")
    (earlier,) = (line.removeprefix("Before: ") for line in lines if line.startswith("Before: "))
    if before.value is None:
        problems += [] if earlier == "no answer" else [f"before is said to be {earlier}"]
    else:
        problems += wrong_amounts(earlier, [before.value], unit, "before")
    return problems


def check_comparison_row(comparison: Comparison, names: tuple[str, str] = ("after", "earlier")) -> None:
    """A row of the table on Compare."""
    row, unit = comparing._record(comparison, names), comparison.metric.unit
    difference = comparison.difference
    problems = [] if row["Metric"] == comparison.metric.name else [f"the row is called {row['Metric']}"]
    for name, side in zip(names, (comparison.now, comparison.before), strict=True):
        if side.value is None:
            problems += [] if row[name] == "no answer" else [f"{name} is {row[name]}"]
        else:
            problems += wrong_amounts(row[name], [side.value], unit, name)
        if row[f"n, {name}"] != f"{side.n:,}":
            problems.append(f"n of {name} is {row[f'n, {name}']}")
    problems += _verdict_problems(row["Verdict"], comparison)
    problems += wrong_change(row["Difference"], comparison, "the difference")
    if difference is not None:
        bounds = [bound for bound in (difference.low, difference.high) if bound is not None]
        problems += wrong_amounts(row["Interval"], bounds, change_unit(comparison), "the interval")
        problems += _p_problems(row["p, adjusted"], difference.p_adjusted)
        seen = [] if difference.detectable is None else [difference.detectable]
        problems += wrong_amounts(
            row["Smallest to be seen"], seen, change_unit(comparison), "the smallest to be seen"
        )
        if row["Method"] != difference.method:
            problems.append("the method is another one's")
    elif any(row[name] for name in ("Interval", "p, adjusted", "Smallest to be seen", "Method")):
        problems.append("a test that was not made")
    if row["Why"] != comparison.reason:
        problems.append("the reason is another one's")
    none_of(problems, brief(comparison))


def _verdict_problems(text: str, comparison: Comparison) -> list[str]:
    expected = " ".join(SIGNS[comparison.verdict])
    if comparison.difference is None and comparison.verdict is Verdict.UNCLEAR:
        expected = "○ not compared"
    return [] if text == expected else [f"the verdict is shown as '{text}'"]


def _p_problems(text: str, p: float | None) -> list[str]:
    if p is None:
        return [] if not text else [f"p is {text}"]
    digits = text.removeprefix("below ")
    half = 0.51 * 10.0 ** -len(digits.partition(".")[2])
    wrong = p >= float(digits) if text.startswith("below ") else abs(p - float(digits)) > half
    return [f"p {text} is {p}"] if wrong else []


def check_metric_row(comparison: Comparison, definitions: Any) -> None:
    """A row of the table on Metrics."""
    view: Any = SimpleNamespace(definitions=definitions)
    row = metric_table._record(view, comparison, {})
    now, before, unit = comparison.now, comparison.before, comparison.metric.unit
    problems = [] if row["Metric"] == comparison.metric.name else [f"the row is called {row['Metric']}"]
    for name, side in (("Now", now), ("Compared with", before)):
        if side.value is None:
            problems += [] if row[name] == "no answer" else [f"{name} is {row[name]}"]
        else:
            problems += wrong_amounts(row[name], [side.value], unit, name)
    bounds = [now.low, now.high] if now.low is not None and now.high is not None else []
    shown = row["Interval"]
    problems += wrong_amounts(shown, [b for b in bounds if b is not None], unit, "the interval")
    problems += _verdict_problems(row["Verdict"], comparison)
    problems += wrong_change(row["Change"], comparison, "the change")
    if not row["n"].startswith(f"{now.n:,} "):
        problems.append(f"n is {row['n']}")
    if row["Counted"] != comparison.metric.basis.words:
        problems.append("counted by another date")
    none_of(problems, brief(comparison))


def check_chart(comparisons: Sequence[Comparison], colours: Palette = LIGHT) -> None:
    """Marks of the picture on Compare: side, colour and shape as the verdict, numbers as the comparison."""
    shown = drawable(comparisons)
    missing = [
        c
        for c in comparisons
        if c.verdict in (Verdict.BETTER, Verdict.WORSE)
        and c.difference is not None
        and c.difference.low is not None
        and c.difference.high is not None
        and c not in shown
        and c.metric.matters
        and c.before.value
    ]
    none_of([f"{brief(c)} is not drawn" for c in missing], "the picture")
    if not shown:
        return
    written = {c.metric.key: comparing._difference(c) for c in shown}
    chart = intervals(shown, colours, written).to_dict()
    rows = [row for data in chart["datasets"].values() for row in data if "verdict" in row]
    problems = [] if len(rows) == len(shown) else [f"{len(rows)} rows of {len(shown)}"]
    for row, comparison in zip(rows, shown, strict=False):
        problems += _mark_problems(row, comparison)
    for layer in chart["layer"]:
        for channel, expected in (("color", {v: _ink(v, colours) for v in Verdict}), ("shape", SHAPES)):
            scale = layer.get("encoding", {}).get(channel, {}).get("scale")
            if scale is not None:
                given = dict(zip(scale["domain"], scale["range"], strict=True))
                wanted = {verdict.value: expected[verdict] for verdict in Verdict}
                problems += [] if given == wanted else [f"{channel} is {given}"]
    none_of(problems, "the picture")


def _ink(verdict: Verdict, colours: Palette) -> str:
    blue, orange = {id(LIGHT): ("#0B63B5", "#C2410C"), id(DARK): ("#6FB1EC", "#F08A5D")}[id(colours)]
    return {Verdict.BETTER: blue, Verdict.WORSE: orange, Verdict.CHANGED: colours.text}.get(
        verdict, colours.unclear
    )


def _mark_problems(row: dict[str, Any], comparison: Comparison) -> list[str]:
    difference, metric = comparison.difference, comparison.metric
    assert difference is not None
    assert difference.low is not None
    assert difference.high is not None
    problems = []
    name = metric.name + (f", {comparison.group}" if comparison.group.keys else "")
    if row["name"] != name or not row["row"].startswith(f"{name}: "):
        problems.append(f"'{row['row']}' is {name}")
    if row["verdict"] != comparison.verdict.value:
        problems.append(f"{name} is drawn as {row['verdict']}")
    if not row["words"].endswith(", " + SIGNS[comparison.verdict][1]):
        problems.append(f"{name} is said to be '{row['words']}'")
    good = difference.value * (-1 if metric.better is Direction.DOWN else 1)
    if row["value"] * good < 0 or (good and not row["value"]):
        problems.append(f"{name} stands at {row['value']} with a change of {difference.value}")
    if not row["low"] <= row["value"] <= row["high"]:
        problems.append(f"{name} stands outside its line")
    certain = difference.low > 0 or difference.high < 0
    if certain is (row["low"] <= 0 <= row["high"]) and 0 not in (row["low"], row["high"]):
        problems.append(f"the line of {name} from {row['low']} to {row['high']} is not its interval")
    step = metric.matters * (abs(comparison.before.value or 0.0) if metric.relative_matters else 1.0)
    if abs(row["value"]) < 6 and abs(abs(row["value"]) * step - abs(difference.value)) > 1e-6 * step:
        problems.append(f"{name} is drawn {row['value']} steps of {step} away")
    problems += wrong_amounts(
        row["interval"], [difference.low, difference.high], change_unit(comparison), name
    )
    problems += wrong_change(row["words"].rpartition(", ")[0], comparison, name)
    return problems


def check_json(comparison: Comparison) -> None:
    """What the command line prints, parsed again."""
    given = json.loads(json.dumps(kpi.plain.comparison_plain(comparison), allow_nan=False))
    problems = []
    for name, side in (("now", comparison.now), ("before", comparison.before)):
        for field in ("value", "n", "low", "high", "reason"):
            if given[name][field] != getattr(side, field):
                problems.append(f"{name}.{field} is {given[name][field]}")
    difference = comparison.difference
    if difference is None:
        problems += [] if given["difference"] is None else ["a difference of nothing"]
    else:
        for field in ("value", "low", "high", "p", "p_adjusted", "method", "detectable", "per"):
            if given["difference"][field] != getattr(difference, field):
                problems.append(f"difference.{field} is {given['difference'][field]}")
    expected = (
        comparison.metric.key,
        comparison.metric.unit.value,
        comparison.verdict.value,
        comparison.reason,
    )
    if (given["key"], given["unit"], given["verdict"], given["reason"]) != expected:
        problems.append(f"{given} is not {expected}")
    none_of(problems, brief(comparison))


def check_lines(now: Period, before: Period, comparisons: Sequence[Comparison]) -> None:
    """Lines of the terminal: before → now, change, verdict, reason."""
    first, *lines = kpi.lines.comparison_lines(now, before, comparisons)
    problems = [] if first == f"{now} against {before}" else [f"the first line is '{first}'"]
    for line, comparison in zip(lines, comparisons, strict=True):
        problems += _line_problems(line.strip(), comparison)
    none_of(problems[:3], "the lines")


def _line_problems(line: str, comparison: Comparison) -> list[str]:
    metric, difference = comparison.metric, comparison.difference
    label = metric.name + (f" [{comparison.group}]" if comparison.group.keys else "")
    if not line.startswith(f"{label}: "):
        return [f"'{line}' is {label}"]
    rest = line[len(label) + 2 :]
    if comparison.now.value is None and comparison.before.value is None:
        return [] if rest == f"no answer: {comparison.now.reason}" else [f"'{line}'"]
    end = f": {comparison.verdict.value}. {comparison.reason}"
    if metric.target is not None and comparison.now.value is not None:
        rest, _, goal = rest.rpartition("; target ")
        if wrong_amounts(goal.partition(":")[0], [metric.target], metric.unit, "the target"):
            return [f"'{line}' has another target"]
    if not rest.endswith(end):
        return [f"'{line}' does not end in '{end}'"]
    levels, _, change = _parted(rest.removesuffix(end))
    problems = []
    for text, side in zip(levels.split(" → "), (comparison.before, comparison.now), strict=True):
        if side.value is None:
            problems += [] if text == "no answer" else [f"'{line}': {text}"]
        else:
            problems += wrong_amounts(text, [side.value], metric.unit, line)
    if difference is not None:
        problems += wrong_change(change, comparison, line, True) if change else [f"'{line}' has no change"]
    return problems


def _parted(text: str) -> tuple[str, str, str]:
    """Levels and change of a line; a comma inside a number parts nothing."""
    levels, comma, change = text.rpartition(", ")
    return (levels, comma, change) if comma else (text, "", "")


def check_shown(claims: Sequence[Claim], now: Period, before: Period, definitions: Any) -> None:
    """All of it for one call of compare."""
    comparisons = [claim.comparison for claim in claims]
    for claim in claims:
        if claim.comparison.now.value is not None:
            check_card(claim)
            check_metric_row(claim.comparison, definitions)
        check_comparison_row(claim.comparison)
        check_json(claim.comparison)
    check_lines(now, before, comparisons)
