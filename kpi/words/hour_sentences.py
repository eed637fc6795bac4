"""Which hours stand out, the picture of the week, and what comes and is answered in an hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Unit
from kpi.words.bottleneck_words import (
    WEEKDAYS,
    capital,
    contacts,
    day_words,
    hour_words,
    listed,
    percent,
    seconds,
    slot_words,
    times,
)
from kpi.words.figures import probability

if TYPE_CHECKING:
    from kpi.bottlenecks.nouns import Cell, Grid, Hours, Load, Slot, Standing


def standing_sentence(standing: Standing, hours: Hours) -> str:
    """An hour that stands out: how much, how sure, on how many."""
    effect = standing.effect
    if effect.value is None or effect.low is None or effect.high is None:
        return ""
    sure = (
        ""
        if standing.p_adjusted is None
        else f"; p {probability(standing.p_adjusted)} after adjusting for {hours.looked_at:,} hours"
    )
    size = f"{contacts(standing.behind)} against {standing.others:,} in the other open hours of the same days"
    if standing.measure == "calls given up":
        more = "more" if effect.value > 0 else "fewer"
        return (
            f"{slot_words(standing.slot)}, {more} calls are given up: {percent(standing.typical)} instead "
            f"of {percent(standing.typical_others)} ({Unit.PERCENT.change(effect.value)}, between "
            f"{Unit.PERCENT.change(effect.low)} and {Unit.PERCENT.change(effect.high)}). "
            f"{capital(size)}{sure}."
        )
    low, high = math.exp(effect.low), math.exp(effect.high)
    return (
        f"{slot_words(standing.slot)}, the {standing.measure} takes {times(effect.value)} as long "
        f"({low:.2f} to {high:.2f}): typically {seconds(standing.typical)} instead of "
        f"{seconds(standing.typical_others)}. {capital(size)}{sure}."
    )


def hours_sentence(hours: Hours) -> str:
    """Which hours stand out, or that none does, or why it cannot be said."""
    if hours.refused is not None:
        return f"Hours cannot be told apart: {hours.refused}"
    if not hours.looked_at:
        return "No hour has enough contacts to be held against the others of its days"
    slow = [each for each in hours.found if each.slower]
    quick = [each for each in hours.found if not each.slower]
    if not hours.found:
        return f"None of {hours.looked_at:,} hours stands out from the other hours of its days"
    if slow:
        names = list(dict.fromkeys(slot_words(each.slot) for each in slow))
        return f"Customers wait longest {listed([_inner(name) for name in names[:3]])}"
    names = list(dict.fromkeys(slot_words(each.slot) for each in quick))
    return f"No hour is slower than the others of its days; shorter {listed([_inner(n) for n in names[:3]])}"


def _inner(slot: str) -> str:
    return f"on {slot}"


def grid_sentence(hours: Hours, grid: Grid) -> str:
    """What a picture shows."""
    if grid.kind == "count":
        largest = max(grid.cells, key=lambda cell: cell.value or 0.0)
        return (
            f"{capital(grid.name)}: most on {WEEKDAYS[largest.weekday]} from {hour_words(largest.hour)} "
            f"({value_words(grid, largest)})"
        )
    mine = [each for each in hours.found if each.measure == grid.name]
    if not mine:
        return f"{capital(grid.name)}: no hour stands out from the others of its days"
    said = [
        f"{slot_words(each.slot)} {_size(each)}"
        for each in sorted(mine, key=lambda each: (not each.slower, each.p_adjusted or 0.0))[:3]
    ]
    return f"{capital(grid.name)}: {listed(said)}"


def _size(standing: Standing) -> str:
    value = standing.effect.value or 0.0
    if standing.measure == "calls given up":
        return Unit.PERCENT.change(value)
    return f"{times(value)} as long as the other hours"


def share_of_largest(grid: Grid, cell: Cell) -> float:
    """A count as a share of the largest of its grid."""
    largest = max((each.value or 0.0 for each in grid.cells), default=0.0)
    return (cell.value or 0.0) / largest if largest > 0 else 0.0


def load_cells(loads: Sequence[Load], slot: Slot) -> list[dict[str, object]]:
    """What comes and is answered in an hour against the other open hours of its days."""
    return [
        {
            "An hour, on average": capital(each.name),
            hour_words(slot.hour): f"{each.value:,.1f}",
            "Contacts in the hour": each.behind.n,
            "Other open hours": f"{each.others:,.1f}",
            "Contacts in the others": each.behind_others.n,
        }
        for each in loads
    ]


def grid_cells(grid: Grid) -> list[dict[str, object]]:
    """The picture as a table."""
    return [
        {
            "Weekday": WEEKDAYS[cell.weekday],
            "Hour": hour_words(cell.hour),
            "Contacts": cell.behind.n,
            capital(grid.name): value_words(grid, cell),
            "Against the other hours of the same days": against_words(grid, cell),
            "Stands out": "yes" if cell.stands_out else "no",
        }
        for cell in grid.cells
    ]


def grid_alt(grid: Grid) -> str:
    """The picture in words."""
    largest = sorted(
        (cell for cell in grid.cells if cell.value is not None), key=lambda cell: -(cell.value or 0.0)
    )[:3]
    said = "; ".join(
        f"{WEEKDAYS[cell.weekday]} {cell.hour:02d}:00 {value_words(grid, cell)}" for cell in largest
    )
    return f"{capital(grid.name)} by hour and weekday, the largest: {said}"


def value_words(grid: Grid, cell: Cell) -> str:
    """The value of a square."""
    if cell.value is None:
        return "fewer than 10 contacts"
    if grid.kind == "wait":
        return seconds(cell.value)
    return percent(cell.value) if grid.kind == "share" else f"{cell.value:,.1f}"


def against_words(grid: Grid, cell: Cell) -> str:
    """How a square fares against the other open hours of its days."""
    if cell.against is None:
        return ""
    if grid.kind == "share":
        return Unit.PERCENT.change(cell.against)
    return f"{cell.against:.1f} times as long"


def label_words(grid: Grid, cell: Cell) -> str:
    """The number in a square."""
    if grid.kind == "count":
        value = cell.value or 0.0
        return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
    if cell.against is None:
        return ""
    return f"{cell.against:.1f}×" if grid.kind == "wait" else f"{cell.against * 100:+.0f}"


def grid_key(grid: Grid) -> tuple[str, ...]:
    """How to read the picture."""
    if grid.kind == "count":
        return (f"{capital(grid.name)}, {grid.about}",)
    what = "times as long as" if grid.kind == "wait" else "points more than"
    return (
        f"Number: {what} in the other open hours of the same days ({grid.about})",
        "Orange: longer, blue: shorter; framed: beyond chance; empty: fewer than 10 contacts or not open",
    )


def zone_sentence(hours: Hours, origin: str) -> str:
    """In which time zone hours are cut, and how sure that is."""
    how = {
        "declared": "as the file says",
        "asked": "as it was chosen when the file was read",
        "assumed": "assumed, as no file says it: choose yours on Data or under Definitions",
    }.get(origin, "")
    return f"Hours are local time of {hours.zone}" + (f" ({how})" if how else "")


def hours_method(hours: Hours) -> tuple[str, ...]:
    """How hours are judged."""
    return (
        "An hour is held against the other open hours of the same days (waits on a log scale, an intercept "
        "for every day, days as clusters), so a bad day or week cannot make an hour look bad.",
        f"{hours.looked_at:,} hours were tested as one family (Benjamini-Hochberg): each hour over "
        f"{day_words(hours.working) if hours.working else 'the working days'} together, and each hour of "
        f"each weekday, for every kind of wait; {hours.too_few:,} had too few contacts. The strongest is "
        "taken out of what others are held against, then the rest is asked again: one slow hour must not "
        "make all others look quick.",
        "Intervals of hours that were found are widened for their having been found (Benjamini & Yekutieli "
        "2005).",
        f"Open hours: {hours.open_from}.",
        *(f"{capital(note)}." for note in hours.notes),
    )
