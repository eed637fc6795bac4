"""One wide row → tickets, calls, surveys; agents and customers are gathered at the end from all of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpi.ingest.fields import TABLES
from kpi.ingest.words import BOTS

ANSWER_COLUMNS = [
    "csat_raw",
    "csat_score",
    "csat_norm",
    "csat_label",
    "scale_min",
    "scale_max",
    "higher_is_better",
    "nps_raw",
    "nps_bucket",
    "ces_raw",
    "ces_norm",
    "ces_scale_min",
    "ces_scale_max",
    "ces_higher_is_better",
    "comment",
]
SURVEY_ONLY = (
    "nps_raw",
    "nps_bucket",
    "ces_raw",
    "ces_norm",
    "ces_scale_min",
    "ces_scale_max",
    "ces_higher_is_better",
    "comment",
    "scale_min",
    "scale_max",
    "higher_is_better",
    "csat_score",
)
PROVENANCE = ("source", "source_file", "source_record")
CARRIED = (
    "ticket_id",
    "call_id",
    "requester_id",
    "requester_email",
    "requester_name",
    "organization",
    "agent_name",
    "agent_email",
)
MOMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tickets": (
        ("csat_at", "stated"),
        ("solved_at", "solved"),
        ("closed_at", "closed"),
        ("updated_at", "updated"),
        ("created_at", "created"),
    ),
    "calls": (("ended_at", "ended"), ("started_at", "started")),
}
"""Where the moment of an answer inside a row comes from, best first."""


def split_rows(table: str, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The canonical tables of one file's kept rows (agents and customers excepted)."""
    if table == "surveys":
        return {"surveys": complete_surveys(rows)}
    if table not in ("tickets", "calls"):
        return {table: rows}
    tables = {table: rows.drop(columns=[name for name in SURVEY_ONLY if name in rows])}
    answers = answers_in(table, rows)
    if len(answers):
        tables["surveys"] = answers
    return tables


def answers_in(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """One survey row per ticket or call that was answered, or to which a survey was offered."""
    answered = _answered(rows)
    offered = rows["csat_offered"].fillna(False).astype(bool) if "csat_offered" in rows else answered
    chosen = rows[np.asarray(answered | offered)]
    if not len(chosen):
        return pd.DataFrame()
    key = "ticket_id" if table == "tickets" else "call_id"
    fields = [name for name in (*CARRIED, *ANSWER_COLUMNS, *PROVENANCE) if name in chosen]
    surveys = chosen[fields].copy()
    if "csat_comment" in chosen and "comment" not in chosen:
        surveys["comment"] = chosen["csat_comment"]
    surveys.insert(0, "survey_id", chosen[key].astype("str") + "/1")
    moment, origin = _moment(chosen, MOMENTS[table])
    done = _answered(chosen)
    surveys["sent_at"] = moment
    surveys["responded_at"] = moment.where(done)
    surveys["responded_at_origin"] = origin.where(moment.notna()).astype("str")
    precision = chosen.get("created_at_precision", chosen.get("started_at_precision"))
    if precision is not None:
        surveys["responded_at_precision"] = precision
    surveys["status"] = pd.Series(np.where(done, "answered", "offered"), index=chosen.index).astype("str")
    if "score_raw" not in surveys and "csat_raw" in surveys:
        surveys["score_raw"] = surveys["csat_raw"]
    surveys["survey_type"] = _types(surveys)
    return _with_direction(surveys)


def _answered(rows: pd.DataFrame) -> pd.Series:
    """Rows with a score or a comment."""
    answered = pd.Series(False, index=rows.index)
    for name in ("csat_norm", "csat_label", "nps_raw", "ces_raw", "comment", "csat_comment"):
        if name in rows:
            answered = answered | rows[name].notna()
    return answered


def _moment(rows: pd.DataFrame, sources: tuple[tuple[str, str], ...]) -> tuple[pd.Series, pd.Series]:
    moment = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns, UTC]")
    origin = pd.Series(pd.NA, index=rows.index, dtype="str")
    for name, word in sources:
        if name in rows:
            origin = origin.mask(moment.isna() & rows[name].notna(), word)
            moment = moment.fillna(rows[name])
    return moment, origin


def _with_direction(surveys: pd.DataFrame) -> pd.DataFrame:
    """``higher_is_better`` of a row: of its effort score where it has one, else of its satisfaction score.

    Satisfaction is stored with its direction corrected; effort keeps the scale it was asked on.
    """
    effort = surveys.get("ces_higher_is_better")
    if effort is None:
        return surveys
    other = surveys.get("higher_is_better")
    return surveys.assign(higher_is_better=effort if other is None else effort.fillna(other))


def _types(surveys: pd.DataFrame) -> pd.Series:
    """What was asked: the score of the row, "csat" first where there are several, "other" without one."""
    kinds = pd.Series("other", index=surveys.index, dtype="str")
    for name, word in (("ces_raw", "ces"), ("nps_raw", "nps"), ("csat_norm", "csat")):
        if name in surveys:
            kinds = kinds.mask(surveys[name].notna(), word)
    return kinds


