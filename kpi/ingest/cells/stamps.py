"""The parts of dates and times of day, taken out of distinct cells layout by layout. No order is decided here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

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

NO_OFFSET = -(10**6)
DAY = 86_400

NONE, FIXED, OPEN, NUMBER = 0, 1, 2, 3
"""States of a cell: no date; month and day known; two numbers whose order is open; a serial day or an epoch."""

Token = tuple[str, int, int]


@dataclass
class Parts:
    """Parts of n distinct cells, filled in layout by layout.

    ``first``, ``second``, ``third`` are the date numbers as written; for FIXED cells they are month, day, year; for
    OPEN cells the third is the year. ``seconds``: second of the day, -1 without
    a time. ``grade``: 0 day, 1 minute, 2 second. ``offset``: seconds east of UTC or NO_OFFSET. ``group``: the number
    of the way of writing (in ``groups``), ``place``: of the IANA zone (in ``places``). ``unclear``: some cell has a
    zone word that stands for several zones.
    """

    n: int
    state: np.ndarray = field(init=False)
    first: np.ndarray = field(init=False)
    second: np.ndarray = field(init=False)
    third: np.ndarray = field(init=False)
    seconds: np.ndarray = field(init=False)
    nanos: np.ndarray = field(init=False)
    grade: np.ndarray = field(init=False)
    offset: np.ndarray = field(init=False)
    group: np.ndarray = field(init=False)
    groups: list[str] = field(default_factory=list)
    place: np.ndarray = field(init=False)
    places: list[str] = field(default_factory=list)
    foreign: np.ndarray = field(init=False)
    formats: dict[str, int] = field(default_factory=dict)
    unclear: bool = False

    def __post_init__(self) -> None:
        self.state = np.zeros(self.n, dtype=np.int8)
        for name in ("first", "second", "third", "seconds", "nanos"):
            setattr(self, name, np.zeros(self.n, dtype=np.int64))
        self.seconds[:] = -1
        self.grade = np.zeros(self.n, dtype=np.int8)
        self.offset = np.full(self.n, NO_OFFSET, dtype=np.int64)
        self.group = np.full(self.n, -1, dtype=np.int16)
        self.place = np.full(self.n, -1, dtype=np.int16)
        self.foreign = np.zeros(self.n, dtype=bool)

    def group_number(self, label: str) -> int:
        """The number of a group of cells that are written alike."""
        if label not in self.groups:
            self.groups.append(label)
        return self.groups.index(label)

    def place_number(self, name: str) -> int:
        """The number of an IANA zone named in cells."""
        if name not in self.places:
            self.places.append(name)
        return self.places.index(name)


def take_apart(values: pa.Array) -> Parts:
    """The date parts of distinct cells."""
    parts = Parts(len(values))
    for layout in layouts(values):
        _read_layout(layout, parts)
    return parts


def seconds_of_day(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(seconds, grade) of cells that are a time of day alone; -1 where a cell is none. Fractions of a day count."""
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
        for part, kinds in _by_kinds(layout, tokens):
            clock = _clock(part, tokens, kinds, 0)
            if clock is None or clock.start != 0 or clock.end != len(tokens):
                continue
            good = clock.good & (clock.seconds < DAY)
            seconds[part.rows[good]] = clock.seconds[good]
            grade[part.rows[good]] = clock.grade
    return seconds, grade


_FRACTION = re.compile(r"9(?:[.,]9+)?|[.,]9+")
_NUMBER = re.compile(r"9{5}(?:[.,]9+)?|9{10}(?:[.,]9+)?|9{13}")
_SEPARATORS = frozenset(
    {"-", "/", ".", " ", ", ", ". ", " - ", " / ", "., ", ".-", "./", ",", "'", " '", "-'", "/'"}
)
_PLACE = re.compile(r"(.*9(?: a+(?= ))?) ?[\[(]?(a+/a+(?:[_/-]a+)*)[\])]?")


