"""What every chart has alike: axes and legends that can be read, and numbers written as in the sentences."""

from __future__ import annotations

from typing import Any

import altair as alt

from kpi.charts.palette import Palette

NUMBERS = {
    "decimal": ".",
    "thousands": ",",
    "grouping": [3],
    "currency": ["", ""],
    "percent": "\u00a0%",
    "minus": "\u2212",
}
"""Numbers as everywhere else in the app ("80 %", "−5"), whatever the language of the browser."""


def legible(chart: Any, colours: Palette) -> Any:
    """The same chart with axes and legends in a colour of 4.5:1 or more against the page.

    The grey that Streamlit gives them has 3.7:1 on white (WCAG 2.2, 1.4.3 asks for 4.5:1).
    """
    muted = {"labelColor": colours.muted, "titleColor": colours.muted}
    # All at once: each call of its own would copy the whole chart.
    return chart.configure(
        locale={"number": NUMBERS},
        axis=alt.AxisConfig(**muted),
        legend=alt.LegendConfig(**muted, labelLimit=320),
    )
