"""Facts of calls, one row per customer leg: answered, abandoned, waiting, handling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.definitions import Definitions
from kpi.facts.columns import SECOND, Bools, Canonical, Known, days_of, flags, hours_of, whole
from kpi.facts.dimensions import dimensions_of
from kpi.facts.exclusions import excluded_calls
from kpi.facts.inheritance import inherited
from kpi.facts.nouns import FactTable
from kpi.facts.ratings import Ratings
from kpi.facts.sentiments import sentiment_columns
from kpi.model import Grain

ABANDONED = ("abandoned", "missed", "no_answer", "timeout")
"""Outcomes in which a customer rang and no agent answered. Voicemail, busy lines and failures are neither."""
ANSWERED = ("answered", "transferred_out")


def call_facts(
    rows: pd.DataFrame,
    definitions: Definitions,
    as_of: int,
    *,
    ratings: Ratings,
    bots: frozenset[str],
    tickets: pd.DataFrame | None,
) -> FactTable | None:
    """Facts of the offered calls; None when none is left."""
    keep, excluded = excluded_calls(Canonical("calls", rows), definitions, bots)
    source = (rows if keep.all() else rows[keep]).reset_index(drop=True)
    if not len(source):
        return None
    canonical = Canonical("calls", source)
    columns: dict[str, NDArray[Any]] = {}
    notes: dict[str, str] = {}
    absent: dict[str, str] = {}
    started = canonical.time("started_at")
    columns["call"] = np.ones(len(source), np.uint8)
    columns["started_day"] = days_of(started, definitions.timezone)
    exact = started.known & ~canonical.text("started_at_precision").among("day")
    columns["started_hour"] = hours_of(Known(started.values, exact), definitions.timezone)
    answered, abandoned = _outcomes(canonical, columns, absent)
    wait = _waits(canonical, answered, columns, absent)
    _abandonment(canonical, wait, answered, abandoned, definitions, columns, notes, absent)
    _handling(canonical, answered, columns, notes, absent)
    _after(canonical, answered, ratings, definitions, as_of, started, columns, absent)
    sentiment_columns(canonical, columns, absent)
    own = dimensions_of(source)
    return FactTable(
        grain=Grain.CALLS,
        columns=columns,
        dimensions=inherited(source, own, (("ticket_id", tickets),)),
        source=source,
        excluded=excluded,
        notes=notes,
        absent=absent,
        definitions=definitions,
    )


def _outcomes(
    canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]
) -> tuple[Bools, Bools]:
    outcome = canonical.text("outcome")
    picked_up = canonical.time("answered_at").known
    if outcome.known.any():
        answered = outcome.among(*ANSWERED) | (~outcome.known & picked_up)
        abandoned = outcome.among(*ABANDONED)
    elif picked_up.any() and not picked_up.all():
        answered, abandoned = picked_up, ~picked_up
    else:
        why = "no column says whether a call was answered"
        absent |= dict.fromkeys(
            ("answered", "abandoned", "offered", "long_abandoned", "short_abandoned"), why
        )
        handled = canonical.nothing()
        for column in ("handle_s", "talk_s", "total_s"):
            handled |= canonical.number(column).values > 0
        return handled, canonical.nothing()
    columns["answered"] = flags(answered)
    return answered, abandoned


def _waits(
    canonical: Canonical, answered: Bools, columns: dict[str, NDArray[Any]], absent: dict[str, str]
) -> Known:
    wait, started = canonical.number("wait_s"), canonical.time("started_at")
    picked_up = canonical.time("answered_at")
    between = started.known & picked_up.known & (picked_up.values >= started.values)
    seconds = np.where(wait.known, wait.values, (picked_up.values - started.values) / SECOND)
    known = (wait.known & (wait.values >= 0)) | (between & ~wait.known)
    if not (known & answered).any():
        absent |= dict.fromkeys(("wait_s", "wait_known"), "no column holds the wait before an agent answered")
        return Known(np.zeros(canonical.size), canonical.nothing())
    columns["wait_s"] = whole(seconds, known)
    columns["wait_known"] = flags(known & answered)
    return Known(np.where(known, seconds, 0.0), known)


def _abandonment(
    canonical: Canonical,
    wait: Known,
    answered: Bools,
    abandoned: Bools,
    definitions: Definitions,
    columns: dict[str, NDArray[Any]],
    notes: dict[str, str],
    absent: dict[str, str],
) -> None:
    names = ("wait_met", "wait_decided")
    if "answered" not in columns:
        absent |= dict.fromkeys(names, absent["answered"])
        return
    flagged = canonical.flag("short_abandon")
    short = abandoned & np.where(
        wait.known, wait.values < definitions.short_abandon_s, flagged.known & flagged.values
    )
    told = bool((abandoned & (wait.known | flagged.known)).any())
    columns["offered"] = flags(~short)
    columns["abandoned"] = flags(abandoned)
    columns["long_abandoned"] = flags(abandoned & ~short)
    columns["short_abandoned"] = flags(short)
    if abandoned.any() and not told and definitions.short_abandon_s:
        words = "the wait of abandoned calls is not known, so short ones cannot be told and all count"
        notes["long_abandoned"] = notes["wait_decided"] = words
    if "wait_s" not in columns:
        absent |= dict.fromkeys(names, absent["wait_s"])
        return
    decided = (answered & wait.known) | (abandoned & ~short)
    columns["wait_decided"] = flags(decided)
    columns["wait_met"] = flags(answered & wait.known & (wait.values <= definitions.wait_target_s))


def _handling(
    canonical: Canonical,
    answered: Bools,
    columns: dict[str, NDArray[Any]],
    notes: dict[str, str],
    absent: dict[str, str],
) -> None:
    """Talk + hold + after-call work; else the source's own sum; else the whole call without its waiting."""
    parts = {name: canonical.number(f"{name}_s") for name in ("talk", "hold", "acw")}
    own, total = canonical.number("handle_s"), canonical.number("total_s")
    summed = parts["talk"].known
    seconds = sum((part.values for part in parts.values()), np.zeros(canonical.size))
    ivr, wait = canonical.number("ivr_s"), canonical.number("wait_s")
    rest = total.values - wait.values - ivr.values
    values = np.where(summed, seconds, np.where(own.known, own.values, rest))
    known = answered & (summed | own.known | total.known) & (values >= 0)
    if not known.any():
        absent |= dict.fromkeys(("handle_s", "handle_known"), "no column holds talk time or working time")
        return
    columns["handle_s"] = whole(values, known)
    columns["handle_known"] = flags(known)
    for name, part in parts.items():
        if part.known.any():
            columns[f"{name}_s"] = whole(part.values, part.known)
    lacking = [
        words
        for name, words in (("hold", "hold time"), ("acw", "after-call work"))
        if not parts[name].known.any()
    ]
    if (summed & known).any() and lacking:
        notes["handle_known"] = (
            f"the data hold no {' and no '.join(lacking)}: talk time only"
            if len(lacking) == 2
            else f"the data hold no {lacking[0]}"
        )
    elif not summed.any() and not own.known.any():
        notes["handle_known"] = "whole length of the call without its waiting; the data hold no talk time"


