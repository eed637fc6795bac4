"""``python -m kpi trend``: the history of one metric on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kpi import words
from kpi.attainment import aim
from kpi.facts import Facts
from kpi.model import Filter, Period
from kpi.trend import GRAINS, Known, Trend, last_whole_day, trend
from kpi.trend.plain import point_lines, trend_plain
from kpi.workspace import Target


def add_options(command: argparse.ArgumentParser) -> None:
    """What ``trend`` takes besides files, answers, settings and format."""
    command.add_argument("--metric", required=True, metavar="KEY", help="the metric, e.g. csat")
    command.add_argument("--grain", choices=GRAINS, default="week", help="of the points (default: week)")
    command.add_argument(
        "--event",
        action="append",
        default=[],
        metavar="DATE[=NAME]",
        help="a known event, e.g. 2026-06-15=new release; a stretch as 2026-08-03..2026-08-06=outage",
    )
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="keep rows with this value; the same field again adds a value",
    )
    command.add_argument("--period", default="all", help="the days looked at (default: all)")
    command.add_argument(
        "--target", type=float, metavar="X", help="a target in the metric's unit, shares 0 to 1"
    )


def read_events(texts: Sequence[str]) -> tuple[Known, ...]:
    """Events from ``DATE[=NAME]``; a stretch is written ``DATE..DATE``.

    Raises:
        ValueError: naming every one that cannot be read.

    >>> read_events(["2026-06-15=new release"])[0].name
    'new release'
    """
    found, wrong = [], []
    for text in texts:
        days, _, name = text.partition("=")
        first, dots, last = days.strip().partition("..")
        try:
            start = date.fromisoformat(first.strip())
            until = date.fromisoformat(last.strip()) if dots else None
        except ValueError:
            wrong.append(f"'{text}' does not begin with a date such as 2026-06-15")
            continue
        if until is not None and until < start:
            wrong.append(f"'{text}' ends before it begins")
            continue
        found.append(Known(start, " ".join(name.split()), until=until))
    if wrong:
        raise ValueError(f"--event {'; '.join(wrong)}")
    return tuple(found)


def answer(
    options: argparse.Namespace,
    facts: Facts,
    period: Period | None,
    where: tuple[Filter, ...],
    kept: tuple[Target, ...] = (),
) -> Trend:
    """The trend that was asked for; its target is the one given, else the kept one of its last day.

    Raises:
        ValueError: for an unknown metric or field, or an event that cannot be read.
    """
    target = options.target
    if target is None:
        last = last_whole_day(facts) if period is None else min(period.end, last_whole_day(facts))
        target = aim(facts.definitions, kept, options.metric, where, last).value
    return trend(
        facts,
        options.metric,
        grain=options.grain,
        where=where,
        events=read_events(options.event),
        target=target,
        period=period,
    )


def plain(found: Trend) -> dict[str, Any]:
    """As JSON values, with the finding in words."""
    return {"finding": words.trend_title(found), **trend_plain(found)}


def lines(found: Trend) -> Iterable[str]:
    """As lines of text for a terminal."""
    yield words.trend_title(found)
    for text in words.trend_findings(found):
        yield f"  {text}"
    yield f"{found.grain}s:"
    yield from point_lines(found)
    yield f"  {words.limits_sentence(found)}"
    yield f"  {words.false_signals_sentence(found)}"
    for point in found.change_points:
        yield f"step: {words.change_point_sentence(found, point)}"
    for effect in found.events:
        yield f"event: {words.event_sentence(found, effect)}"
    yield f"weekdays: {words.weekday_sentence(found)}"
    for outlook in found.outlooks:
        told = (words.outlook_sentence(found, outlook), words.so_far_sentence(found, outlook))
        yield f"outlook: {' '.join(filter(None, told))}"
    for note in found.notes:
        yield f"note: {note}"
