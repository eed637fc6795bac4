"""``python -m kpi drivers``: why metrics moved, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kpi import compare, drivers
from kpi.drivers import Drivers, Scan
from kpi.drivers.plain import drivers_plain, scan_plain
from kpi.facts import Facts
from kpi.model import Filter, Metric, Period
from kpi.plain import period_plain
from kpi.words import driver_sentences as words

ALL = "all"
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Answer:
    """What was found: one change by each dimension, or a scan with the best dimension of each metric."""

    now: Period
    before: Period
    found: tuple[Drivers, ...]
    scan: Scan | None


def add_options(command: argparse.ArgumentParser) -> None:
    """What ``drivers`` takes besides files, answers, settings and format."""
    command.add_argument(
        "--metric",
        action="append",
        default=[],
        metavar="KEY",
        help="the metric, e.g. csat; several, or none for all, make a scan",
    )
    command.add_argument("--period", required=True, help="as for compare")
    command.add_argument("--baseline", default="previous", help="previous (default), last-year, or a period")
    command.add_argument(
        "--dimension",
        action="append",
        default=[],
        metavar="FIELD",
        help="split by channel, team, agent, category, priority, product or a custom column; "
        "several, or all, also look at every value for every metric (a scan)",
    )
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="keep rows with this value; the same field again adds a value",
    )


def answer(
    options: argparse.Namespace,
    facts: Facts,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    field: Callable[[str], str],
) -> Answer:
    """What was asked for; ``field`` gives the field behind a header of the file.

    Raises:
        ValueError: for an unknown metric or field, or without a dimension.
    """
    if not options.dimension:
        raise ValueError("--dimension is needed: a field such as channel, or all")
    everything = any(name.strip().casefold() == ALL for name in options.dimension)
    named = () if everything else tuple(dict.fromkeys(map(field, options.dimension)))
    if len(named) == 1 and len(options.metric) == 1:
        one = drivers.explain(facts, options.metric[0], now, before, named[0], where=where)
        return Answer(now, before, (one,), None)
    scanned = drivers.scan(
        facts,
        now,
        before,
        dimensions=None if everything else named,
        metrics=tuple(options.metric) or None,
        where=where,
    )
    found = []
    for key in options.metric:
        metric = compare.compare(facts, now, before, metrics=(key,), where=where)[0].metric
        for name in _ordered(facts, metric, now, before, scanned.dimensions, where):
            found.append(drivers.explain(facts, metric, now, before, name, where=where))
    return Answer(now, before, tuple(found), scanned)


def plain(found: Answer) -> dict[str, Any]:
    """As JSON values, with the findings in words."""
    if found.scan is None:
        return _one(found.found[0])
    return {
        "now": period_plain(found.now),
        "before": period_plain(found.before),
        "drivers": [_one(each) for each in found.found],
        "scan": {
            **scan_plain(found.scan),
            "sentence": words.scan_sentence(found.scan),
            "sentences": [words.finding_sentence(each, found.scan) for each in found.scan.findings],
        },
    }


def lines(found: Answer) -> Iterable[str]:
    """As lines of text for a terminal."""
    yield f"{found.now} against {found.before}"
    for each in found.found:
        yield from _lines_of(each)
    if found.scan is not None:
        yield words.scan_sentence(found.scan)
        for finding in found.scan.findings[:MOST_FINDINGS]:
            yield f"  {words.finding_sentence(finding, found.scan)}"
        more = len(found.scan.findings) - MOST_FINDINGS
        if more > 0:
            yield f"  and {more:,} more"
        for text in found.scan.skipped:
            yield f"  not looked at: {text}"


def _ordered(
    facts: Facts,
    metric: Metric,
    now: Period,
    before: Period,
    names: tuple[str, ...],
    where: tuple[Filter, ...],
) -> list[str]:
    ranked = drivers.rank(facts, metric, now, before, names, where=where)
    return [each.dimension for each in ranked]


def _one(found: Drivers) -> dict[str, Any]:
    return {
        **drivers_plain(found),
        "sentence": words.driver_sentence(found),
        "warning": words.driver_warning(found) or None,
    }


def _lines_of(found: Drivers) -> Iterable[str]:
    yield words.driver_sentence(found)
    warning = words.driver_warning(found)
    if warning:
        yield f"  careful: {warning}"
    for name, part in (
        ("mix", found.mix),
        ("within", found.performance),
        ("came or went", found.new_and_vanished),
    ):
        if part is not None:
            yield f"  {name}: {words.part_words(found, part)} {words.verdict_of(part)}"
    for row in words.segment_table(found, found.segments):
        (first, name), *rest = row.items()
        del first
        yield f"  {name}: " + "; ".join(f"{label} {text}" for label, text in rest if text)
    if found.method:
        yield f"  method: {found.method}"
