"""Praise worth quoting: comments of happy customers that say something, varied and masked.

Worth is a plain sum that can be explained: the highest score of the scale; enough words (more than
:data:`LONG` add nothing); words that few other comments use, as what everybody writes says nothing about one
case. Comments that say the same stand once, with how many they are. Names of agents and customers, addresses
and long numbers are taken out of the words before they are shown.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.facts import NONE, FactTable
from kpi.issues import ISSUE
from kpi.model import EPOCH, Basis, Filter, Grain, Period
from kpi.persons import quoted
from kpi.resolutions.preparing import Kept

FEWEST_WORDS = 3
LONG = 25
MOST_READ = 20_000
"""So many comments, the newest ones, are read at most."""
LONGEST = 600
"""Characters of a comment that are shown."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no blanks between words; two of them count as a word."""
_PART = re.compile(r"\w+(?:[.'’-]\w+)*")


@dataclass(frozen=True)
class Quote:
    """One comment worth quoting.

    Attributes:
        text: the words, masked; ``masked`` says whether anything was taken out. ``words`` counts them.
        score: the answer as given; alike: comments of the period that say the same, this one among them.
        key: the ticket (or call) it is about, "" when unknown; survey: number of the survey row.
        issue, agent, channel, language: of the ticket, "" when unknown.
        worth: what it was chosen by; why: in words.
    """

    key: str
    survey: int
    text: str
    masked: bool
    words: int
    score: str
    day: date | None
    alike: int
    issue: str
    agent: str
    channel: str
    language: str
    worth: float
    why: str


@dataclass(frozen=True)
class Praise:
    """Quotes, the most varied of the worthiest first.

    Attributes:
        comments: comments of satisfied customers in the period; read: those long enough to say something.
        refused: why there are none.
    """

    quotes: tuple[Quote, ...]
    comments: int
    read: int
    refused: str | None = None


def praise(kept: Kept, now: Period | None, *, where: tuple[Filter, ...] = (), most: int = 12) -> Praise:
    """The comments of happy customers that are worth quoting."""
    table = kept.facts.table(Grain.SURVEYS)
    if table is None or "csat_answered" not in table.columns:
        return Praise((), 0, 0, "the data hold no satisfaction answers, so there is no praise to find")
    if "comment" not in table.source.columns or not bool(table.source["comment"].notna().any()):
        words = "no answer has a comment: a column such as comment or feedback beside the score would help"
        return Praise((), 0, 0, words)
    for each in where:
        if fields.resolve(table, each.field) is None:
            return Praise((), 0, 0, f"answers have no column '{each.field}', which a filter asks for")
    days = table.columns["answered_day"]
    dated = bool((days != MISSING_DAY).any())
    selection = engine.select(table, Basis.ANSWERED, now if dated else None, where=where)
    happy = table.columns["csat_satisfied"][selection.rows] != 0
    text = table.source["comment"].iloc[selection.rows]
    said = happy & text.notna().to_numpy(dtype=bool)
    rows = selection.rows[said]
    if not rows.size:
        return Praise((), 0, 0, "no satisfied customer of this period left a comment")
    rows = rows[np.argsort(days[rows], kind="stable")[::-1]][:MOST_READ]
    texts = [" ".join(str(each).split()) for each in table.source["comment"].iloc[rows]]
    groups: dict[str, list[int]] = {}
    for place, comment in enumerate(texts):
        groups.setdefault(_alike(comment), []).append(place)
    long_enough = {key: at for key, at in groups.items() if key and words_in(texts[at[0]]) >= FEWEST_WORDS}
    read = sum(len(at) for at in long_enough.values())
    if not long_enough:
        few = f"no comment of a satisfied customer has {FEWEST_WORDS} words or more"
        return Praise((), int(rows.size), 0, few)
    quotes = _worth(kept, table, rows, texts, long_enough)
    return Praise(tuple(_varied(quotes, most)), int(rows.size), read)


def words_in(text: str) -> int:
    """How many words a text has; two letters of a script without blanks count as one, emoji as none.

    >>> words_in("Great help, thank you! 🎉"), words_in("とても助かりました"), words_in("👍👍")
    (4, 4, 0)
    """
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2


def _alike(text: str) -> str:
    """What two comments that say the same have in common."""
    return " ".join(_PART.findall(text.casefold())) or ""


# ---------------------------------------------------------------- worth


