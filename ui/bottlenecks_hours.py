"""The hours of the week: which stand out, the picture, and the contacts of any hour."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from kpi.bottlenecks import Cell, Grid, Hours, Slot, load, rows_of_slot
from kpi.charts.week_hours import HourSquare, tone_of_ratio, week_hours
from kpi.words import bottleneck_sentences as words
from ui import bottlenecks_rows, choices, downloads, figures, tables
from ui.bottlenecks_rows import Opened
from ui.escape import sentence
from ui.view import View

EVERY_DAY, EVERY_HOUR = "Every day", "Every hour"
WORKING = "Working days"
OTHERS = ("Other open hours", "Contacts in the others")
"""Columns of the table of what comes that count the other hours."""
TALL = 250
"""Height of the table of all hours, which scrolls."""
MOST_POINTS = 0.2
"""Differences of shares beyond so much have the full colour."""


def show(view: View, hours: Hours, origin: str) -> None:
    """The picture of one kind of wait or count, and its contacts by hour."""
    st.header("Which hours", anchor=False)
    if hours.refused is not None or not hours.grids:
        st.info(
            sentence(f"{words.hours_sentence(hours)}. A column with date and time of creation, and one with "
                     "the time of the first reply (or calls with their waits), would tell."),
            icon=":material/info:",
        )  # fmt: skip
    if not hours.grids:
        return
    named = {words.capital(grid.name): grid for grid in hours.grids}
    found = next((each for each in hours.found if each.slower), None)
    first = "" if found is None else words.capital(found.measure)
    begin = list(named).index(first) if first in named else 0
    grid = named[choices.choose("Show", list(named), "hours_of", first=begin)]
    with st.container(border=True):
        figures.show(
            words.grid_sentence(hours, grid),
            week_hours(
                [_square(grid, cell) for cell in grid.cells],
                figures.colours(),
                counts=grid.kind == "count",
                first_weekday=view.definitions.first_weekday,
            ),
            words.grid_alt(grid),
            *words.grid_key(grid),
            words.zone_sentence(hours, origin),
        )
    _contacts(view, hours, grid)
    if found is not None:
        _load(view, hours, found.slot)
    with st.expander("How are hours judged?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.hours_method(hours)))


def _load(view: View, hours: Hours, slot: Slot) -> None:
    """What comes and is answered in the hour that stands out."""
    loads = load(hours, slot)
    if not loads:
        return
    when = words.slot_words(slot)
    named = [words.capital(each.name) for each in loads]
    offered: dict[str, Opened] = {}
    for name, each in zip(named, loads, strict=True):
        offered[f"{name}: {when}"] = Opened(each.behind)
        offered[f"{name}: the other open hours"] = Opened(each.behind_others)
    st.markdown(sentence(f"What comes and is answered on {when}; a click on a number shows its contacts:"))
    bottlenecks_rows.table(
        view,
        "load",
        words.load_cells(loads, slot),
        f"What comes and is answered on {when}, and in the other open hours of the same days",
        offered,
        lambda row, column: f"{named[row]}: {'the other open hours' if column in OTHERS else when}",
        "Download what comes and is answered",
    )
    st.caption("No interval: counts of these days.")


def _square(grid: Grid, cell: Cell) -> HourSquare:
    tone: float | None = None
    if grid.kind == "count":
        tone = words.share_of_largest(grid, cell)
    elif cell.against is not None:
        tone = tone_of_ratio(cell.against) if grid.kind == "wait" else _tone_of_points(cell.against)
    return HourSquare(
        cell.weekday,
        cell.hour,
        tone,
        words.label_words(grid, cell),
        words.value_words(grid, cell),
        words.against_words(grid, cell),
        cell.behind.n,
        cell.stands_out,
    )


def _tone_of_points(points: float) -> float:
    return max(-1.0, min(1.0, points / MOST_POINTS))


def _contacts(view: View, hours: Hours, grid: Grid) -> None:
    """Every hour with its contacts, those of several days together, and the whole grid to take along."""
    records = words.grid_cells(grid)
    st.caption("Every square as a line; a click on one shows its contacts.")
    key = f"hours-grid-{grid.name}"
    clicked = tables.choosable(records, key, f"{words.capital(grid.name)} by weekday and hour", height=TALL)
    if tables.newly(key, clicked) and clicked is not None and clicked[0] < len(records):
        st.session_state["hours_on"] = str(records[clicked[0]]["Weekday"])
        st.session_state["hours_at"] = str(records[clicked[0]]["Hour"])
        st.session_state["hours_rows"] = True
    days = {EVERY_DAY: tuple(range(7))}
    if hours.working:
        days[WORKING] = hours.working
    days |= {words.WEEKDAYS[day]: (day,) for day in sorted({cell.weekday for cell in grid.cells})}
    at = {words.hour_words(hour): hour for hour in sorted({cell.hour for cell in grid.cells})}
    with st.container(horizontal=True, vertical_alignment="bottom", key="hours-which"):
        day = choices.choose("On", list(days), "hours_on", width=200)
        hour = choices.choose("At", [EVERY_HOUR, *at], "hours_at", width=200)
        wanted = st.toggle("Show these contacts", key="hours_rows", bind="query-params")
    behind = rows_of_slot(grid, days[day], at.get(hour))
    name = (
        f"{words.capital(grid.name)}, {day.lower() if day in (EVERY_DAY, WORKING) else day}, {hour.lower()}"
    )
    if wanted:
        bottlenecks_rows.shown(view, "hours", name, Opened(behind))
    else:
        st.caption(sentence(f"{words.contacts(behind)}: {name}"))
    downloads.rows("Download this picture as a table", records, grid.name, "hours")


def span_words(hours: Hours) -> str:
    """The days that were looked at."""
    days = hours.days.end - hours.days.start + timedelta(days=1)
    return f"Hours: {hours.days} ({days.days:,} days)"
