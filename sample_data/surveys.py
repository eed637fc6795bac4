"""Surveys after the solution: satisfaction 1-5, recommendation 0-10, effort 1-7 (high is easy), comment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.chance import Floats, choose
from sample_data.clock import DAY, Clock, Ints, day_number, stamp
from sample_data.contacts import Contacts
from sample_data.customers import Customers
from sample_data.roster import Roster
from sample_data.texts import comments
from sample_data.tickets import MERGE, ORDINARY
from sample_data.world import CHAT, ISSUES, Plan

SENT_AFTER_MINUTES = 60
SENT_SHARE = 0.96
ANSWERS_HAPPY, ANSWERS_UNHAPPY = 0.33, 0.28
COMMENT_HAPPY, COMMENT_UNHAPPY = 0.18, 0.5
QUESTION_SHARE = 0.75
"""Share of answers that also fill in the recommendation and the effort question (each)."""


def survey_table(
    rng: np.random.Generator,
    contacts: Contacts,
    fate: Ints,
    ticket_ids: Ints,
    customers: Customers,
    roster: Roster,
    happy_days: Floats,
    clock: Clock,
    export_at: int,
    plan: Plan,
) -> pd.DataFrame:
    """One row per survey sent; without an answer no answered time, no scores. Local wall time."""
    sent_at = contacts.solved + SENT_AFTER_MINUTES
    sent = (
        (fate == ORDINARY)
        & (sent_at <= export_at)
        & (rng.random(len(contacts)) < SENT_SHARE)
        & (fate != MERGE)
    )
    rows, ids, sent_at = contacts.take(sent), ticket_ids[sent], sent_at[sent]
    size = len(rows)
    days = clock.local(rows.created) // DAY
    step = (rows.channel == CHAT) & (days >= day_number(plan.csat_from))
    chance = np.array([one.satisfied for one in ISSUES])[rows.issue] + roster.skill[rows.agent]
    chance = chance + happy_days[roster.place(days)] + np.where(step, plan.csat_points, 0.0)
    happy = rng.random(size) < np.clip(chance, 0.02, 0.99)
    answers = rng.random(size) < np.where(happy, ANSWERS_HAPPY, ANSWERS_UNHAPPY)
    delay = np.clip(np.rint(np.exp(rng.normal(np.log(300), 1.5, size))), 1, 10 * DAY).astype(np.int64)
    answered_at = sent_at + delay
    answers &= answered_at <= export_at

    pleased = np.where(choose(rng, (0.35, 0.65), size) == 1, 5, 4)
    upset = 1 + choose(rng, (0.4, 0.2, 0.4), size)
    csat = np.where(happy, pleased, upset)
    base = np.where(csat == 5, 9.3, np.where(csat == 4, 7.6, np.where(csat == 3, 5.5, 3.0)))
    nps = np.clip(np.rint(base + rng.normal(0, 1.4, size)), 0, 10).astype(np.int64)
    ease = np.where(csat == 5, 6.3, np.where(csat == 4, 5.4, np.where(csat == 3, 4.0, 2.8)))
    ces = np.clip(np.rint(ease + rng.normal(0, 1.0, size)), 1, 7).astype(np.int64)
    writes = answers & (rng.random(size) < np.where(happy, COMMENT_HAPPY, COMMENT_UNHAPPY))
    words = comments(rng, rows.issue, happy, customers.german[rows.customer], step)

    order = np.argsort(sent_at, kind="stable")
    order = order[rows.made[order]]
    surveys = pd.DataFrame(
        {
            "ticket_id": ids,
            "sent_at": stamp(clock.local(sent_at)),
            "responded_at": stamp(clock.local(answered_at), answers),
            "csat_score": _score(csat, answers),
            "nps_score": _score(nps, answers & (rng.random(size) < QUESTION_SHARE)),
            "ces_score": _score(ces, answers & (rng.random(size) < QUESTION_SHARE)),
            "comment": np.where(writes, words, ""),
        }
    ).iloc[order]
    numbers = pd.Series(300_001 + np.arange(len(order)))
    surveys.insert(0, "survey_id", "S" + numbers.astype(str).to_numpy(dtype=object))
    return surveys


def _score(
    values: Ints, given: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    text = values.astype(str).astype(object)
    text[~given] = ""
    return np.asarray(text)
