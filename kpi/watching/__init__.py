"""A folder that a help desk writes its exports into: what lies in it, what is whole, what cannot be used."""

from kpi.watching.folder import (
    SETTLE_S,
    VARIABLE,
    Entry,
    Look,
    Moved,
    NotAFolder,
    Watch,
    chunks,
    watched_folder,
)
from kpi.watching.whole import PATIENCE_S, cut_short, may_grow, why_broken

__all__ = [
    "PATIENCE_S",
    "SETTLE_S",
    "VARIABLE",
    "Entry",
    "Look",
    "Moved",
    "NotAFolder",
    "Watch",
    "chunks",
    "cut_short",
    "may_grow",
    "watched_folder",
    "why_broken",
]
