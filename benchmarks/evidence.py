"""What evidence costs: the statistics of the Trends page, and a scan of many segments.

The series are seeded: two years of days of twenty metrics that wander as an AR(1) of .5, with a weekly
rhythm. The peer of the trends fits the same line and the same weekday effects to the same series with
statsmodels: ``OLS`` with a heteroscedasticity and autocorrelation consistent (HAC, Newey-West) covariance,
and ``GLSAR`` of one lag, iterated. Neither finds steps or foretells, so the slope alone is compared first.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray

from benchmarks.by_hand import frame_of, totals_only
from benchmarks.reading import facts_of, read_import, two_periods
from benchmarks.timing import timed
from kpi import drivers
from kpi.facts import Facts, FactTable
from kpi.metrics import catalogue
from kpi.model import Basis, Grain
from kpi.stats import daily_contrast, daily_contrasts, project, scan_steps

METRICS, DAYS = 20, 730
SEGMENTS, LOOKED_AT = 500, 12
LAGS = 14
SEGMENT = "Segment"
Floats = NDArray[np.float64]


def series() -> Floats:
    """float64[DAYS, METRICS]."""
    rng = np.random.default_rng(20260901)
    noise = rng.normal(size=(DAYS + 100, METRICS))
    for day in range(1, DAYS + 100):
        noise[day] = 0.5 * noise[day - 1] + np.sqrt(0.75) * noise[day]
    rhythm = np.array([0.0, 0.5, 0.3, 0.2, 0.0, -1.0, -1.2])[np.arange(DAYS) % 7]
    found: Floats = 80 + rhythm[:, None] + noise[100:]
    return found


def trends(rounds: int) -> dict[str, Any]:
    """Seconds of the slopes of all series, of the whole page of each, and of the peers, round by round."""
    table = series()
    day = np.arange(DAYS)
    line = (day - day.mean()) / DAYS
    weekday = day % 7
    design = np.column_stack(
        [np.ones(DAYS), line] + [(weekday == each).astype(float) for each in range(1, 7)]
    )

    def hac() -> list[float]:
        return [
            float(sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS}).pvalues[1])
            for y in table.T
        ]

    def glsar() -> list[float]:
        return [float(sm.GLSAR(y, design, rho=1).iterative_fit(maxiter=10).pvalues[1]) for y in table.T]

    def ours() -> list[float | None]:
        return [each.p for each in daily_contrasts(table, line, weekday)]

    def one_by_one() -> list[float | None]:
        return [daily_contrast(y, line, weekday).p for y in table.T]

    def page() -> int:
        steps = 0
        for y in table.T:
            daily_contrast(y, line, weekday)
            steps += len(scan_steps(y, weekday))
            project(y, weekday, day >= DAYS - 10, 20)
        return steps

    for act in (hac, glsar, ours):
        act()
    taken: dict[str, list[float]] = {name: [] for name in ("hac", "glsar", "ours", "one_by_one", "page")}
    for _ in range(rounds):
        for name, act in (("hac", hac), ("glsar", glsar), ("ours", ours), ("one_by_one", one_by_one)):
            taken[name].append(timed(act)[0])
    taken["page"] = [timed(page)[0] for _ in range(max(1, rounds // 3))]
    return {**taken, "metrics": METRICS, "days": DAYS}


def scanning(path: Path, rounds: int) -> dict[str, Any]:
    """Seconds of a scan of 500 segments × 12 metrics, and of the bare totals of the same segments."""
    facts = _dealt(facts_of(read_import(path)))
    now, before = two_periods(facts)
    table = facts.tables[Grain.TICKETS]
    metrics = [
        each
        for each in catalogue(facts.definitions, facts)
        if each.grain is Grain.TICKETS
        and each.basis in (Basis.CREATED, Basis.SOLVED)
        and all(column in table.columns for column in each.measure.reads())
    ][:LOOKED_AT]
    frames = {basis: _frame(table, basis) for basis in {each.basis for each in metrics}}

    def ours() -> drivers.Scan:
        return drivers.scan(facts, now, before, dimensions=(SEGMENT,), metrics=[m.key for m in metrics])

    def totals() -> int:
        found = 0
        for basis, frame in frames.items():
            measures = {each.key: each.measure for each in metrics if each.basis is basis}
            for period in (now, before):
                found += len(totals_only(frame, measures, basis, period, (SEGMENT,)))
        return found

    first = ours()
    totals()
    taken: dict[str, list[float]] = {"ours": [], "totals": []}
    for _ in range(rounds):
        taken["ours"].append(timed(ours)[0])
        taken["totals"].append(timed(totals)[0])
    return {**taken, "looks": first.looks, "metrics": len(metrics), "segments": SEGMENTS}


def _frame(table: FactTable, basis: Basis) -> pd.DataFrame:
    """The fact columns with the segment, in the order of their days."""
    columns = MappingProxyType({**table.columns, "segment_code": table.dimensions[SEGMENT].codes})
    frame = frame_of(replace(table, columns=columns), basis)
    codes = frame.pop("segment_code")
    frame[SEGMENT] = pd.Categorical.from_codes(codes, categories=table.dimensions[SEGMENT].categories)
    return frame


def _dealt(facts: Facts) -> Facts:
    """The same facts with a dimension of 500 segments, dealt out at random."""
    table = facts.tables[Grain.TICKETS]
    names = [f"segment {number:03d}" for number in range(SEGMENTS)]
    codes = np.random.default_rng(7).integers(SEGMENTS, size=len(table))
    dealt = pd.Categorical.from_codes(codes, categories=names)
    dimensions = MappingProxyType({**table.dimensions, SEGMENT: dealt})
    tables = {**facts.tables, Grain.TICKETS: replace(table, dimensions=dimensions)}
    return replace(facts, tables=MappingProxyType(tables), fingerprint=f"{facts.fingerprint}-dealt")
