"""Numbers of a trend as text: changes with their intervals, in units and in percent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.words.figures import bare, enough, percent, shown_as, signed

if TYPE_CHECKING:
    from kpi.trend.nouns import Change, Trend


def detectable_words(trend: Trend, change: Change) -> str:
    """In percent (or as a factor) where changes are relative; empty when it is not known."""
    if change.detectable_relative is not None and change.detectable_relative >= 1:
        return f"a factor of {1 + change.detectable_relative:.1f}"
    if change.detectable_relative is not None:
        return f"{change.detectable_relative * 100:,.{_places(change.detectable_relative)}f} %"
    return "" if change.detectable is None else magnitude(trend, change.detectable)


def change_words(trend: Trend, change: Change) -> str:
    """A change with its sign and interval; on a log scale in percent, then in units."""
    if change.change is None:
        return "no answer"
    sure = percent(trend.level)
    shown = shown_as(trend.change_unit, (change.change,))
    places = enough(change.change * shown.factor, shown.decimals)
    units = f"{signed(change.change * shown.factor, places)}{shown.change}"
    if change.relative is not None:
        low, high = change.relative_low, change.relative_high
        digits = _places(change.relative)
        between = (
            ""
            if low is None or high is None
            else f" ({sure} interval {_bound(low * 100, digits)} to {_bound(high * 100, digits)} %)"
        )
        return f"{signed(change.relative * 100, digits)} %{between}, {units}"
    if change.low is None or change.high is None:
        return units
    ends = [_bound(bound * shown.factor, places) for bound in (change.low, change.high)]
    return f"{units} ({sure} interval {ends[0]} to {ends[1]})"


def size_words(trend: Trend, change: Change) -> str:
    """The same without sign, for a sentence whose verb says the direction."""
    if change.change is None:
        return "no answer"
    if change.relative is not None:
        units = magnitude(trend, change.change)
        one, two = change.relative_low, change.relative_high
        main = f"{abs(change.relative) * 100:.{_places(change.relative)}f} %"
        if one is None or two is None:
            return f"{main} ({units})"
        near, far = _unsigned_pair(one * 100, two * 100, change.change, _places(change.relative))
        return f"{main} ({percent(trend.level)} interval {near} to {far}), that is {units}"
    shown = shown_as(trend.change_unit, (change.change,))
    places = enough(change.change * shown.factor, shown.decimals)
    main = f"{abs(change.change * shown.factor):,.{places}f}{shown.change}"
    if change.low is None or change.high is None:
        return main
    near, far = _unsigned_pair(change.low * shown.factor, change.high * shown.factor, change.change, places)
    return f"{main} ({percent(trend.level)} interval {near} to {far})"


def _unsigned_pair(low: float, high: float, change: float, places: int) -> tuple[str, str]:
    """Bounds as sizes in the direction of the change: a bound on the other side keeps a minus."""
    near, far = (low, high) if change > 0 else (-high, -low)
    return _unsigned(near, places), _unsigned(far, places)


def _bound(number: float, places: int) -> str:
    return signed(number, enough(number, places))


def _unsigned(number: float, places: int) -> str:
    """A bound that is not zero never reads as zero."""
    places = enough(number, places)
    return f"{'−' if number < 0 and round(number, places) != 0 else ''}{abs(number):,.{places}f}"


def magnitude(trend: Trend, size: float) -> str:
    """A size without sign, in the unit of changes."""
    shown = shown_as(trend.change_unit, (size,))
    return bare(size, shown, shown.decimals) or "nothing"


def _places(relative: float) -> int:
    return enough(relative * 100, 0 if abs(relative) >= 0.1 else 1)
