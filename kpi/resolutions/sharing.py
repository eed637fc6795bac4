"""What the contacts that went well have in common: each value of each column against others of its kind.

The outcome is quick and satisfied. Every value (a channel, an agent, a number of replies, a tag) is held
against all other contacts of the same issue, channel and priority; the parts of the kind that the column
itself makes are left out. All values are one family (Benjamini-Hochberg), and each is also shown pulled
towards the others by how little it knows, so that luck is not praised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi import engine
from kpi.facts import NONE
from kpi.issues import ISSUE
from kpi.issues.sorting import of_persons
from kpi.model import Filter, Period, Verdict
from kpi.people.limits import limits
from kpi.people.nouns import FEWEST_AGENTS, MOSTLY
from kpi.people.scoring import rows_of, score
from kpi.people.suppressing import shown_and_few
from kpi.resolutions.matching import Matched, Rows, matched
from kpi.resolutions.preparing import ESCALATED, HANDS, HOUR, KIND, REPLIES, Kept, kinds_of, outcome
from kpi.resolutions.responding import RESPONDER, by_responder, names_responders
from kpi.stats import benjamini_hochberg, empirical_bayes
from kpi.verdicts import chance

Longs = NDArray[np.int64]

MOST_VALUES = 40
"""A column with more values than this is not looked at, save that of the agents."""
AGENT = "agent"
PERSONS = (RESPONDER, AGENT)
"""Who was first where a column tells, else who the contact is assigned to; judged as agents are."""
FIRST = (
    "channel",
    "team",
    *PERSONS,
    "product",
    "language",
    REPLIES,
    HANDS,
    HOUR,
    ESCALATED,
    "priority",
    ISSUE,
)
"""Columns in the order of the page; those of the data's own follow."""
_NEVER = """
status status_raw channel_raw priority_raw source source_file csat_raw nps_raw outcome survey_type sentiment
direction escalated resolved sla_first_response_met sla_resolution_met fcr churned
"""
NEVER = frozenset(_NEVER.split())
"""Columns that are the outcome or made of it, or another one's spelling."""
_OUTCOME = re.compile(r"\bsla\b|solved|satisf|csat|rating|survey|violat|breach|overdue", re.IGNORECASE)
"""Headers of columns that say how a contact ended."""
FEWEST = 30
"""A value with fewer judged contacts than this is not looked at."""


@dataclass(frozen=True)
class Value:
    """One value of one column.

    Attributes:
        n, k: judged contacts, and those quick and satisfied among them.
        share, expected: of the compared ones, and of others of the same kind.
        gap: share − expected; low, high its interval; shrunk: pulled towards the other values.
        p_adjusted: over all values of all columns.
        left_out: contacts without a counterpart.
    """

    field: str
    value: str
    n: int
    k: int
    share: float
    expected: float
    gap: float
    low: float
    high: float
    shrunk: float
    p_adjusted: float
    verdict: Verdict
    left_out: int


@dataclass(frozen=True)
class Shared:
    """What stands out, and everything that was looked at.

    Attributes:
        values: by column in their order, then by name: no rank.
        looked_at: how many values were tested; few: how many had too few contacts; judged: contacts of the
            period with both a time and an answer.
        hidden: agents with too few judged contacts and how many those are together.
        refused: why nothing can be said.
    """

    values: tuple[Value, ...]
    looked_at: int
    few: int
    judged: int = 0
    hidden: tuple[int, int] = (0, 0)
    no_agents: str = ""
    refused: str | None = None

    @property
    def better(self) -> tuple[Value, ...]:
        """Values that go with more success, beyond chance, the surest lower bound first."""
        found = [each for each in self.values if each.verdict is Verdict.BETTER]
        return tuple(sorted(found, key=lambda each: (-each.low, each.field, each.value)))

    @property
    def worse(self) -> tuple[Value, ...]:
        """Values that go with less success, beyond chance."""
        found = [each for each in self.values if each.verdict is Verdict.WORSE]
        return tuple(sorted(found, key=lambda each: (each.high, each.field, each.value)))


