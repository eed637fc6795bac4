"""Numerals of distinct cells: what they prove about decimal and thousands signs, and their values under given
signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kpi.ingest.cells.layouts import Layout, layouts
from kpi.ingest.cells.wordlists import listed

CURRENCIES = frozenset(
    listed(
        "$ € £ ¥ ₹ us$ a$ c$ r$ usd eur gbp chf pln zł zl kr sek nok dkk czk kč huf ft cad aud nzd jpy inr "
        "brl r fr us"
    )
)
MINUS = frozenset({"−", "–", "‐", "-"})

_NUMERAL = re.compile(
    r"(?P<open>\()?(?P<before>[-+a$ ]*?)(?P<number>9[9.,' ]*9|9|[.,]9+|9+[.,])"
    r"(?P<exponent>[aA][-+]?9{1,2}(?!9))?(?P<after>[-a$% .]*)(?P<close>\))?"
)
_BLANKS = re.compile(r"(?<=9)aa(?:a)?(?=999)")


@dataclass
class Numerals:
    """Numerals of n distinct cells.

    ``number``: the texts of the numbers alone (ASCII, "" where a cell is no number), ``sign`` 1 or -1,
    ``exponent``, ``suffix``: the sign beside the number ("%", "€", "").
    """

    n: int
    found: np.ndarray = field(init=False)
    sign: np.ndarray = field(init=False)
    exponent: np.ndarray = field(init=False)
    suffix: np.ndarray = field(init=False)
    pieces: list[tuple[str, Layout, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.found = np.zeros(self.n, dtype=bool)
        self.sign = np.ones(self.n, dtype=np.int8)
        self.exponent = np.zeros(self.n, dtype=np.int64)
        self.suffix = np.full(self.n, "", dtype=object)


def take_numerals(values: pa.Array) -> Numerals:
    """The numerals of distinct cells (blanks tidied)."""
    numerals = Numerals(len(values))
    for layout in layouts(values):
        _take(layout, numerals)
    return numerals


def _take(layout: Layout, numerals: Numerals) -> None:
    match = _NUMERAL.fullmatch(layout.signature)
    if match is None:
        return
    if bool(match.group("open")) != bool(match.group("close")):
        return
    good = np.ones(len(layout.rows), dtype=bool)
    sign = np.full(len(layout.rows), -1 if match.group("open") else 1, dtype=np.int8)
    suffix = np.full(len(layout.rows), "", dtype=object)
    for name in ("before", "after"):
        text = match.group(name)
        if not text.strip():
            continue
        codes, words = layout.words(*match.span(name))
        read = [_affix(word, name) for word in words]
        good &= np.array([found is not None for found in read])[codes]
        sign = sign * np.array([found[0] if found else 1 for found in read], dtype=np.int8)[codes]
        beside = np.array([found[1] if found else "" for found in read], dtype=object)[codes]
        good &= (suffix == "") | (beside == "")
        suffix = np.where(beside != "", beside, suffix)
    exponent = np.zeros(len(layout.rows), dtype=np.int64)
    if match.group("exponent"):
        codes, words = layout.words(*match.span("exponent"))
        good &= np.array([word.startswith("e") for word in words])[codes]
        exponent = np.array([int(word[1:]) if word.startswith("e") else 0 for word in words])[codes]
    kept = layout if bool(good.all()) else layout.part(good)
    if len(kept.rows) == 0:
        return
    numerals.found[kept.rows] = True
    numerals.sign[kept.rows] = sign[good]
    numerals.exponent[kept.rows] = exponent[good]
    numerals.suffix[kept.rows] = suffix[good]
    numerals.pieces.append((match.group("number"), kept, match.start("number")))


def _affix(text: str, side: str) -> tuple[int, str] | None:
    """(sign, suffix) of what stands before or after a number; None when that is neither currency, percent nor
    sign.
    """
    sign, suffix = 1, ""
    for word in re.findall(r"[-+−–‐]|%|[^-+−–‐%\s.]+", text):
        if word in MINUS:
            if sign == -1:
                return None
            sign = -1
        elif word == "+":
            if side == "after":
                return None
        elif suffix == "" and (word == "%" or word in CURRENCIES or all(c in CURRENCIES for c in word)):
            suffix = {"eur": "€", "usd": "$", "us$": "$", "gbp": "£", "zl": "zł"}.get(word, word)
        else:
            return None
    return sign, suffix


@dataclass(frozen=True)
class Signs:
    """Decimal and thousands sign of a column; ``certain`` False when "1,234" can be meant both ways."""

    decimal: str
    thousands: str
    certain: bool
    integer: bool


def prove_signs(numerals: Numerals, weights: np.ndarray, decimal: str | None = None) -> Signs:
    """What the numerals of a column prove. ``decimal``: the sign proven elsewhere in the file, for the open
    cases.
    """
    votes = {".": 0, ",": 0}
    grouped = {" ": 0, "'": 0, ".": 0, ",": 0}
    unsettled = {".": 0, ",": 0}
    for number, layout, start in numerals.pieces:
        weight = int(weights[layout.rows].sum())
        for sign in (" ", "'"):
            grouped[sign] += weight if sign in number else 0
        dots, commas = number.count("."), number.count(",")
        if dots and commas:
            last = "." if number.rfind(".") > number.rfind(",") else ","
            votes[last] += weight
            grouped["," if last == "." else "."] += weight
        elif dots + commas > 1:
            sign = "." if dots else ","
            votes["," if sign == "." else "."] += weight
            grouped[sign] += weight
        elif dots + commas == 1:
            sign = "." if dots else ","
            whole, after = number.split(sign)
            if len(after) != 3 or not 1 <= len(whole) <= 3 or " " in number or "'" in number:
                votes[sign] += weight
            else:
                zero = layout.cells[:, start] == ord("0")
                votes[sign] += int(weights[layout.rows[zero]].sum())
                unsettled[sign] += int(weights[layout.rows[~zero]].sum())
    certain = True
    if votes["."] or votes[","]:
        chosen = "." if votes["."] >= votes[","] else ","
    elif unsettled["."] or unsettled[","]:
        chosen, certain = (decimal, True) if decimal else (".", False)
    else:
        chosen = decimal or "."
    other = "," if chosen == "." else "."
    thousands = max(grouped, key=lambda sign: grouped[sign] if sign != chosen else 0)
    if grouped[thousands] == 0 or thousands == chosen:
        thousands = other if unsettled[other] else ""
    integer = not votes[chosen] and not (unsettled[chosen] and certain)
    return Signs(chosen, thousands, certain, integer)


def evaluate(numerals: Numerals, decimal: str) -> np.ndarray:
    """Values of the distinct cells (float64, NaN where a cell is no number under these signs)."""
    values = np.full(numerals.n, np.nan)
    for number, layout, start in numerals.pieces:
        whole, point, after = number.partition(decimal)
        if not _grouped_rightly(whole, decimal) or not set(after) <= {"9"} or len(number) > 30:
            continue
        digits = [place for place, sign in enumerate(number) if sign == "9"]
        if len(digits) > 18:
            cells = [bytes(row[start : start + len(number)]) for row in layout.cells]
            plain = ["".join(chr(c) for c in cell if chr(c).isdigit() or chr(c) == decimal) for cell in cells]
            values[layout.rows] = [float(text.replace(decimal, ".")) for text in plain]
            continue
        whole_number = np.zeros(len(layout.rows), dtype=np.int64)
        for place in digits:
            whole_number = whole_number * 10 + (layout.cells[:, start + place].astype(np.int64) - 48)
        values[layout.rows] = whole_number / 10.0 ** (len(after) if point else 0)
    scaled: np.ndarray = values * numerals.sign * 10.0 ** numerals.exponent.astype(np.float64)
    return scaled


def _grouped_rightly(whole: str, decimal: str) -> bool:
    """Whether the part before the decimal sign is digits alone, or groups of three with one sign."""
    signs = set(whole) - {"9"}
    if not signs:
        return True
    if len(signs) > 1 or decimal in signs:
        return False
    first, *groups = whole.split(signs.pop())
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)
