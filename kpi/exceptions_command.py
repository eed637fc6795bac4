"""``python -m kpi exceptions``: what left its usual band and which limits run out, for other tools."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi import attainment
from kpi.attainment import Exceptions, Waiting
from kpi.facts import Facts
from kpi.model import Filter
from kpi.watching import (
    VARIABLE,
    NotADatabase,
    Watch,
    WatchedDatabase,
    is_database,
    watched_database,
    watched_folder,
)
from kpi.words import target_sentences as words

MOST_LINES = 20


@dataclass(frozen=True)
class Answer:
    """What left its band, and the open promises."""

    found: Exceptions
    open_promises: Waiting


def add_options(command: argparse.ArgumentParser) -> None:
    """What ``exceptions`` takes besides files, answers, settings and format."""
    command.add_argument(
        "--grain", choices=("week", "day"), default="week", help="the newest whole week (default) or day"
    )
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="keep rows with this value; the same field again adds a value",
    )
    command.add_argument("--out", metavar="FILE.json", help="also write the alerts there (docs/alerts.md)")
    command.add_argument(
        "--watch",
        nargs="?",
        const="",
        metavar="FOLDER",
        help="in the place of files: read the exports in this folder, or the database that KPI_WATCH names "
        "when no folder is given, write --out anew each time they change, and count open promises up to now; "
        "ends with Ctrl-C",
    )
    command.add_argument(
        "--every",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="with --watch: between two looks (default: 10)",
    )


def unfit(options: argparse.Namespace) -> str:
    """Why the options do not go together; empty when they do."""
    if options.watch is None:
        return "" if options.files else "name the files, or a folder with --watch"
    if options.files:
        return "--watch FOLDER stands in the place of files; name one or the other"
    if not options.out:
        return "--watch needs --out FILE.json, which is written anew each time the folder changes"
    if is_database(options.watch):
        return f"--watch names a folder only; {VARIABLE} names a database, as others can read a command line"
    folder = Path(options.watch).expanduser() if options.watch else watched_folder()
    if folder and Path(options.out).expanduser().resolve().parent == folder.resolve():
        return f"--out {options.out}: lies in the watched folder and would be read as an export"
    return ""


def watched(options: argparse.Namespace) -> Watch | WatchedDatabase:
    """What ``--watch`` names, or else the environment.

    Raises:
        NotADatabase: neither does, or not well.
    """
    if options.watch:
        return Watch(Path(options.watch).expanduser())
    address, folder = watched_database(), watched_folder()
    if address is not None:
        return WatchedDatabase(address)
    if folder is None:
        raise NotADatabase(f"--watch names no folder, and {VARIABLE} names neither a folder nor a database")
    return Watch(folder)


def answer(
    options: argparse.Namespace, facts: Facts, where: tuple[Filter, ...], now: datetime | None = None
) -> Answer:
    """What was asked for; open promises up to ``now``, else up to the newest stamp.

    Raises:
        ValueError: for an unknown field.
    """
    return Answer(
        attainment.exceptions(facts, options.grain, where=where),
        attainment.waiting(facts, where=where, now=now),
    )


def plain(found: Answer) -> dict[str, Any]:
    """As JSON values: the alerts with the finding in words."""
    return {
        "finding": words.exceptions_sentence(found.found),
        **attainment.alerts(found.found, found.open_promises),
    }


def write(path: str, values: dict[str, Any]) -> None:
    """The alerts as a file, put in its place whole, so that nobody reads a half.

    Raises:
        OSError: where it cannot be written.
    """
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1)
    target = Path(path).expanduser()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(text + "\n", encoding="utf-8")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def lines(found: Answer) -> Iterable[str]:
    """As lines of text for a terminal."""
    yield words.exceptions_sentence(found.found)
    for one in found.found.found:
        yield f"  {words.exception_sentence(one)}"
    for text in words.skipped_sentences(found.found):
        yield f"  {text}"
    waiting = found.open_promises
    if waiting.reason:
        yield f"open promises: {waiting.reason}"
        return
    yield f"open promises, as of {waiting.as_of:%Y-%m-%d %H:%M} UTC: " + words.waiting_sentence(
        waiting.counts, waiting.soonest_h
    )
    near = waiting.tickets[waiting.tickets["state"] != "in time"].head(MOST_LINES)
    for ticket, promise, state, left in zip(
        near["ticket_id"], near["promise"], near["state"], near["left_h"], strict=True
    ):
        yield f"  {ticket} {promise}: {state}, {left:+.1f} h"


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 86,400 seconds")
    return value
