"""``python -m kpi exceptions``: what left its usual band and which limits run out, for other tools."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi import attainment
from kpi.attainment import Exceptions, Waiting
from kpi.facts import Facts
from kpi.model import Filter
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


def answer(options: argparse.Namespace, facts: Facts, where: tuple[Filter, ...]) -> Answer:
    """What was asked for.

    Raises:
        ValueError: for an unknown field.
    """
    return Answer(
        attainment.exceptions(facts, options.grain, where=where), attainment.waiting(facts, where=where)
    )


def plain(found: Answer) -> dict[str, Any]:
    """As JSON values: the alerts with the finding in words."""
    return {
        "finding": words.exceptions_sentence(found.found),
        **attainment.alerts(found.found, found.open_promises),
    }


def write(path: str, values: dict[str, Any]) -> None:
    """The alerts as a file.

    Raises:
        OSError: where it cannot be written.
    """
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


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
