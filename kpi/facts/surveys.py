"""Facts of surveys, one row per answer or offer: CSAT, NPS, CES, response."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.definitions import Definitions
from kpi.facts.columns import SECOND, Bools, Canonical, Known, days_of, flags, hours_of
from kpi.facts.dimensions import dimensions_of
from kpi.facts.inheritance import inherited
from kpi.facts.nouns import FactTable
from kpi.facts.ratings import satisfaction
from kpi.facts.sentiments import sentiment_columns
from kpi.model import Grain

BORROWED = {
    "solved": "the ticket was solved",
    "closed": "the ticket was closed",
    "updated": "the ticket last changed",
    "created": "the ticket was created",
    "ended": "the call ended",
    "started": "the call began",
}
"""Origin of the time of an answer → what happened then."""
EASY_SHARE = 200 / 3 - 1e-9
"""From 5 of 7 on a scale put on 0-100."""


def survey_facts(
    rows: pd.DataFrame,
    definitions: Definitions,
    as_of: int,
    *,
    tickets: pd.DataFrame | None,
    calls: pd.DataFrame | None,
) -> FactTable | None:
    """Facts of the surveys; dimensions they lack are those of their ticket or call.

    Parameters
        as_of: newest stamp in the data, UTC nanoseconds.
    """
    if not len(rows):
        return None
    rows = rows.reset_index(drop=True)
    canonical = Canonical("surveys", rows)
    columns: dict[str, NDArray[Any]] = {}
    notes: dict[str, str] = {}
    absent: dict[str, str] = {}
    answered = canonical.time("responded_at")
    sent = canonical.time("sent_at")
    zone = definitions.timezone
    columns["survey"] = np.ones(len(rows), np.uint8)
    columns["answered_day"] = days_of(answered, zone)
    exact = answered.known & ~canonical.text("responded_at_precision").among("day")
    columns["answered_hour"] = hours_of(Known(answered.values, exact), zone)
    sent_or_answered = Known(np.where(sent.known, sent.values, answered.values), sent.known | answered.known)
    columns["sent_day"] = days_of(sent_or_answered, zone)
    scored = (
        _csat(canonical, definitions, columns, notes, absent)
        | _nps(canonical, columns, absent)
        | _ces(canonical, columns, notes, absent)
    )
    _dated(canonical, answered.known & scored, notes)
    _asat(canonical, definitions, columns, absent)
    _response(canonical, scored, sent_or_answered, definitions, as_of, columns, absent)
    sentiment_columns(canonical, columns, absent)
    own = dimensions_of(rows)
    parents = (("ticket_id", tickets), ("call_id", calls))
    return FactTable(
        grain=Grain.SURVEYS,
        columns=columns,
        dimensions=inherited(rows, own, parents),
        source=rows,
        notes=notes,
        absent=absent,
        definitions=definitions,
    )


def _csat(
    canonical: Canonical,
    definitions: Definitions,
    columns: dict[str, NDArray[Any]],
    notes: dict[str, str],
    absent: dict[str, str],
) -> Bools:
    answers = satisfaction(canonical, definitions)
    if not answers.answered.any():
        names = ("answered", "satisfied", "neutral", "dissatisfied", "score", "scored")
        absent |= dict.fromkeys((f"csat_{name}" for name in names), "no column holds satisfaction answers")
        return answers.answered
    columns["csat_answered"] = flags(answers.answered)
    columns["csat_satisfied"] = flags(answers.satisfied)
    columns["csat_dissatisfied"] = flags(answers.dissatisfied)
    columns["csat_neutral"] = flags(answers.answered & ~answers.satisfied & ~answers.dissatisfied)
    if answers.scale is not None:
        columns["csat_score"] = answers.score.values
        columns["csat_scored"] = flags(answers.score.known)
        columns["csat_scale_low"] = np.full(canonical.size, answers.scale[0])
        columns["csat_scale_high"] = np.full(canonical.size, answers.scale[1])
    if answers.mixed:
        notes["csat_answered"] = "answers on different scales: the mean score is given on 0-100"
    return answers.answered


def _dated(canonical: Canonical, answered: Bools, notes: dict[str, str]) -> None:
    """Says where the time of an answer is that of its ticket or call."""
    origin = canonical.text("responded_at_origin")
    for word, moment in BORROWED.items():
        found = int((origin.among(word) & answered).sum())
        if found:
            said = f"{found:,} answers have no time of their own and are dated by when {moment}"
            for column in ("csat_answered", "nps_answered", "ces_answered"):
                notes[column] = "; ".join(filter(None, [notes.get(column), said]))


def _nps(canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]) -> Bools:
    raw, bucket = canonical.number("nps_raw"), canonical.text("nps_bucket")
    valid = raw.known & (raw.values >= 0) & (raw.values <= 10)
    promoter = np.where(valid, raw.values >= 9, bucket.among("promoter"))
    detractor = np.where(valid, raw.values <= 6, bucket.among("detractor"))
    known = valid | bucket.among("promoter", "passive", "detractor")
    if not known.any():
        why = "no column holds a 0-10 answer"
        absent |= dict.fromkeys(("nps_answered", "nps_promoter", "nps_passive", "nps_detractor"), why)
        return known
    columns["nps_answered"] = flags(known)
    columns["nps_promoter"] = flags(known & promoter)
    columns["nps_detractor"] = flags(known & detractor)
    columns["nps_passive"] = flags(known & ~promoter & ~detractor)
    return known


def _ces(
    canonical: Canonical, columns: dict[str, NDArray[Any]], notes: dict[str, str], absent: dict[str, str]
) -> Bools:
    raw, norm = canonical.number("ces_raw"), canonical.number("ces_norm")
    if not raw.known.any():
        absent |= dict.fromkeys(("ces_answered", "ces_score", "ces_easy"), "no column holds an effort score")
        return raw.known
    better = canonical.flag("higher_is_better")
    low_is_good = bool((better.known & ~better.values & raw.known).any())
    if low_is_good and (better.values & raw.known).any():
        notes["ces_answered"] = "effort scores of both directions: given on 0-100, high is easy"
        raw, low_is_good = norm, False
    easy = np.where(
        norm.known, norm.values >= EASY_SHARE, (raw.values <= 2) if low_is_good else raw.values >= 5
    )
    columns["ces_answered"] = flags(raw.known)
    columns["ces_score"] = raw.values
    columns["ces_easy"] = flags(raw.known & easy)
    columns["ces_low_is_good"] = flags(raw.known & low_is_good)
    return raw.known


def _asat(
    canonical: Canonical, definitions: Definitions, columns: dict[str, NDArray[Any]], absent: dict[str, str]
) -> None:
    """Agents' own survey, when its answers stand among the surveys (type "asat")."""
    own = canonical.text("survey_type").among("asat", "agent satisfaction", "employee")
    norm = canonical.number("csat_norm")
    label = canonical.text("csat_label")
    known = own & (norm.known | label.known)
    if not known.any():
        absent |= dict.fromkeys(("asat_answered", "asat_satisfied"), "no column holds answers of agents")
        return
    line = (definitions.csat_positive_of_5 - 1) / 4 * 100 - 1e-9
    satisfied = np.where(norm.known, norm.values >= line, label.among("positive"))
    columns["asat_answered"] = flags(known)
    columns["asat_satisfied"] = flags(known & satisfied)


def _response(
    canonical: Canonical,
    scored: Bools,
    sent: Known,
    definitions: Definitions,
    as_of: int,
    columns: dict[str, NDArray[Any]],
    absent: dict[str, str],
) -> None:
    answered = scored | canonical.text("status").among("answered")
    if answered.all():
        why = "the data do not say which surveys were sent and not answered"
        absent |= dict.fromkeys(("response_mature", "response_answered", "response_immature"), why)
        return
    ripe = sent.values <= as_of - definitions.survey_window_days * 86_400 * SECOND
    columns["response_answered"] = flags(answered)
    columns["response_mature"] = flags(ripe | ~sent.known)
    columns["response_immature"] = flags(sent.known & ~ripe)
