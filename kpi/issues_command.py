"""``python -m kpi issues``: what contacts are about, what it costs and what grew, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kpi import issues
from kpi.facts import Facts
from kpi.issues import Agreement, Order, Origin, Ranked, Report, Source
from kpi.issues.plain import agreement_plain, report_plain
from kpi.model import Filter, Period
from kpi.words import issue_sentences as words
from kpi.words import issue_tables

TEXTS = "texts"
MOST_LINES = 40
ORDERS = {order.name.lower(): order for order in Order if order is not Order.COST}


@dataclass(frozen=True)
class Answer:
    """The issues in an order, and how far their sentiments can be believed."""

    report: Report
    ranked: tuple[Ranked, ...]
    order: Order
    agreement: Agreement | None


def add_options(command: argparse.ArgumentParser) -> None:
    """What ``issues`` takes besides files, answers, settings and format."""
    command.add_argument("--period", default="all", help="as for metrics; all (default) tells no change")
    command.add_argument("--baseline", default="previous", help="previous (default), last-year, or a period")
    command.add_argument(
        "--from",
        dest="origin",
        default="",
        metavar="FIELD|texts",
        help="the column that names the issue, or texts for groups of words (default: the likeliest column)",
    )
    command.add_argument(
        "--groups", type=_groups, default=0, metavar="N", help="with --from texts: how many groups"
    )
    command.add_argument(
        "--order",
        choices=tuple(ORDERS),
        default="contacts",
        help="what issues are ordered by (default: contacts)",
    )
    command.add_argument(
        "--sentiment",
        action="store_true",
        help="read how texts sound by a word list (English, German) where no column holds a sentiment",
    )
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="keep rows with this value; the same field again adds a value",
    )


def _groups(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"expected a number from 2 to 64, found '{text}'")
    return int(text)


def answer(
    options: argparse.Namespace,
    facts: Facts,
    now: Period | None,
    before: Period | None,
    where: tuple[Filter, ...],
    field: Callable[[str], str],
) -> Answer:
    """What was asked for; ``field`` gives the field behind a header of the file.

    Raises:
        ValueError: for a field that the contacts do not have, or an order that the data do not allow.
    """
    source = None
    if options.origin.strip().casefold() == TEXTS or (options.groups and not options.origin):
        source = Source(Origin.TEXTS, why="asked for", groups=options.groups)
    elif options.origin:
        source = Source(Origin.FIELD, field(options.origin), "asked for")
    kept = issues.sort(facts, (), source)
    agreement = None
    if options.sentiment and kept.refused is None and issues.can_feel(kept):
        kept = issues.felt(kept)
        agreement = issues.agreement(kept)
    report = issues.report(kept, now, before, where=where)
    order = ORDERS[options.order]
    if report.refused is None and order not in issues.orders(report):
        known = ", ".join(each.name.lower() for each in issues.orders(report))
        raise ValueError(f"--order {options.order}: the data do not hold what that needs; there are: {known}")
    return Answer(report, issues.ranked(report, order), order, agreement)


def plain(found: Answer) -> dict[str, Any]:
    """As JSON values, with the findings in words."""
    report = found.report
    return {
        **report_plain(report),
        "order": found.order.name.lower(),
        "ranked": [
            {"name": each.issue.name, "value": each.value, "cumulated": each.cumulated}
            for each in found.ranked
        ],
        "agreement": agreement_plain(found.agreement),
        "sentence": words.issue_title(report),
        "sentences": [words.emerging_sentence(report, each) for each in report.emerging],
    }


def lines(found: Answer) -> Iterable[str]:
    """As lines of text for a terminal."""
    report = found.report
    yield words.issue_title(report)
    if report.refused is not None:
        yield f"  {report.refused}"
        return
    yield f"{words.source_sentence(report)}; {report.now or 'all data'}" + (
        f" against {report.before}" if report.before else ""
    )
    for issue in report.emerging:
        yield f"  {words.emerging_sentence(report, issue)}"
    if not report.emerging:
        yield f"  {words.no_growth_sentence(report)}"
    for note in (words.first_why(report), words.fallen_note(report)):
        if note:
            yield f"  {note}"
    yield f"{words.pareto_sentence(report, found.order, found.ranked)}:" if found.ranked else "No contacts."
    for each in found.ranked[:MOST_LINES]:
        cells = issue_tables.issue_cells(report, each.issue)
        name = cells.pop("Issue")
        told = "; ".join(f"{label} {value}" for label, value in cells.items() if value not in ("", None))
        yield f"  {name}: {words.ranked_value(found.order, each.value)}, {each.cumulated:.0%} so far; {told}"
    if len(found.ranked) > MOST_LINES:
        yield f"  and {len(found.ranked) - MOST_LINES:,} more"
    if found.agreement is not None:
        yield f"sentiment by words: {words.agreement_sentence(found.agreement, report.grain)}"
    for text in words.method_sentences(report):
        yield f"method: {text}"
