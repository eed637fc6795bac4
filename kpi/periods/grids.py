"""A period cut into days, weeks, months, quarters or years."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods.kinds import ONE_DAY, UNITS, Kind, unit_holding
from kpi.periods.wording import span_words


def grid(
    period: Period,
    grain: str,
    definitions: Definitions | None = None,
    *,
    partial: Literal["mark", "drop"] = "mark",
) -> tuple[Period, ...]:
    """The units of a period in order, each with its name.

    With ``partial="mark"`` the parts cover the period exactly; a first or last part that is not a whole unit
    is a custom period whose label says which days it has. With ``"drop"`` such parts are left out.

    Raises:
        ValueError: for a grain other than day, week, month, quarter, year.

    >>> from datetime import date
    >>> [str(part) for part in grid(Period(date(2026, 9, 12), date(2026, 10, 31)), "month")]
    ['September 2026 (only 12–30 Sep)', 'October 2026']
    """
    definitions = definitions or Definitions()
    unit = next((kind for kind in UNITS if kind.value == grain), None)
    if unit is None:
        raise ValueError(
            f"'{grain}' is no grain of a grid; choose one of {', '.join(kind.value for kind in UNITS)}"
        )
    parts = []
    day = period.start
    while day <= period.end:
        whole = unit_holding(day, unit, definitions)
        part = Period(max(whole.start, period.start), min(whole.end, period.end))
        if part == whole:
            parts.append(whole)
        elif partial == "mark":
            name = whole.label.partition(" (")[0]
            label = f"{name} (only {span_words(part.start, part.end, short=True, year=False)})"
            parts.append(replace(part, label=label, kind=Kind.CUSTOM.value))
        day = whole.end + ONE_DAY
    return tuple(parts)
