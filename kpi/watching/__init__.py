"""A folder of exports or a database: what is in it, what is whole and new, what cannot be used."""

from kpi.watching.address import TABLES, Address, NotADatabase, is_database, named, watched_database
from kpi.watching.database import WHOLE_S, Glance, Reading, WatchedDatabase
from kpi.watching.drawing import Drawn
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
    "TABLES",
    "VARIABLE",
    "WHOLE_S",
    "Address",
    "Drawn",
    "Entry",
    "Glance",
    "Look",
    "Moved",
    "NotADatabase",
    "NotAFolder",
    "Reading",
    "Watch",
    "WatchedDatabase",
    "chunks",
    "cut_short",
    "is_database",
    "may_grow",
    "named",
    "watched_database",
    "watched_folder",
    "why_broken",
]