@dataclass(frozen=True)
class _Look:
    field: str
    value: str
    n: int
    k: int
    share: float
    expected: float
    gap: float
    low: float
    high: float
    p: float
    variance: float
    left_out: int


def shared(kept: Kept, now: Period | None, *, where: tuple[Filter, ...] = ()) -> Shared:
    """What goes with quick and satisfied contacts in a period."""
    if kept.refused is not None:
        return Shared((), 0, 0, refused=kept.refused)
    if not kept.dated:
        now = None
    table = kept.table
    selection = engine.select(table, kept.basis, now, where=where)
    used = np.flatnonzero(table.columns["quick_rated"][selection.rows] != 0)
    if used.size < 2 * FEWEST:
        only = f"only {used.size} contacts have both a time and an answer: at least {2 * FEWEST} are needed"
        return Shared((), 0, 0, refused=only)
    rows = selection.rows[used]
    day = selection.day[used].astype(np.int64)
    some = Rows(
        table.columns["good"][rows] != 0,
        day,
        selection.agent[used].astype(np.int64),
        tuple(kind[rows] for kind in kept.kinds),
        (int(day.min()), int(day.max())),
    )
    looks, few = _looks(kept, some, rows)
    agents, hidden, no_agents = _agents(kept, now, where)
    return replace(_judged(kept, [*looks, *agents], few, hidden, no_agents), judged=int(used.size))


def columns_of(kept: Kept) -> tuple[str, ...]:
    """Columns that are looked at, in the order of the page."""
    dims = kept.table.dimensions
    first = [name for name in FIRST if name in dims]
    never = {*NEVER, kept.source.field, *first}
    if RESPONDER in dims:
        first = [name for name in first if name != AGENT]
    rest = [name for name in dims if name not in never and not of_outcome(name) and not of_persons(name)]
    rest = [name for name in rest if not names_responders(name)]
    return tuple(
        name
        for name in (*first, *rest)
        if name in PERSONS or 2 <= len(dims[name].categories) <= MOST_VALUES or name == "tags"
    )


def of_outcome(name: str) -> bool:
    """Whether a column says how a contact ended, which what the good ones share must not be made of.

    >>> of_outcome("SLA For Resolution"), of_outcome("status_raw"), of_outcome("product")
    (True, True, False)
    """
    return name in NEVER or bool(_OUTCOME.search(name))


def _looks(kept: Kept, some: Rows, rows: NDArray[np.intp]) -> tuple[list[_Look], int]:
    table = kept.table
    level = kept.facts.definitions.confidence
    least = max(FEWEST, kept.facts.definitions.minimum_n)
    asked: list[tuple[str, str, NDArray[np.bool_], tuple[Longs, ...]]] = []
    seen: set[bytes] = set()
    few = 0
    for name in columns_of(kept):
        if name in PERSONS:
            continue
        dimension = table.dimensions[name]
        own = kept.kinds if name not in KIND else kinds_of(table, [each for each in KIND if each != name])[0]
        kinds = tuple(kind[rows] for kind in own)
        codes = dimension.codes[rows]
        for code, value in enumerate(map(str, dimension.categories)):
            group = codes == code
            n = int(group.sum())
            if value == NONE or not n or n == rows.size:
                continue
            if n < least or rows.size - n < least:
                few += 1
                continue
            mark = group.tobytes()
            if mark in seen:
                continue
            seen.add(mark)
            asked.append((name, value, group, kinds))
    found = matched(some, [each[2] for each in asked], kinds=[each[3] for each in asked], level=level)
    looks = []
    for (name, value, _, _), one in zip(asked, found, strict=True):
        look = _look(name, value, one)
        if look is None or one.left_out > MOSTLY * one.n:
            few += 1
        else:
            looks.append(look)
    return looks, few


def _look(name: str, value: str, one: Matched) -> _Look | None:
    d = one.difference
    if d is None or d.p is None or d.low is None or d.high is None:
        return None
    if one.share is None or one.expected is None:
        return None
    return _Look(
        name, value, one.n, one.k, one.share, one.expected, d.value, d.low, d.high, d.p, one.variance,
        one.left_out,
    )  # fmt: skip


