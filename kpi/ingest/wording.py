"""Word columns of one file: status, priority, channel, outcome, flags, lists, names; raw beside clean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import pandas as pd

from kpi.ingest.account import Ledger
from kpi.ingest.cells import clean_keys, mangled_keys, names, vocabulary
from kpi.ingest.mapping import Column, Plan
from kpi.ingest.nouns import Question
from kpi.ingest.profile import PLACEHOLDERS
from kpi.ingest.questions import LONGEST_EXAMPLE, Asking, shortened
from kpi.ingest.words import DIRECTIONS, NOBODY, OUTCOMES, SENTIMENTS, STATUSES_TOO, SURVEY_TYPES, folded

STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed", "cancelled", "merged", "spam", "deleted")
WORTH_ASKING = 0.005
MOSTLY = 0.5
SLA_ANSWERS: Mapping[str, Mapping[str, bool]] = {
    "above is missed": {"below": True, "above": False},
    "below is missed": {"below": False, "above": True},
    "both are missed": {"below": False, "above": False},
}


def map_cells(text: pd.Series, turn: Callable[[str], object]) -> pd.Series:
    """Each cell through a function called once per different cell; object dtype, None for no value."""
    codes, values = pd.factorize(text)
    turned = np.empty(len(values), dtype=object)
    turned[:] = [turn(value) for value in values.tolist()]
    return pd.Series(turned[codes], index=text.index, dtype=object)


def empty_cells(text: pd.Series, column: Column, plan: Plan) -> pd.Series:
    """Cells without a value: blanks, placeholders of every file, of this source and of this column."""
    own = {folded(word) for word in (*plan.placeholders, *column.placeholders)}
    return is_one_of(text, PLACEHOLDERS | own | {""})


def is_one_of(text: pd.Series, words: Collection[str]) -> pd.Series:
    """Where a cell, outer blanks and case aside, is one of these lower-case words; fast on long columns."""
    return text.str.strip().str.lower().isin(list(words)).astype(bool)


def read_text(text: pd.Series, empty: pd.Series) -> pd.Series:
    """Text with outer blanks off and missing values where empty."""
    return text.str.strip().mask(empty).astype("str")


def read_list(text: pd.Series, empty: pd.Series, separator: str) -> pd.Series:
    """Lists of texts; an empty list where empty."""
    blank = separator.isspace()

    def split(cell: str) -> list[str]:
        parts = cell.split() if blank else cell.split(separator)
        return [part.strip() for part in parts if part.strip()]

    lists = map_cells(text, split)
    none = map_cells(text, lambda cell: [])
    return lists.where(~empty, none)


def read_keys(text: pd.Series, column: Column, ledger: Ledger) -> pd.Series:
    """Keys as text; those that a spreadsheet mangled are reported and missing."""
    ledger.note("C_EXCEL_MANGLED", column.header, mangled_keys(text), text, "no id: digits are lost")
    return clean_keys(text)


def read_people(
    text: pd.Series, empty: pd.Series, column: Column, *, agents: bool
) -> tuple[pd.Series, pd.Series]:
    """(names, e-mails) of a person column; cells that name nobody are missing."""
    nobody = is_one_of(text, NOBODY) if agents else empty
    reading = names(text.mask(nobody | empty, ""))
    return reading.names, reading.emails


def read_flag(text: pd.Series, empty: pd.Series, column: Column, plan: Plan, ledger: Ledger) -> pd.Series:
    """Flags as nullable booleans; unknown words are reported and missing."""
    words = plan.words.get(column.words) if column.words else None
    table: Mapping[str, object] = words or {**vocabulary.BOOL, **vocabulary.SLA}
    values = _look_up(text, table)
    _note_unknown(text, values.isna() & ~empty, column, ledger, set(table) if words else set())
    flags = values.astype("boolean").mask(empty)
    return ~flags if column.inverse else flags


def _look_up(text: pd.Series, table: Mapping[str, object]) -> pd.Series:
    """Cells through a word map; "*" stands for every filled cell that the map does not name."""
    known = {folded(word): value for word, value in table.items() if word != "*"}
    other = table.get("*")
    return map_cells(text, lambda cell: known.get(folded(cell), other) if cell.strip() else None)


def _note_unknown(
    text: pd.Series,
    unknown: pd.Series,
    column: Column,
    ledger: Ledger,
    named: set[str],
    action: str = "no value",
) -> None:
    """Words that no map knows; those that a map names and gives no value are known."""
    if named:
        unknown = unknown & ~map_cells(text, lambda cell: folded(cell) in named or "*" in named).astype(bool)
    rows = np.asarray(unknown, dtype=bool)
    if rows.any():
        shown = ", ".join(
            f"'{shortened(word)}' {count}×"
            for word, count in text[rows].str.strip().value_counts()[:5].items()
        )
        ledger.note("C_ENUM_UNKNOWN", column.header, rows, text, action, shown)


def read_words_of(
    kind: str, text: pd.Series, empty: pd.Series, column: Column, plan: Plan, ledger: Ledger
) -> pd.Series:
    """A word kind other than status through the source's map, then the general one."""
    general: Mapping[str, Mapping[str, object]] = {
        "priority": vocabulary.PRIORITY,
        "channel": vocabulary.CHANNEL,
        "direction": {**vocabulary.DIRECTION, **DIRECTIONS},
        "outcome": OUTCOMES,
        "sentiment": SENTIMENTS,
        "survey_type": SURVEY_TYPES,
    }
    table = {**general.get(kind, {}), **plan.words.get(column.words or kind, {})}
    values = _look_up(text, table).mask(empty)
    if kind == "outcome" and column.inverse:
        values = values.map({"answered": "abandoned", "abandoned": "answered"}, na_action="ignore")
    unknown = values.isna() & ~empty
    _note_unknown(text, unknown, column, ledger, {folded(word) for word in table}, "raw text kept")
    if kind == "channel":
        values = values.mask(unknown, "other")
    return values.astype("str")


