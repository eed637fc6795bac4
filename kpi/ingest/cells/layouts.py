"""Text columns taken apart by layout: cells with digits and letters in the same places are read together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

LONGEST = 80
"""Cells with more bytes hold neither a date, a duration nor a number."""

BLANKS = "[ \\t\\n\\r\\x{a0}\\x{2000}-\\x{200b}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]+"

_CLASSES = np.arange(256, dtype=np.uint8)
_CLASSES[ord("0") : ord("9") + 1] = ord("9")
_CLASSES[ord("A") : ord("Z") + 1] = ord("a")
_CLASSES[ord("a") : ord("z") + 1] = ord("a")
_CLASSES[128:] = ord("a")

_TOKENS = re.compile(r"9+|a+|[^9a]+")


@dataclass(frozen=True)
class Distinct:
    """A column as its distinct cells (``values``, blanks tidied) and the number of one for each row
    (``codes``).
    """

    values: pa.Array
    codes: np.ndarray

    @property
    def weights(self) -> np.ndarray:
        """How many rows have each distinct cell."""
        return np.bincount(self.codes, minlength=len(self.values))

    def spread(self, of_distinct: np.ndarray) -> np.ndarray:
        """Values by distinct cell as values by row."""
        rows: np.ndarray = of_distinct[self.codes]
        return rows

    @property
    def blank(self) -> np.ndarray:
        """Which distinct cells are empty (bool array)."""
        empty: np.ndarray = pc.equal(self.values, "").to_numpy(zero_copy_only=False).astype(bool)
        return empty


def distinct(text: pd.Series) -> Distinct:
    """The distinct cells of a column of text; missing cells count as empty.

    >>> found = distinct(pd.Series([" a", "b", "a", None], dtype="str"))
    >>> found.values.to_pylist(), found.codes.tolist()
    (['a', 'b', ''], [0, 1, 0, 2])
    """
    cells = pa.array(text if str(text.dtype) == "str" else text.astype("str"), from_pandas=True)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    cells = pc.fill_null(cells.cast(pa.large_string()), "")
    first = cells.dictionary_encode()
    tidy = tidied(first.dictionary)
    outer = first.indices.to_numpy(zero_copy_only=False)
    if pc.all(pc.equal(tidy, first.dictionary)).as_py() is not False:
        return Distinct(first.dictionary, outer.astype(np.int64))
    again = tidy.dictionary_encode()
    inner = again.indices.to_numpy(zero_copy_only=False)
    codes = inner[outer] if len(inner) else np.zeros(0, dtype=np.int64)
    return Distinct(again.dictionary, codes.astype(np.int64))


def tidied(values: pa.Array) -> pa.Array:
    """Texts without outer blanks, every other run of blanks (also no-break and thin ones) made one blank."""
    ascii_only = pc.all(pc.string_is_ascii(values)).as_py()
    doubled = pc.any(pc.match_substring_regex(values, "  |[\\t\\n\\r]")).as_py()
    if ascii_only is False or doubled:
        values = pc.replace_substring_regex(values, BLANKS, " ")
    return pc.utf8_trim_whitespace(values)


@dataclass(frozen=True)
class Layout:
    """Distinct cells of one layout: ``signature`` has 9 for a digit and a for a letter, ``cells`` one row of
    bytes per cell, ``rows`` their numbers among the distinct cells.
    """

    signature: str
    rows: np.ndarray
    cells: np.ndarray

    def tokens(self) -> tuple[tuple[str, int, int], ...]:
        """(kind, start, end) of the runs: kind "9", "a", or the punctuation itself."""
        found = []
        for match in _TOKENS.finditer(self.signature):
            run = match.group()
            found.append((run[0] if run[0] in "9a" else run, match.start(), match.end()))
        return tuple(found)

    def integer(self, start: int, end: int) -> np.ndarray:
        """The digits from start to end as int64 (at most 18 digits)."""
        value = np.zeros(len(self.cells), dtype=np.int64)
        for place in range(start, end):
            value = value * 10 + (self.cells[:, place].astype(np.int64) - 48)
        return value

    def words(self, start: int, end: int) -> tuple[np.ndarray, tuple[str, ...]]:
        """(codes, words): the texts from start to end in lower case; code -1 never occurs."""
        codes, examples = _same_rows(self.cells[:, start:end])
        return codes, tuple(bytes(row).decode("utf-8", "replace").casefold() for row in examples)

    def part(self, keep: np.ndarray) -> Layout:
        """The cells where ``keep`` holds."""
        return Layout(self.signature, self.rows[keep], self.cells[keep])


def layouts(values: pa.Array) -> Iterator[Layout]:
    """The layouts of distinct cells, each cell in exactly one; empty and overlong cells are in none."""
    lengths = pc.binary_length(values).to_numpy(zero_copy_only=False)
    for length in np.unique(lengths):
        if length == 0 or length > LONGEST:
            continue
        rows = np.flatnonzero(lengths == length)
        cells = _bytes(values.take(pa.array(rows)), int(length))
        shapes = _CLASSES[cells]
        codes, examples = _same_rows(shapes)
        order = np.argsort(codes, kind="stable")
        edges = np.searchsorted(codes[order], np.arange(len(examples) + 1))
        for number, example in enumerate(examples):
            mine = order[edges[number] : edges[number + 1]]
            mine_cells = cells if len(mine) == len(cells) else cells[mine]
            mine_rows = rows if len(mine) == len(cells) else rows[mine]
            yield Layout(bytes(example).decode("latin-1"), mine_rows, mine_cells)


def _bytes(values: pa.Array, length: int) -> np.ndarray:
    joined = values.cast(pa.large_binary())
    _, offsets, data = joined.buffers()
    start = int(np.frombuffer(offsets, dtype=np.int64)[joined.offset])
    flat = np.frombuffer(data, dtype=np.uint8, count=len(joined) * length, offset=start)
    return flat.reshape(len(joined), length)


def _same_rows(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(codes, examples): equal rows of bytes get the same code."""
    mixed = np.full(len(cells), 0xCBF29CE484222325, dtype=np.uint64)
    for place in range(cells.shape[1]):
        mixed = (mixed ^ cells[:, place]) * np.uint64(0x100000001B3)
    codes, uniques = pd.factorize(mixed)
    first = np.full(len(uniques), -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(cells) - 1, -1, -1)
    examples = cells[first]
    if bool((cells == examples[codes]).all()):
        return codes, examples
    # Two different rows share a hash: compare the rows themselves.
    plain = np.ascontiguousarray(cells).view(f"V{cells.shape[1]}").ravel()
    _, first, codes = np.unique(plain, return_index=True, return_inverse=True)
    return codes.astype(np.int64), cells[first]
