"""Pictures on a page: none without a finding written above it and a text for those who do not see it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi.charts import Palette, legible, palette
from ui.escape import plain, sentence


def colours() -> Palette:
    """The tokens of the theme that this reader sees."""
    return palette(st.context.theme.type)


def show(finding: str, chart: Any, alt: str, *under: str) -> None:
    """The finding, the chart, and below it measure, unit, population, what the shading means."""
    if not finding.strip():
        raise ValueError("a chart needs a finding in words")
    st.subheader(sentence(finding.removesuffix(".")), anchor=False)
    st.altair_chart(legible(chart, colours()), alt=plain(alt, 500))
    if under:
        st.caption(" · ".join(sentence(part.removesuffix(".")) for part in under if part))
