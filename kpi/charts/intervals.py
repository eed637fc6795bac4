"""Changes of many metrics in one picture: each in units of the smallest difference that matters to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Comparison, Direction, Verdict

NO_WORDS: Mapping[str, str] = MappingProxyType({})
ROW = 44
ABOVE, BELOW = -10, 10
REACH = 6.0
"""What reaches further than this many smallest differences is cut at the edge; its number is beside it."""
MARKS = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.CHANGED: "changed",
    Verdict.UNCLEAR: "no clear change",
    Verdict.TOO_FEW: "too few",
}
SHAPES = {
    Verdict.BETTER: "triangle-right",
    Verdict.WORSE: "triangle-left",
    Verdict.CHANGED: "diamond",
    Verdict.UNCLEAR: "circle",
    Verdict.TOO_FEW: "circle",
}
COLUMNS = ("name", "row", "value", "low", "high", "verdict", "words", "interval", "test")


def drawable(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The comparisons with a better side, an interval, and a smallest difference to be drawn in."""
    return tuple(
        c
        for c in comparisons
        if c.metric.better is not Direction.NEUTRAL
        and c.difference is not None
        and c.difference.low is not None
        and c.difference.high is not None
        and step(c) is not None
    )


def step(comparison: Comparison) -> float | None:
    """The smallest difference that matters, in the unit of the metric; None when it cannot be said."""
    metric = comparison.metric
    if not metric.relative_matters:
        return metric.matters or None
    before = comparison.before.value
    return abs(metric.matters * before) or None if before is not None else None


def intervals(
    comparisons: Sequence[Comparison], colours: Palette, changes: Mapping[str, str] = NO_WORDS
) -> alt.LayerChart:
    """One row a metric: change with its interval, right is better; the shaded middle is too small to matter.

    ``changes`` gives the change as it is written elsewhere on the page, by metric key.

    Metrics without a better direction have no place on this axis and are left out (see :func:`drawable`).

    Raises:
        ValueError: when no comparison can be drawn.
    """
    rows = drawable(comparisons)
    if not rows:
        raise ValueError("none of these comparisons has an interval to draw")
    frame = pd.DataFrame([_record(c, changes.get(c.metric.key, "")) for c in rows], columns=list(COLUMNS))
    order = list(dict.fromkeys(frame["name"]))
    # Names stand above their lines and not on an axis: a narrow screen then still has room for the intervals.
    y = alt.Y("name:N", sort=order, title=None, axis=None)
    scale = alt.Scale(domain=[-REACH, REACH], nice=False)
    x = alt.X(
        "value:Q",
        scale=scale,
        title="change, in smallest differences that matter",
        axis=alt.Axis(
            values=[-6, -4, -2, 0, 2, 4, 6],
            labelExpr="datum.value < 0 ? 'worse ' + format(-datum.value, 'd') + '×' : "
            "datum.value > 0 ? 'better ' + format(datum.value, 'd') + '×' : 'same'",
        ),
    )
    colour = alt.Color(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=[v.value for v in Verdict], range=[colours.verdict(v) for v in Verdict]),
    )
    shape = alt.Shape(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=[v.value for v in Verdict], range=[SHAPES[v] for v in Verdict]),
    )
    tips = [
        alt.Tooltip("name:N", title="metric"),
        alt.Tooltip("words:N", title="change"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("test:N", title="test"),
    ]
    base = alt.Chart(frame)
    middle = alt.Chart(pd.DataFrame([{"low": -1.0, "high": 1.0}]))
    return alt.layer(
        middle.mark_rect(color=colours.quiet, opacity=0.3).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        alt.Chart(pd.DataFrame([{"value": 0.0}]))
        .mark_rule(color=colours.unclear, strokeWidth=1)
        .encode(x="value:Q"),
        base.mark_rule(strokeWidth=2, strokeCap="round", yOffset=BELOW).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, color=colour, tooltip=tips
        ),
        base.mark_point(size=110, filled=True, opacity=1, yOffset=BELOW).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tips
        ),
        base.mark_text(align="left", fontSize=13, color=colours.text, yOffset=ABOVE).encode(
            x=alt.value(2), y=y, text="row:N"
        ),
    ).properties(height=ROW * len(order) + 64)


def _record(comparison: Comparison, change: str) -> dict[str, object]:
    difference = comparison.difference
    unit_step = step(comparison)
    if difference is None or difference.low is None or difference.high is None or unit_step is None:
        raise ValueError(f"{comparison.metric.key} has no interval")
    unit = comparison.metric.unit
    sign = -1 if comparison.metric.better is Direction.DOWN else 1
    low, high = sorted((sign * difference.low / unit_step, sign * difference.high / unit_step))
    name = (
        comparison.metric.name
        if not comparison.group.keys
        else f"{comparison.metric.name}, {comparison.group}"
    )
    amount = change or unit.change(difference.value)
    said = f"{amount}, {MARKS[comparison.verdict]}"
    return {
        "name": name,
        "row": f"{name}: {amount}" if comparison.verdict is Verdict.UNCLEAR else f"{name}: {said}",
        "value": _cut(sign * difference.value / unit_step),
        "low": _cut(low),
        "high": _cut(high),
        "verdict": comparison.verdict.value,
        "words": said,
        "interval": f"{unit.change(difference.low)} to {unit.change(difference.high)}",
        "test": difference.method,
    }


def _cut(value: float) -> float:
    return max(min(value, REACH), -REACH)
