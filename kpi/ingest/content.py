"""How well the cells of a column fit a role: 1 fits, 0.5 may fit, None cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from kpi.ingest.fields import kind_of
from kpi.ingest.grain import IDLIKE
from kpi.ingest.profile import Profile

FEW = 60
"""A column with more different cells than this is no word list (status, priority, channel)."""

Fit = float | None


def fit(profile: Profile, table: str, field: str) -> Fit:
    """The content score of a column for a role. An empty column fits nothing but does no harm."""
    if not len(profile.sample):
        return None
    if field == "csat_comment" or (table, field) == ("surveys", "comment"):
        return _comment(profile)
    special = SPECIAL.get(field)
    return special(profile) if special else BY_KIND[kind_of(table, field)](profile)


def _time(profile: Profile) -> Fit:
    return None if profile.dates is None else 1.0


def _duration(profile: Profile) -> Fit:
    if profile.dates is not None and not profile.times_of_day:
        return None
    return 1.0 if profile.durations is not None or profile.numbers is not None else None


def _key(profile: Profile) -> Fit:
    if profile.dates is not None and profile.numbers is None:
        return None
    lengths = profile.sample.str.len()
    if float(lengths.mean()) > 64:
        return None
    if profile.ids >= 0.8 or profile.share_of(IDLIKE) >= 0.9:
        return 1.0
    if profile.numbers is not None and profile.numbers.integer:
        return 1.0
    return 0.5 if profile.unique >= 0.9 and not profile.people >= 0.5 else None


def _customer_key(profile: Profile) -> Fit:
    if profile.people >= 0.5 or profile.dates is not None:
        return None
    return 1.0


def _person_name(profile: Profile) -> Fit:
    if profile.numbers is not None or profile.dates is not None or profile.emails >= 0.5:
        return None
    return 1.0 if profile.people >= 0.5 else 0.5


def _name(profile: Profile) -> Fit:
    if profile.numbers is not None or profile.dates is not None or profile.coverage("flag") >= 0.8:
        return None
    return 1.0 if profile.distinct <= max(FEW, 0.5 * profile.rows) else 0.5


def _email(profile: Profile) -> Fit:
    return 1.0 if profile.emails >= 0.8 else None


def _text(profile: Profile) -> Fit:
    return None if profile.dates is not None else 1.0


def _list(profile: Profile) -> Fit:
    return None if profile.dates is not None or profile.numbers is not None else 1.0


def _topic(profile: Profile) -> Fit:
    if profile.dates is not None or profile.coverage("flag") >= 0.9:
        return None
    few = profile.distinct <= max(FEW, 0.2 * profile.rows)
    if profile.numbers is not None:
        return 0.5 if few else None
    return 1.0 if few else 0.5


def _count(profile: Profile) -> Fit:
    if profile.coverage("flag") >= 0.95:
        return 1.0
    if profile.numbers is None or profile.dates is not None:
        return None
    amounts = profile.amounts[~np.isnan(profile.amounts)]
    whole = len(amounts) > 0 and bool(np.all(amounts >= 0)) and bool(np.all(amounts == np.floor(amounts)))
    return 1.0 if whole else None


def _number(profile: Profile) -> Fit:
    return 1.0 if profile.numbers is not None else None


def _percentage(profile: Profile) -> Fit:
    """Percent signs, a header that says so, or numbers above any scale of answers; 4.2 is no percentage."""
    if profile.numbers is None:
        return None
    amounts = profile.amounts[~np.isnan(profile.amounts)]
    said = profile.numbers.percent or PERCENT.search(profile.header) is not None
    return 1.0 if said or (len(amounts) and float(np.median(amounts)) > 10) else None


def _flag(profile: Profile) -> Fit:
    return 1.0 if profile.coverage("flag") >= 0.9 else None


def _sla_flag(profile: Profile) -> Fit:
    return 1.0 if max(profile.coverage("sla"), profile.coverage("flag")) >= 0.8 else None


def _vocabulary(kind: str) -> Callable[[Profile], Fit]:
    def test(profile: Profile) -> Fit:
        if profile.dates is not None or profile.distinct > FEW:
            return None
        known = profile.coverage(kind)
        if known >= 0.5:
            return 1.0
        if profile.numbers is not None and kind != "priority":
            return None
        return 0.5 if known > 0 or profile.distinct <= 12 else None

    return test


def _status(profile: Profile) -> Fit:
    """A place name or a free text under "State" is no status: some word must be known."""
    score = _vocabulary("status")(profile)
    return None if score is not None and profile.coverage("status") == 0 else score


def _outcome(profile: Profile) -> Fit:
    return 1.0 if profile.coverage("outcome") >= 0.8 else None


def _csat(profile: Profile) -> Fit:
    if profile.dates is not None:
        return None
    if profile.coverage("csat") >= 0.5:
        return 1.0
    if profile.numbers is None:
        return 1.0 if profile.share_of(STARS) >= 0.5 else None
    amounts = profile.amounts[~np.isnan(profile.amounts)]
    if not len(amounts) or float(np.quantile(amounts, 0.95)) > 100 or float(np.quantile(amounts, 0.05)) < 0:
        return None
    return 1.0 if float(np.quantile(amounts, 0.95)) <= 10 else 0.5


def _nps(profile: Profile) -> Fit:
    if profile.numbers is None:
        return None
    amounts = profile.amounts[~np.isnan(profile.amounts)]
    inside = (amounts >= 0) & (amounts <= 10) & (amounts == np.floor(amounts))
    return 1.0 if len(amounts) and float(inside.mean()) >= 0.95 else None


def _ces(profile: Profile) -> Fit:
    if profile.numbers is None:
        return None
    amounts = profile.amounts[~np.isnan(profile.amounts)]
    return 1.0 if len(amounts) and float(np.mean((amounts >= 0) & (amounts <= 10))) >= 0.95 else None


def _comment(profile: Profile) -> Fit:
    if profile.dates is not None or profile.numbers is not None:
        return None
    return 1.0


STARS = re.compile(r"[*★☆⭐\-–\s]{2,12}|\d+([.,]\d+)?\s*(/|of|von|stars?|sterne).*")

PERCENT = re.compile(r"%|percent|\bpct\b|\brate\b|\bshare\b|quote|anteil|taux|tasa", re.I)

BY_KIND: dict[str, Callable[[Profile], Fit]] = {
    "key": _key,
    "text": _text,
    "name": _name,
    "email": _email,
    "time": _time,
    "duration": _duration,
    "count": _count,
    "number": _number,
    "flag": _flag,
    "list": _list,
    "status": _status,
    "priority": _vocabulary("priority"),
    "channel": _vocabulary("channel"),
    "direction": lambda profile: 1.0 if profile.coverage("direction") >= 0.8 else None,
    "sentiment": lambda profile: 1.0 if profile.coverage("sentiment") >= 0.8 else None,
    "survey_type": lambda profile: 1.0 if profile.distinct <= 5 and profile.numbers is None else None,
    "outcome": _outcome,
    "csat": _csat,
    "nps": _nps,
    "ces": _ces,
}
SPECIAL: dict[str, Callable[[Profile], Fit]] = {
    "category": _topic,
    "group": _topic,
    "queue": _topic,
    "reason": _topic,
    "product": _topic,
    "csat_pct": _percentage,
    "abandon_pct": _percentage,
    "service_level_pct": _percentage,
    "requester_id": _customer_key,
    "requester_name": _person_name,
    "sla_first_response_met": _sla_flag,
    "sla_resolution_met": _sla_flag,
}
