"""Times of day and zones inside cells, and what the words around them mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi.ingest.cells.calendar_words import (
    ENGLISH_MONTHS,
    FILLERS,
    HALVES,
    MONTHS,
    UNCLEAR_ZONES,
    WEEKDAYS,
    ZONES,
)
from kpi.ingest.cells.layouts import Layout, layouts

DAY = 86_400

Token = tuple[str, int, int]


_FRACTION = re.compile(r"9(?:[.,]9+)?|[.,]9+")


@dataclass(frozen=True)
class Word:
    """What a letter token means in all cells of a layout: its kind, and a value by cell."""

    kind: str
    values: np.ndarray
    foreign: np.ndarray


def meaning(word: str) -> tuple[str, int]:
    """(kind, value) of a word in a date.

    >>> meaning("märz"), meaning("pm"), meaning("utc"), meaning("t"), meaning("foo")
    (('month', 3), ('half', 12), ('zone', 0), ('t', 0), ('', 0))
    """
    for kind, table in (("month", MONTHS), ("half", HALVES), ("zone", ZONES)):
        if word in table:
            return kind, table[word]
    if word in ("t", "h"):
        return word, 0
    if word in WEEKDAYS:
        return "weekday", 0
    if word in UNCLEAR_ZONES:
        return "unclear", 0
    return ("filler", 0) if word in FILLERS else ("", 0)


def by_kinds(layout: Layout, tokens: Sequence[Token]) -> list[tuple[Layout, dict[int, Word]]]:
    """The layout split so that every letter token means the same kind of thing in all cells."""
    letters = [number for number, token in enumerate(tokens) if token[0] == "a"]
    if not letters:
        return [(layout, {})]
    if len(letters) > 8:
        return []
    read: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]] = {}
    combined = np.zeros(len(layout.rows), dtype=np.int64)
    for number in letters:
        codes, words = layout.words(*tokens[number][1:])
        if len(words) > 200:
            return []
        meanings = [meaning(word) for word in words]
        names = sorted({kind for kind, _ in meanings})
        of_word = np.array([names.index(kind) for kind, _ in meanings])
        combined = combined * len(names) + of_word[codes]
        values = np.array([value for _, value in meanings])[codes]
        foreign = np.array([word not in ENGLISH_MONTHS for word in words])[codes]
        read[number] = (of_word[codes], values, foreign, names)
    found = []
    for combination in np.unique(combined):
        keep = combined == combination
        at = int(np.flatnonzero(keep)[0])
        kinds = {
            number: Word(names[int(kind[at])], values[keep], foreign[keep])
            for number, (kind, values, foreign, names) in read.items()
        }
        found.append((layout if bool(keep.all()) else layout.part(keep), kinds))
    return found


@dataclass(frozen=True)
class Clock:
    """A time of day at the tokens from start to end (exclusive)."""

    start: int
    end: int
    seconds: np.ndarray
    nanos: np.ndarray
    grade: int
    good: np.ndarray


def find_clock(layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], begin: int) -> Clock | None:
    """The first time of day from token ``begin`` on: "9:12", "09:12:58.123", "9 AM", "14h30"."""
    for at in range(begin, len(tokens)):
        if tokens[at][0] != "9" or width_of(tokens[at]) > 2:
            continue
        minute = _minute_after(tokens, kinds, at)
        half = _half_after(tokens, kinds, at)
        if minute is None and half is None:
            continue
        n = len(layout.rows)
        hour = layout.integer(*tokens[at][1:])
        seconds, nanos = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        good, grade, end = np.ones(n, dtype=bool), 1, at + 1
        if minute is not None:
            minutes = layout.integer(*tokens[minute][1:])
            good &= minutes < 60
            seconds, end = minutes * 60, minute + 1
            sign = tokens[at + 1][0]
            if end + 1 < len(tokens) and tokens[end][0] == sign != "a" and _is_number(tokens[end + 1], 2):
                second = layout.integer(*tokens[end + 1][1:])
                good &= second < 60
                seconds, grade, end = seconds + second, 2, end + 2
                if end + 1 < len(tokens) and tokens[end][0] in ".,:" and tokens[end + 1][0] == "9":
                    nanos, end = _fraction(layout, tokens[end + 1]), end + 2
            half = _half_after(tokens, kinds, end - 1)
        if half is not None:
            first, last = half
            good &= (hour >= 1) & (hour <= 12)
            hour, end = hour % 12 + kinds[first].values, last
        good &= (hour < 24) | ((hour == 24) & (seconds == 0))
        return Clock(at, end, hour * 3600 + seconds, nanos, grade, good)
    return None


def width_of(token: Token) -> int:
    return token[2] - token[1]


def _is_number(token: Token, width: int) -> bool:
    return token[0] == "9" and width_of(token) == width


def _minute_after(tokens: Sequence[Token], kinds: dict[int, Word], at: int) -> int | None:
    if at + 2 < len(tokens) and _is_number(tokens[at + 2], 2):
        sign = tokens[at + 1][0]
        if sign == ":" or (sign == "a" and kinds[at + 1].kind == "h"):
            return at + 2
        if sign == "." and at >= 2 and tokens[at - 1][0] in (" ", ", ") and _is_number(tokens[at - 2], 4):
            # "03.10.2025 09.15": full stops in the time too.
            return at + 2
    return None


def _half_after(tokens: Sequence[Token], kinds: dict[int, Word], at: int) -> tuple[int, int] | None:
    """(token of the half, token after it): " AM", "pm", " a.m."."""
    word = at + 1
    if word < len(tokens) and tokens[word][0] == " ":
        word += 1
    if word >= len(tokens) or word not in kinds or kinds[word].kind != "half":
        return None
    end = word + 1
    if width_of(tokens[word]) == 1:
        # "a.m." is the letter a or p, a full stop (perhaps with a blank), m, and perhaps a full stop.
        if end + 1 < len(tokens) and tokens[end][0] in (".", ". ") and tokens[end + 1][0] == "a":
            end += 2
            if end < len(tokens) and tokens[end][0] == ".":
                end += 1
        elif end < len(tokens):
            return None
    return word, end


def _fraction(layout: Layout, token: Token) -> np.ndarray:
    width = min(width_of(token), 9)
    nanos: np.ndarray = layout.integer(token[1], token[1] + width) * 10 ** (9 - width)
    return nanos


def find_zone(
    layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], at: int
) -> tuple[np.ndarray | None, int] | None:
    """(offset by cell or None, token after it) of what follows a time; None when it is no zone."""
    offset: np.ndarray | None = None
    if at < len(tokens) and tokens[at][0] == " " and at + 1 < len(tokens) and tokens[at + 1][0] == "a":
        at += 1
    if (
        at < len(tokens)
        and tokens[at][0] in (" (", "(")
        and at + 2 < len(tokens)
        and tokens[at + 2][0] == ")"
    ):
        if kinds[at + 1].kind != "zone":
            return (None, at + 3) if kinds[at + 1].kind == "unclear" else None
        return kinds[at + 1].values, at + 3
    if at < len(tokens) and tokens[at][0] == "a":
        if kinds[at].kind not in ("zone", "unclear"):
            return None
        offset = kinds[at].values if kinds[at].kind == "zone" else None
        at += 1
    if at + 1 < len(tokens) and tokens[at][0] in ("+", "-", " +", " -") and tokens[at + 1][0] == "9":
        sign = -1 if tokens[at][0].endswith("-") else 1
        digits = tokens[at + 1]
        number = layout.integer(*digits[1:])
        if width_of(digits) == 4:
            shift, at = (number // 100) * 3600 + (number % 100) * 60, at + 2
        elif width_of(digits) <= 2:
            shift, at = number * 3600, at + 2
            if at + 1 < len(tokens) and tokens[at][0] == ":" and _is_number(tokens[at + 1], 2):
                shift, at = shift + layout.integer(*tokens[at + 1][1:]) * 60, at + 2
        else:
            return None
        offset = sign * shift
        if at < len(tokens) and tokens[at][0] == " (" and tokens[-1][0] == ")":
            at = len(tokens)
    return offset, at


def seconds_of_day(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(seconds, grade) of cells that are a time of day alone; -1 where a cell is none. Fractions of a day
    count.
    """
    seconds = np.full(len(values), -1, dtype=np.int64)
    grade = np.zeros(len(values), dtype=np.int8)
    for layout in layouts(values):
        tokens = layout.tokens()
        if _FRACTION.fullmatch(layout.signature):
            number = np.array([float(bytes(row).replace(b",", b".")) for row in layout.cells])
            found = np.round(number * DAY).astype(np.int64)
            good = (number >= 0) & (number < 1) & (found < DAY)
            seconds[layout.rows[good]] = found[good]
            grade[layout.rows[good]] = 2
            continue
        for part, kinds in by_kinds(layout, tokens):
            clock = find_clock(part, tokens, kinds, 0)
            if clock is None or clock.start != 0 or clock.end != len(tokens):
                continue
            good = clock.good & (clock.seconds < DAY)
            seconds[part.rows[good]] = clock.seconds[good]
            grade[part.rows[good]] = clock.grade
    return seconds, grade