def complete_surveys(surveys: pd.DataFrame) -> pd.DataFrame:
    """A survey list with status, type and key filled in."""
    answered = _answered(surveys)
    added: dict[str, pd.Series] = {}
    if "status" not in surveys:
        added["status"] = pd.Series(np.where(answered, "answered", "offered"), index=surveys.index).astype(
            "str"
        )
    if "survey_type" not in surveys:
        added["survey_type"] = _types(surveys)
    if "responded_at" in surveys:
        added["responded_at_origin"] = pd.Series("stated", index=surveys.index, dtype="str").where(
            surveys["responded_at"].notna()
        )
    if "score_raw" not in surveys and "csat_raw" in surveys:
        added["score_raw"] = surveys["csat_raw"]
    return _with_direction(surveys.assign(**added))


def gather_agents(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Every agent seen, merged by e-mail, then by name (case and blanks ignored), with the usual group."""
    parts = []
    for name in ("tickets", "calls", "surveys"):
        rows = tables.get(name)
        if rows is None or ("agent_name" not in rows and "agent_email" not in rows):
            continue
        seen = pd.DataFrame(
            {column: rows.get(column, pd.NA) for column in ("agent_name", "agent_email", "group")},
            index=rows.index,
        ).astype("str")
        parts.append(
            seen.groupby(list(seen.columns), dropna=False, sort=False).size().reset_index(name="rows")
        )
    if not parts:
        return None
    seen = pd.concat(parts, ignore_index=True)
    seen = seen[seen["agent_name"].notna() | seen["agent_email"].notna()]
    if not len(seen):
        return None
    folded_name = (
        seen["agent_name"].astype("str").str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()
    )
    emails = seen.assign(fold=folded_name).dropna(subset=["agent_email", "fold"]).drop_duplicates("fold")
    by_name = dict(zip(emails["fold"], emails["agent_email"].str.lower(), strict=True))
    key = seen["agent_email"].str.lower().fillna(folded_name.map(by_name).astype("str")).fillna(folded_name)
    seen = seen.assign(agent_id=key.astype("str")).sort_values("rows", ascending=False, kind="stable")
    grouped = seen.groupby("agent_id", sort=True)
    agents = grouped.agg(
        name=("agent_name", "first"), email=("agent_email", "first"), group=("group", "first")
    ).reset_index()
    aliases = grouped["agent_name"].agg(lambda names: sorted({str(name) for name in names.dropna()}))
    agents["aliases"] = aliases.to_numpy()
    agents["is_bot"] = agents["name"].fillna("").str.contains(BOTS).astype("boolean")
    return agents.astype({"agent_id": "str", "name": "str", "email": "str", "group": "str"})


ATTRIBUTES: Mapping[str, str] = {
    "requester_name": "name",
    "requester_email": "email",
    "organization": "organization",
    "language": "language",
}


def gather_customers(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Customers seen in tickets (by id, else by e-mail) with their usual attributes; ``listed`` is False.

    None where a customer list was given: its rows say who is a customer, and nobody is added to them.
    """
    tickets = tables.get("tickets")
    if "customers" in tables or tickets is None:
        return None
    keys = [tickets[name] for name in ("requester_id", "requester_email") if name in tickets]
    if not keys:
        return None
    key = keys[0] if len(keys) == 1 else keys[0].fillna(keys[1])
    codes, ids = pd.factorize(key)
    if not len(ids):
        return None
    found = pd.DataFrame({"requester_id": pd.Series(ids, dtype="str")})
    for name in ATTRIBUTES:
        if name in tickets:
            found[ATTRIBUTES[name]] = _usual(codes, len(ids), tickets[name])
    return found.assign(listed=pd.Series(False, index=found.index, dtype="boolean"))


def _usual(codes: np.ndarray, customers: int, values: pd.Series) -> pd.Series:
    """The commonest value of each customer, the earliest of equals; missing where none is known."""
    places, texts = pd.factorize(values)
    rows = np.flatnonzero((codes >= 0) & (places >= 0))
    chosen = np.full(customers, -1, dtype=np.int64)
    pairs = codes[rows].astype(np.int64) * max(len(texts), 1) + places[rows]
    pair, first, count = np.unique(pairs, return_index=True, return_counts=True)
    owner = pair // max(len(texts), 1)
    order = np.lexsort((first, -count, owner))
    leads = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
    chosen[owner[leads]] = pair[leads] % max(len(texts), 1)
    return pd.Series(texts, dtype="str").reindex(chosen).reset_index(drop=True)


def canonical_order(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Columns in the order of the schema, derived ones after them, custom ones and provenance last."""
    known = [name for name in TABLES.get(table, {}) if name in rows]
    custom = [name for name in rows if str(name).startswith("custom:")]
    last = [name for name in PROVENANCE if name in rows]
    between = [name for name in rows if name not in known and name not in custom and name not in last]
    return rows[[*known, *between, *custom, *last]]
