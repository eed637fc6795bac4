"""Facts of agent-days, one row per agent and local day worked.

Columns of the canonical table that are read, all but the first two optional: ``agent_name``, ``date``;
``group``; seconds ``logged_in_s``, ``available_s`` (idle and ready), ``contact_s`` (talk, hold, wrap-up);
counts ``solved``, ``handled``, ``replies``; ``asat_score`` (1-5, the agent's own survey), ``qa_score``
(0-100, weighted mean of the reviewed criteria), ``qa_critical_failed`` (a failed critical criterion makes the
review 0), ``offers`` and ``sales`` (offers made, sales made).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.definitions import Definitions
from kpi.facts.columns import Canonical, Known, flags, whole
from kpi.facts.dimensions import dimensions_of
from kpi.facts.nouns import FactTable
from kpi.model import Grain

SHIFT_S = 8 * 3600


def agent_day_facts(
    rows: pd.DataFrame, definitions: Definitions, *, bots: frozenset[str]
) -> FactTable | None:
    """Facts of the days that people worked; bots are left out."""
    names = Canonical("agent_days", rows).text("agent_name")
    machine = names.among(*(bots if definitions.exclude_bots else ()))
    source = rows[~machine].reset_index(drop=True)
    if not len(source):
        return None
    canonical = Canonical("agent_days", source)
    columns: dict[str, NDArray[Any]] = {
        "worked_day": _days(source),
        "agent_day": np.ones(len(source), np.uint8),
    }
    absent: dict[str, str] = {}
    notes: dict[str, str] = {}
    _work(canonical, columns, notes, absent)
    _occupancy(canonical, columns, absent)
    _asat(canonical.number("asat_score"), definitions, columns, absent)
    _quality(canonical, columns, absent)
    _sales(canonical, columns, absent)
    return FactTable(
        grain=Grain.AGENT_DAYS,
        columns=columns,
        dimensions=dimensions_of(source),
        source=source,
        excluded={"bots": int(machine.sum())} if machine.any() else {},
        notes=notes,
        absent=absent,
        definitions=definitions,
    )


def _days(rows: pd.DataFrame) -> NDArray[np.int32]:
    """The local working day; a date has no zone, so nothing is shifted."""
    if "date" not in rows.columns:
        return np.full(len(rows), MISSING_DAY, np.int32)
    index = pd.DatetimeIndex(pd.to_datetime(rows["date"], utc=True)).tz_convert(None)
    days = index.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), MISSING_DAY, days.astype(np.int64)).astype(np.int32)


def _work(
    canonical: Canonical, columns: dict[str, NDArray[Any]], notes: dict[str, str], absent: dict[str, str]
) -> None:
    solved, handled = canonical.number("solved"), canonical.number("handled")
    done = solved if solved.known.any() else handled
    if not done.known.any():
        absent |= dict.fromkeys(
            ("work_done", "work_days"), "no column counts tickets solved per agent and day"
        )
    else:
        columns["work_done"] = whole(done.values, done.known)
        columns["work_days"] = flags(done.known)
        if not solved.known.any():
            notes["work_days"] = "contacts handled; the data do not count tickets solved"
    hours = canonical.number("logged_in_s")
    if hours.known.any():
        columns["hours_worked"] = np.where(hours.known, hours.values / 3600, 0.0)


def _occupancy(canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]) -> None:
    busy, idle = canonical.number("contact_s"), canonical.number("available_s")
    known = busy.known & idle.known & (busy.values >= 0) & (idle.values >= 0)
    if not known.any():
        why = "no columns hold the time agents handled contacts and the time they were available"
        absent |= dict.fromkeys(("staffed_shifts", "busy_shifts"), why)
        return
    # counted in shifts of eight hours, so that n says how much work lies behind the share
    columns["staffed_shifts"] = np.where(known, (busy.values + idle.values) / SHIFT_S, 0.0)
    columns["busy_shifts"] = np.where(known, busy.values / SHIFT_S, 0.0)


def _asat(
    score: Known, definitions: Definitions, columns: dict[str, NDArray[Any]], absent: dict[str, str]
) -> None:
    if not score.known.any():
        absent |= dict.fromkeys(("asat_answered", "asat_satisfied"), "no column holds answers of agents")
        return
    columns["asat_answered"] = flags(score.known)
    columns["asat_satisfied"] = flags(score.known & (score.values >= definitions.csat_positive_of_5))


def _quality(canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]) -> None:
    score, failed = canonical.number("qa_score"), canonical.flag("qa_critical_failed")
    if not score.known.any():
        absent |= dict.fromkeys(("qa_score", "qa_reviewed"), "no column holds scores of quality reviews")
        return
    columns["qa_score"] = np.where(score.known & ~failed.values, score.values, 0.0)
    columns["qa_reviewed"] = flags(score.known)
    columns["qa_failed"] = flags(score.known & failed.values)


def _sales(canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]) -> None:
    offers, sales = canonical.number("offers"), canonical.number("sales")
    known = offers.known & sales.known
    if not known.any():
        absent |= dict.fromkeys(("offers", "sales"), "no columns count offers and sales")
        return
    columns["offers"] = whole(offers.values, known)
    columns["sales"] = whole(np.minimum(sales.values, offers.values), known)
