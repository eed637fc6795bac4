"""When customers write, about what, and where: the rhythm of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sample_data.chance import Floats, choose, choose_by_row, persistent, spread_evenly
from sample_data.clock import DAY, OPEN_HOURS, Clock, Ints, day_number, weekday
from sample_data.world import DISPUTE, FIRST_DAY, ISSUES, LAST_DAY, LIVE, LOGIN, MAIL, PAYMENT, Plan

WEEKDAY_WEIGHT = (1.25, 1.12, 1.05, 1.0, 0.98, 0.62, 0.45)
MONTH_WEIGHT = (1.06, 0.95, 0.96, 0.96, 0.97, 0.96, 0.97, 0.95, 1.0, 1.05, 1.28, 1.32)
HOLIDAY_WEIGHT = 0.4
GROWTH_PER_YEAR = 0.08
DRAWN_BETWEEN, MOST_DRAWN = (date(2026, 5, 1), date(2026, 8, 31)), 2.0
MOST_MADE = 1.8
"""So many times ``Issue.share`` payment failures are made after their rise."""
HOURS_LIVE = (0,) * 8 + (6, 9, 10, 9, 7, 7, 8, 8, 7, 7, 6, 4) + (0,) * 4
HOURS_ANY = (1, 0.6, 0.4, 0.3, 0.3, 0.6, 1.5, 3.5, 6, 8, 8.5, 8, 7, 6.5, 7, 7, 6.5, 6, 6.5, 7, 6.5, 5, 3.5, 2)


@dataclass(frozen=True)
class Arrivals:
    """One row per contact: UTC minute, issue and channel (indices)."""

    created: Ints
    issue: Ints
    channel: Ints

    def take(self, rows: NDArray[np.bool_]) -> Arrivals:
        """These contacts only."""
        return Arrivals(self.created[rows], self.issue[rows], self.channel[rows])


def quarter_of(days: Ints) -> Ints:
    """A running number of the calendar quarter of day numbers."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months // 3, dtype=np.int64)


def drawn_factor(days: Ints) -> Floats:
    """How many times ``Issue.share`` payment failures are drawn, of which :func:`still_made` leaves the rise.

    The draw need only lie above the rise of the plan. As it stays the same, another rise leaves every other
    contact of the sample as it is.
    """
    start, end = map(day_number, DRAWN_BETWEEN)
    return np.asarray(1.0 + (MOST_DRAWN - 1.0) * np.clip((days - start) / (end - start), 0.0, 1.0))


def issue_weights(days: Ints, plan: Plan) -> Floats:
    """Weights of the issues on each day, days × issues, with the mix shift."""
    weights = np.tile([issue.share for issue in ISSUES], (len(days), 1))
    others = weights.sum(axis=1)
    weights[:, DISPUTE] *= np.where(days >= day_number(plan.mix_from), plan.mix_factor, 1.0)
    share = weights[:, PAYMENT] / others * drawn_factor(days)
    rest = weights.sum(axis=1) - weights[:, PAYMENT]
    weights[:, PAYMENT] = share / (1 - share) * rest
    return np.asarray(weights, dtype=np.float64)


def expected_per_day(days: Ints, clock: Clock, latent: Floats) -> Floats:
    """The relative number of contacts of each day."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    level = np.array(WEEKDAY_WEIGHT)[weekday(days)] * np.array(MONTH_WEIGHT)[months]
    level = level * np.where(np.isin(days, list(clock.holidays)), HOLIDAY_WEIGHT, 1.0)
    return np.asarray(
        level * (1 + GROWTH_PER_YEAR * (days - days[0]) / 365.25) * np.exp(latent), dtype=np.float64
    )


def draw_arrivals(rng: np.random.Generator, size: int, clock: Clock, plan: Plan) -> Arrivals:
    """About ``size`` first contacts over the whole time, in order of time."""
    span = (LAST_DAY - FIRST_DAY) // timedelta(days=1) + 1
    days = day_number(FIRST_DAY) + np.arange(span, dtype=np.int64)
    latent = persistent(rng, span, quarter_of(days), 0.14)
    expected = expected_per_day(days, clock, latent)
    counts = rng.poisson(expected / expected.sum() * size)
    day = np.repeat(np.arange(span), counts)
    issue = choose_by_row(rng, issue_weights(days, plan)[day])
    even = spread_evenly(rng, quarter_of(days[day]) * len(ISSUES) + issue)
    channel = choose_by_row(rng, np.array([one.channels for one in ISSUES])[issue], even)
    open_day = clock.is_open_day(days)[day]
    channel = np.where(np.array(LIVE)[channel] & ~open_day, MAIL, channel)
    wall = days[day] * DAY + draw_minutes(rng, days[day], channel)
    created = clock.utc(wall)
    order = np.lexsort((np.arange(len(created)), created))
    return Arrivals(created[order], issue[order], channel[order])


def still_made(
    rngs: tuple[np.random.Generator, np.random.Generator], arrivals: Arrivals, clock: Clock, plan: Plan
) -> NDArray[np.bool_]:
    """Which of the drawn contacts are made (thinning, Lewis & Shedler 1979, Nav. Res. Logist. Q. 26:403-413).

    From ``lasting_from`` on only a part of those about login problems are; of the payment failures those
    that the rise leaves.
    """
    days = clock.local(arrivals.created) // DAY
    concerned = (arrivals.issue == LOGIN) & (days >= day_number(plan.lasting_from))
    even = spread_evenly(rngs[0], (quarter_of(days) * 2 + concerned) * len(LIVE) + arrivals.channel)
    left = ~concerned | (even < plan.lasting_share)
    start, end = day_number(plan.rising_from), day_number(plan.rising_until)
    progress = np.clip((days - start + 1) / (end - start + 1), 0.0, 1.0)
    rise = (1 + (plan.rising_factor - 1) * progress) / plan.rising_factor
    failed = arrivals.issue == PAYMENT
    even = spread_evenly(rngs[1], (quarter_of(days) * 2 + failed) * len(LIVE) + arrivals.channel)
    return np.asarray(left & (~failed | (even < MOST_MADE * rise / drawn_factor(days))))


def lunch_factor(created: Ints, clock: Clock, plan: Plan) -> Floats:
    """How many times as long live customers wait who come at this minute (UTC)."""
    wall = clock.local(created)
    at_lunch = (weekday(wall // DAY) < 5) & (wall % DAY // 60 == plan.lunch_hour)
    return np.where(at_lunch, plan.lunch_factor, 1.0)


def draw_minutes(rng: np.random.Generator, days: Ints, channel: Ints) -> Ints:
    """Minute of the day: live channels inside the opening hours, the others at any time."""
    minutes = np.zeros(len(days), dtype=np.int64)
    live = np.array(LIVE)[channel]
    for kind in range(3):
        here = {0: live & (weekday(days) < 5), 1: live & (weekday(days) == 5), 2: ~live}[kind]
        by_minute = np.repeat(np.array(HOURS_ANY if kind == 2 else HOURS_LIVE, dtype=np.float64), 60)
        if kind == 1:
            low, high = OPEN_HOURS[5]
            by_minute[:low] = by_minute[high:] = 0.0
        minutes[here] = choose(rng, by_minute, int(here.sum()))
    return minutes
