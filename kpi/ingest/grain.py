"""What one row is: composite cells, events, fan-out, aggregates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi.ingest.headers import bare, plain, tokens
from kpi.ingest.profile import Profile
from kpi.ingest.reading import RawTable

SEPARATORS = (" / ", " | ", " :: ", " > ")
IDLIKE = re.compile(r"#?[A-Za-z]{0,6}[-_ ]?\d{2,}[\w-]*")
MEASURE_WORDS = frozenset(
    [
        "count",
        "counts",
        "number",
        "total",
        "totals",
        "sum",
        "avg",
        "average",
        "mean",
        "median",
        "rate",
        "share",
        "percent",
        "percentage",
        "%",
        "pct",
        "p90",
        "p95",
        "min",
        "max",
        "anzahl",
        "summe",
        "durchschnitt",
        "anteil",
        "nombre",
        "moyenne",
        "taux",
        "promedio",
        "tasa",
        "media",
    ]
)
COUNTED_WORDS = frozenset(
    [
        "tickets",
        "calls",
        "cases",
        "contacts",
        "chats",
        "conversations",
        "emails",
        "surveys",
        "volume",
        "handled",
        "solved",
        "resolved",
        "opened",
        "closed",
        "answered",
        "abandoned",
        "offered",
        "missed",
        "received",
        "created",
        "new",
        "incoming",
        "outgoing",
        "reopened",
        "replies",
    ]
)
"""Numbers under headers made of these words only are counts ("Tickets", "Calls answered")."""
PERIOD_WORDS = frozenset(
    [
        "date",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "period",
        "monat",
        "woche",
        "tag",
        "jahr",
        "mois",
        "semaine",
        "mes",
        "semana",
    ]
)
ROWS_PER_KEY = 1.25
"""From this many rows per key on, rows are events or fanned-out lists, not duplicates."""
MOVING = 0.9


def split_composites(raw: RawTable) -> RawTable:
    """Columns such as "C004734 / Sales / Ann Lee" become an id column and its parts.

    The id keeps the header; the parts are called "<header> (part 2)", "<header> (part 3)" …
    """
    cells = raw.cells
    added: dict[str, pd.Series] = {}
    for header in raw.headers:
        sample = cells[header][cells[header] != ""].iloc[:500]
        separator = _composite_separator(sample)
        if not separator:
            continue
        parts = cells[header].str.split(separator, regex=False, expand=True)
        added[header] = parts[0].fillna("").str.strip().astype("str")
        for number in range(1, parts.shape[1]):
            added[f"{header} (part {number + 1})"] = parts[number].fillna("").str.strip().astype("str")
    if not added:
        return raw
    wider = cells.assign(**added)
    return replace(raw, headers=tuple(wider.columns), cells=wider)


def _composite_separator(sample: pd.Series) -> str:
    for separator in SEPARATORS:
        if not len(sample):
            return ""
        counts = sample.str.count(re.escape(separator))
        most = int(counts.mode().iloc[0])
        if most < 1 or float((counts == most).mean()) < 0.95:
            continue
        firsts = sample.str.split(separator, regex=False).str[0].str.strip()
        if float(firsts.str.fullmatch(IDLIKE.pattern).mean()) >= 0.9:
            return separator
    return ""


def pair_times(profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Date header → header of its time of day ("Date", "Call_Time"). Names decide between several."""
    days = [h for h, p in profiles.items() if p.dates is not None and p.dates.precision == "day"]
    clocks = [h for h, p in profiles.items() if p.times_of_day >= 0.9 and _names_a_clock(h)]
    pairs: dict[str, str] = {}
    for clock in clocks:
        stem = tokens(clock) - {"time", "uhrzeit", "heure", "hora", "ora", "tijd"}
        free = [day for day in days if day not in pairs]
        named = [day for day in free if tokens(day) - {"date", "datum", "fecha", "data"} == stem]
        loose = [day for day in free if not (tokens(day) - {"date", "datum", "fecha", "data", "day", "tag"})]
        chosen = named or loose or (free if len(free) == 1 else [])
        if chosen:
            pairs[chosen[0]] = clock
    return pairs


