"""The shape of one cell (number, date, text …), as far as finding headers needs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(
    r"[+\-−(]?\s*[€$£¥]?\s*\d[\d.,'’\s\u00a0\u202f]*(?:[eE][+-]?\d+)?\s*[%€$£¥)]?"
    r"(?:\s*(?:min|h|s|sec))?\.?"
)
_MOMENT = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,].*)?"
    r"|\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:\s*[AaPp]\.?[Mm]\.?)?"
    r"|\d{1,2}[-/. ][A-Za-zÀ-ÿ]{3,9}\.?[-/. ]\d{2,4}.*|\d{8}T\d{6}.*"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_CODE = re.compile(r"(?=\S*\d)\S+")
_NOTHING = frozenset(
    {
        "-",
        "--",
        "—",
        "–",
        "?",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "(blank)",
        "not rated",
        "no agent",
        "[none]",
    }
)
TYPED = frozenset({"number", "moment", "email", "link"})
"""Shapes that column names do not have."""


def shape_of(cell: str) -> str:
    """ "empty", "nothing" (a placeholder), "number", "moment", "email", "link", "code" or "text".

    >>> [shape_of(cell) for cell in ("", "n/a", "1.234,50 €", "03.10.2025 09:15", "INC0012", "Created at")]
    ['empty', 'nothing', 'number', 'moment', 'code', 'text']
    """
    text = cell.strip()
    if not text:
        return "empty"
    if text.lower() in _NOTHING:
        return "nothing"
    if len(text) > 200:
        return "text"
    for shape, pattern in (
        ("number", _NUMBER),
        ("moment", _MOMENT),
        ("email", _EMAIL),
        ("link", _LINK),
        ("code", _CODE),
    ):
        if pattern.fullmatch(text):
            return shape
    return "text"


def column_shapes(rows: Iterable[Sequence[str]], width: int) -> list[Counter[str]]:
    """How often each shape occurs in each of ``width`` columns, empty cells and placeholders aside."""
    counts: list[Counter[str]] = [Counter() for _ in range(width)]
    for row in rows:
        for place, cell in enumerate(row[:width]):
            shape = shape_of(cell)
            if shape not in ("empty", "nothing"):
                counts[place][shape] += 1
    return counts


def typed_columns(shapes: Sequence[Counter[str]], share: float = 0.8, least: int = 1) -> list[int]:
    """Places of the columns in which numbers, moments, addresses or links prevail."""
    places = []
    for place, counts in enumerate(shapes):
        total = counts.total()
        if total >= least and sum(counts[shape] for shape in TYPED) >= share * total:
            places.append(place)
    return places


def filled(row: Sequence[str]) -> int:
    """Number of cells that are not blank."""
    return sum(1 for cell in row if cell and not cell.isspace())
