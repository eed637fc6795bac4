"""Durations of distinct cells: clock forms, words, ISO 8601, spreadsheet leftovers, bare numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from kpi.ingest.cells.layouts import Layout, layouts
from kpi.ingest.cells.numerals import Numerals, evaluate, prove_signs, take_numerals

NOTHING, TWO_PART, THREE_PART, WORDS, BARE, TIME_OF_DAY, FROM_EPOCH = range(7)
"""Forms of a cell: "4:02", "0:04:02", "4 min 2 s", "242", "12:04:02 AM", "1/1/1970 0:04"."""

SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "milliseconds": 0.001,
        "seconds": 1.0,
        "minutes": 60.0,
        "hours": 3600.0,
        "days": 86400.0,
        "weeks": 604800.0,
    }
)

UNITS: Mapping[str, str] = MappingProxyType(
    {
        word: unit
        for unit, words in (
            (
                "milliseconds",
                "ms msec msecs millis millisecond milliseconds millisekunden millisecondes milisegundos",
            ),
            (
                "seconds",
                "s sec secs second seconds sek sekunde sekunden seconde secondes seg segundo segundos",
            ),
            ("seconds", "secondo secondi seconden sekunda sekundy sekund"),
            (
                "minutes",
                "m min mins mn minute minutes minuten minuto minutos minuti minuut minuta minuty minut",
            ),
            ("hours", "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren u"),
            ("hours", "godz godzina godziny godzin"),
            (
                "days",
                "d day days tag tage tagen jour jours j día días dia dias giorno giorni gg dag dagen dni",
            ),
            (
                "weeks",
                "w wk wks week weeks woche wochen semaine semaines sem semana semanas settimana settimane",
            ),
            ("days", "dzień"),
            ("weeks", "weken tydzień tygodnie tygodni"),
        )
        for word in words.split()
    }
)
"""Unit words in lower case. Months and years are left out: they have no fixed length."""

AND = frozenset({"and", "und", "et", "y", "e", "en", "i"})

_CLOCK = re.compile(
    r"(?P<minus>-)?(?:(?P<days>9+)(?:[. ]| ?a+,? ?))?(?P<first>9+):(?P<second>99)"
    r"(?::(?P<third>99)(?:[.,](?P<part>9+))?)?(?P<word> ?a+\.?)?"
)
_HALF = re.compile(r"(?P<hour>99?):(?P<minute>99)(?::(?P<second>99))? ?(?P<half>aa)")
_EPOCH = re.compile(
    r"(?P<a>9{1,4})(?P<sign>[-/.])(?P<b>99?)(?P=sign)(?P<c>9{1,4})[ a]"
    r"(?P<clock>99?:99(?::99)?)(?:\.9+)?(?P<z>a)?(?: (?P<half>aa))?"
)
_ISO = re.compile(r"a(?:9+a)?(?:9+a)*(?:a(?:9+(?:[.,]9+)?a)+)?|a(?:9+(?:[.,]9+)?a)+")
_WORDED = re.compile(r"(?P<number>-?9[9.,']*|-?9{1,3}(?: 999)+(?:[.,]9+)?) ?(?P<word>a+)\.?")
_BARE = re.compile(r"-?(?:9[9.,' ]*9|9|[.,]9+)")


@dataclass
class Spans:
    """Durations of n distinct cells.

    ``form``; ``seconds`` (TWO_PART cells as h:mm; NaN for BARE ones and for numbers with a unit until
    :func:`settle`); ``unit``: seconds of the unit of a cell with one number and one unit word, else 0.
    """

    n: int
    form: np.ndarray = field(init=False)
    seconds: np.ndarray = field(init=False)
    unit: np.ndarray = field(init=False)
    numerals: Numerals | None = None
    numbered: np.ndarray = field(init=False)
    negative: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.form = np.zeros(self.n, dtype=np.int8)
        self.seconds = np.full(self.n, np.nan)
        self.unit = np.zeros(self.n)
        self.numbered = np.zeros(0, dtype=np.int64)
        self.negative = np.zeros(self.n, dtype=bool)


def take_spans(values: pa.Array) -> Spans:
    """The durations of distinct cells (blanks tidied)."""
    spans = Spans(len(values))
    numbers: list[tuple[np.ndarray, list[bytes]]] = []
    for layout in layouts(values):
        if "9" in layout.signature:
            _take(layout, spans, numbers)
    rows = np.concatenate([rows for rows, _ in numbers]) if numbers else np.zeros(0, dtype=np.int64)
    texts = [text.decode("ascii") for _, found in numbers for text in found]
    spans.numbered = rows
    spans.numerals = take_numerals(pa.array(texts, type=pa.large_string()))
    return spans


def settle(spans: Spans, weights: np.ndarray, decimal: str | None = None) -> tuple[np.ndarray, str]:
    """(numbers of the BARE cells, NaN elsewhere; the decimal sign). Fills in the seconds of numbers with a
    unit.
    """
    numerals = spans.numerals
    bare = np.full(spans.n, np.nan)
    if numerals is None or len(spans.numbered) == 0:
        return bare, decimal or "."
    signs = prove_signs(numerals, weights[spans.numbered], decimal)
    values = evaluate(numerals, signs.decimal)
    worded = spans.form[spans.numbered] == WORDS
    rows = spans.numbered
    spans.seconds[rows[worded]] = values[worded] * spans.unit[rows[worded]]
    bare[rows[~worded]] = values[~worded]
    return bare, signs.decimal


def _texts(layout: Layout, start: int, end: int) -> list[bytes]:
    found: list[bytes] = (
        np.ascontiguousarray(layout.cells[:, start:end]).view(f"S{end - start}").ravel().tolist()
    )
    return found


def _take(layout: Layout, spans: Spans, numbers: list[tuple[np.ndarray, list[bytes]]]) -> None:
    signature = layout.signature
    if _BARE.fullmatch(signature):
        spans.form[layout.rows] = BARE
        numbers.append((layout.rows, _texts(layout, 0, len(signature))))
        return
    if ":" in signature:
        _take_clock(layout, spans)
        return
    worded = _WORDED.fullmatch(signature)
    if worded:
        codes, words = layout.words(*worded.span("word"))
        units = np.array([SECONDS[UNITS[word]] if word in UNITS else 0.0 for word in words])[codes]
        good = units > 0
        kept = layout.part(good)
        spans.form[kept.rows] = WORDS
        spans.unit[kept.rows] = units[good]
        numbers.append((kept.rows, _texts(kept, *worded.span("number"))))
        return
    if signature[0] == "a":
        _take_iso(layout, spans)
        return
    _take_words(layout, spans)


def _take_clock(layout: Layout, spans: Spans) -> None:
    signature, rows = layout.signature, layout.rows
    half = _HALF.fullmatch(signature)
    if half:
        codes, words = layout.words(*half.span("half"))
        shift = np.array([{"am": 0, "pm": 12}.get(word, -1) for word in words])[codes]
        hour = layout.integer(*half.span("hour"))
        seconds = _sexagesimal(layout, half, ("minute", "second"))
        good = (shift >= 0) & (hour >= 1) & (hour <= 12) & (seconds >= 0)
        if good.any():
            spans.form[rows[good]] = TIME_OF_DAY
            spans.seconds[rows[good]] = ((hour % 12 + shift) * 3600 + seconds)[good]
            return
    epoch = _EPOCH.fullmatch(signature)
    if epoch:
        _take_epoch(layout, spans, epoch)
        return
    clock = _CLOCK.fullmatch(signature)
    if clock is None or len(clock.group("first")) > 9:
        return
    good = np.ones(len(rows), dtype=bool)
    if clock.group("word"):
        codes, words = layout.words(*clock.span("word"))
        good &= np.array([word.strip(" .") in UNITS for word in words])[codes]
    days = np.zeros(len(rows), dtype=np.int64)
    if clock.group("days"):
        between = signature[clock.end("days") : clock.start("first")]
        if "a" in between:
            codes, words = layout.words(clock.end("days"), clock.start("first"))
            good &= np.array([UNITS.get(word.strip(" ,."), "") == "days" for word in words])[codes]
        if clock.group("third") is None:
            return
        days = layout.integer(*clock.span("days"))
    first, second = layout.integer(*clock.span("first")), layout.integer(*clock.span("second"))
    seconds = (days * 86400 + first * 3600 + second * 60).astype(np.float64)
    good &= second < 60
    form = TWO_PART
    if clock.group("third") is not None:
        third = layout.integer(*clock.span("third"))
        good &= third < 60
        seconds, form = seconds + third, THREE_PART
        if clock.group("part"):
            part = layout.integer(clock.start("part"), min(clock.end("part"), clock.start("part") + 9))
            seconds = seconds + part / 10.0 ** min(len(clock.group("part")), 9)
    if clock.group("minus"):
        spans.negative[rows[good]] = True
        seconds = -seconds
    spans.form[rows[good]] = form
    spans.seconds[rows[good]] = seconds[good]


def _sexagesimal(layout: Layout, match: re.Match[str], names: Sequence[str]) -> np.ndarray:
    """Minutes and seconds as seconds, -1 where one is above 59."""
    total = np.zeros(len(layout.rows), dtype=np.int64)
    good = np.ones(len(layout.rows), dtype=bool)
    for name, scale in zip(names, (60, 1), strict=True):
        if match.group(name) is not None:
            part = layout.integer(*match.span(name))
            good &= part < 60
            total += part * scale
    return np.where(good, total, -1)


def _take_epoch(layout: Layout, spans: Spans, match: re.Match[str]) -> None:
    """ "1/1/1970 0:27" and "12/30/1899 0:27": the time since the first day that a system counts from."""
    a, b, c = (layout.integer(*match.span(name)) for name in "abc")
    year, x, y = (a, b, c) if len(match.group("a")) == 4 else (c, a, b)
    parts = match.group("clock").split(":")
    start = match.start("clock")
    hour = layout.integer(start, start + len(parts[0]))
    minute = layout.integer(start + len(parts[0]) + 1, start + len(parts[0]) + 3)
    second = layout.integer(start + len(match.group("clock")) - 2, start + len(match.group("clock")))
    if match.group("half"):
        codes, words = layout.words(*match.span("half"))
        hour = hour % 12 + np.array([12 if word == "pm" else 0 for word in words])[codes]
    clock = hour * 3600 + minute * 60 + (second if len(parts) == 3 else 0)
    # Days after 1 January 1970; spreadsheets count from 30 December 1899 and call day 0 "0 January 1900".
    day = np.maximum(x, y) - 1
    january = (np.minimum(x, y) == 1) & (year == 1970)
    zero = (np.minimum(x, y) == 0) & (np.maximum(x, y) == 1) & (year == 1900)
    sheet = (year == 1899) & (((x == 12) & (y >= 30)) | ((y == 12) & (x >= 30)))
    early = (year == 1900) & (np.minimum(x, y) == 1)
    days = np.where(january, day, np.where(zero, 0, np.where(sheet, np.maximum(x, y) - 30, day + 1)))
    good = (january | zero | sheet | early) & (hour < 24) & (minute < 60)
    spans.form[layout.rows[good]] = FROM_EPOCH
    spans.seconds[layout.rows[good]] = (days * 86400 + clock)[good]


def _take_iso(layout: Layout, spans: Spans) -> None:
    """P1DT2H3M4.5S."""
    if _ISO.fullmatch(layout.signature) is None:
        return
    seconds = np.zeros(len(layout.rows))
    good = np.ones(len(layout.rows), dtype=bool)
    time = np.zeros(len(layout.rows), dtype=bool)
    tokens = layout.tokens()
    at = 0
    while at < len(tokens):
        kind, start, end = tokens[at]
        if kind == "a":
            codes, words = layout.words(start, end)
            allowed = {"p", "pt"} if at == 0 else {"t"}
            good &= np.array([word in allowed for word in words])[codes]
            time |= np.array(["t" in word for word in words])[codes]
            at += 1
            continue
        number, after = _decimal(layout, tokens, at)
        if after >= len(tokens) or tokens[after][0] != "a":
            return
        codes, words = layout.words(*tokens[after][1:])
        letters = [word[0] for word in words]
        # The letter after the unit, if any, opens the time part: "1DT2H".
        opens = np.array([word[1:] == "t" for word in words])[codes]
        good &= np.array([len(word) == 1 or word[1:] == "t" for word in words])[codes]
        dated = np.array([{"d": 86400.0, "w": 604800.0}.get(letter, -1.0) for letter in letters])[codes]
        timed = np.array([{"h": 3600.0, "m": 60.0, "s": 1.0}.get(letter, -1.0) for letter in letters])[codes]
        scale = np.where(time, timed, dated)
        good &= scale > 0
        seconds = seconds + number * scale
        time |= opens
        at = after + 1
    spans.form[layout.rows[good]] = WORDS
    spans.seconds[layout.rows[good]] = seconds[good]


def _decimal(layout: Layout, tokens: Sequence[tuple[str, int, int]], at: int) -> tuple[np.ndarray, int]:
    """(number, token after it) of "12" or "12.5" at a token."""
    _, start, end = tokens[at]
    number = layout.integer(start, min(end, start + 15)).astype(np.float64)
    if at + 2 < len(tokens) and tokens[at + 1][0] in (".", ",") and tokens[at + 2][0] == "9":
        _, first, last = tokens[at + 2]
        width = min(last - first, 9)
        return number + layout.integer(first, first + width) / 10.0**width, at + 3
    return number, at + 1


def _take_words(layout: Layout, spans: Spans) -> None:
    """ "1 day 2 hours", "1 d 9 h 46 m 18 s", "2h 05m", "3 hours, 4 minutes and 5 seconds"."""
    seconds = np.zeros(len(layout.rows))
    good = np.ones(len(layout.rows), dtype=bool)
    last = np.full(len(layout.rows), np.inf)
    tokens = layout.tokens()
    minus = tokens[0][0] == "-"
    at = 1 if minus else 0
    if len(tokens) > 32:
        return
    while at < len(tokens):
        kind, start, end = tokens[at]
        if kind == "9":
            number, at = _decimal(layout, tokens, at)
            at += 1 if at < len(tokens) and tokens[at][0] == " " else 0
            if at >= len(tokens) or tokens[at][0] != "a":
                return
            codes, words = layout.words(*tokens[at][1:])
            scale = np.array([SECONDS[UNITS[word]] if word in UNITS else 0.0 for word in words])[codes]
            # Units fall from left to right; anything else is no duration ("5 m 3 h").
            good &= (scale > 0) & (scale < last)
            last = scale
            seconds = seconds + number * scale
        elif kind == "a":
            codes, words = layout.words(start, end)
            good &= np.array([word in AND for word in words])[codes]
        elif kind.strip() not in ("", ",", ".", ".,"):
            return
        at += 1
    if not np.isfinite(last).all():
        return
    spans.form[layout.rows[good]] = WORDS
    spans.seconds[layout.rows[good]] = -seconds[good] if minus else seconds[good]
    spans.negative[layout.rows[good]] = minus
