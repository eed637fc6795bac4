"""Two periods of one desk, two teams, a whole report, many segments: as the pages compare them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.naive import tickets as naive
from calibration.record import Method, Row
from calibration.rows.judging import ALPHA, Question, below, differences, p_values
from calibration.worlds.tickets import (
    Desk,
    Months,
    Reports,
    Segments,
    Shape,
    Teams,
    months,
    report,
    segments,
    teams,
)
from kpi.measures import Cells, Share
from kpi.model import Difference
from kpi.stats import benjamini_hochberg, cr2_difference

Floats = NDArray[np.float64]
JUDGE = "kpi.measures"
SHARE = Share("k", "n")
DAYS = 84
"""Over which the tickets of two teams are spread."""


def judged(drawn: Months) -> list[Difference | None]:
    """What the pages say of every run, with its history around."""
    questions = []
    first, split, end = drawn.start, drawn.split, drawn.rows.shape[1]
    for run in range(drawn.rows.shape[0]):
        around = (((0, first - 1), (drawn.cells(run, 0, first),)),) if first else ()
        now, before = drawn.cells(run, split, end), drawn.cells(run, first, split)
        questions.append(Question(now, before, (drawn.now, drawn.before), around))
    return differences(SHARE, questions)


# ---------------------------------------------------------------- a month against a month

STRUCTURES = {
    "alike": Desk(own=0.0, restless=0.0, day_sd=0.0),
    "agents": Desk(day_sd=0.0),
    "days": Desk(restless=0.0),
    "both": Desk(),
    "restless": Desk(restless=0.3, day_sd=0.3),
    "few": Desk(agents=8, tickets=60),
}


QUICK = {("agents", 0.60), ("both", 0.85), ("restless", 0.60), ("few", 0.85)}
"""Desks of the quick tier."""


def _desk(structure: str, share: float) -> Desk:
    desk = STRUCTURES[structure]
    return Desk(desk.agents, desk.tickets, share, desk.own, desk.restless, desk.day_sd, desk.day_phi)


MONTHS = tuple(
    Row(
        f"month-{structure}-{100 * share:.0f}",
        "Month against month: change called where there is none",
        months(_desk(structure, share)),
        (
            Method("two-proportion z", naive.z_test),
            Method("agent clusters", naive.by_agent),
            Method("day clusters", naive.by_day),
            Method("two-way", naive.two_way),
            Method("Welch on days", naive.welch_on_days),
        ),
        (Method(JUDGE, lambda drawn: below(p_values(judged(drawn)))),),
        0.0,
        8.0,
        quick=100 if (structure, share) in QUICK else 0,
    )
    for structure in STRUCTURES
    for share in (0.60, 0.85, 0.95)
)


def detectable_found(drawn: Months) -> Floats:
    """1 where a true change as large as the stated detectable one would have been called.

    Nothing changed in these months, so such a change moves the estimate by its size and leaves the interval
    as wide as it is.
    """
    found = []
    for one in judged(drawn):
        if one is None or one.low is None or one.high is None or one.detectable is None:
            found.append(math.nan)
            continue
        found.append(float(one.value + one.detectable > (one.high - one.low) / 2))
    return np.array(found)


DETECTABLE = tuple(
    Row(
        f"month-detectable-{structure}",
        "Month against month: a change as large as the stated detectable one is called in 80 %",
        months(STRUCTURES[structure]),
        (),
        (Method(JUDGE, detectable_found),),
        75.0,
        88.0,
        quick=50 if structure == "both" else 0,
    )
    for structure in STRUCTURES
)
YEAR = tuple(
    Row(
        f"month-year-{structure}",
        "Month against month with a year of days: change called where there is none",
        months(STRUCTURES[structure], history=308),
        (Method("two-proportion z", naive.z_test), Method("two-way", naive.two_way)),
        (Method(JUDGE, lambda drawn: below(p_values(judged(drawn)))),),
        0.0,
        8.0,
        full=1000,
        block=50,
    )
    for structure in STRUCTURES
)
SHORT = tuple(
    Row(
        f"month-only-{structure}",
        "Month against month, no other days known: change called where there is none",
        months(STRUCTURES[structure], history=0),
        (Method("two-proportion z", naive.z_test), Method("two-way", naive.two_way)),
        (Method(JUDGE, lambda drawn: below(p_values(judged(drawn)))),),
        0.0,
        8.0,
        quick=100 if structure == "both" else 0,
    )
    for structure in STRUCTURES
)
FALLBACK = tuple(
    Row(
        f"weeks-{days}-{structure}",
        f"{days} days against {days}, no other days known: change called where there is none",
        months(STRUCTURES[structure], history=0, before=days, now=days),
        (Method("two-proportion z", naive.z_test), Method("two-way", naive.two_way)),
        (Method(JUDGE + " (clusters)", lambda drawn: below(p_values(judged(drawn)))),),
        None,
        None,
        note="stated: too few days for the daily engine",
    )
    for days in (7, 14)
    for structure in ("alike", "both")
)

FAR = tuple(
    Row(
        f"far-{structure}",
        "Month against month: p < .001 where nothing changed",
        months(STRUCTURES[structure]),
        (Method("two-proportion z", naive.z_far),),
        (Method(JUDGE, lambda drawn: below(p_values(judged(drawn)), 0.001)),),
        0.0,
        0.3,
        quick=200 if structure == "few" else 0,
        full=6000,
        block=200,
    )
    for structure in ("both", "restless", "few")
)


# ---------------------------------------------------------------- a whole report


def report_calls(drawn: Reports) -> NDArray[np.int64]:
    """How many cells of each report are called after Benjamini-Hochberg over all of it."""
    counted = []
    for p in p_values(judged(drawn.months)).reshape(-1, drawn.cells):
        adjusted = benjamini_hochberg([None if math.isnan(each) else float(each) for each in p])
        counted.append(sum(each is not None and each < ALPHA for each in adjusted))
    return np.array(counted)


REPORT = report(Desk(agents=8, tickets=60), metrics=8, segments=12)
REPORTS = (
    Row(
        "report-any",
        "A report of 96 cells in which nothing changed calls at least one",
        REPORT,
        (
            Method("z", lambda drawn: naive.report_calls(drawn, False) > 0),
            Method("z + BH", lambda drawn: naive.report_calls(drawn, True) > 0),
        ),
        (Method(f"{JUDGE} + BH", lambda drawn: report_calls(drawn) > 0),),
        0.0,
        10.0,
        quick=2,
        full=300,
        block=2,
    ),
    Row(
        "report-many",
        "Cells called in a report of 96 in which nothing changed (a number, not percent)",
        REPORT,
        (
            Method("z", lambda drawn: naive.report_calls(drawn, False)),
            Method("z + BH", lambda drawn: naive.report_calls(drawn, True)),
        ),
        (Method(f"{JUDGE} + BH", report_calls),),
        0.0,
        0.2,
        full=60,
        block=5,
        scale=1.0,
    ),
)


# ---------------------------------------------------------------- a team against a team


def cr2_called(drawn: Teams) -> Floats:
    """Agents as clusters: leverage-corrected variance, t with Kish-effective degrees of freedom."""
    (rows1, rows2), (good1, good2) = drawn.rows, drawn.good
    found = [
        cr2_difference(good1[run], rows1[run], good2[run], rows2[run]).p for run in range(rows1.shape[0])
    ]
    return np.array([math.nan if p is None else float(p < ALPHA) for p in found])


def teams_called(drawn: Teams) -> Floats:
    """As the pages compare two segments of the same days."""
    days = (0, DAYS - 1)
    questions = [Question(*drawn.cells(run, DAYS), (days, days)) for run in range(drawn.rows[0].shape[0])]
    return below(p_values(differences(SHARE, questions)))


SHAPES = {
    "12x60": Shape((12, 12), 60),
    "12x300": Shape((12, 12), 300),
    "6x100": Shape((6, 6), 100),
    "25x40": Shape((25, 25), 40),
    "12x60u": Shape((12, 12), 60, 0.6),
    "6v18u": Shape((6, 18), 80, 0.4),
}
ICCS = (0.0, 0.03, 0.05, 0.10, 0.20)
TEAMS = tuple(
    Row(
        f"team-{name}-{100 * icc:.0f}",
        "Team against team: difference called where there is none",
        teams(shape, icc),
        (
            Method("z", naive.teams_z),
            Method("CR0 z", naive.teams_robust(False, False)),
            Method("CR1 z", naive.teams_robust(True, False)),
            Method("CR1 t", naive.teams_robust(True, True)),
        ),
        (Method("CR2, Kish t", cr2_called),),
        3.5,
        6.0,
        quick=400 if icc in (0.05, 0.10) else 0,
        full=4000,
        block=200,
    )
    for name, shape in SHAPES.items()
    for icc in ICCS
)
TEAMS_AS_SHOWN = tuple(
    Row(
        f"teams-shown-{name}-{100 * icc:.0f}",
        "Team against team as the pages judge it: difference called where there is none",
        teams(SHAPES[name], icc),
        (Method("z", naive.teams_z),),
        (Method(JUDGE, teams_called),),
        0.0,
        6.0,
        quick=100 if name == "12x60" else 0,
        full=2000,
        note="at most the stated rate: the larger of two variances is taken",
    )
    for name, icc in (("12x60", 0.0), ("12x60", 0.05), ("12x300", 0.10), ("6x100", 0.05), ("6v18u", 0.05))
)


# ---------------------------------------------------------------- many segments


def segment_differences(drawn: Segments, run: int) -> list[Difference | None]:
    """Every segment now against before; rows without agents, on days that do not differ."""
    days = ((28, 55), (0, 27))
    questions = []
    for rows, good in zip(drawn.rows[run], drawn.good[run], strict=True):
        sides = [_on_days(int(n), int(k), first) for n, k, (first, _) in zip(rows, good, days, strict=True)]
        questions.append(Question(sides[0], sides[1], days))
    return differences(SHARE, questions)


def _on_days(rows: int, good: int, first: int) -> Cells:
    """Rows dealt to 28 days so that good ones fall on them at random, the same way for the same numbers."""
    flags = np.random.default_rng([rows, good, first]).permutation(np.arange(rows) < good)
    day = np.arange(rows) % 28 + first
    return Cells.of_rows(day, None, {"n": np.ones(rows), "k": flags.astype(np.float64)})


def _discoveries(p: Floats, adjusted: bool) -> NDArray[np.bool_]:
    if not adjusted:
        return p < ALPHA
    given = benjamini_hochberg([None if math.isnan(each) else float(each) for each in p])
    return np.array([each is not None and each < ALPHA for each in given])


def _false_share(drawn: Segments, calls: NDArray[np.bool_]) -> Floats:
    """Share of the calls of each run that are false; 0 without any call."""
    false = (calls & ~drawn.real).sum(axis=1)
    found: Floats = false / np.maximum(1, calls.sum(axis=1))
    return found


def _found_share(drawn: Segments, calls: NDArray[np.bool_]) -> Floats:
    """Share of the real changes that are called."""
    found: Floats = (calls & drawn.real).sum(axis=1) / drawn.real.sum()
    return found


def _naive_calls(drawn: Segments) -> NDArray[np.bool_]:
    return naive.segments_p(drawn) < ALPHA


def _our_calls(drawn: Segments) -> NDArray[np.bool_]:
    calls = []
    for run in range(drawn.rows.shape[0]):
        calls.append(_discoveries(p_values(segment_differences(drawn, run)), True))
    return np.array(calls)


FIFTY = segments(50, 5, tickets=200, share=0.85, change=0.08)
SEGMENTS = (
    Row(
        "segments-false",
        "Many segments: share of the called ones in which nothing changed",
        FIFTY,
        (Method("z, p < .05", lambda drawn: _false_share(drawn, _naive_calls(drawn))),),
        (Method(f"{JUDGE} + BH", lambda drawn: _false_share(drawn, _our_calls(drawn))),),
        0.0,
        5.0,
        quick=4,
        full=300,
        block=4,
    ),
    Row(
        "segments-found",
        "Many segments: share of the real changes that are called",
        FIFTY,
        (Method("z, p < .05", lambda drawn: _found_share(drawn, _naive_calls(drawn))),),
        (Method(f"{JUDGE} + BH", lambda drawn: _found_share(drawn, _our_calls(drawn))),),
        None,
        None,
        full=100,
        block=20,
        note="stated: what the control of false discoveries costs",
    ),
)

ROWS: tuple[Row[Any], ...] = (
    *MONTHS,
    *YEAR,
    *SHORT,
    *FALLBACK,
    *FAR,
    *DETECTABLE,
    *REPORTS,
    *TEAMS,
    *TEAMS_AS_SHOWN,
    *SEGMENTS,
)
