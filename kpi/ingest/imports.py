"""The import: files in, canonical tables and one exact account per file out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger, close, refused_account
from kpi.ingest.checks import (
    check_coverage,
    check_durations,
    check_helpers,
    check_order,
    check_parts,
    check_policy,
    ends_apart,
)
from kpi.ingest.convert import Conversion, convert
from kpi.ingest.derive import derive
from kpi.ingest.fan_out import fold_lists
from kpi.ingest.fields import CALENDAR_DAYS, KEYS, STARTS
from kpi.ingest.fold import fold_events
from kpi.ingest.generic import plan_generic, scope_of
from kpi.ingest.grain import is_event_grain
from kpi.ingest.headers import fingerprint
from kpi.ingest.leftovers import place_leftovers
from kpi.ingest.mapping import IGNORED, Plan, plan_source
from kpi.ingest.nouns import Account, Import, Question, Tables
from kpi.ingest.questions import Answers, Asking, shortened, unknown_answers
from kpi.ingest.reading import (
    Finding,
    Limits,
    Problem,
    RawTable,
    Refused,
    Reject,
    read_tables,
    rejected_records,
)
from kpi.ingest.recognise import Recognition, named, recognise
from kpi.ingest.rows import reject_duplicates, reject_rows, without_header_rows
from kpi.ingest.sources import GENERIC, load_sources
from kpi.ingest.split import canonical_order, gather_agents, gather_customers, split_rows
from kpi.ingest.stack import (
    Part,
    drop_repeated_answers,
    join_report,
    match_keys,
    name_apart,
    stack,
    supersede,
)
from kpi.ingest.twins import digest

Progress = Callable[[float, str], None]
NO_ANSWERS: Answers = MappingProxyType({})


@dataclass
class _File:
    """One table of one file, converted."""

    source: RawTable
    raw: RawTable
    plan: Plan
    ledger: Ledger
    asking: Asking
    part: Part
    rows_kept: int

    @property
    def may_be_events(self) -> bool:
        """Whether another file of its layout may show that its rows are events."""
        return self.part.table == "tickets" and self.plan.source == GENERIC

    def let_cells_go(self) -> None:
        """Forget the cells of the file; its account does not need them."""
        self.source, self.raw = _without_cells(self.source), _without_cells(self.raw)


def import_files(
    files: Sequence[tuple[str, bytes | Path]],
    answers: Answers = NO_ANSWERS,
    *,
    team_zone: str = "UTC",
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Import:
    """Canonical tables from exports, and the exact account of each file.

    Parameters
        files: (display name, bytes or path). Names are shown, never used as paths.
        answers: question id → answer for all files, or file name (or header fingerprint) → {id: answer}.
        team_zone: IANA zone of times that declare none, and of days.
        progress: called with (share done, what is being done).

    Raises:
        Refused: when no file gives a table, with the problems of all of them.
    """
    tell = progress or (lambda share, words: None)
    now = pd.Timestamp.now(tz="UTC")
    problems: list[Problem] = []
    accounts: list[Account | _File] = []
    seen: dict[str, str] = {}
    for number, (name, data) in enumerate(files):
        tell(number / max(len(files), 1), f"Reading {name}")
        try:
            tables = list(read_tables(name, data, limits or Limits()))
        except Refused as refusal:
            problems += refusal.problems
            accounts.append(refused_account(name, refusal.problems))
            continue
        count = len(tables)
        for position in range(count):
            # Taken off the list: cells are let go as soon as the table is converted.
            raw = tables.pop(0)
            if position:
                raw = replace(raw, name=f"{raw.name} [{raw.facts.sheet}]")
            tell((number + 0.5 + 0.4 * position / count) / len(files), f"Understanding {raw.name}")
            alone = len(files) == 1 and count == 1
            twin = raw.name if alone else seen.setdefault(digest(raw), raw.name)
            if twin != raw.name:
                accounts.append(_repeated(raw, twin))
                continue
            try:
                entry = _convert(raw, answers, team_zone, now)
                if alone or not entry.may_be_events:
                    entry.let_cells_go()
                accounts.append(entry)
            except Refused as refusal:
                problems += refusal.problems
                accounts.append(_refused(raw, refusal))
            del raw
    converted = [entry for entry in accounts if isinstance(entry, _File)]
    if not converted:
        raise Refused(tuple(problems) or (Problem("F_EMPTY", "No file was given.", ""),))
    tell(0.95, "Putting the tables together")
    _agree_on_events(converted, answers, team_zone, now)
    tables_found = _stack(converted)
    if all(table is None for table in vars(tables_found).values()):
        raise Refused((*problems, *(_nothing_kept(entry) for entry in converted)))
    closed = tuple(_close(entry) if isinstance(entry, _File) else entry for entry in accounts)
    used = {key: answer for entry in converted for key, answer in entry.asking.used.items()}
    known = frozenset(used) | frozenset(q.id for entry in converted for q in entry.asking.asked)
    known |= frozenset(key for entry in converted for key in _reported(entry))
    lost = unknown_answers(answers, {entry.raw.name: entry.asking.fingerprint for entry in converted}, known)
    if lost:
        extra = tuple(Finding("A_UNKNOWN", None, 1, detail=sentence) for sentence in lost)
        closed = (replace(closed[0], findings=(*closed[0].findings, *extra)), *closed[1:])
    tell(1.0, "Done")
    return Import(tables_found, closed, MappingProxyType(used))


def _without_cells(raw: RawTable) -> RawTable:
    return replace(raw, cells=raw.cells.iloc[:0].copy(), typed={})


def _repeated(raw: RawTable, twin: str) -> Account:
    """The account of a file that was given twice."""
    words = f"the same table as '{twin}'"
    rejects = tuple(Reject("R_DUP_EXACT", int(record), None, "", words) for record in raw.records)
    every = tuple(sorted((*rejected_records(raw), *rejects), key=lambda reject: reject.record))
    account = Account(raw.name, "none", 0.0, raw.rows_read, 0, every, fingerprint=fingerprint(raw.headers))
    return replace(account, findings=(Finding("R_DUP_EXACT", None, len(rejects), (), words),))


def _agree_on_events(files: Sequence[_File], answers: Answers, team_zone: str, now: pd.Timestamp) -> None:
    """A file with one row per ticket beside event files of the same layout is a file of events too."""
    layouts = {entry.asking.fingerprint for entry in files if entry.part.events}
    for entry in files:
        if entry.asking.fingerprint in layouts and not entry.part.events and entry.may_be_events:
            again = _convert(entry.source, answers, team_zone, now, events=True)
            entry.__dict__.update(again.__dict__)


def _reported(entry: _File) -> list[str]:
    return [
        finding.detail.split("'")[3] for finding in entry.asking.problems if finding.detail.count("'") >= 4
    ]


def _refused(raw: RawTable, refusal: Refused) -> Account:
    """A table that was read but holds no rows of contacts: every record is rejected with the reason."""
    code = refusal.problems[0].code
    first = raw.cells[raw.headers[0]].tolist() if raw.headers else [""] * len(raw.records)
    rejects = tuple(
        Reject(
            code, int(record), None, text, "the table holds no rows of tickets, calls, answers or customers"
        )
        for record, text in zip(raw.records, first, strict=True)
    )
    every = tuple(sorted((*rejected_records(raw), *rejects), key=lambda reject: reject.record))
    account = refused_account(raw.name, refusal.problems, raw.rows_read, every)
    return replace(account, fingerprint=fingerprint(raw.headers))


def _convert(
    raw: RawTable, answers: Answers, team_zone: str, now: pd.Timestamp, *, events: bool = False
) -> _File:
    asking = Asking(raw.name, fingerprint(raw.headers), answers)
    source = raw
    recognition = _recognise(raw, asking)
    if recognition.source is not None:
        raw = without_header_rows(raw, recognition.source.header_rows)
    ledger = Ledger(raw.records)
    if recognition.source is None:
        raw, plan = plan_generic(raw, asking, ledger)
    else:
        plan = plan_source(recognition.source, raw.headers, recognition.confidence)
        plan = place_leftovers(plan, recognition.source, raw, asking)
    days_in = "UTC" if plan.table in CALENDAR_DAYS else team_zone
    work = convert(raw, plan, asking, ledger, days_in, now)
    start, key = STARTS.get(plan.table), KEYS.get(plan.table)
    events = events or _is_events(work, start, key)
    kept = reject_rows(work)
    absorbed = np.zeros(len(kept), dtype=bool)
    if not events:
        absorbed = fold_lists(work, kept)
        kept &= ~reject_duplicates(work, kept & ~absorbed)
    nameless = _is_nameless(work, key)
    rows = _kept_rows(work, kept & ~absorbed)
    work.plan = plan = _drop_helpers(work, rows, start)
    rows = rows[[name for name in rows if not _is_dropped(name, plan)]]
    if not events:
        rows = check_order(work, rows)
        rows = _choose_end(rows, plan, asking)
        rows = derive(plan.table, rows)
        check_durations(work, rows)
        rows = check_parts(work, rows)
    check_policy(ledger, rows)
    if start:
        check_coverage(ledger, rows, start, work.times.zone or team_zone)
    tables = {"tickets": rows} if events else split_rows(plan.table, rows)
    part = Part(raw.name, plan.source, plan.table, events, tables, nameless=nameless)
    return _File(source, raw, plan, ledger, asking, part, int(kept.sum()))


def _recognise(raw: RawTable, asking: Asking) -> Recognition:
    sources = load_sources()
    keys = (*(source.key for source in sources), GENERIC)
    given = asking.volunteered("source", keys.__contains__, "one of " + ", ".join(keys))
    if given:
        return named(given, sources) or Recognition(None, 1.0)
    found = recognise(raw.headers, sources)
    if found.source is None or not found.ask:
        return found
    answer, _ = asking.ask(
        Question(
            id="source",
            about=f"Is this a {found.source.name}? Its typical columns are only partly there.",
            default=found.source.key,
            choices=(found.source.key, GENERIC),
            why="Units and meanings of its columns are those of that product.",
        ),
        f"The file was read as {found.source.name}.",
    )
    return found if answer == found.source.key else Recognition(None, 0.0)


def _is_events(work: Conversion, start: str | None, key: str | None) -> bool:
    """Events are rows of one ticket at different times (generic path only; a known export says its grain)."""
    if work.plan.source != GENERIC or work.plan.table != "tickets" or not start or not key:
        return False
    if start not in work.columns or key not in work.columns:
        return False
    return is_event_grain(work.columns[key], work.columns[start])


def _is_nameless(work: Conversion, key: str | None) -> bool:
    """Whether rows have no id of their own."""
    if key is None or work.plan.table in ("customers", "agent_days"):
        return False
    return key not in work.columns or bool(work.columns[key].isna().all())


def _kept_rows(work: Conversion, kept: np.ndarray) -> pd.DataFrame:
    """The kept rows with key and provenance; without any id each row is called ``row-<record>``."""
    key = KEYS.get(work.plan.table)
    columns = dict(work.columns)
    if key and _is_nameless(work, key):
        columns[key] = pd.Series(
            [f"row-{record}" for record in work.raw.records], index=work.index, dtype="str"
        )
        if work.plan.table == "surveys" and "ticket_id" in columns:
            tickets = columns["ticket_id"]
            number = (tickets.groupby(tickets).cumcount() + 1).astype("str")
            columns[key] = (tickets + "/" + number).fillna(columns[key]).astype("str")
        else:
            work.asking.assumed.append(
                "No column holds an id: rows are named by record; joins and duplicate checks are off."
            )
    columns["source"] = pd.Series(work.plan.source, index=work.index, dtype="str")
    columns["source_file"] = pd.Series(work.raw.name, index=work.index, dtype="str")
    columns["source_record"] = pd.Series(work.raw.records, index=work.index, dtype="int64")
    if work.plan.table == "agent_periods":
        header = work.plan.header_of("agent_name") or ""
        columns["scope_kind"] = pd.Series(scope_of(header), index=work.index, dtype="str")
    return _filtered(work, columns, kept)


def _filtered(work: Conversion, columns: dict[str, pd.Series], kept: np.ndarray) -> pd.DataFrame:
    """The rows of a mask. Whole columns are let go one by one, so that few of them exist twice at a time."""
    index = work.index[kept]
    every = bool(kept.all())
    work.read = frozenset(work.columns)
    start = STARTS.get(work.plan.table)
    rows: dict[str, pd.api.extensions.ExtensionArray | np.ndarray] = {}
    for name in list(columns):
        # Bare arrays: a filtered series would carry an index of its own.
        values = columns.pop(name).array
        rows[name] = values if every else values[kept]
        if name != start:
            work.columns.pop(name, None)
        del values
    return pd.DataFrame(rows, index=index, copy=False)


def _drop_helpers(work: Conversion, rows: pd.DataFrame, start: str | None) -> Plan:
    """The plan with month, weekday … columns of the date ignored."""
    helpers = check_helpers(work, rows, start) if start else set()
    columns = tuple(
        replace(column, field=IGNORED, note="part of the date") if column.header in helpers else column
        for column in work.plan.columns
    )
    return replace(work.plan, columns=columns)


def _is_dropped(name: str, plan: Plan) -> bool:
    ignored = {f"custom:{column.header}" for column in plan.columns if column.field == IGNORED}
    return name in ignored


def _choose_end(rows: pd.DataFrame, plan: Plan, asking: Asking) -> pd.DataFrame:
    """Which stamp ends a ticket, when solve and close lie more than a day apart."""
    if plan.source != GENERIC or plan.table != "tickets":
        return rows
    gap = ends_apart(rows, plan.columns)
    if gap is None:
        return rows
    solved, closed = plan.header_of("solved_at"), plan.header_of("closed_at")
    days = gap.total_seconds() / 86_400
    answer, _ = asking.ask(
        Question(
            id="ends_at",
            about=f"Does a ticket end at '{solved}' or at '{closed}' ({days:.1f} days later)?",
            default="solved",
            choices=("solved", "closed"),
            column=solved,
            why="Time to resolution, backlog and resolution rate depend on it.",
        ),
        f"Tickets end at '{solved}'.",
    )
    return rows.assign(solved_at=rows["closed_at"]) if answer == "closed" else rows


def _stack(files: Sequence[_File]) -> Tables:
    parts = [entry.part for entry in files]
    name_apart(parts)
    for table in KEYS:
        supersede(parts, table)
    _match_surveys(parts)
    drop_repeated_answers(parts)
    stacked: dict[str, pd.DataFrame] = {}
    events = stack([part.tables["tickets"] for part in parts if part.events])
    for table in ("tickets", "surveys", "calls", "agent_days", "agent_periods", "customers"):
        frames = [part.tables[table] for part in parts if table in part.tables and not part.events]
        if table == "tickets" and events is not None:
            frames.append(derive("tickets", fold_events(events)))
        rows = stack(frames)
        if rows is not None:
            stacked[table] = canonical_order(table, rows)
    agents = gather_agents(stacked)
    if agents is not None:
        stacked["agents"] = agents
    customers = gather_customers(stacked)
    if customers is not None:
        stacked["customers"] = customers
    return Tables(**stacked)


def _match_surveys(parts: Sequence[Part]) -> None:
    """Keys of survey lists (and of calls with a ticket) against the tickets or calls of the other files."""
    for part in parts:
        for table, key, other in (
            ("surveys", "ticket_id", "tickets"),
            ("surveys", "call_id", "calls"),
            ("calls", "ticket_id", "tickets"),
        ):
            rows = part.tables.get(table)
            if rows is None or key not in rows or other in part.tables:
                continue
            targets = [p.tables[other][KEYS[other]] for p in parts if other in p.tables]
            if not targets:
                continue
            among = pd.concat(targets, ignore_index=True)
            match = match_keys(rows[key].astype("str"), among)
            finding, join = join_report(match, table, other, len(among))
            part.findings.append(finding)
            if join:
                part.tables[table] = rows.assign(**{key: match.keys.fillna(rows[key])})
            else:
                part.tables[table] = rows.assign(
                    **{f"{key}_unmatched": rows[key], key: pd.Series(pd.NA, index=rows.index, dtype="str")}
                )


def _nothing_kept(entry: _File) -> Problem:
    """Why a file with records gives none: the commonest reason with its first record and column."""
    counts = Counter((reject.reason, reject.column) for reject in entry.ledger.rejects)
    (reason, column), count = counts.most_common(1)[0] if counts else (("", None), 0)
    first = next((r for r in entry.ledger.rejects if (r.reason, r.column) == (reason, column)), None)
    where = f" in '{column}'" if column else ""
    found = f" (record {first.record}: '{shortened(first.raw)}')" if first else ""
    detail = first.detail if first else "no record is data"
    message = (
        f"'{entry.raw.name}': none of the {entry.raw.rows_read} records can be used; "
        f"{count} have {detail}{where}{found}. Check the export, or say what the column is with an answer."
    )
    return Problem("F_NO_ROWS", message, entry.raw.name, first.record if first else None, column)


def _close(entry: _File) -> Account:
    entry.ledger.rejects += entry.part.superseded
    entry.ledger.findings += entry.part.findings
    kept = entry.rows_kept - len(entry.part.superseded)
    return close(entry.raw, entry.source.headers, entry.plan, entry.ledger, entry.asking, kept)
