"""Amounts read back from text, in any of the ways in which the app writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kpi.model import Unit

ONE = re.compile(
    r"(?P<sign>[+−±-]?)(?:(?P<hours>\d[\d,]*) h (?P<rest>\d+) min|(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?P<unit> (?:%|points|per day|days|min|s|h)(?!\w)|))"
)
MINUTES = {"s": 1 / 60, "min": 1.0, "h": 60.0, "days": 1440.0}
DURATIONS = (Unit.MINUTES, Unit.HOURS)


@dataclass(frozen=True)
class Amount:
    """A number as printed: its value in the unit of the metric, half of its last decimal, what it carries."""

    value: float
    half: float
    sign: str
    word: str

    def says(self, fact: float) -> bool:
        """Whether it is this number, rounded."""
        return abs(self.value - fact) <= self.half * 1.0001 + 1e-9


def amounts(text: str, unit: Unit) -> list[Amount]:
    """Every number of the text in the unit of the metric; in "1 to 2 h" the first takes the word of both."""
    found = list(ONE.finditer(text))
    words = [match["unit"].strip() if match["number"] else "h min" for match in found]
    for place in range(len(words) - 2, -1, -1):
        if not words[place] and text[found[place].end() :].startswith(" to "):
            words[place] = words[place + 1]
    return [_amount(match, word, unit) for match, word in zip(found, words, strict=True)]


def _amount(match: re.Match[str], word: str, unit: Unit) -> Amount:
    sign = match["sign"]
    if match["hours"]:
        minutes, half = 60 * float(match["hours"].replace(",", "")) + float(match["rest"]), 0.5
        scale = 1.0
    else:
        digits = match["number"].replace(",", "")
        minutes, half = float(digits), 0.5 * 10.0 ** -len(digits.partition(".")[2])
        scale = MINUTES.get(word, 1.0) if unit in DURATIONS else 1.0
    if unit is Unit.HOURS:
        scale /= 60
    if unit is Unit.PERCENT and word in ("%", "points"):
        scale = 0.01
    value = minutes * scale * (-1 if sign in ("−", "-") else 1)
    return Amount(value, half * scale, sign, word)