def _agents(
    kept: Kept, now: Period | None, where: tuple[Filter, ...]
) -> tuple[list[_Look], tuple[int, int], str]:
    """Agents by the limits of the page of agents: with the spread that agents have anyway."""
    metric = outcome(kept, "good")
    if now is None:
        return [], (0, 0), "agents are compared within a period only"
    field = AGENT
    if RESPONDER in kept.table.dimensions:
        field, kept, where = RESPONDER, by_responder(kept, where), ()
    found = rows_of(kept.facts, metric, now, where)
    if isinstance(found, str):
        return [], (0, 0), found
    counted = np.bincount(found.agent, weights=found.n, minlength=len(found.agents)).astype(np.float64)
    shown, hidden = shown_and_few(counted, max(FEWEST, kept.facts.definitions.minimum_n))
    scored = (
        score(found, found.kinds) if found.kinds else score(found, (np.zeros(found.agent.size, np.int64),))
    )
    usable = shown & (scored.left_out <= MOSTLY)
    if int(usable.sum()) < FEWEST_AGENTS:
        few = f"fewer than {FEWEST_AGENTS} agents have {FEWEST} judged contacts, so agents are not compared"
        return [], hidden, few
    level = float(found.k.sum() / found.n.sum())
    marked = limits(scored, found.scale, level, usable, fair=True)
    looks = []
    for place, mark in enumerate(marked.marks):
        if mark is None or mark.p is None:
            continue
        n = round(float(counted[place]))
        k = round(float(found.k[found.agent == place].sum()))
        share, expected = float(scored.observed[place]), float(scored.expected[place])
        half = max((mark.high - mark.low) / 2, 1e-9)
        variance = float(scored.own[place] + scored.other[place])
        gap = share - expected
        looks.append(
            _Look(field, found.agents[place], n, k, share, expected, gap, gap - half, gap + half, mark.p,
                  max(variance, 1e-9), round(n * float(scored.left_out[place])))
        )  # fmt: skip
    return looks, hidden, ""


def _judged(kept: Kept, looks: Sequence[_Look], few: int, hidden: tuple[int, int], no_agents: str) -> Shared:
    if not looks:
        why = "no column has two values with enough judged contacts"
        return Shared((), 0, few, 0, hidden, no_agents, why)
    alpha = chance(kept.facts.definitions.confidence)
    adjusted = benjamini_hochberg([look.p for look in looks])
    pulled = _shrunk(looks)
    order = {name: place for place, name in enumerate(columns_of(kept))}
    values = []
    for look, q, shrunk in zip(looks, adjusted, pulled, strict=True):
        p = 1.0 if q is None else q
        verdict = Verdict.UNCLEAR if p >= alpha else Verdict.BETTER if look.gap > 0 else Verdict.WORSE
        values.append(
            Value(look.field, look.value, look.n, look.k, look.share, look.expected, look.gap, look.low,
                  look.high, shrunk, p, verdict, look.left_out)
        )  # fmt: skip
    values.sort(key=lambda each: order.get(each.field, len(order)))
    return Shared(tuple(values), len(looks), few, 0, hidden, no_agents)


def _shrunk(looks: Sequence[_Look]) -> list[float]:
    """Gaps pulled towards their mean within each column; over all columns where one has fewer than three."""
    everything = empirical_bayes([one.gap for one in looks], [one.variance for one in looks])
    values = [one.gap for one in looks] if everything.values is None else everything.values.tolist()
    for name in dict.fromkeys(one.field for one in looks):
        mine = [place for place, one in enumerate(looks) if one.field == name]
        own = empirical_bayes([looks[at].gap for at in mine], [looks[at].variance for at in mine])
        if own.values is not None:
            for at, value in zip(mine, own.values.tolist(), strict=True):
                values[at] = value
    return values


def renamed(found: Shared, names: dict[str, str]) -> Shared:
    """The same with agents under other names."""
    values = tuple(
        replace(each, value=names.get(each.value, each.value)) if each.field in PERSONS else each
        for each in found.values
    )
    return replace(found, values=values)
