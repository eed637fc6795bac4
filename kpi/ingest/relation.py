"""Relations between columns: which date comes first, which key is unique."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi.ingest.fields import KEYS
from kpi.ingest.profile import Profile

ALWAYS, MOSTLY = 0.95, 0.9
FIRST = frozenset({"created_at", "started_at", "sent_at", "joined_at"})
LATER = frozenset(
    {"first_response_at", "solved_at", "closed_at", "updated_at", "due_at", "answered_at", "ended_at"}
)


def relation(profiles: Mapping[str, Profile], header: str, table: str, field: str) -> float:
    """How well a column stands to the other columns for a role, 0-1."""
    if field == KEYS.get(table):
        return 1.0 if profiles[header].unique >= 0.99 else 0.0
    if field in FIRST or field == "responded_at":
        return _is_first(profiles, header)
    if field in LATER:
        return _is_later(profiles, header)
    return 0.0


def _is_first(profiles: Mapping[str, Profile], header: str) -> float:
    """1 when never after any other date of its row; a lonely date is first."""
    if profiles[header].dates is None:
        return 0.0
    others = [name for name, profile in profiles.items() if name != header and profile.dates is not None]
    return 1.0 if all(_before(profiles[header], profiles[name]) >= ALWAYS for name in others) else 0.0


def _is_later(profiles: Mapping[str, Profile], header: str) -> float:
    if profiles[header].dates is None:
        return 0.0
    others = [name for name, profile in profiles.items() if name != header and profile.dates is not None]
    return 1.0 if any(_before(profiles[name], profiles[header]) >= MOSTLY for name in others) else 0.0


def _before(one: Profile, other: Profile) -> float:
    """Share of rows in which one date is not after another; day-only dates are compared by day."""
    left, right = one.moments, other.moments
    both = ~np.isnat(left) & ~np.isnat(right)
    if not both.any():
        return 1.0
    left, right = left[both], right[both]
    if "day" in (_precision(one), _precision(other)):
        left, right = left.astype("datetime64[D]"), right.astype("datetime64[D]")
    return float((left <= right).mean())


def _precision(profile: Profile) -> str:
    return profile.dates.precision if profile.dates is not None else "day"
