"""Customers by how often they write: bars, and where they would end if all customers were alike."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette

ROW = 34
EDGES = 60
COLUMNS = ("name", "customers", "expected", "label", "alike", "contacts")


def contact_bands(bands: Sequence[tuple[str, int, float, int]], colours: Palette) -> alt.LayerChart:
    """One row a band, few contacts first; the tick is the number among equal customers.

    Args:
        bands: name, customers, customers if all were alike, contacts.

    Raises:
        ValueError: without bands.
    """
    if not bands:
        raise ValueError("there are no customers to draw")
    frame = pd.DataFrame(
        [
            {
                "name": name,
                "customers": customers,
                "expected": expected,
                "label": f"{customers:,}",
                "alike": f"{expected:,.1f}",
                "contacts": f"{contacts:,}",
            }
            for name, customers, expected, contacts in bands
        ],
        columns=list(COLUMNS),
    )
    y = alt.Y(
        "name:N",
        sort=list(frame["name"]),
        title="contacts each",
        axis=alt.Axis(domain=False, ticks=False, titleAngle=0, titleAlign="left", titleX=-62, titleY=-8),
    )
    x = alt.X("customers:Q", title="customers", axis=alt.Axis(tickCount=5, format=",d"))
    tips = [
        alt.Tooltip("name:N", title="contacts each"),
        alt.Tooltip("label:N", title="customers"),
        alt.Tooltip("alike:N", title="if all were alike"),
        alt.Tooltip("contacts:N", title="their contacts"),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        base.mark_bar(height=16, cornerRadius=2, color=colours.quiet, stroke=colours.edge).encode(
            x=x, y=y, tooltip=tips
        ),
        base.mark_tick(color=colours.text, thickness=2.5, height=22).encode(
            x=alt.X("expected:Q", title="customers"), y=y, tooltip=tips
        ),
        base.mark_text(align="left", dx=7, fontSize=12, color=colours.text).encode(
            x=alt.X("edge:Q", title="customers"), y=y, text="label:N", tooltip=tips
        ).transform_calculate(edge="max(datum.customers, datum.expected)"),
    ).properties(height=ROW * len(frame) + EDGES)  # fmt: skip
