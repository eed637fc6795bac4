"""Pictures on a page: none without a finding written above it and a text for those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from kpi.charts import Palette, legible, palette
from ui.escape import plain, sentence

CHECKED = False
"""Whether charts are checked against the schema of Vega-Lite each time they are drawn, which takes longer
than drawing them; the tests check those of every page."""


@dataclass(frozen=True)
class _Written:
    """A chart as Streamlit takes it."""

    chart: Any

    def to_dict(self) -> dict[str, Any]:
        """The chart in Vega-Lite."""
        found: dict[str, Any] = self.chart.to_dict(validate=CHECKED)
        return found


def colours() -> Palette:
    """The tokens of the theme that this reader sees."""
    return palette(st.context.theme.type)


def show(finding: str, chart: Any, alt: str, *under: str) -> None:
    """The finding, the chart, and below it measure, unit, population, what the shading means."""
    if not finding.strip():
        raise ValueError("a chart needs a finding in words")
    st.subheader(sentence(finding.removesuffix(".")), anchor=False)
    st.altair_chart(_Written(legible(chart, colours())), alt=plain(alt, 500))
    if under:
        st.caption(" · ".join(sentence(part.removesuffix(".")) for part in under if part))
