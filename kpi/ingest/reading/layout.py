"""Where the table stands among the records of a file: preamble, header, width of the data records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from kpi.ingest.reading.shapes import TYPED, column_shapes, filled, shape_of, typed_columns

HEAD = 400
"""Records looked at."""
SEARCH = 60
"""Records among which the header must be."""


@dataclass(frozen=True)
class Layout:
    """``header_row`` counts records from 1; 0 when there is no header line and ``header`` is empty texts.

    ``first`` is the place (from 0) of the first data record, ``width`` the number of cells of data records as
    they stand in the file (``len(header)`` or more, when records end in surplus delimiters).
    """

    header: tuple[str, ...]
    header_row: int
    first: int
    width: int
    preamble: tuple[tuple[int, str], ...] = ()
    shifted: bool = False
    """The header lacks the name of the first column (row numbers written by a statistics program)."""


def find_layout(rows: Sequence[Sequence[str]], *, joiner: str = " ") -> Layout | None:
    """Find the header: the first full record of the prevailing width whose cells look like names.

    Preamble lines are narrower or emptier than the table. A first full record whose cells are numbers and
    dates where the records below have numbers and dates too is data: the file has no header. None: no table
    of two columns or more (see :func:`find_single_column`).
    """
    width = _prevailing_width(rows)
    if width < 2:
        return None
    fills = [filled(row) for row in rows if len(row) == width and filled(row)]
    usual = median(fills) if fills else 0
    need = max(2, min(3, width, usual), 0.5 * usual if width >= 6 else 0)
    place = next((place for place, row in enumerate(rows[:SEARCH]) if filled(row) >= need), None)
    if place is None:
        return None
    if not _is_header_at(rows, place, width):
        named = _narrow_header(rows, place)
        if named is None:
            widest = max(len(row) for row in rows[place:] if len(row) <= 2 * width + 8)
            return Layout(("",) * widest, 0, place, widest, _texts(rows[:place], joiner))
        place = named
    below = [row for row in rows[place + 1 :] if filled(row)]
    return _fit_header(list(rows[place]), below, place, _texts(rows[:place], joiner))


def _texts(rows: Sequence[Sequence[str]], joiner: str) -> tuple[tuple[int, str], ...]:
    """Number (from 1) and text of the rows that are not blank."""
    return tuple(
        (number, joiner.join(cell.strip() for cell in row if cell.strip()))
        for number, row in enumerate(rows, start=1)
        if filled(row)
    )


def _is_header_at(rows: Sequence[Sequence[str]], place: int, width: int) -> bool:
    return _looks_like_header(rows[place], [row for row in rows[place + 1 :] if filled(row)], width)


def _narrow_header(rows: Sequence[Sequence[str]], place: int) -> int | None:
    """The line right above the data when it has names only, fewer than the data have cells."""
    for above in range(place - 1, -1, -1):
        if filled(rows[above]):
            shapes = [shape_of(cell) for cell in rows[above]]
            return above if filled(rows[above]) >= 2 and not TYPED & set(shapes) else None
    return None


def _prevailing_width(rows: Sequence[Sequence[str]]) -> int:
    """The width that holds most cells, among widths seen at least twice (single cells are left aside)."""
    seen = Counter(len(row) for row in rows if filled(row))
    often = {width: count for width, count in seen.items() if width >= 2 and count >= 2}
    if often:
        return max(often, key=lambda width: (often[width] * min(width, 40), width))
    several = [len(row) for row in rows if len(row) >= 2 and filled(row) >= 2]
    return several[0] if several else 1


def _looks_like_header(candidate: Sequence[str], below: Sequence[Sequence[str]], width: int) -> bool:
    shapes = [shape_of(cell) for cell in candidate]
    named = [shape for shape in shapes if shape not in ("empty", "nothing")]
    if not named:
        return False
    same_width = [row for row in below if len(row) == len(candidate)] or list(below)
    typed = [
        place
        for place in typed_columns(column_shapes(same_width[:200], min(width, len(candidate))))
        if shapes[place] not in ("empty", "nothing")
    ]
    if typed:
        return sum(1 for place in typed if shapes[place] not in TYPED) > 0.5 * len(typed)
    return sum(1 for shape in named if shape in TYPED) <= 0.3 * len(named)


def _fit_header(
    candidate: list[str], below: Sequence[Sequence[str]], place: int, preamble: tuple[tuple[int, str], ...]
) -> Layout:
    widths = Counter(len(row) for row in below if len(row) > 1)
    width = max(widths, key=lambda w: (widths[w], w)) if widths else len(candidate)
    while len(candidate) > width and not candidate[-1].strip():
        candidate.pop()
    shifted = False
    if width == len(candidate) + 1:
        same = [row for row in below if len(row) == width]
        full = sum(1 for row in same if row[-1].strip()) >= 0.5 * len(same)
        firsts = [row[0].strip() for row in same]
        if (
            full
            and len(same) >= 2
            and all(first.isdigit() for first in firsts)
            and len(set(firsts)) == len(firsts)
        ):
            candidate.insert(0, "")
            shifted = True
    return Layout(tuple(candidate), place + 1, place + 1, max(width, len(candidate)), preamble, shifted)


def find_single_column(rows: Sequence[Sequence[str]]) -> Layout | None:
    """A list of numbers or dates under one name is a table; anything else of one column is prose.

    >>> find_single_column([["Score"], ["9"], ["10"]]).header
    ('Score',)
    >>> find_single_column([["Dear all"], ["Thank you."], ["Ana"]]) is None
    True
    """
    filled_rows = [(place, row) for place, row in enumerate(rows) if filled(row)]
    if len(filled_rows) < 3 or any(len(row) != 1 for _, row in filled_rows):
        return None
    (place, first), below = filled_rows[0], [row for _, row in filled_rows[1:]]
    if shape_of(first[0]) in TYPED or not typed_columns(column_shapes(below, 1), share=0.9):
        return None
    return Layout((first[0],), place + 1, place + 1, 1)
