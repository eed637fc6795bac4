"""Results kept in a file and shown as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from calibration.record import Found, Outcome, Row, within

BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"
HEADER = (
    "| row | claim | world | usual methods | ours | allowed | rounds | |",
    "|---|---|---|---|---|---|---|---|",
)
EXPLAINED = (
    "Numbers are percent of the rounds unless a row says otherwise, ± one Monte-Carlo standard error; "
    "*exact* rows go through every outcome. *kept*: every number of ours lies within the band; "
    "*within error*: outside by two Monte-Carlo errors at most. The quick tier in the tests runs fewer "
    "rounds against bands widened on each side by 3 · √(e(1 − e)/rounds), e being the edge of the band "
    "(by three standard errors, where a round is not yes or no). "
    "One row: `python -m calibration --rows KEY`."
)
Subjects = Mapping[str, Sequence[Row[Any]]]
NEAR = 2.0


def read(path: Path, rows: Sequence[Row[Any]]) -> dict[str, Outcome]:
    """Results by key; none when there is no such file. Claims and bands are those of the rows as they are.

    Results of rows that are no more, or whose methods are no longer called so, are left out.
    """
    if not path.exists():
        return {}
    given = {each["key"]: each for each in json.loads(path.read_text(encoding="utf-8"))}
    kept = {}
    for row in rows:
        if row.key in given:
            found = tuple(Found(**each) for each in given[row.key]["found"])
            if [each.method for each in found] == [method.name for method in row.methods]:
                kept[row.key] = Outcome.of(row, found, given[row.key]["seconds"])
    return kept


def keep(path: Path, outcomes: Mapping[str, Outcome], rows: Sequence[Row[Any]]) -> None:
    """Write the results, a line for each row, in the order of the rows."""
    lines = [
        json.dumps(
            {
                "key": row.key,
                "seconds": outcomes[row.key].seconds,
                "found": [asdict(each) for each in outcomes[row.key].found],
            },
            ensure_ascii=False,
        )
        for row in rows
        if row.key in outcomes
    ]
    partial = path.with_suffix(".part")
    partial.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    partial.replace(path)


def line(outcome: Outcome) -> str:
    """One result for a terminal."""
    numbers = "; ".join(shown(outcome, each) for each in outcome.found)
    return f"{outcome.key}: {numbers} [{allowed(outcome)}] {verdict(outcome)} ({outcome.seconds:g} s)"


def shown(outcome: Outcome, found: Found, named: bool = True) -> str:
    """Method, value ± Monte-Carlo error, and the share of rounds without an answer."""
    name = f"{found.method} " if named else ""
    if found.value is None:
        return f"{name}no answer" if found.silent else f"{name}not run"
    digits = 2 if abs(found.value) < 1 else 1
    error = "" if outcome.exact else f" ± {found.error:.{digits}f}"
    silent = found.silent / (found.silent + found.rounds)
    return f"{name}{found.value:.{digits}f}{error}" + (f" (no answer {silent:.0%})" if silent else "")


def allowed(outcome: Outcome) -> str:
    """The band in words."""
    low, high = outcome.low, outcome.high
    if low is None and high is None:
        return "stated"
    if high is None:
        return f"≥ {low:g}"
    return f"≤ {high:g}" if not low else f"{low:g}–{high:g}"


def verdict(outcome: Outcome) -> str:
    """kept; within error: outside by no more than two Monte-Carlo errors; missed; or nothing to be kept."""
    if outcome.passes() is None:
        return "–"
    if outcome.passes():
        return "kept"
    return "within error" if outcome.passes(NEAR) else "**missed**"


def markdown(outcomes: Mapping[str, Outcome], subjects: Subjects) -> str:
    """A table for each subject, under a summary that names the rows outside their band."""
    there = [outcomes[row.key] for rows in subjects.values() for row in rows if row.key in outcomes]
    judged = [each for each in there if each.passes() is not None]
    outside = [each for each in judged if not each.passes()]
    lines = [
        f"{len(judged) - len(outside)} of {len(judged)} rows with a band keep it; {len(there) - len(judged)} "
        "more are stated without one.",
        *([f"Outside their band: {', '.join(f'`{each.key}`' for each in outside)}."] if outside else []),
        "",
        EXPLAINED,
    ]
    for subject, rows in subjects.items():
        shown_rows = [outcomes[row.key] for row in rows if row.key in outcomes]
        if shown_rows:
            lines += ["", f"### {subject}", "", *HEADER, *map(_markdown_row, shown_rows)]
    return "\n".join(lines)


def _markdown_row(each: Outcome) -> str:
    naive = ", ".join(shown(each, found) for found in each.found if not found.ours)
    ours = ", ".join(shown(each, found) for found in each.found if found.ours)
    rounds = "exact" if each.exact else f"{max(found.rounds + found.silent for found in each.found):,}"
    note = f" ({each.note})" if each.note else ""
    cells = (
        f"`{each.key}`",
        each.claim + note,
        each.world,
        naive or "–",
        ours,
        allowed(each),
        rounds,
        verdict(each),
    )
    return "| " + " | ".join(cells) + " |"


def write(page: Path, outcomes: Mapping[str, Outcome], subjects: Subjects) -> None:
    """Put the tables between its markers, the rest of the page untouched.

    Raises:
        ValueError: when the page has no such markers.
    """
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page.name} must have {BEGIN} and {END} once each, to know where the table goes")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{markdown(outcomes, subjects)}\n{END}{after}", encoding="utf-8")


def misses(outcomes: Sequence[Outcome], sigmas: float) -> list[str]:
    """A sentence for each of ours that lies outside its band."""
    return [
        f"{each.key}: {shown(each, found)}, allowed {allowed(each)}"
        for each in outcomes
        if each.passes() is not None
        for found in each.found
        if found.ours and not within(each, found, sigmas)
    ]
