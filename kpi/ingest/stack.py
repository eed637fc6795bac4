"""Several files: months of one source stacked, newer versions over older ones, surveys joined by ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kpi.ingest.fields import KEYS, STARTS
from kpi.ingest.reading import Finding, Reject
from kpi.ingest.sources import GENERIC

JOIN, WARN = 0.5, 0.95
FEWEST_SHARED = 5


@dataclass
class Part:
    """The tables of one file, and what stacking does to its account."""

    file: str
    source: str
    table: str
    events: bool
    tables: dict[str, pd.DataFrame]
    nameless: bool = False
    superseded: list[Reject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def supersede(parts: Sequence[Part], table: str) -> None:
    """Drop rows whose key comes again in a newer or later file of one source (newest ``updated_at`` wins)."""
    key, start = KEYS[table], STARTS.get(table, "joined_at")
    having = [
        part
        for part in parts
        if part.table == table and key in part.tables[table] and not part.events and not part.nameless
    ]
    for source in dict.fromkeys(part.source for part in having):
        group = [part for part in having if part.source == source]
        if len(group) < 2:
            continue
        columns = []
        for number, part in enumerate(group):
            rows = part.tables[table].reset_index(drop=True)
            chosen = {"key": key, "start": start, "updated": "updated_at"}
            found = {name: rows.get(column, pd.NaT) for name, column in chosen.items()}
            columns.append(pd.DataFrame(found, index=rows.index).assign(part=number, row=rows.index))
        everything = pd.concat(columns, ignore_index=True)
        for name in ("start", "updated"):
            everything[name] = pd.to_datetime(everything[name], utc=True)
        known = everything.dropna(subset=["key"])
        if source == GENERIC and _strangers(known):
            detail = "the same ids have other dates in another file: taken as different rows, all kept"
            group[-1].findings.append(
                Finding("J_SAME_IDS", None, int(known["key"].duplicated().sum()), (), detail)
            )
            continue
        ordered = known.sort_values(["updated", "part"], kind="stable", na_position="first")
        lost = ordered[ordered.duplicated("key", keep="last")]
        for number, rows_lost in lost.groupby("part"):
            _drop(group[int(number)], table, rows_lost["row"].to_numpy(), group)


def _strangers(rows: pd.DataFrame) -> bool:
    """Whether shared ids mean different things: most begin more than a day apart in the other file."""
    shared = rows[rows["key"].duplicated(keep=False)].dropna(subset=["start"])
    if not len(shared):
        return False
    starts = shared.groupby("key")["start"]
    apart = (starts.max() - starts.min()) > pd.Timedelta(days=1)
    return len(apart) >= FEWEST_SHARED and float(apart.mean()) > 0.5


def _drop(part: Part, table: str, rows: np.ndarray, group: Sequence[Part]) -> None:
    whole = part.tables[table]
    gone = whole.iloc[rows]
    others = ", ".join(f"'{other.file}'" for other in group if other is not part)
    part.superseded += [
        Reject("R_SUPERSEDED", int(record), None, str(key), f"a newer version stands in {others}")
        for record, key in zip(gone["source_record"], gone[KEYS[table]], strict=True)
    ]
    kept = np.ones(len(whole), dtype=bool)
    kept[rows] = False
    part.tables[table] = whole[kept]
    answers = part.tables.get("surveys")
    if answers is not None and table != "surveys" and KEYS[table] in answers:
        records = set(gone["source_record"])
        part.tables["surveys"] = answers[~answers["source_record"].isin(records)]


def name_apart(parts: Sequence[Part]) -> None:
    """Rows named by record get the number of their file too, when several files have such rows."""
    nameless = [part for part in parts if part.nameless]
    for number, part in enumerate(nameless[1:], start=2):
        key = KEYS[part.table]
        for table, rows in part.tables.items():
            if key in rows:
                part.tables[table] = rows.assign(**{key: rows[key] + f"-file-{number}"})


def drop_repeated_answers(parts: Sequence[Part]) -> None:
    """Satisfaction in ticket rows that a list of answers holds too counts once: the list has its own date."""
    for key in ("ticket_id", "call_id"):
        lists = [
            part.tables["surveys"] for part in parts if part.table == "surveys" and "surveys" in part.tables
        ]
        known = [rows for rows in lists if key in rows and "csat_norm" in rows]
        if not known:
            continue
        told = pd.concat([rows.loc[rows["csat_norm"].notna(), key] for rows in known]).dropna()
        for part in parts:
            inside = part.tables.get("surveys")
            if part.table == "surveys" or inside is None or key not in inside or "csat_norm" not in inside:
                continue
            again = np.asarray(inside[key].isin(told) & inside["csat_norm"].notna())
            if not again.any():
                continue
            detail = "answers inside the rows that a list of answers holds too; those of the list are counted"
            part.findings.append(Finding("J_SAME_ANSWER", None, int(again.sum()), (), detail))
            part.tables["surveys"] = _without_satisfaction(inside, again)


def _without_satisfaction(surveys: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Rows of a mask dropped, or, where they hold another answer too, without their satisfaction score."""
    others = [name for name in ("nps_raw", "ces_raw") if name in surveys]
    more = np.asarray(surveys[others].notna().any(axis=1)) if others else np.zeros(len(surveys), dtype=bool)
    scales = ("score_raw", "scale_min", "scale_max")
    blank = [name for name in surveys if name.startswith("csat_") or name in scales]
    kept = surveys.assign(**{name: surveys[name].mask(rows & more) for name in blank})
    return kept[~(rows & ~more)]


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Rows of several files under one header; a column that a file lacks is missing there."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return None
    if len(filled) == 1:
        return filled[0].reset_index(drop=True)
    return pd.concat(filled, ignore_index=True)


