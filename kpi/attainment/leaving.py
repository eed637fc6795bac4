"""What left its usual band in the newest whole day or week: every metric, and every metric by channel.

Each look holds the newest value against limits of its own, from the 26 weeks (182 days) before it: Laney's P'
and U' charts for shares and rates, XmR for all else, on a log scale for durations and counts; days are held
against their weekday. σ is widened where neighbours resemble each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.attainment.clocks import as_promised
from kpi.attainment.nouns import Exceptions, LeftBand
from kpi.estimates import Measured, measured
from kpi.facts import Facts
from kpi.facts.nouns import NONE
from kpi.maturity import still_maturing
from kpi.measures import Cells, Counts, DailyValues, Rate, Share, Stock
from kpi.measures.rate import CALENDAR
from kpi.metrics import catalogue
from kpi.model import EPOCH, Basis, Direction, Filter, Group, Metric, Period, Unit
from kpi.stats import ControlChart, benjamini_hochberg, laney, xmr
from kpi.trend import last_whole_day

Floats = NDArray[np.float64]
WEEK = 7
BASELINE = {"week": 26, "day": 182}
"""Points before the newest one from which limits are taken."""
FEWEST = {"week": 20, "day": 56}
"""Fewer of them with a value give no limits."""
FEWEST_EXPECTED = 2
FEWEST_CASES = 10
"""Logarithms of smaller counts are too skewed for three σ."""
FEWEST_ROWS = 10
DRAWN = 10
SPARSE = 1 / 3
"""A median or mean of fewer rows than this part of what is usual varies more than its limits allow for."""
BACK = 8
"""So many days or weeks back the newest one that is final is looked for."""
SPLIT = "channel"
STOCK = "a stock carries over from one day to the next; what comes in and goes out is looked at"


@dataclass(frozen=True)
class _Look:
    metric: Metric
    where: tuple[Filter, ...]
    period: Period
    value: float
    low: float
    centre: float
    high: float
    n: int
    z: float
    p: float
    by_chance: float


def exceptions(facts: Facts, grain: str = "week", *, where: tuple[Filter, ...] = ()) -> Exceptions:
    """Every metric, as a whole and by channel, in its newest final day or week, against its own limits.

    ``found`` is what lies more than 3 σ outside; ``LeftBand.beyond`` what is also beyond chance within the
    whole family (Benjamini-Hochberg at 1 − the confidence of the definitions).

    Raises:
        ValueError: for another grain, or a field that no table has.
    """
    if grain not in BASELINE:
        raise ValueError(f"'{grain}' is no grain of exceptions; choose day or week")
    level = facts.definitions.confidence
    bare = Exceptions(grain, None, (), 0, 0.0, (), level)
    if not facts.dated:
        return replace(bare, reason="no row has a date, so there is no usual band to leave")
    ends = _ends(facts, grain)
    if len(ends) <= FEWEST[grain]:
        words = f"the data hold {len(ends)} whole {grain}{'s' if len(ends) != 1 else ''}"
        return replace(bare, reason=f"{words}; a usual band needs at least {FEWEST[grain] + 1}")
    looks: list[_Look] = []
    skipped: list[tuple[str, str]] = []
    chosen = map(as_promised, catalogue(facts.definitions, facts))
    metrics = [each for each in chosen if each.basis is not Basis.LISTED and each.key != "ttr_agent"]
    spans = [Period(end - timedelta(days=_length(grain) - 1), end) for end in ends[-BACK:]]
    finals = {each.key: _final(facts, each, spans) for each in metrics}
    first = ends[0] - timedelta(days=_length(grain) - 1)
    whole = Period(max(first, ends[-1] - timedelta(days=(BASELINE[grain] + BACK) * _length(grain))), ends[-1])
    split = any(SPLIT in table.dimensions for table in facts.tables.values())
    for by in ((), (SPLIT,)) if split else ((),):
        fed = [each for each in metrics if finals[each.key] is not None]
        results = measured(facts, fed, whole, by=by, where=where, parts=False)
        for metric in fed:
            for group, one in results[metric.key].items():
                if one.statistics is None:
                    if not by:
                        skipped.append((metric.name, one.estimate.reason or "no rows"))
                    continue
                if any(label == NONE for _, label in group.keys):
                    continue
                found = _look(metric, group, one, whole, finals[metric.key], grain)
                if isinstance(found, str):
                    skipped.append((f"{metric.name} ({group})" if by else metric.name, found))
                else:
                    looks.append(found)
    skipped += [
        (each.name, f"its newest {BACK} {grain}s still gain outcomes")
        for each in metrics
        if finals[each.key] is None
    ]
    return replace(_told(bare, looks, level), newest=ends[-1], skipped=tuple(skipped))


def _told(bare: Exceptions, looks: list[_Look], level: float) -> Exceptions:
    # A segment on the very rows of the whole (calls, where all are by phone) is told once, and still a look.
    whole = {(one.metric.key, one.period, one.n, one.value) for one in looks if not one.where}
    adjusted = benjamini_hochberg([each.p for each in looks])
    found = [
        LeftBand(
            metric=each.metric,
            where=each.where,
            period=each.period,
            value=each.value,
            low=each.low,
            centre=each.centre,
            high=each.high,
            n=each.n,
            sigmas=each.z,
            p=each.p,
            p_adjusted=float(p if p is not None else 1.0),
            beyond=p is not None and p <= 1 - level,
            better=None
            if each.metric.better is Direction.NEUTRAL
            else (each.z > 0) == (each.metric.better is Direction.UP),
        )
        for each, p in zip(looks, adjusted, strict=True)
        if abs(each.z) > 3
        and not (each.where and (each.metric.key, each.period, each.n, each.value) in whole)
    ]
    found.sort(key=lambda each: each.p)
    return replace(
        bare, found=tuple(found), looks=len(looks), by_chance=sum(each.by_chance for each in looks)
    )


# ---------------------------------------------------------------- days and weeks


def _length(grain: str) -> int:
    return WEEK if grain == "week" else 1


def _ends(facts: Facts, grain: str) -> list[date]:
    """The last day of every whole day or week of the data, oldest first."""
    first, last = EPOCH + timedelta(days=facts.first_day), last_whole_day(facts)
    if grain == "week":
        over = (last + timedelta(days=1)).weekday()
        last -= timedelta(days=(over - facts.definitions.first_weekday) % WEEK)
    count = ((last - first).days + 1) // _length(grain)
    return [last - timedelta(days=_length(grain) * back) for back in range(count - 1, -1, -1)]


def _final(facts: Facts, metric: Metric, spans: list[Period]) -> Period | None:
    """The newest span that gains no more outcomes."""
    reasons = still_maturing(facts, metric, spans)
    return next((s for s, why in zip(spans[::-1], reasons[::-1], strict=True) if why is None), None)


# ---------------------------------------------------------------- one look


def _look(
    metric: Metric, group: Group, one: Measured, whole: Period, newest: Period | None, grain: str
) -> _Look | str:
    """The newest value of one series against its limits; a sentence where it has none."""
    if isinstance(metric.measure, Stock):
        return STOCK
    assert newest is not None
    days = _length(grain)
    points = min(BASELINE[grain], (newest.first_day - whole.first_day) // days) + 1
    start = newest.last_day + 1 - points * days
    series = _series(metric, one.statistics, start, points, days)
    value, n = series.value, series.n
    if not math.isfinite(float(value[-1])):
        return f"no value in the newest {grain}"
    known = np.isfinite(value)
    known[-1] = False
    if int(known.sum()) < FEWEST[grain]:
        return f"fewer than {FEWEST[grain]} {grain}s before it have a value"
    alike = known & ((np.arange(points) - points + 1) % WEEK == 0) if grain == "day" else known
    reason = _too_little(metric, value, n, alike, grain) if alike.any() else "its weekday never has a value"
    if reason is not None:
        return reason
    chart, centre, spread = _chart(metric, series, known, grain, start)
    z, sigma = chart.z, chart.sigma
    if z is None or sigma is None or chart.centre is None or not math.isfinite(float(z[-1])):
        return chart.reason or "its values do not vary"
    if float(sigma[-1]) <= 0:
        return "its values do not vary"
    here, unit = float(centre[-1]), float(spread[-1])
    ends = [here + (chart.centre + shift * float(sigma[-1])) * unit for shift in (-3, 0, 3)]
    low, middle, high = (_within(metric, series.shown(end) / _per(metric, days)) for end in ends)
    p, by_chance = _chance(float(z[-1]), chart.baseline_points, chart.persistence or 0.0)
    where = tuple(Filter(name, (label,)) for name, label in group.keys)
    shown = _within(metric, series.shown(float(value[-1])) / _per(metric, days))
    rows = round(float(n[-1]))
    return _Look(metric, where, newest, shown, low, middle, high, rows, float(z[-1]), p, by_chance)


def _series(metric: Metric, statistics: Any, start: int, points: int, days: int) -> DailyValues:
    """Values by day or week, as :meth:`Measure.by_day` gives them; weeks are days that were put together."""
    place = (statistics.day.astype(np.int64) - start) // days
    inside_ = (place >= 0) & (place < points)
    day = place[inside_].astype(np.int32)
    put: Cells | Counts
    if isinstance(statistics, Counts):
        put = Counts.of_rows(
            day,
            statistics.agent[inside_],
            statistics.value[inside_],
            statistics.observed[inside_],
            statistics.censored[inside_],
        )
    else:
        sums = {name: values[inside_] for name, values in statistics.sums.items()}
        put = Cells.of_rows(day, statistics.agent[inside_], sums)
    measure = metric.measure
    if isinstance(measure, Rate) and measure.per == CALENDAR and isinstance(put, Cells):
        # A count of 0 is a value: the desk had nothing, unless that weekday never has anything.
        counted = np.bincount(put.day, weights=put.sums["events"], minlength=points).astype(np.float64)
        value = np.log(counted + 0.5)
        if days == 1:
            weekday = (np.arange(points) + start) % WEEK
            value[np.bincount(weekday, weights=counted, minlength=WEEK)[weekday] == 0] = np.nan
        return DailyValues(np.arange(points), value, counted, log=True, offset=0.5)
    return measure.by_day(put, (0, points - 1))


def _per(metric: Metric, days: int) -> float:
    """Counts that are no totals are shown per day."""
    measure = metric.measure
    return float(days) if isinstance(measure, Rate) and measure.per == CALENDAR and not measure.total else 1.0


def _too_little(metric: Metric, value: Floats, n: Floats, known: NDArray[np.bool_], grain: str) -> str | None:
    usual = float(np.median(n[known]))
    if isinstance(metric.measure, Share):
        share = float((n[known] * value[known]).sum() / max(n[known].sum(), 1.0))
        if usual * min(share, 1 - share) < FEWEST_EXPECTED:
            return f"the rarer outcome is expected fewer than {FEWEST_EXPECTED} times a {grain}"
    elif isinstance(metric.measure, Rate):
        if usual < FEWEST_CASES:
            return f"usually fewer than {FEWEST_CASES} cases a {grain}"
        return None
    elif usual < FEWEST_ROWS:
        return f"usually fewer than {FEWEST_ROWS} rows a {grain}"
    if n[-1] < usual * SPARSE:
        return "far fewer rows than usual, which vary more than the limits allow for"
    return None


def _chart(
    metric: Metric, series: DailyValues, known: NDArray[np.bool_], grain: str, start: int
) -> tuple[ControlChart, Floats, Floats]:
    """The chart, and per point the centre and unit in which it was drawn."""
    value, n = series.value, series.n
    plain = np.zeros(value.size), np.ones(value.size)
    share = isinstance(metric.measure, Share)
    if grain == "week":
        if share or (isinstance(metric.measure, Rate) and metric.measure.per != CALENDAR):
            size = np.where(np.isfinite(value), n, 0.0)
            events = np.nan_to_num(value) * size
            if share:
                chart = laney(np.minimum(events, size), size, baseline=known, persistent=True)
            else:
                chart = laney(events, size, kind="u", baseline=known, persistent=True)
            return chart, *plain
        return xmr(value, baseline=known, persistent=True), *plain
    weekday = (np.arange(value.size) + start) % WEEK
    centre = np.full(value.size, math.nan)
    spread = np.ones(value.size)
    if share:
        pooled = float(np.average(value[known], weights=n[known]))
        spread = np.sqrt(np.where(n > 0, max(pooled * (1 - pooled), 1e-12) / np.maximum(n, 1.0), math.nan))
    for number in range(WEEK):
        own = known & (weekday == number)
        if own.any():
            centre[weekday == number] = np.average(value[own], weights=n[own] if share else None)
    spread = spread * _weekday_spread((value - centre) / spread, weekday, known)
    rest = np.where(np.isfinite(centre), (value - centre) / spread, math.nan)
    return xmr(rest, baseline=known, persistent=True), centre, spread


def _weekday_spread(rest: Floats, weekday: NDArray[np.int64], known: NDArray[np.bool_]) -> Floats:
    """How much the days of each weekday vary: a quiet Sunday's median varies more than a Monday's.

    Variances are drawn to that of all days with the weight of ten days. The newest point is no part of its
    weekday's mean as the others are, so it varies more than they do: by (m + 1) / (m − 1), m days of the
    weekday.
    """
    whole = float(np.mean(rest[known] ** 2))
    found = np.ones(rest.size)
    for number in range(WEEK):
        own = known & (weekday == number)
        days = int(own.sum())
        if days < 2 or whole <= 0:
            found[weekday == number] = math.nan
            continue
        variance = (float((rest[own] ** 2).sum()) + DRAWN * whole) / (days - 1 + DRAWN)
        found[weekday == number] = math.sqrt(variance / whole)
        if weekday[-1] == number:
            found[-1] *= math.sqrt((days + 1) / (days - 1))
    return found


def _chance(z: float, baseline: int, persistence: float) -> tuple[float, float]:
    """Two-sided p of a value so far out, and the chance of lying outside 3 σ at all, in an unchanged process.

    Limits from m points: a t statistic with .62 (m − 1) degrees of freedom, as in
    :func:`kpi.stats.expected_false_signals`.
    """
    df = 0.62 * (baseline - 1)
    unbiased = math.sqrt(df / 2) * math.exp(special.gammaln(df / 2) - special.gammaln((df + 1) / 2))
    rho = min(persistence, 0.95)
    scale = unbiased / math.sqrt(1 + (1 + rho) / (1 - rho) / baseline)
    p, outside = (2 * float(special.stdtr(df, -abs(each) * scale)) for each in (z, 3.0))
    return max(p, 1e-300), outside


def _within(metric: Metric, value: float) -> float:
    least, most = {Unit.PERCENT: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}.get(metric.unit, (0.0, math.inf))
    return min(max(value, least), most)