def _after(
    canonical: Canonical,
    answered: Bools,
    ratings: Ratings,
    definitions: Definitions,
    as_of: int,
    started: Known,
    columns: dict[str, NDArray[Any]],
    absent: dict[str, str],
) -> None:
    """Resolved, transferred, rated."""
    resolved = canonical.flag("resolved")
    if resolved.known.any():
        columns["resolved"] = flags(resolved.values)
        columns["answered_state_known"] = flags(answered & resolved.known)
    else:
        absent["resolved"] = absent["answered_state_known"] = "no column says whether a call was resolved"
    moved, times = canonical.flag("transferred"), canonical.number("transfer_count")
    if moved.known.any() or times.known.any():
        columns["transfer_known"] = flags((moved.known | times.known) & answered)
        columns["transferred"] = flags(moved.values | (times.values > 0))
    else:
        absent["transfer_known"] = absent["transferred"] = "no column says whether a call was passed on"
    rated = ratings.of(canonical)
    if rated is None:
        why = "no satisfaction survey can be joined to the calls"
        names = ("rated", "rated_satisfied", "rated_or_silent", "coverage_mature", "coverage_immature")
        absent |= dict.fromkeys(names, why)
        return
    ripe = started.values <= as_of - definitions.survey_window_days * 86_400 * SECOND
    columns["coverage_mature"] = flags(answered & (ripe | ~started.known))
    columns["coverage_immature"] = flags(answered & started.known & ~ripe)
    columns["rated"] = flags(rated[0])
    columns["rated_satisfied"] = flags(rated[1])
    columns["rated_or_silent"] = flags(rated[1] | ~rated[0])