CLOCKS = frozenset({"time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "clock"})
LENGTHS = frozenset(
    [
        "talk",
        "wait",
        "handle",
        "hold",
        "response",
        "resolution",
        "reply",
        "average",
        "avg",
        "queue",
        "work",
        "spent",
        "handling",
        "first",
    ]
)


def _names_a_clock(header: str) -> bool:
    words = tokens(header)
    return bool(words & CLOCKS) and not words & LENGTHS


@dataclass(frozen=True)
class Aggregate:
    """Why a file holds no rows of contacts; ``periods`` says whether it can become ``agent_periods``."""

    reason: str
    periods: bool


def find_aggregate(profiles: Mapping[str, Profile], rows: int) -> Aggregate | None:
    """Whether only counts, means and percentages are there, or only a look-up list."""
    filled = {header: profile for header, profile in profiles.items() if len(profile.sample)}
    if not filled or has_key(filled):
        return None
    numeric = [
        header for header, profile in filled.items() if profile.numbers is not None and profile.dates is None
    ]
    spans = [
        h for h, p in filled.items() if p.numbers is None and p.durations is not None and p.dates is None
    ]
    measures = [header for header in (*numeric, *spans) if _measures(header)]
    others = [header for header in filled if header not in numeric and header not in spans]
    stamped = any(p.dates is not None and p.dates.precision != "day" for p in filled.values())
    if stamped or not others:
        return None
    dimensions = [header for header in others if filled[header].dates is None]
    groups = pd.concat({h: filled[h].text for h in others}, axis=1)
    distinct = not bool(groups.duplicated().any())
    counted = bool(measures) and len(measures) * 2 >= len(numeric) + len(spans)
    if distinct and counted:
        shown = ", ".join(f"'{header}'" for header in measures[:4])
        return Aggregate(
            f"every row is one {_dimension(dimensions, others)}; {shown} are counts, means or shares", True
        )
    dated = [header for header in others if filled[header].dates is not None]
    if (
        distinct
        and dated
        and len(dimensions) == 0
        and numeric
        and all(filled[h].unique >= 0.99 for h in dated)
    ):
        return Aggregate(f"one row per '{dated[0]}' with numbers only", False)
    if distinct and len(filled) <= 3 and len(others) == 1 and not dated and rows <= 1000:
        return Aggregate(
            f"a list of '{others[0]}' with {', '.join(numeric + spans) or 'nothing beside it'}", False
        )
    return None


def has_key(filled: Mapping[str, Profile]) -> bool:
    """Whether a column holds ids of single rows."""
    return any(
        profile.ids >= 0.8
        and profile.unique >= 0.9
        and profile.dates is None
        and not _measures(header)
        and (not names_a_period(header) or _names_an_id(header))
        and (profile.numbers is None or _names_an_id(header) or _counts_up(profile))
        for header, profile in filled.items()
    )


def _names_an_id(header: str) -> bool:
    return bool(
        set(plain(header).split())
        & {"id", "no", "nr", "number", "key", "ref", "reference", "nummer", "ticket", "#"}
    )


def _counts_up(profile: Profile) -> bool:
    amounts = profile.amounts
    return len(amounts) > 50 and profile.unique == 1.0 and bool(np.all(amounts == np.floor(amounts)))


def _measures(header: str) -> bool:
    words = set(plain(header).split())
    return bool(words & MEASURE_WORDS) or "%" in header or words <= COUNTED_WORDS


def _dimension(dimensions: list[str], others: list[str]) -> str:
    return " × ".join(f"'{header}'" for header in (dimensions or others)[:3])


def repeats(keys: pd.Series) -> float:
    """Rows per key."""
    known = keys.dropna()
    return float(len(known) / max(int(known.nunique()), 1))


def is_event_grain(keys: pd.Series, at: pd.Series) -> bool:
    """Several rows per key, and the time moves within almost every repeated key."""
    if repeats(keys) < ROWS_PER_KEY:
        return False
    together = pd.DataFrame({"key": keys, "at": at}).dropna()
    spread = together.groupby("key")["at"].agg(["size", "nunique"])
    repeated = spread[spread["size"] > 1]
    return len(repeated) > 0 and float((repeated["nunique"] > 1).mean()) >= MOVING


def names_a_period(header: str) -> bool:
    """Whether a header names a day, week, month …"""
    return bool(set(bare(header).split()) & PERIOD_WORDS | set(plain(header).split()) & PERIOD_WORDS)
