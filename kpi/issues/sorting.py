"""Every contact gets its issue: from a column of the data, from the lead's rules, or from its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import fields
from kpi.facts import NONE, Facts, FactTable
from kpi.issues.nouns import NO_TEXT, OTHER, Origin, Rule, Source
from kpi.issues.texts import Texts, as_written, text_columns, texts_of
from kpi.issues.topics import GROUPS, topics
from kpi.model import Basis, Grain

ISSUE = "issue of the contact"
"""The dimension with the issue; a header of the data may be called "Issue", so it is called otherwise."""
UNNAMED = (NONE, OTHER, NO_TEXT)
"""Names of what has no issue."""
LIKELY = ("category", "subcategory", "reason", "wrapup_code")
"""Columns that name the issue, the likeliest first."""
MOST_VALUES = 5_000
"""A column with more different values than this is no list of issues."""
_NEVER = """
agent team channel channel_raw status status_raw priority priority_raw language source source_file
direction csat_raw nps_raw outcome survey_type sentiment country region
"""
_NO_ISSUES = frozenset(_NEVER.split())
"""Dimensions that name something else than what a contact is about."""
_PERSONS = re.compile(
    r"name|mail|phone|telefon|mobil|requester|submitter|assign|respond|repl(ied|y) by|answered by|"
    r"address|adresse|organi[sz]ation",
    re.IGNORECASE,
)
"""Headers of columns that hold persons."""


@dataclass(frozen=True, eq=False)
class Sorted:
    """The contacts with their issues: facts whose table of contacts has the dimension :data:`ISSUE`.

    Attributes:
        phrases: top phrases of each issue that was found in texts.
        refused: why there are no issues, None when there are.
        feeling: what sentiments are made from when no column holds them; empty otherwise.
    """

    facts: Facts
    grain: Grain
    basis: Basis
    source: Source
    refused: str | None = None
    phrases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    feeling: str = ""

    @property
    def table(self) -> FactTable:
        """The table of contacts."""
        return self.facts.tables[self.grain]


def contacts(facts: Facts) -> tuple[Grain, Basis] | None:
    """What one contact is here: a ticket, else a call; None where there are neither."""
    for grain, basis in ((Grain.TICKETS, Basis.CREATED), (Grain.CALLS, Basis.STARTED)):
        table = facts.table(grain)
        if table is not None and len(table):
            return grain, basis
    return None


def choices(facts: Facts) -> tuple[str, ...]:
    """Columns that may name the issue, the likeliest first."""
    found = contacts(facts)
    if found is None:
        return ()
    table = facts.tables[found[0]]
    likely = [name for name in LIKELY if _usable(table, name)]
    others = [n for n in table.dimensions if n not in likely and n not in _NO_ISSUES]
    others = [name for name in others if not of_persons(name) and _usable(table, name)]
    return (*likely, *others)


def of_persons(name: str) -> bool:
    """Whether a column names persons: no list of issues, and nothing to tell beside an issue.

    >>> of_persons("agent"), of_persons("Submitter"), of_persons("product")
    (True, True, False)
    """
    return name == "agent" or bool(_PERSONS.search(name))


def settle(facts: Facts, rules: Sequence[Rule], wanted: Source | None = None) -> Source:
    """Where issues come from: what the reader wants, else a column, else rules, else the texts."""
    found = contacts(facts)
    if wanted is not None and wanted.origin is not Origin.NOTHING:
        return wanted
    if found is None:
        return Source(Origin.NOTHING, why="the data hold neither tickets nor calls")
    table = facts.tables[found[0]]
    likely = next((name for name in LIKELY if _usable(table, name)), None)
    if likely is not None:
        return Source(Origin.FIELD, likely, "the data name the issue of each contact")
    lacking = _lacking(table)
    if not text_columns(table.source):
        return Source(
            Origin.NOTHING,
            why=f"{lacking} and none holds a text: a column such as category, reason, subject or description "
            "would help",
        )
    if rules:
        return Source(Origin.RULES, why=f"{lacking}, so your rules do")
    return Source(Origin.TEXTS, why=f"{lacking} and there are no rules, so the words do", groups=GROUPS)


def _lacking(table: FactTable) -> str:
    """Why no column gives the issues."""
    for name in LIKELY:
        many = len(table.dimensions[name].categories) if name in table.dimensions else 0
        if many > MOST_VALUES:
            return (
                f"the column {name} has {many:,} different values, more than the {MOST_VALUES:,} that a list "
                "of issues may have; no other column names the issue"
            )
    return "no column names the issue"


def sort(facts: Facts, rules: Sequence[Rule] = (), wanted: Source | None = None) -> Sorted:
    """The contacts with their issues.

    Raises:
        ValueError: for a column that the contacts do not have.
    """
    source = settle(facts, rules, wanted)
    found = contacts(facts)
    if found is None or source.origin is Origin.NOTHING:
        grain, basis = found or (Grain.TICKETS, Basis.CREATED)
        return Sorted(facts, grain, basis, source, source.why or "no issues were asked for")
    grain, basis = found
    table = facts.tables[grain]
    phrases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    refused = None
    if source.origin is Origin.FIELD:
        name = fields.resolve(table, source.field)
        if name is None or name not in table.dimensions:
            raise fields.unknown(source.field, [table])
        made, joined = one_spelling(table.dimensions[name])
        spellings = "" if not joined else f"; {joined} other spellings (capitals, blanks) were taken together"
        source = replace(source, field=name, why=source.why + spellings)
    elif source.origin is Origin.RULES:
        texts = texts_of(table.source, read=as_written)
        names, group = ruled(texts, rules)
        made = _dimension(texts, names, group)
        if not rules:
            refused = "there are no rules yet"
    else:
        texts = texts_of(table.source)
        counts = np.bincount(texts.place[texts.place >= 0], minlength=len(texts.clean)).astype(np.int64)
        grouped = topics(texts.clean, counts, source.groups or GROUPS)
        made = _dimension(texts, grouped.names, grouped.group)
        phrases = tuple(zip(grouped.names, grouped.phrases, strict=True))
        if not grouped.names:
            refused = (
                "there are too few different texts to find groups in them: a column such as category or "
                "reason, or rules of your own, would help"
            )
    dimensions = {**{k: v for k, v in table.dimensions.items() if k != ISSUE}, ISSUE: made}
    tables = {**facts.tables, grain: replace(table, dimensions=dimensions)}
    return Sorted(replace(facts, tables=tables), grain, basis, source, refused, phrases)


def ruled(texts: Texts, rules: Sequence[Rule]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the issues and the issue of each text, −1 where no rule fits; the first that fits wins."""
    names = tuple(dict.fromkeys(rule.issue for rule in rules))
    group = np.full(len(texts.clean), -1, np.int64)
    clean = pd.Series(list(texts.clean), dtype="str")
    known: dict[str, NDArray[np.bool_]] = {}

    def holds(word: str) -> NDArray[np.bool_]:
        if word not in known:
            bare = re.escape(word.lower().removesuffix("*").replace("’", "'"))
            pattern = rf"(?<!\w){bare}" + ("" if word.endswith("*") else r"(?!\w)")
            known[word] = clean.str.contains(pattern, regex=True).to_numpy(dtype=bool)
        return known[word]

    for rule in rules:
        free = group < 0
        if not free.any():
            break
        fits = np.zeros(group.size, np.bool_)
        for pattern in rule.patterns:
            fits |= np.logical_and.reduce([holds(word) for word in pattern.split()])
        group[free & fits] = names.index(rule.issue)
    return names, group


