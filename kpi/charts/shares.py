"""NPS as it must be shown: its three shares, and the score as a dot with its interval on a zero line."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Estimate, Unit

KINDS = ("detractors", "passives", "promoters")
ROW = 84
ABOVE, BARS, SCORE = -30, -9, 14


def has_shares(estimate: Estimate) -> bool:
    """Whether the three shares stand beside the score."""
    return all(estimate.parts.get(kind) is not None for kind in KINDS)


def share(estimate: Estimate, kind: str) -> float:
    """The share of one kind in percent."""
    return 100 * float(estimate.parts[kind] or 0.0)


def shares(labelled: Sequence[tuple[str, Estimate]], colours: Palette) -> alt.LayerChart:
    """Detractors left of zero, promoters right, passives named in the row; below them the score as a dot.

    The score is promoters minus detractors, so the dot stands where the two bars balance; one row a label.

    Raises:
        ValueError: when no estimate carries the three shares.
    """
    rows = [
        (f"{label}, passives {share(estimate, 'passives'):.0f} %", estimate)
        for label, estimate in labelled
        if has_shares(estimate) and estimate.value is not None
    ]
    if not rows:
        raise ValueError("no answers, so no shares of promoters, passives and detractors")
    bars = pd.DataFrame([bar for label, estimate in rows for bar in _bars(label, estimate)])
    dots = pd.DataFrame([_dot(label, estimate) for label, estimate in rows])
    order = [label for label, _ in rows]
    # Names stand above their bars and not on an axis: a narrow screen then still has room for the bars.
    y = alt.Y("label:N", sort=order, title=None, axis=None)
    x_axis = alt.Axis(
        values=[-100, -50, 0, 50, 100],
        labelExpr="datum.value > 0 ? '+' + datum.label : replace(datum.label, '-', '−')",
    )
    x = alt.X("low:Q", scale=alt.Scale(domain=[-100, 100]), title="points", axis=x_axis)
    tips = [alt.Tooltip("label:N", title="period"), alt.Tooltip("words:N", title="share")]
    return alt.layer(
        alt.Chart(bars)
        .mark_bar(height=18, yOffset=BARS)
        .encode(
            x=x,
            x2="high:Q",
            y=y,
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(domain=list(KINDS), range=[colours.worse, colours.quiet, colours.better]),
            ),
            tooltip=tips,
        ),
        alt.Chart(bars)
        .mark_text(fontSize=12, yOffset=BARS, color=colours.background)
        .encode(
            x="middle:Q",
            y=y,
            # A number that does not fit into its bar is left to the finding above the chart.
            text=alt.condition("(datum.high - datum.low) * width > 5800", "percent:N", alt.value("")),
        ),
        alt.Chart(pd.DataFrame([{"zero": 0}]))
        .mark_rule(color=colours.text, strokeWidth=1)
        .encode(x="zero:Q"),
        alt.Chart(dots)
        .mark_rule(strokeWidth=3, color=colours.accent, opacity=0.7, yOffset=SCORE, strokeCap="round")
        .encode(x="low:Q", x2="high:Q", y=y, tooltip=[alt.Tooltip("words:N", title="NPS")]),
        alt.Chart(dots)
        .mark_point(size=90, filled=True, color=colours.accent, opacity=1, yOffset=SCORE)
        .encode(x="value:Q", y=y, tooltip=[alt.Tooltip("words:N", title="NPS")]),
        alt.Chart(dots)
        .mark_text(align="left", dx=6, yOffset=SCORE, color=colours.text, fontSize=12, fontWeight=600)
        .encode(x="high:Q", y=y, text="score:N"),
        alt.Chart(dots)
        .mark_text(align="left", fontSize=13, color=colours.text, yOffset=ABOVE)
        .encode(x=alt.value(2), y=y, text="label:N"),
    ).properties(height=ROW * len(rows) + 64)


def _bars(label: str, estimate: Estimate) -> list[dict[str, object]]:
    of = {kind: share(estimate, kind) for kind in KINDS}
    spans = {
        "detractors": (-of["detractors"], 0.0),
        "promoters": (0.0, of["promoters"]),
    }
    return [
        {
            "label": label,
            "kind": kind,
            "low": low,
            "high": high,
            "middle": (low + high) / 2,
            "percent": f"{of[kind]:.0f} %",
            "words": f"{kind} {of[kind]:.1f} %, passives {of['passives']:.1f} %",
        }
        for kind, (low, high) in spans.items()
    ]


def _dot(label: str, estimate: Estimate) -> dict[str, object]:
    value = estimate.value or 0.0
    low = value if estimate.low is None else estimate.low
    high = value if estimate.high is None else estimate.high
    return {
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "score": f"{Unit.POINTS.level(value)}, n = {estimate.n:,}",
        "words": f"{Unit.POINTS.level(value)} ({Unit.POINTS.level(low)} to {Unit.POINTS.level(high)})",
    }
