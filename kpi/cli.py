"""The command line: the same numbers as the pages, as JSON or as tables.

Exit codes: 0 done, 1 our fault, 2 usage, 3 data refused (with all reasons).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kpi import compare as comparing
from kpi import (
    drivers_command,
    exceptions_command,
    export,
    fields,
    issues_command,
    kept_targets,
    periods,
    trend_command,
)
from kpi.attainment import aimed
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, Refused, import_files
from kpi.lines import comparison_lines, inspect_lines, metric_lines, printable
from kpi.model import Filter, Grain, Period
from kpi.periods.kinds import as_date
from kpi.plain import account_plain, comparison_plain, estimate_plain, period_plain
from kpi.watching import NotADatabase, following
from kpi.workspace import Target

DONE, OUR_FAULT, USAGE, REFUSED = 0, 1, 2, 3
EXPORTED = ("tickets", "surveys", "calls", "agents", "agent_days", "customers", "facts")


FIELD_OF_COLUMN = {"group": "team", "agent_name": "agent"}


class UsageError(Exception):
    """The words of the command do not fit; the message says what to do."""


class UnlikePeriodsError(Exception):
    """The two periods cannot be compared; the message says why."""


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="python -m kpi",
        description="Customer-service KPIs from help-desk exports: what changed, and whether it is real.",
        epilog="Exit codes: 0 done, 1 our fault, 2 usage, 3 data refused (with all reasons).",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, words: str, files: str = "+") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.add_argument(
            "files",
            nargs=files,
            metavar="FILE",
            help="CSV, TSV, XLSX or JSON lines; several are read together",
        )
        made.add_argument(
            "--answers", metavar="FILE.json", help="answers to the import's questions: {question id: answer}"
        )
        made.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            dest="settings",
            help="a definition, e.g. timezone=Europe/Berlin, fcr_window_days=3, targets.csat=0.85",
        )
        made.add_argument(
            "--format",
            choices=("json", "table"),
            default=None,
            help="default: a table on a terminal, JSON elsewhere",
        )
        return made

    command("inspect", "Say what was understood, asked, repaired and rejected in each file.")
    exporting = command("export", "Write a canonical table or the facts.")
    exporting.add_argument("--table", choices=EXPORTED, default="tickets")
    exporting.add_argument("--out", required=True, metavar="F.csv|F.parquet|F.xlsx")
    exporting.add_argument(
        "--grain",
        choices=[grain.value for grain in Grain],
        help="with --table facts: which rows (default: the first that is there)",
    )
    exporting.add_argument(
        "--mask", action="store_true", help="replace names, e-mails, numbers and free text"
    )

    def measuring(name: str, words: str) -> argparse.ArgumentParser:
        made = command(name, words)
        made.add_argument(
            "--by",
            action="append",
            default=[],
            metavar="FIELD",
            help="split by channel, team, agent, category, priority, product, status, any custom column, "
            "or day, week, month, quarter, year, weekday, hour",
        )
        made.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="keep rows with this value; the same field again adds a value",
        )
        made.add_argument("--metric", action="append", default=[], metavar="KEY", help="only these metrics")
        kept_targets.add_options(made)
        return made

    metrics = measuring("metrics", "Every KPI with its interval and n.")
    metrics.add_argument(
        "--period",
        default="all",
        help="2026-Q3, 2026-09, 2026-W38, 2026-01-01..2026-03-31, "
        "last-full-week|month|quarter|year, last-28-days, this-month, all (default)",
    )
    over_time = command("trend", "One KPI over time: drift, steps, events, limits, outlook.")
    trend_command.add_options(over_time)
    kept_targets.add_options(over_time)
    compared = measuring("compare", "Every KPI against the period before, with a verdict.")
    compared.add_argument("--period", required=True, help="as for metrics")
    compared.add_argument("--baseline", default="previous", help="previous (default), last-year, or a period")
    exceptions_command.add_options(
        command(
            "exceptions", "What left its usual band; open tickets near their limit; alerts as a file.", "*"
        )
    )
    drivers_command.add_options(command("drivers", "Why a KPI moved: mix, performance, segments, or a scan."))
    issues_command.add_options(command("issues", "What contacts are about, what it costs, and what grew."))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        return {
            "inspect": inspect,
            "export": export_table,
            "metrics": metrics,
            "compare": compare,
            "trend": trend,
            "drivers": drivers,
            "exceptions": exceptions,
            "issues": issues,
        }[options.command](options)
    except UsageError as error:
        return _fail(str(error), USAGE)
    except UnlikePeriodsError as error:
        return _fail(str(error), REFUSED)
    except Refused as refused:
        for problem in refused.problems:
            where = f" (record {problem.record})" if problem.record else ""
            where += f" (column {problem.column})" if problem.column else ""
            _fail(f"{problem.file}: {problem.message}{where} [{problem.code}]", REFUSED)
        return REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:
        return _fail(
            f"unexpected {type(error).__name__}: {error}. This is our fault; please report it.", OUR_FAULT
        )


def _fail(text: str, code: int) -> int:
    print(f"kpi: {text}", file=sys.stderr)
    return code


# ---------------------------------------------------------------- reading


def _definitions(options: argparse.Namespace) -> Definitions:
    pairs: dict[str, str] = {}
    for item in options.settings:
        name, sign, value = item.partition("=")
        if not sign:
            raise UsageError(f"--set {item}: expected NAME=VALUE")
        pairs[name.strip()] = value.strip()
    try:
        return Definitions().with_settings(pairs)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _answers(options: argparse.Namespace) -> Mapping[str, Any]:
    if not options.answers:
        return {}
    try:
        answers = json.loads(Path(options.answers).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--answers {options.answers}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UsageError(f"--answers {options.answers}: not JSON ({error})") from error
    if not isinstance(answers, dict):
        raise UsageError(f"--answers {options.answers}: expected an object {{question id: answer}}")
    return answers


def _imported(options: argparse.Namespace, definitions: Definitions) -> Import:
    paths = [Path(name) for name in options.files]
    absent = [str(path) for path in paths if not path.is_file()]
    if absent:
        raise UsageError(f"no such file: {', '.join(absent)}")
    return import_files(
        [(path.name, path) for path in paths], _answers(options), team_zone=definitions.timezone
    )


def _filters(options: argparse.Namespace, imported: Import, facts: Facts) -> tuple[Filter, ...]:
    wanted: dict[str, list[str]] = {}
    for item in options.where:
        name, sign, value = item.partition("=")
        if not sign:
            raise UsageError(f"--where {item}: expected FIELD=VALUE")
        wanted.setdefault(name.strip(), []).append(value.strip())
    return tuple(Filter(_field(name, imported, facts), tuple(values)) for name, values in wanted.items())


def _splits(options: argparse.Namespace, imported: Import, facts: Facts) -> tuple[str, ...]:
    return tuple(_field(name, imported, facts) for name in options.by)


def _field(name: str, imported: Import, facts: Facts) -> str:
    """The field behind a name; a header of the file ("Ticket Type") stands for what it was read as."""
    if any(fields.resolve(table, name) for table in facts.tables.values()):
        return name
    for account in imported.files:
        for header, target in account.mapping.items():
            if header.casefold() == name.casefold():
                column = target.partition(".")[2]
                return FIELD_OF_COLUMN.get(column, column)
    return name


def _period(text: str, facts: Facts) -> Period | None:
    if text.strip().lower() == "all":
        return None
    try:
        return periods.parse(
            text,
            first_day=facts.first_day,
            last_day=facts.last_day,
            definitions=facts.definitions,
            newest_day_whole=facts.newest_day_whole,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error


# ---------------------------------------------------------------- commands


def inspect(options: argparse.Namespace) -> int:
    """What was understood, asked, repaired and rejected."""
    imported = _imported(options, _definitions(options))
    plain = {
        "files": [account_plain(account) for account in imported.files],
        "tables": {
            name: _length(imported, name)
            for name in ("tickets", "surveys", "calls", "agents", "agent_days", "agent_periods", "customers")
        },
    }
    _print(plain, options, inspect_lines(plain))
    kept = any(account.rows_kept for account in imported.files)
    return DONE if kept else REFUSED


def export_table(options: argparse.Namespace) -> int:
    """One canonical table, or the facts, as a file."""
    definitions = _definitions(options)
    imported = _imported(options, definitions)
    suffix = Path(options.out).suffix.lower()
    writers = {".csv": export.write_csv, ".parquet": export.write_parquet, ".xlsx": export.write_xlsx}
    if suffix not in writers:
        raise UsageError(f"--out {options.out}: the name must end in .csv, .parquet or .xlsx")
    if options.table == "facts":
        facts = build_facts(imported.tables, _settled(options, definitions, imported))
        grain = Grain(options.grain) if options.grain else next(g for g in Grain if g in facts.tables)
        frame = comparing.fact_frame(facts, grain) if grain in facts.tables else None
    else:
        frame = getattr(imported.tables, options.table)
    if frame is None:
        have = ", ".join(name for name in EXPORTED[:-1] if getattr(imported.tables, name) is not None)
        raise UsageError(f"these files give no {options.table}; they give: {have or 'nothing'}")
    if options.mask:
        frame = export.mask(frame)
    try:
        Path(options.out).write_bytes(writers[suffix](frame))
    except OSError as error:
        raise UsageError(f"--out {options.out}: cannot be written ({error.strerror})") from error
    plain = {
        "out": options.out,
        "table": options.table,
        "rows": len(frame),
        "columns": list(map(str, frame.columns)),
        "masked": bool(options.mask),
        "assumed": _assumed(imported),
    }
    _print(plain, options, [f"{len(frame):,} rows of {options.table} written to {options.out}"])
    return DONE


def metrics(options: argparse.Namespace) -> int:
    """Every KPI in one period."""
    imported, facts = _facts(options)
    period = _period(options.period, facts)
    where = _filters(options, imported, facts)
    try:
        found = comparing.measure(
            facts,
            period,
            by=_splits(options, imported, facts),
            where=where,
            metrics=_chosen(options),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    results = aimed(found, facts.definitions, _targets(options), where, _last_day(period, facts))
    plain = {
        "period": period_plain(period),
        "metrics": [estimate_plain(result) for result in results],
        "assumed": _assumed(imported),
        "notes": list(facts.notes),
    }
    _print(plain, options, metric_lines(period, results))
    return DONE


def compare(options: argparse.Namespace) -> int:
    """Every KPI now and before, with a verdict."""
    imported, facts = _facts(options)
    now, before, windows = _periods(options, facts)
    where = _filters(options, imported, facts)
    try:
        found = comparing.compare(
            facts,
            now,
            before,
            by=_splits(options, imported, facts),
            where=where,
            metrics=_chosen(options),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    results = aimed(found, facts.definitions, _targets(options), where, now.end)
    plain = {
        "now": period_plain(now),
        "before": period_plain(before),
        "windows": windows,
        "comparisons": [comparison_plain(result) for result in results],
        "assumed": _assumed(imported),
        "notes": list(facts.notes),
    }
    _print(plain, options, comparison_lines(now, before, results))
    return DONE


def trend(options: argparse.Namespace) -> int:
    """One KPI over time."""
    imported, facts = _facts(options)
    try:
        found = trend_command.answer(
            options,
            facts,
            _period(options.period, facts),
            _filters(options, imported, facts),
            _targets(options),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    plain = {**trend_command.plain(found), "assumed": _assumed(imported)}
    _print(plain, options, trend_command.lines(found))
    return DONE


def drivers(options: argparse.Namespace) -> int:
    """Why KPIs moved."""
    imported, facts = _facts(options)
    now, before, windows = _periods(options, facts)
    where = _filters(options, imported, facts)
    try:
        found = drivers_command.answer(
            options, facts, now, before, where, lambda name: _field(name, imported, facts)
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    plain = {**drivers_command.plain(found), "windows": windows, "assumed": _assumed(imported)}
    _print(plain, options, drivers_command.lines(found))
    return DONE


def issues(options: argparse.Namespace) -> int:
    """What contacts are about, and what grew."""
    imported, facts = _facts(options)
    windows = "all data"
    now: Period | None = _period(options.period, facts)
    before: Period | None = None
    if now is not None:
        now, before, windows = _periods(options, facts)
    try:
        found = issues_command.answer(
            options,
            facts,
            now,
            before,
            _filters(options, imported, facts),
            lambda name: _field(name, imported, facts),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    plain = {**issues_command.plain(found), "windows": windows, "assumed": _assumed(imported)}
    _print(plain, options, issues_command.lines(found))
    return DONE if found.report.refused is None else REFUSED


def exceptions(options: argparse.Namespace) -> int:
    """What left its usual band, and open tickets near their limit; once, or at each change while watching."""
    if problem := exceptions_command.unfit(options):
        raise UsageError(problem)
    if options.watch is not None:
        return _exceptions_while_watching(options)
    imported, facts = _facts(options)
    plain, found = _alerts(options, imported, facts)
    if options.out:
        _written(options, plain)
    _print(plain, options, exceptions_command.lines(found))
    return DONE


def _exceptions_while_watching(options: argparse.Namespace) -> int:
    definitions = _definitions(options)
    try:
        watched = exceptions_command.watched(options)
    except NotADatabase as error:
        raise UsageError(str(error)) from None

    def alerts_of(imported: Import) -> str:
        facts = build_facts(imported.tables, _settled(options, definitions, imported))
        plain, _ = _alerts(options, imported, facts, datetime.now(UTC))
        _written(options, plain)
        return str(plain["finding"])

    following.follow(
        watched,
        lambda files: import_files(files, _answers(options), team_zone=definitions.timezone),
        alerts_of,
        lambda words: print(printable(words), flush=True),
        every_s=options.every,
    )
    return DONE


def _alerts(
    options: argparse.Namespace, imported: Import, facts: Facts, now: datetime | None = None
) -> tuple[dict[str, Any], exceptions_command.Answer]:
    try:
        found = exceptions_command.answer(options, facts, _filters(options, imported, facts), now)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return {**exceptions_command.plain(found), "assumed": _assumed(imported)}, found


def _written(options: argparse.Namespace, plain: dict[str, Any]) -> None:
    try:
        exceptions_command.write(options.out, plain)
    except OSError as error:
        raise UsageError(f"--out {options.out}: cannot be written ({error.strerror})") from error


def _periods(options: argparse.Namespace, facts: Facts) -> tuple[Period, Period, str]:
    """Both periods of a comparison and how they are called."""
    now = _period(options.period, facts)
    if now is None:
        raise UsageError("--period all has nothing to be compared with; name a period")
    before = _baseline(options.baseline, now, facts)
    window = periods.comparable(
        now, before, first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    if window.refused:
        raise UnlikePeriodsError(window.refused)
    return now, before, window.words


def _facts(options: argparse.Namespace) -> tuple[Import, Facts]:
    definitions = _definitions(options)
    imported = _imported(options, definitions)
    return imported, build_facts(imported.tables, _settled(options, definitions, imported))


def _settled(options: argparse.Namespace, definitions: Definitions, imported: Import) -> Definitions:
    """Days in the zone of the files, as on the pages, unless --set timezone says otherwise."""
    named = any(item.startswith("timezone") for item in options.settings)
    return definitions if named else definitions.settled(imported.zone)


def _targets(options: argparse.Namespace) -> tuple[Target, ...]:
    """The kept targets; that they cannot be read is said, and takes nothing from the numbers."""
    found, problem = kept_targets.kept_targets(options.targets, options.settings)
    if problem:
        print(printable(f"kpi: {problem}"), file=sys.stderr)
    return found


def _last_day(period: Period | None, facts: Facts) -> date:
    return as_date(facts.last_day) if period is None else period.end


def _chosen(options: argparse.Namespace) -> tuple[str, ...] | None:
    return tuple(options.metric) or None


def _baseline(text: str, now: Period, facts: Facts) -> Period:
    try:
        if text == "previous":
            return periods.previous(now, definitions=facts.definitions)
        if text in ("last-year", "same-last-year"):
            return periods.same_last_year(now, definitions=facts.definitions)
    except ValueError as error:
        raise UsageError(str(error)) from error
    before = _period(text, facts)
    if before is None:
        raise UsageError("--baseline all is not a period to compare with")
    return before


def _length(imported: Import, name: str) -> int:
    frame = getattr(imported.tables, name)
    return 0 if frame is None else len(frame)


def _assumed(imported: Import) -> list[str]:
    several = len(imported.files) > 1
    return [
        f"{account.name}: {text}" if several else text
        for account in imported.files
        for text in account.assumed
    ]


# ---------------------------------------------------------------- printing


def _print(plain: Mapping[str, Any], options: argparse.Namespace, lines: Iterable[str]) -> None:
    wanted = options.format or ("table" if sys.stdout.isatty() else "json")
    if wanted == "json":
        print(json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        print("\n".join(printable(line) for line in lines))
        for text in plain.get("assumed", ()):
            print(printable(f"assumed: {text}"))