def one_spelling(dimension: pd.Categorical) -> tuple[pd.Categorical, int]:
    """Names that differ in capitals or blanks only as one, under the most frequent spelling.

    Returns the dimension and how many spellings went into another one.

    >>> made, joined = one_spelling(pd.Categorical(["Bug", "bug ", "Bug", "Login"]))
    >>> list(made), joined
    (['Bug', 'Bug', 'Bug', 'Login'], 1)
    """
    names = [str(name) for name in dimension.categories]
    counts = np.bincount(dimension.codes[dimension.codes >= 0], minlength=len(names))
    chosen: dict[str, int] = {}
    alike = [" ".join(name.casefold().split()) for name in names]
    for code, key in enumerate(alike):
        if key not in chosen or counts[code] > counts[chosen[key]]:
            chosen[key] = code
    if len(chosen) == len(names):
        return dimension, 0
    kept = {key: place for place, key in enumerate(chosen)}
    to = np.array([kept[key] for key in alike], dtype=np.int64)
    made = pd.Categorical.from_codes(to[dimension.codes], [names[code] for code in chosen.values()])
    return made, len(names) - len(chosen)


def _dimension(texts: Texts, names: tuple[str, ...], group: NDArray[np.int64]) -> pd.Categorical:
    """The issue of each row; other and missing texts stand behind the names."""
    other, nothing = len(names), len(names) + 1
    by_text = np.append(np.where(group < 0, other, group), nothing)
    return pd.Categorical.from_codes(by_text[texts.place], [*names, OTHER, NO_TEXT])


def _usable(table: FactTable, name: str) -> bool:
    dimension = table.dimensions.get(name)
    if dimension is None:
        return False
    named = len(dimension.categories) - (NONE in set(map(str, dimension.categories)))
    return 1 <= named <= MOST_VALUES if name == "category" else 2 <= named <= MOST_VALUES
