"""The statistics of ticket measures as one would write them in pandas: masks, products, ``groupby``.

It shares no code with the engine, so equal sums check both. Days are sorted beforehand and what several
measures need is summed once, which is kind to the peer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpi.calendars import MISSING_DAY
from kpi.facts import NONE, FactTable
from kpi.measures import Mean, Measure, Quantile, Rate, Share, Stock, Survival
from kpi.metrics.companions import Count, CountedShare, Largest
from kpi.model import Basis, Period

CELL = ["day", "agent"]
Sums = Mapping[str, pd.DataFrame]
"""Name of the measure → its sums (or value counts) by group, day and agent."""


def frame_of(table: FactTable, basis: Basis) -> pd.DataFrame:
    """The fact columns with channel and agent, in the order of the days of a basis."""
    tickets = pd.DataFrame(dict(table.columns))
    for name in ("channel", "agent"):
        tickets[name] = table.dimensions[name]
    day = "created_day" if basis is Basis.POINT else basis.value
    return tickets.assign(day=tickets[day]).sort_values(day, kind="stable", ignore_index=True)


def by_hand(
    tickets: pd.DataFrame, measures: Mapping[str, Measure], basis: Basis, period: Period, by: tuple[str, ...]
) -> Sums:
    """Sums of every measure in one period, by group, day and agent."""
    if basis is Basis.POINT:
        dated = tickets[tickets["created_day"] != MISSING_DAY]
        return {name: flows(dated, stock, by) for name, stock in measures.items() if isinstance(stock, Stock)}
    rows = tickets[tickets["day"].between(period.first_day, period.last_day)]
    wanted: dict[str, pd.Series] = {}
    parts: dict[str, dict[str, str]] = {}
    found: dict[str, pd.DataFrame] = {}
    counted: dict[tuple[str, str, str], pd.DataFrame] = {}
    for name, measure in measures.items():
        if isinstance(measure, Survival | Quantile | Largest):
            observed = measure.observed if isinstance(measure, Survival) else measure.among
            key = (measure.of, observed, measure.among)
            if key not in counted:
                counted[key] = value_counts(rows, *key, by)
            found[name] = counted[key]
        else:
            parts[name] = {}
            for part, (label, values) in summands(rows, measure, period, by).items():
                parts[name][part] = label
                wanted.setdefault(label, values)
    if wanted:
        keys = [rows[key] for key in (*by, *CELL)]
        sums = pd.DataFrame(wanted).groupby(keys, observed=True).sum()
        for name, labels in parts.items():
            found[name] = sums[list(labels.values())].set_axis(list(labels), axis=1)
    return found


def totals_only(
    tickets: pd.DataFrame, measures: Mapping[str, Measure], basis: Basis, period: Period, by: tuple[str, ...]
) -> Sums:
    """Less work than the engine does: sums by group alone, from which no honest interval can be had."""
    if basis is Basis.POINT:
        dated = tickets[tickets["created_day"] != MISSING_DAY]
        return {
            name: still_open(dated, stock, period, by)
            for name, stock in measures.items()
            if isinstance(stock, Stock)
        }
    rows = tickets[tickets["day"].between(period.first_day, period.last_day)]
    wanted: dict[str, pd.Series] = {}
    found: dict[str, pd.DataFrame] = {}
    for measure in measures.values():
        if isinstance(measure, Survival | Quantile | Largest):
            label = f"{measure.of} where {measure.among}"
            if label not in found:
                kept = rows[rows[measure.among] != 0]
                values = kept.groupby(list(by), observed=True)[measure.of] if by else kept[measure.of]
                found[label] = pd.DataFrame(values.quantile([0.5, 0.9]))
        else:
            for label, values in summands(rows, measure, period, by).values():
                wanted.setdefault(label, values)
    frame = pd.DataFrame(wanted)
    found["sums"] = (
        frame.groupby([rows[key] for key in by], observed=True).sum() if by else frame.sum().to_frame()
    )
    return found


# ---------------------------------------------------------------- the kinds of measure


def summands(
    rows: pd.DataFrame, measure: Measure, period: Period, by: tuple[str, ...]
) -> dict[str, tuple[str, pd.Series]]:
    """Name of each sum → a label that equal summands share, and one value per row."""

    def column(name: str) -> pd.Series:
        return rows[name] if name in rows else of_period(rows, name, period, by)

    if isinstance(measure, CountedShare):
        k, n = column(measure.of).astype("float64"), column(measure.among).astype("float64")
        sums = {"n": n, "k": k, "rows": n > 0, "kk": k * k, "kn": k * n, "nn": n * n}
        return labelled("counted", (measure.of, measure.among), sums)
    if isinstance(measure, Share):
        among = column(measure.among) != 0
        return {
            "n": (f"rows with {measure.among}", among),
            "k": (f"rows with {measure.of} and {measure.among}", among & (column(measure.of) != 0)),
        }
    if isinstance(measure, Mean):
        among = column(measure.among) != 0
        value = column(measure.of).where(among, 0).astype("float64")
        sums = {"sum": value, "sumsq": value * value}
        return {
            "n": (f"rows with {measure.among}", among),
            **labelled("mean", (measure.of, measure.among), sums),
        }
    if isinstance(measure, Rate):
        events = {"events": (f"sum of {measure.events}", column(measure.events))}
        exposure = (
            {"exposure": (f"sum of {measure.per}", column(measure.per))} if measure.per != "days" else {}
        )
        return events | exposure
    if isinstance(measure, Count):
        return {"sum": (f"sum of {measure.of}", column(measure.of))}
    raise TypeError(f"no sums by hand are written for {type(measure).__name__}")


def labelled(
    kind: str, names: tuple[str, ...], sums: dict[str, pd.Series]
) -> dict[str, tuple[str, pd.Series]]:
    return {part: (f"{kind} {' '.join(names)} {part}", values) for part, values in sums.items()}


def of_period(rows: pd.DataFrame, name: str, period: Period, by: tuple[str, ...]) -> pd.Series:
    """Columns that depend on the period: each customer once, agents with a date of solving."""
    if name in ("customer_in_period", "customer_returned"):
        once = (rows["requester"] >= 0) & ~rows.duplicated([*by, "requester"])
        if name == "customer_in_period":
            return once
        first = rows["first_contact_day"]
        return once & (first != MISSING_DAY) & (first < period.first_day)
    by_agent = (rows["solved_dated"] != 0) & (rows["agent"] != NONE)
    if name == "solved_by_agent":
        return by_agent
    if name == "agent_day_in_period":
        first_row = by_agent.copy()
        first_row[by_agent] = ~rows[by_agent].duplicated([*by, *CELL])
        return first_row
    raise KeyError(f"no column '{name}'")


def value_counts(rows: pd.DataFrame, of: str, observed: str, among: str, by: tuple[str, ...]) -> pd.DataFrame:
    """How often each value occurs by group, day and agent, ended and not ended apart."""
    kept = rows[rows[among] != 0]
    ended = kept[observed] != 0
    both = pd.DataFrame({"observed": ended, "censored": ~ended})
    keys = [*(kept[key] for key in (*by, *CELL)), kept[of].rename("value")]
    return both.groupby(keys, observed=True).sum()


def flows(tickets: pd.DataFrame, stock: Stock, by: tuple[str, ...]) -> pd.DataFrame:
    """Rows that came in and went out by group, day and agent, from the first day of the data on."""
    into = tickets[tickets[stock.opened] != 0]
    out = into[into[stock.closed] != 0]
    sides: list[Any] = []
    for rows, day in ((into, stock.opened_day), (out, stock.closed_day)):
        keys = [*(rows[key] for key in by), rows[day].rename("day"), rows["agent"]]
        sides.append(rows.groupby(keys, observed=True).size())
    return pd.concat(sides, axis=1, keys=["opened", "closed"]).fillna(0).sort_index()


def still_open(tickets: pd.DataFrame, stock: Stock, period: Period, by: tuple[str, ...]) -> pd.DataFrame:
    """Rows open at the end of the period, by group."""
    there = (tickets[stock.opened] != 0) & (tickets[stock.opened_day] <= period.last_day)
    gone = (tickets[stock.closed] != 0) & (tickets[stock.closed_day] <= period.last_day)
    kept = tickets[there & ~gone]
    return kept.groupby(list(by), observed=True).size().to_frame() if by else pd.DataFrame({"n": [len(kept)]})
