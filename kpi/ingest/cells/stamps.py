"""The parts of dates and times of day, taken out of distinct cells layout by layout. No order is decided
here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kpi.ingest.cells.clocks import DAY, Token, Word, by_kinds, find_clock, find_zone, width_of
from kpi.ingest.cells.layouts import Layout, layouts

NO_OFFSET = -(10**6)
NONE, FIXED, OPEN, NUMBER = 0, 1, 2, 3
"""States of a cell: no date; month and day known; two numbers whose order is open; a serial day or an epoch.
"""


@dataclass
class Parts:
    """Parts of n distinct cells, filled in layout by layout.

    ``first``, ``second``, ``third`` are the date numbers as written; for FIXED cells they are month, day,
    year; for OPEN cells the third is the year. ``seconds``: second of the day, -1 without a time. ``grade``:
    0 day, 1 minute, 2 second. ``offset``: seconds east of UTC or NO_OFFSET. ``group``: the number of the way
    of writing (in ``groups``), ``place``: of the IANA zone (in ``places``). ``unclear``: some cell has a zone
    word that stands for several zones.
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
    for part, kinds in by_kinds(layout, tokens):
        _read_kinds(part, tokens, kinds, parts)


def _read_kinds(layout: Layout, tokens: Sequence[Token], kinds: dict[int, Word], parts: Parts) -> None:
    """Read the cells of one layout whose words all have the same kinds."""
    rows = layout.rows
    if _read_compact(layout, tokens, kinds, parts):
        return
    clock = find_clock(layout, tokens, kinds, 0)
    before = list(range(len(tokens)))
    after: list[int] = []
    offset: np.ndarray | None = None
    if clock is not None:
        zone = find_zone(layout, tokens, kinds, clock.end)
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
    widths = [width_of(tokens[number]) for number in numbers]
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
    if first[0] != "9" or width_of(first) not in (8, 12, 14):
        return False
    start, rows = first[1], layout.rows
    clock = first[1] + 8
    rest = 1
    digits = width_of(first) - 8
    if (
        digits == 0
        and len(tokens) >= 3
        and tokens[1][0] == "a"
        and kinds[1].kind == "t"
        and tokens[2][0] == "9"
    ):
        clock, digits, rest = tokens[2][1], width_of(tokens[2]), 3
    if digits not in (0, 4, 6):
        return True
    zone = find_zone(layout, tokens, kinds, rest) if digits else (None, rest)
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
    """(tokens of the numbers, token of the month word, separator) when the rest of a cell is a date."""
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
            inside = number > 0 and (numbers or months) and number + 1 < len(tokens)
            if kind not in _SEPARATORS and kind not in (" (", ")", ", ", " @ ", ": "):
                return None
            if inside and not separator:
                separator = kind.strip() or " "
    if len(months) == 2 and len(numbers) == 2:
        months = months[1:]
    if len(numbers) + len(months) != 3 or len(months) > 1:
        return None
    if any(width_of(tokens[number]) not in (1, 2, 4) for number in numbers):
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
        parts.third[rows] = values[year_at] if long else century(values[year_at])
        parts.foreign[rows] = kinds[month].foreign
        parts.state[rows] = FIXED
        parts.group[rows] = parts.group_number("word")
        return True
    if long == [0]:
        parts.third[rows], parts.first[rows], parts.second[rows] = values
        parts.state[rows] = FIXED
        parts.group[rows] = parts.group_number("ymd")
        return True
    if long == [1] or (not long and 2 not in (widths[0], widths[2])):
        return False
    parts.first[rows], parts.second[rows], parts.third[rows] = values
    parts.state[rows] = OPEN
    parts.group[rows] = parts.group_number(f"{separator}{'yyyy' if long else 'yy'}")
    return True


def century(year: np.ndarray) -> np.ndarray:
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
