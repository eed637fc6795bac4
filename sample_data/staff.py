"""What each agent did on each day worked: time, tickets, reviews, own survey, offers and sales."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.chance import choose
from sample_data.clock import DAY, Clock, Ints, day_number
from sample_data.contacts import Bools, Contacts
from sample_data.roster import Roster
from sample_data.world import AGENTS, LAST_DAY, TEAMS

SHIFT_SECONDS = 4.5 * 3600
BREAK_SHARE = 0.11
OCCUPANCY = 0.74
REVIEWED, CRITICAL_FAILED = 0.09, 0.03
ASAT_ANSWERS, ASAT_SCORES = 0.8, (0.04, 0.07, 0.16, 0.43, 0.30)
OFFERS, SALES = 1.3, 0.18


def agent_day_table(
    rng: np.random.Generator, contacts: Contacts, counted: Bools, solved: Bools, roster: Roster, clock: Clock
) -> pd.DataFrame:
    """One row per agent and day worked; seconds, counts, scores (empty where there was none).

    ``handled`` are tickets first answered that day; ``solved`` tickets count on the agent's next shift when
    they were solved on a day off. ``qa_score`` is the weighted mean before the rule that a failed critical
    criterion makes it 0.
    """
    last = day_number(LAST_DAY) - roster.first_day
    days, agents = np.nonzero(roster.present[: last + 1])
    size = len(days)
    handled = _count(roster, contacts.agent[counted], clock.local(contacts.replied[counted]) // DAY)[
        days, agents
    ]
    done = _count(roster, contacts.agent[solved], clock.local(contacts.solved[solved]) // DAY)[days, agents]

    logged = np.rint(rng.normal(SHIFT_SECONDS, 900, size)).astype(np.int64)
    rest = np.rint(logged * np.clip(rng.normal(BREAK_SHARE, 0.02, size), 0.03, 0.2)).astype(np.int64)
    busy = np.clip(rng.normal(OCCUPANCY, 0.06, size) + rng.normal(0, 0.02, len(AGENTS))[agents], 0.3, 0.97)
    contact = np.rint((logged - rest) * busy).astype(np.int64)

    reviewed = rng.random(size) < REVIEWED
    quality = np.clip(np.rint(rng.normal(88, 7, size)), 40, 100).astype(np.int64)
    failed = np.where(rng.random(size) < CRITICAL_FAILED, "yes", "no").astype(object)
    numbers = roster.first_day + days
    months = numbers.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    _, first = np.unique(months * len(AGENTS) + agents, return_index=True)
    asked = np.zeros(size, dtype=bool)
    asked[first] = True
    asked &= rng.random(size) < ASAT_ANSWERS
    own = 1 + choose(rng, ASAT_SCORES, size)
    offers = rng.poisson(OFFERS, size)
    sales = rng.binomial(offers, SALES)
    return pd.DataFrame(
        {
            "agent": np.array([one.name for one in AGENTS], dtype=object)[agents],
            "date": numbers.astype("datetime64[D]").astype(str),
            "team": np.array(TEAMS, dtype=object)[np.array([one.team for one in AGENTS])[agents]],
            "logged_in_s": logged,
            "available_s": logged - rest - contact,
            "contact_s": contact,
            "break_s": rest,
            "handled": handled,
            "solved": done,
            "asat_score": np.where(asked, own.astype(str).astype(object), ""),
            "qa_score": np.where(reviewed, quality.astype(str).astype(object), ""),
            "qa_critical_failed": np.where(reviewed, failed, ""),
            "offers": offers,
            "sales": sales,
        }
    )


def _count(roster: Roster, agents: Ints, days: Ints) -> Ints:
    table: Ints = np.zeros(roster.present.shape, dtype=np.int64)
    for agent in range(len(AGENTS)):
        worked = roster.next_shift(agent, days[agents == agent])
        np.add.at(table[:, agent], worked[worked >= 0] - roster.first_day, 1)
    return table
