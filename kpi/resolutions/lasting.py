"""Drops that lasted: an issue whose contacts, time to solution or dissatisfaction stepped down and stayed.

Contacts are looked at beside what the other issues did on the same days, so that a quiet month of the whole
desk is no drop of one of its issues, and one issue that grows makes no other one fall. Every series is first
looked at by plain least squares (days and weeks as if independent, weeks by Newey & West, which see more than
the daily engine does); what Benjamini-Hochberg drops by those it drops in any case, and the rest is scanned
by the daily engine (:func:`kpi.stats.scan_steps`). All series are one family (Benjamini-Hochberg); the size
is told with the interval that allows for the choice (Benjamini & Yekutieli 2005).

A drop lasted when no later step and no newest stretch of days gave half of it back. Its control is what the
other issues did from the same day on (a difference in differences), those that went a way of their own left
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kpi import engine
from kpi.calendars import MISSING_DAY
from kpi.compare import histories
from kpi.issues import ISSUE
from kpi.model import Estimate, Filter, Period, Unit
from kpi.periods import grid
from kpi.resolutions.counting import lacking
from kpi.resolutions.following import (
    FEWEST_CONTACTS,
    RATE,
    Followed,
    as_day,
    follow,
    metrics_of,
    whole_days,
)
from kpi.resolutions.plain_steps import EACH_SIDE
from kpi.resolutions.preparing import Kept
from kpi.resolutions.stepping import Size, Stepped, bound_of, control_of, level_of, size_of, stepped
from kpi.stats import FEWEST_DAYS, benjamini_hochberg, fcr_level, poisson_exact
from kpi.verdicts import chance


@dataclass(frozen=True)
class Drop:
    """One thing that stepped to the better and stayed there.

    Attributes:
        what: ``contacts``, ``time`` (to the solution) or ``rating`` (share of satisfied answers, which rose).
        day: most likely first day; low, high: the days between which it lies (95 %).
        size: against the level before; before, after: levels (contacts a day, minutes, share satisfied).
        n_before, n_after: contacts (answers, solved ones) behind the two levels; since: the day from which
            the level before is counted.
        p_adjusted: over every series that was looked at; level: of the intervals of the sizes, which allows
            for the choice.
        control: the change beyond what ``held`` other values did together; None with a reason.
        own: it is beyond chance that this value fell more than the others; None without a control.
    """

    field: str
    value: str
    what: str
    day: date
    low: date
    high: date
    size: Size
    before: float
    after: float
    n_before: int
    n_after: int
    since: date
    until: date
    p_adjusted: float
    level: float
    control: Size | None
    held: int
    control_reason: str
    own: bool | None


@dataclass(frozen=True)
class Lasting:
    """Drops, those beyond what the others did first, the strongest evidence first.

    Attributes:
        looked_at: series that were looked at; few: values with too few contacts to be followed.
        drops: with a control beyond chance, or without any; together: those where the others fell too.
        refused: why nothing can be followed.
    """

    field: str
    first: date | None
    last: date | None
    drops: tuple[Drop, ...]
    together: tuple[Drop, ...]
    looked_at: int
    few: int
    refused: str | None = None


def lasting(kept: Kept, field: str = ISSUE, *, where: tuple[Filter, ...] = ()) -> Lasting:
    """Drops of the values of a column over all data."""
    refused = lacking(kept, where) or _refusal(kept, field)
    if refused is not None:
        return Lasting(field, None, None, (), (), 0, 0, refused)
    first, last = whole_days(kept)
    ends = as_day(first), as_day(last)
    least = max(FEWEST_DAYS, 2 * EACH_SIDE + 14)
    if last - first + 1 < least:
        days = f"the data hold {last - first + 1} days: at least {least} are needed to see what lasted"
        return Lasting(field, *ends, (), (), 0, 0, days)
    series, few = follow(kept, field, where, (first, last))
    if not series:
        why = f"no value of the column has {FEWEST_CONTACTS} or more contacts"
        return Lasting(field, *ends, (), (), 0, few, why)
    weekday = (np.arange(last - first + 1) + first + 3) % 7
    alpha = chance(kept.facts.definitions.confidence)
    least_p = benjamini_hochberg([bound_of(one, weekday) for one in series])
    found: list[tuple[Followed, Stepped]] = []
    for one, bound in zip(series, least_p, strict=True):
        step = stepped(one, weekday) if bound is not None and bound < alpha else None
        if step is not None:
            found.append((one, step))
    p = [each[1].p for each in found] + [1.0] * (len(series) - len(found))
    adjusted = benjamini_hochberg(p)[: len(found)]
    real = [
        (one, step, q) for (one, step), q in zip(found, adjusted, strict=True) if q is not None and q < alpha
    ]
    level = fcr_level(len(real), len(series), alpha) if real else 1 - alpha
    moved = {(one.name, one.what) for one, _, _ in real}
    every = [_drop(field, one, step, q, series, moved, weekday, first, level) for one, step, q in real]
    drops = [each for each in every if each is not None]
    drops.sort(key=lambda each: (each.p_adjusted, each.value, each.what))
    return Lasting(
        field,
        *ends,
        tuple(each for each in drops if each.own is not False),
        tuple(each for each in drops if each.own is False),
        len(series),
        few,
    )


def _refusal(kept: Kept, field: str) -> str | None:
    if field == ISSUE and not kept.has_issue:
        return "no column names the issue of a contact: a column such as category or reason would help"
    if field not in kept.table.dimensions:
        return f"there is no column '{field}'"
    days = kept.table.columns.get(kept.created.value)
    if days is None or not bool((days != MISSING_DAY).any()):
        return "no contact has a date, so nothing can be followed: a column such as created at would help"
    return None


def _drop(
    field: str,
    one: Followed,
    step: Stepped,
    q: float,
    series: list[Followed],
    moved: set[tuple[str, str]],
    weekday: NDArray[np.int64],
    first: int,
    level: float,
) -> Drop | None:
    """The drop; None where it did not move beyond chance itself, but only against others."""
    others = [each for each in series if each.what == one.what and (each.name, each.what) not in moved]
    before, after = (level_of(one, part) for part in (slice(step.since, step.at), slice(step.at, None)))
    size = size_of(one, step, weekday, level)
    if size is None or (size.high if one.better < 0 else -size.low) >= 0:
        return None
    control, held = control_of(one, others, step, weekday, level)
    reason = ""
    if control is None:
        reason = (
            "the gap to the others cannot be computed"
            if held
            else "there is no other value to hold it against that stayed as it was"
        )
    own = None if control is None else (control.high < 0 if one.better < 0 else control.low > 0)
    until = int(np.flatnonzero(np.isfinite(one.value))[-1])
    return Drop(
        field, one.name, one.what,
        as_day(first + step.at), as_day(first + step.low), as_day(first + step.high),
        size, before, after,
        round(float(one.n[step.since : step.at].sum())), round(float(one.n[step.at :].sum())),
        as_day(first + step.since), as_day(first + until), q, level, control, held, reason, own,
    )  # fmt: skip


# ---------------------------------------------------------------- week by week


@dataclass(frozen=True)
class Weeks:
    """A drop week by week: the value itself, and the others as they would be at its level before.

    ``others`` is empty where they cannot be put on the same scale.
    """

    spans: tuple[Period, ...]
    own: tuple[Estimate, ...]
    others: tuple[Estimate, ...]
    unit: Unit


def weeks(kept: Kept, drop: Drop, *, where: tuple[Filter, ...] = ()) -> Weeks:
    """The whole weeks of a drop, from the year before it on."""
    first = max(drop.since, drop.day - timedelta(days=364))
    spans = tuple(grid(Period(first, drop.until), "week", kept.facts.definitions, partial="drop"))
    own = (*where, Filter(drop.field, (drop.value,)))
    if drop.what != RATE:
        metric = metrics_of(kept)[drop.what]
        (found,) = histories(kept.facts, (metric,), spans, where=own).values()
        return Weeks(spans, found, (), metric.unit)
    level = kept.facts.definitions.confidence
    mine = engine.select(kept.table, kept.created, None, where=own).day
    every = engine.select(kept.table, kept.created, None, where=where).day
    counts = [_within(mine, span) for span in spans]
    rest = [_within(every, span) - count for span, count in zip(spans, counts, strict=True)]
    before = [place for place, span in enumerate(spans) if span.end < drop.day]
    scale = sum(counts[at] for at in before) / max(1, sum(rest[at] for at in before))
    estimates = [
        Estimate(n / span.days, n, *poisson_exact(n, span.days, level), method="exact Poisson")
        for n, span in zip(counts, spans, strict=True)
    ]
    others = [Estimate(scale * n / span.days, n) for n, span in zip(rest, spans, strict=True)]
    return Weeks(spans, tuple(estimates), tuple(others) if before else (), Unit.PER_DAY)


def _within(day: NDArray[np.int32], span: Period) -> int:
    low, high = np.searchsorted(day, [span.first_day, span.last_day + 1])
    return int(high - low)