def _read_layout(layout: Layout, parts: Parts) -> None:
    signature = layout.signature
    if "9" not in signature:
        return
    if _NUMBER.fullmatch(signature):
        _read_number(layout, parts)
        return
    named = _PLACE.fullmatch(signature)
    if named and len(layout.tokens()) > 4:
        codes, words = _spelled(layout.cells[:, named.start(2) : named.end(2)])
        shorter = Layout(named.group(1), layout.rows, layout.cells[:, : named.end(1)])
        _read_tokens(shorter, parts)
        parts.place[layout.rows] = np.array([parts.place_number(word) for word in words])[codes]
        return
    _read_tokens(layout, parts)


def _spelled(cells: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    plain = np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()
    words, codes = np.unique(plain, return_inverse=True)
    return codes, tuple(word.decode("utf-8", "replace") for word in words)


def _read_number(layout: Layout, parts: Parts) -> None:
    text = np.ascontiguousarray(layout.cells).view(f"S{layout.cells.shape[1]}").ravel()
    number = np.array([float(cell.replace(b",", b".")) for cell in text.tolist()])
    whole = layout.signature.split(".")[0].split(",")[0]
    rows = layout.rows
    if len(whole) == 5:
        label, instant = "serial", np.round((number - 25_569) * DAY)
        parts.grade[rows] = np.where(number % 1 == 0, 0, 2)
        parts.seconds[rows] = np.where(number % 1 == 0, -1, instant.astype(np.int64) % DAY)
    else:
        label, scale = ("epoch_s", 1.0) if len(whole) == 10 else ("epoch_ms", 1000.0)
        instant = np.floor(number / scale)
        parts.nanos[rows] = np.round((number / scale - instant) * 1000).astype(np.int64) * 10**6
        parts.grade[rows] = 2
        parts.seconds[rows] = instant.astype(np.int64) % DAY
        parts.offset[rows] = 0
    day = np.floor(instant / DAY).astype(np.int64).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = month.astype("datetime64[Y]")
    parts.third[rows] = year.astype(np.int64) + 1970
    parts.first[rows] = (month - year).astype(np.int64) + 1
    parts.second[rows] = (day - month).astype(np.int64) + 1
    sensible = (parts.third[rows] >= 1995) & (parts.third[rows] < 2100)
    parts.state[rows] = np.where(sensible, NUMBER, NONE)
    parts.group[rows] = parts.group_number(label)


def _read_tokens(layout: Layout, parts: Parts) -> None:
    tokens = layout.tokens()
    if len(tokens) > 40:
        return
    for part, kinds in _by_kinds(layout, tokens):
        _read_kinds(part, tokens, kinds, parts)


@dataclass(frozen=True)
class Word:
    """What a letter token means in all cells of a layout: its kind, and a value by cell."""

    kind: str
    values: np.ndarray
    foreign: np.ndarray


def _meaning(word: str) -> tuple[str, int]:
    """(kind, value) of a word in a date.

    >>> _meaning("märz"), _meaning("pm"), _meaning("utc"), _meaning("t"), _meaning("foo")
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


def _by_kinds(layout: Layout, tokens: Sequence[Token]) -> list[tuple[Layout, dict[int, Word]]]:
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
        meanings = [_meaning(word) for word in words]
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


def _clock(layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], begin: int) -> Clock | None:
    """The first time of day from token ``begin`` on: "9:12", "09:12:58.123", "9 AM", "14h30"."""
    for at in range(begin, len(tokens)):
        if tokens[at][0] != "9" or _width(tokens[at]) > 2:
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
            if end + 1 < len(tokens) and tokens[end][0] == ":" and _is_number(tokens[end + 1], 2):
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


def _width(token: Token) -> int:
    return token[2] - token[1]


def _is_number(token: Token, width: int) -> bool:
    return token[0] == "9" and _width(token) == width


def _minute_after(tokens: Sequence[Token], kinds: dict[int, Word], at: int) -> int | None:
    if at + 2 < len(tokens) and _is_number(tokens[at + 2], 2):
        sign = tokens[at + 1][0]
        if sign == ":" or (sign == "a" and kinds[at + 1].kind == "h"):
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
    if _width(tokens[word]) == 1:
        # "a.m." is the letter a or p, a full stop (perhaps with a blank), m, and perhaps a full stop.
        if end + 1 < len(tokens) and tokens[end][0] in (".", ". ") and tokens[end + 1][0] == "a":
            end += 2
            if end < len(tokens) and tokens[end][0] == ".":
                end += 1
        elif end < len(tokens):
            return None
    return word, end


def _fraction(layout: Layout, token: Token) -> np.ndarray:
    width = min(_width(token), 9)
    return layout.integer(token[1], token[1] + width) * 10 ** (9 - width)


def _zone(
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
        if _width(digits) == 4:
            shift, at = (number // 100) * 3600 + (number % 100) * 60, at + 2
        elif _width(digits) <= 2:
            shift, at = number * 3600, at + 2
            if at + 1 < len(tokens) and tokens[at][0] == ":" and _is_number(tokens[at + 1], 2):
                shift, at = shift + layout.integer(*tokens[at + 1][1:]) * 60, at + 2
        else:
            return None
        offset = sign * shift
        if at < len(tokens) and tokens[at][0] == " (" and tokens[-1][0] == ")":
            at = len(tokens)
    return offset, at


def _read_kinds(layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], parts: Parts) -> None:
    """Read the cells of one layout whose words all have the same kinds."""
    rows = layout.rows
    if _read_compact(layout, tokens, kinds, parts):
        return
    clock = _clock(layout, tokens, kinds, 0)
    before = list(range(len(tokens)))
    after: list[int] = []
    offset: np.ndarray | None = None
    if clock is not None:
        zone = _zone(layout, tokens, kinds, clock.end)
        offset, end = zone if zone is not None else (None, clock.end)
        before, after = list(range(clock.start)), list(range(end, len(tokens)))
        parts.unclear |= any(
            kinds[number].kind == "unclear" for number in range(clock.end, end) if number in kinds
        )
    dated = _date_tokens(tokens, kinds, before, after)
    if dated is None:
        return
    numbers, month, separator = dated
    good = np.ones(len(rows), dtype=bool) if clock is None else clock.good
    values = [layout.integer(*tokens[number][1:]) for number in numbers]
    widths = [_width(tokens[number]) for number in numbers]
    if not _place_date(rows, numbers, values, widths, month, kinds, separator, parts):
        return
    parts.state[rows[~good]] = NONE
    if clock is not None:
        parts.seconds[rows] = clock.seconds
        parts.nanos[rows] = clock.nanos
        parts.grade[rows] = clock.grade
    if offset is not None:
        parts.offset[rows] = offset
    _count_format(parts, layout, tokens, kinds, numbers)


def _read_compact(layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], parts: Parts) -> bool:
    """20251103, 202511030812, 20251103081200 and 20251103T081200(Z)."""
    first = tokens[0]
    if first[0] != "9" or _width(first) not in (8, 12, 14):
        return False
    start, rows = first[1], layout.rows
    clock = first[1] + 8
    rest = 1
    digits = _width(first) - 8
    if (
        digits == 0
        and len(tokens) >= 3
        and tokens[1][0] == "a"
        and kinds[1].kind == "t"
        and tokens[2][0] == "9"
    ):
        clock, digits, rest = tokens[2][1], _width(tokens[2]), 3
    if digits not in (0, 4, 6):
        return True
    zone = _zone(layout, tokens, kinds, rest) if digits else (None, rest)
    if zone is None or zone[1] != len(tokens):
        return True
    year, month, day = (layout.integer(start + a, start + b) for a, b in ((0, 4), (4, 6), (6, 8)))
    good = (year >= 1990) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    if digits:
        hour, minute = layout.integer(clock, clock + 2), layout.integer(clock + 2, clock + 4)
        second = layout.integer(clock + 4, clock + 6) if digits == 6 else np.zeros_like(hour)
        good &= (hour < 24) & (minute < 60) & (second < 60)
        parts.seconds[rows] = hour * 3600 + minute * 60 + second
        parts.grade[rows] = 2 if digits == 6 else 1
    if zone[0] is not None:
        parts.offset[rows] = zone[0]
    parts.first[rows], parts.second[rows], parts.third[rows] = month, day, year
    parts.state[rows] = np.where(good, FIXED, NONE)
    parts.group[rows] = parts.group_number("ymd")
    parts.formats["%Y%m%d"] = parts.formats.get("%Y%m%d", 0) + len(rows)
    return True


def _date_tokens(
    tokens: Sequence[Token], kinds: dict[int, Word], before: list[int], after: list[int]
) -> tuple[list[int], int | None, str] | None:
    """(tokens of the numbers, token of the month word, separator) when the rest of a cell is exactly a date."""
    numbers: list[int] = []
    months: list[int] = []
    separator = ""
    for number in before + after:
        kind = tokens[number][0]
        if kind == "9":
            numbers.append(number)
        elif kind == "a":
            word = kinds[number].kind
            if word == "month":
                months.append(number)
            elif word not in ("weekday", "filler", "t"):
                return None
        else:
            inside = 0 < number and (numbers or months) and number + 1 < len(tokens)
            if kind not in _SEPARATORS and kind not in (" (", ")", ", ", " @ ", ": "):
                return None
            if inside and not separator:
                separator = kind.strip() or " "
    if len(months) == 2 and len(numbers) == 2:
        months = months[1:]
    if len(numbers) + len(months) != 3 or len(months) > 1:
        return None
    if any(_width(tokens[number]) not in (1, 2, 4) for number in numbers):
        return None
    return numbers, (months[0] if months else None), separator


def _place_date(
    rows: np.ndarray,
    numbers: list[int],
    values: list[np.ndarray],
    widths: list[int],
    month: int | None,
    kinds: dict[int, Word],
    separator: str,
    parts: Parts,
) -> bool:
    """Put the date numbers where they belong; False when they are no date."""
    long = [place for place, width in enumerate(widths) if width == 4]
    if len(long) > 1:
        return False
    if month is not None:
        year_at = long[0] if long else 1
        day = values[1 - year_at]
        if widths[1 - year_at] > 2:
            return False
        parts.first[rows], parts.second[rows] = kinds[month].values, day
        parts.third[rows] = values[year_at] if long else _century(values[year_at])
        parts.foreign[rows] = kinds[month].foreign
        parts.state[rows] = FIXED
        parts.group[rows] = parts.group_number("word")
        return True
    if long == [0]:
        parts.third[rows], parts.first[rows], parts.second[rows] = values
        parts.state[rows] = FIXED
        parts.group[rows] = parts.group_number("ymd")
        return True
    if long == [1]:
        return False
    parts.first[rows], parts.second[rows], parts.third[rows] = values
    parts.state[rows] = OPEN
    parts.group[rows] = parts.group_number(f"{separator}{'yyyy' if long else 'yy'}")
    return True


def _century(year: np.ndarray) -> np.ndarray:
    """Two-digit years: 70-99 are 1970-1999."""
    return np.where(year < 70, year + 2000, year + 1900)


def _count_format(
    parts: Parts, layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], numbers: list[int]
) -> None:
    names = iter(range(1, 4))
    pieces = []
    for number, (kind, start, end) in enumerate(tokens):
        if number in numbers:
            pieces.append("Y" * 4 if end - start == 4 else f"p{next(names)}")
        elif kind == "9":
            pieces.append("n")
        elif kind == "a":
            pieces.append(
                {"month": "Mon", "weekday": "Day", "half": "AM", "zone": "Z"}.get(kinds[number].kind, "t")
            )
        else:
            pieces.append(layout.signature[start:end])
    key = "".join(pieces)
    parts.formats[key] = parts.formats.get(key, 0) + len(layout.rows)
