"""Numbers of a claim as text, rounded so that what is printed adds up and nothing real reads as zero."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kpi.model import Claim, Comparison, Difference, Unit

AGREEING_DECIMALS = 2
"""Up to so many decimals (or one more than usual) are printed to make now, before and change agree; a fourth
digit that nobody can read would cost more than a last digit that is off by one."""
LARGE = 5
"""A change of so many units of its last digit may do with one decimal less than usual."""
MOST_DECIMALS = 9
"""A number smaller than half of the last of these is floating-point dust and reads as zero."""
MANY, TOO_MANY = 100, 1_000
"""Durations of so many units have no decimals; of so many more, another unit."""
SAME = 1e-6
"""The change is the difference of both values when it is nearer to it than this part of them."""


@dataclass(frozen=True)
class Shown:
    """How a unit is written: factor on the value, usual decimals, what follows a level and a change."""

    factor: float
    decimals: int
    level: str
    change: str


PLAIN = {
    Unit.PERCENT: Shown(100, 1, " %", " points"),
    Unit.POINTS: Shown(1, 1, "", " points"),
    Unit.SCORE: Shown(1, 2, "", ""),
    Unit.COUNT: Shown(1, 0, "", ""),
    Unit.PER_DAY: Shown(1, 1, " per day", " per day"),
}
BY_SIZE = (
    (2.0, Shown(60, 0, " s", " s")),
    (120.0, Shown(1, 1, " min", " min")),
    (60.0 * 72, Shown(1 / 60, 1, " h", " h")),
    (math.inf, Shown(1 / 1440, 1, " days", " days")),
)
"""Largest number of minutes, and how durations up to it are written."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one claim as text: one unit, and one number of decimals where they compare.

    ``low``, ``high`` and ``change`` carry a sign; the bare ones do not. None where there is no such number.
    """

    now: str | None
    before: str | None
    change: str | None
    interval: str | None
    low_bare: str | None
    high_bare: str | None
    detectable: str | None
    now_n: str
    before_n: str
    adds_up: bool
    """The change is now minus before; False for changes per day or like for like."""


def numbers(claim: Claim) -> Numbers:
    """Levels and change at the fewest decimals at which they agree (see :func:`agreeing`).

    Values, change and interval of a duration share one unit, chosen by the larger value. A change or bound
    that is not zero gets as many decimals as it needs not to read as zero.
    """
    return numbers_of(claim.comparison)


def numbers_of(comparison: Comparison) -> Numbers:
    """The same for a comparison."""
    unit, difference = comparison.metric.unit, comparison.difference
    now, before = comparison.now.value, comparison.before.value
    shown = shown_as(unit, (now, before))
    if difference is None:
        places = shown.decimals
        return Numbers(
            now=level(now, shown, places),
            before=level(before, shown, places),
            change=None,
            interval=None,
            low_bare=None,
            high_bare=None,
            detectable=None,
            now_n=whole(comparison.now.n),
            before_n=whole(comparison.before.n),
            adds_up=False,
        )
    sums = adds_up(comparison)
    changed = Shown(1, 1, "", " per day") if difference.per and unit is Unit.COUNT else shown
    places = shown.decimals
    if sums and now is not None and before is not None:
        factor = shown.factor
        places = agreeing(now * factor, before * factor, difference.value * factor, places)
    change_places = enough(difference.value * changed.factor, places if sums else changed.decimals)
    return Numbers(
        now=level(now, shown, places),
        before=level(before, shown, places),
        change=signed(difference.value * changed.factor, change_places) + changed.change,
        interval=interval(difference, changed, change_places),
        low_bare=bare(difference.low, changed, change_places),
        high_bare=bare(difference.high, changed, change_places),
        detectable=bare(difference.detectable, changed, changed.decimals),
        now_n=whole(comparison.now.n),
        before_n=whole(comparison.before.n),
        adds_up=sums,
    )


def interval(difference: Difference, shown: Shown, places: int) -> str | None:
    """From bound to bound with the unit, each with the decimals it needs; None when there is no bound."""
    low, high = difference.low, difference.high
    if low is None and high is None:
        return None
    first, last = (
        None if bound is None else signed(bound * shown.factor, enough(bound * shown.factor, places))
        for bound in (low, high)
    )
    if last is None:
        return f"{first}{shown.change} to no upper bound"
    return f"{first or 'no lower bound'} to {last}{shown.change}"


def adds_up(comparison: Comparison) -> bool:
    """Whether the change is the value now minus the value before."""
    difference, now, before = comparison.difference, comparison.now.value, comparison.before.value
    if difference is None or now is None or before is None or difference.per:
        return False
    return abs(difference.value - (now - before)) <= SAME * max(abs(now), abs(before), 1e-6)


def shown_as(unit: Unit, values: Iterable[float | None]) -> Shown:
    """How these values (in the unit of the metric) are written together.

    Durations take the unit that fits the largest, or a finer one in which the smallest is at least one.

    >>> shown_as(Unit.MINUTES, (1321, 4320)).level, shown_as(Unit.MINUTES, (1.5, 1.2)).level
    (' h', ' s')
    >>> shown_as(Unit.MINUTES, (3, 613)).level, shown_as(Unit.MINUTES, (26, 3491)).level
    (' min', ' h')
    """
    if unit not in (Unit.MINUTES, Unit.HOURS):
        return PLAIN[unit]
    to_minutes = 60.0 if unit is Unit.HOURS else 1.0
    minutes = [abs(value) * to_minutes for value in values if value]
    largest, smallest = max(minutes, default=0.0), min(minutes, default=0.0)
    place = next(place for place, (limit, _) in enumerate(BY_SIZE) if largest < limit)
    while place > 0 and smallest * BY_SIZE[place][1].factor < 1:
        if largest * BY_SIZE[place - 1][1].factor >= TOO_MANY:
            break
        place -= 1
    shown = BY_SIZE[place][1]
    decimals = shown.decimals if largest * shown.factor < MANY else 0
    return Shown(shown.factor * to_minutes, decimals, shown.level, shown.change)


def agreeing(now: float, before: float, change: float, usual: int) -> int:
    """The decimals at which the printed values give the printed change and none of them reads as zero.

    The usual number is tried first, then one less (for a change that is large at that number), then more.

    >>> agreeing(77.2, 85.1, -7.9, 1), agreeing(82.46, 80.44, 2.02, 1), agreeing(75.25, 90.1, -14.85, 1)
    (1, 2, 0)
    >>> agreeing(45.24, 3.58, 41.66, 0), agreeing(0.04, 0.12, -0.08, 1)
    (2, 2)
    """
    tried: list[int] = [usual, *range(usual + 1, max(usual + 1, AGREEING_DECIMALS) + 1)]
    if usual > 0 and abs(change) * 10.0 ** (usual - 1) >= LARGE:
        tried.insert(1, usual - 1)
    for places in tried:
        sums = rounded(now, places) - rounded(before, places) == rounded(change, places)
        if sums and all(enough(value, places) == places for value in (now, before, change)):
            return places
    return usual


def enough(value: float, places: int) -> int:
    """So many decimals, or more when the value would read as zero and is not.

    >>> enough(0.004, 1), enough(0.0, 1), enough(1e-17, 1)
    (3, 1, 1)
    """
    if rounded(value, MOST_DECIMALS) == 0:
        return places
    while places < MOST_DECIMALS and rounded(value, places) == 0:
        places += 1
    return places


def rounded(value: float, places: int) -> Decimal:
    """The number that is printed."""
    return Decimal(f"{value:.{places}f}")


def level(value: float | None, shown: Shown, places: int) -> str | None:
    """A level with its unit, never zero when it is not; None for no answer."""
    if value is None:
        return None
    places = enough(value * shown.factor, places)
    text = f"{abs(value * shown.factor):,.{places}f}"
    negative = value < 0 and rounded(value * shown.factor, places) != 0
    return f"{'−' if negative else ''}{text}{shown.level}"


def between(unit: Unit, low: float | None, high: float | None) -> str:
    """The bounds of a change, with the unit said once where it is the same.

    >>> between(Unit.PERCENT, -0.021, 0.029), between(Unit.MINUTES, -30, 90)
    ('−2.1 to +2.9 points', '−30.0 min to +1 h 30 min')
    """
    first, last = unit.change(low), unit.change(high)
    number, _, word = first.partition(" ")
    return f"{number} to {last}" if word and last.partition(" ")[2] == word else f"{first} to {last}"


def signed(value: float, places: int) -> str:
    """A change with its sign and without its unit.

    >>> signed(1234.5, 1), signed(-0.04, 1), signed(-2, 0)
    ('+1,234.5', '±0.0', '−2')
    """
    sign = "±" if rounded(value, places) == 0 else ("+" if value > 0 else "−")
    return f"{sign}{abs(value):,.{places}f}"


def bare(value: float | None, shown: Shown, places: int) -> str | None:
    """A change without its sign and with its unit; never zero when it is not."""
    if value is None:
        return None
    scaled = value * shown.factor
    return f"{abs(scaled):,.{enough(scaled, places)}f}{shown.change}"


def whole(count: int) -> str:
    """A number of rows."""
    return f"{count:,}"


def percent(share: float) -> str:
    """A confidence such as "95 %"."""
    return f"{share * 100:.6g} %"


def probability(p: float) -> str:
    """A p-value that never reads as zero, and never as a round 0.05 that it is not.

    >>> probability(0.0321), probability(0.00004), probability(0.0496), probability(0.731)
    ('0.032', 'below 0.001', '0.0496', '0.73')
    """
    if p < 0.001:
        return "below 0.001"
    text = f"{p:.2g}"
    return text if float(text) != 0.05 or p == 0.05 else f"{p:.3g}"