def _worth(
    kept: Kept, table: FactTable, rows: np.ndarray, texts: Sequence[str], groups: dict[str, list[int]]
) -> list[Quote]:
    """A quote for each wording."""
    used = Counter(word for key, at in groups.items() for word in set(key.split()) for _ in at)
    total = sum(len(at) for at in groups.values())
    top = _top(table, rows)
    issues = _issues(kept, table, rows)
    zipped = {name: _values(table, name, rows) for name in ("agent", "channel", "language")}
    keys = _keys(table, rows)
    customers = _customers(kept, keys)
    days = table.columns["answered_day"][rows]
    scores = _scores(table, rows)
    found = []
    for key, at in groups.items():
        # Of comments that say the same, the one with the top score, then the newest.
        place = min(at, key=lambda each: (not top[each], each))
        n = words_in(texts[place])
        parts = [word for word in key.split() if len(word) > 2]
        rare = sum(math.log(total / used[word]) for word in parts) / max(len(parts), 1) if parts else 0.0
        specific = min(1.0, rare / 6)
        length = min(1.0, n / LONG)
        worth = float(top[place]) + 1.5 * length + 1.0 * specific - 0.3 * math.log1p(len(at) - 1)
        said = texts[place][:LONGEST]
        masked = quoted(kept.facts, said, customers.get(keys[place], ()))
        found.append(
            Quote(
                keys[place],
                int(rows[place]),
                masked,
                masked != said,
                n,
                scores[place],
                None if days[place] == MISSING_DAY else EPOCH + timedelta(days=int(days[place])),
                len(at),
                issues[place],
                zipped["agent"][place],
                zipped["channel"][place],
                zipped["language"][place],
                worth,
                _why(bool(top[place]), n, specific, len(at)),
            )
        )
    return sorted(found, key=lambda each: (-each.worth, each.text))


def _why(top: bool, words: int, specific: float, alike: int) -> str:
    said = ["the highest score" if top else "a good score", f"{words} words"]
    if specific >= 0.5:
        said.append("says what few others say")
    if alike > 1:
        said.append(f"{alike:,} customers wrote the same")
    return ", ".join(said)


def _varied(quotes: Sequence[Quote], most: int) -> list[Quote]:
    """One after the other the worthiest, less for each chosen one of the same issue or agent."""
    left, chosen = list(quotes), list[Quote]()
    issues: Counter[str] = Counter()
    agents: Counter[str] = Counter()
    while left and len(chosen) < most:

        def value(quote: Quote) -> float:
            again = (issues[quote.issue] if quote.issue else 0) + (agents[quote.agent] if quote.agent else 0)
            return quote.worth - 0.5 * again

        best = max(left, key=value)
        left.remove(best)
        chosen.append(best)
        issues[best.issue] += 1
        agents[best.agent] += 1
    return chosen


def _top(table: FactTable, rows: np.ndarray) -> np.ndarray:
    """Whether each answer is the highest of its scale (or its label says good and there is no number)."""
    if "csat_scored" not in table.columns:
        return np.ones(rows.size, np.bool_)
    scored = table.columns["csat_scored"][rows] != 0
    score, high = table.columns["csat_score"][rows], table.columns["csat_scale_high"][rows]
    return np.where(scored, score >= high - 1e-9, True)


def _scores(table: FactTable, rows: np.ndarray) -> list[str]:
    if "csat_scored" not in table.columns:
        return ["satisfied"] * rows.size
    score, high = table.columns["csat_score"][rows], table.columns["csat_scale_high"][rows]
    scored = table.columns["csat_scored"][rows] != 0
    return [
        f"{value:g} of {end:g}" if known else "satisfied"
        for value, end, known in zip(score.tolist(), high.tolist(), scored.tolist(), strict=True)
    ]


def _values(table: FactTable, name: str, rows: np.ndarray) -> list[str]:
    dimension = table.dimensions.get(name)
    if dimension is None:
        return [""] * rows.size
    names = [str(each) for each in dimension.categories]
    return ["" if names[code] == NONE else names[code] for code in dimension.codes[rows].tolist()]


def _keys(table: FactTable, rows: np.ndarray) -> list[str]:
    for name in ("ticket_id", "call_id"):
        if name in table.source.columns:
            return ["" if pd.isna(each) else str(each) for each in table.source[name].iloc[rows]]
    return [""] * rows.size


def _issues(kept: Kept, table: FactTable, rows: np.ndarray) -> list[str]:
    """The issue of the contact each answer is about."""
    key = "call_id" if kept.grain is Grain.CALLS else "ticket_id"
    if not kept.has_issue or key not in table.source.columns or key not in kept.table.source.columns:
        return [""] * rows.size
    dimension = kept.table.dimensions[ISSUE]
    named = pd.Series(
        np.asarray(dimension.categories, dtype=object)[dimension.codes],
        index=kept.table.source[key].astype("str").to_numpy(),
    )
    named = named[~named.index.duplicated(keep="last")]
    found = named.reindex(table.source[key].iloc[rows].astype("str").to_numpy())
    return ["" if pd.isna(each) or each == NONE else str(each) for each in found]


def _customers(kept: Kept, keys: Sequence[str]) -> Mapping[str, tuple[str]]:
    """The customer of each of these contacts: of them, as of agents, each part of a name is one."""
    rows = kept.table.source
    key = "call_id" if kept.grain is Grain.CALLS else "ticket_id"
    if key not in rows.columns or "requester_name" not in rows.columns:
        return {}
    wanted = (
        rows[key].astype("str").isin(set(keys) - {""}) & rows["requester_name"].notna() & rows[key].notna()
    )
    named = zip(rows.loc[wanted, key], rows.loc[wanted, "requester_name"], strict=True)
    return {str(one): (str(name),) for one, name in named}