@dataclass(frozen=True)
class Match:
    """How the keys of one table meet those of another: by which cleaning, and how many."""

    way: str
    keys: pd.Series
    matched: int
    rows: int

    @property
    def share(self) -> float:
        """Matched rows as a share of rows with a key."""
        return self.matched / self.rows if self.rows else 0.0


def match_keys(keys: pd.Series, targets: pd.Series) -> Match:
    """The cleaning of ``keys`` that meets most ``targets``: as written, number in a URL, digits only.

    Keys that (nearly) all meet as they are written are left as they are.
    """
    rows = int(keys.notna().sum())
    written = keys.where(keys.isin(targets.dropna()))
    matched = int(written.notna().sum())
    if matched >= WARN * rows:
        return Match("as written", written, matched, rows)
    known = pd.Series(targets.dropna().unique(), dtype="str")
    digits = known.str.replace(r"\D", "", regex=True).str.lstrip("0")
    clear = digits.ne("") & ~digits.duplicated(keep=False)
    bare = dict(zip(digits[clear], known[clear], strict=True))
    ways = {
        "number in a URL": keys.str.extract(r"(\d+)/?(?:\?.*)?$")[0].where(keys.str.contains("/", na=False)),
        "prefix and zeros removed": keys.str.replace(r"\D", "", regex=True).str.lstrip("0"),
    }
    best = Match("as written", written, matched, rows)
    for way in ("number in a URL", "prefix and zeros removed"):
        found = ways[way].str.lstrip("0").map(bare).replace("", None)
        count = int(found.notna().sum())
        if count > best.matched:
            best = Match(way, found.astype("str"), count, rows)
    return best


def join_report(match: Match, left: str, right: str, right_rows: int) -> tuple[Finding, bool]:
    """(finding, join?). Below half matched: not joined; below 95 %: joined with a warning."""
    unmatched = match.rows - match.matched
    detail = (
        f"{match.matched} of {match.rows} {left} rows matched {right} ({right_rows} rows) by key, "
        f"{match.way}; "
        f"{unmatched} unmatched"
    )
    if match.share < JOIN:
        return Finding("J_NOT_JOINED", None, unmatched, (), detail + ": too few, not joined"), False
    code = "J_JOINED" if match.share >= WARN else "J_PARTLY_JOINED"
    return Finding(code, None, match.matched, (), detail), True