def read_status(
    text: pd.Series,
    empty: pd.Series,
    column: Column,
    plan: Plan,
    asking: Asking,
    ledger: Ledger,
    solved: pd.Series | None,
) -> pd.Series:
    """Status words. Those of ``ask_status`` and frequent unknown ones are asked; rare ones are "unknown".

    ``solved``: where a solve or close stamp is filled, for the suggestion (mostly filled: solved, else open).
    """
    table: dict[str, object] = {
        **STATUSES_TOO,
        **vocabulary.STATUS,
        **plan.words.get(column.words or "status", {}),
    }
    known = {folded(word): value for word, value in table.items()}
    asked = {folded(word): meaning for word, meaning in plan.ask_status.items()}
    counts = text[~empty].str.strip().value_counts()
    for word, count in counts.items():
        key = folded(word)
        if key in known and key not in asked:
            answer = asking.volunteered(
                f"status:{word}", STATUSES.__contains__, "one of " + ", ".join(STATUSES)
            )
            known[key] = answer or known[key]
            continue
        rare = count <= WORTH_ASKING * max(len(text), 1) or len(word) > LONGEST_EXAMPLE
        if key not in asked and rare:
            continue
        default = asked.get(key) or _suggest(text, word, solved)
        known[key] = _ask_status(word, int(count), default, column, asking)
    values = map_cells(text, lambda cell: known.get(folded(cell))).mask(empty)
    unknown = values.isna() & ~empty
    _note_unknown(text, unknown, column, ledger, set(), "status unknown, raw text kept")
    return values.mask(unknown, "unknown").astype("str")


def _suggest(text: pd.Series, word: str, solved: pd.Series | None) -> str:
    if solved is None:
        return "open"
    rows = text.str.strip() == word
    return "solved" if float(solved[rows].mean()) > MOSTLY else "open"


def _ask_status(word: str, count: int, default: str, column: Column, asking: Asking) -> str:
    answer, _ = asking.ask(
        Question(
            id=f"status:{word}",
            about=f"What does the status '{word}' mean ({count} rows of '{column.header}')?",
            default=default,
            choices=STATUSES,
            column=column.header,
            examples=(word,),
            why="Backlog, resolution rate and time to resolution depend on which tickets are still open.",
        ),
        f"The status '{word}' was read as {default}.",
    )
    return answer or default


def read_sla_sides(
    text: pd.Series, empty: pd.Series, column: Column, asking: Asking, ledger: Ledger
) -> pd.Series | None:
    """SLA words whose good side is not clear ("Below SLA"): always asked, None until answered."""
    answer, _ = asking.ask(
        Question(
            id=f"sla_words:{column.header}",
            about=f"Which words of '{column.header}' mean that the SLA was missed?",
            default=None,
            choices=tuple(SLA_ANSWERS),
            column=column.header,
            examples=tuple(text[~empty].str.strip().unique()[:3]),
            why='"Below SLA" can mean faster than the target or worse than it; SLA adherence depends on it.',
        )
    )
    if answer is None:
        return None
    sides = SLA_ANSWERS[answer]
    general = {folded(word): flag for word, flag in vocabulary.SLA.items()}

    def turn(cell: str) -> bool | None:
        word = folded(cell)
        for side, met in sides.items():
            if side in word or {"below": "under", "above": "over"}[side] in word.split():
                return met
        return True if word.startswith("within") else general.get(word)

    values = map_cells(text, turn)
    _note_unknown(text, values.isna() & ~empty, column, ledger, set())
    return values.astype("boolean").mask(empty)
