"""Running rows: seeded block by block, so that any number of processes gives the same numbers."""

from __future__ import annotations

import multiprocessing
import time
import traceback
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from calibration.record import Found, Outcome, Row, Tally

SEED = 20_240_229
Block = tuple[str, int, int]
"""Key of the row, number of the block, rounds in it."""


def run_block(row: Row[Any], number: int, rounds: int) -> tuple[list[Tally], float]:
    """One tally per method of the row (naive ones first), and the seconds it took.

    All methods judge the same draw; the draw depends on the seed, the key and the number of the block only.
    """
    begun = time.perf_counter()
    rng = np.random.default_rng([SEED, zlib.crc32(row.key.encode()), number])
    drawn = row.world.draw(rng, rounds)
    tallies = [
        Tally.of(method.judge(drawn)) if number % method.every == 0 else Tally() for method in row.methods
    ]
    return tallies, time.perf_counter() - begun


def outcome(row: Row[Any], tallies: Sequence[Tally], seconds: float = 0.0) -> Outcome:
    """The row with what was found."""
    found = tuple(
        Found.of(row, method, place >= len(row.naive), tally)
        for place, (method, tally) in enumerate(zip(row.methods, tallies, strict=True))
    )
    return Outcome.of(row, found, seconds)


def run_row(row: Row[Any], rounds: int, *, only_ours: bool = False) -> Outcome:
    """All blocks of one row, one after another; the methods usual elsewhere may be left out."""
    row = replace(row, naive=()) if only_ours else row
    totals = [Tally() for _ in row.methods]
    seconds = 0.0
    for number, size in enumerate(row.blocks(rounds)):
        tallies, took = run_block(row, number, size)
        totals = [one + other for one, other in zip(totals, tallies, strict=True)]
        seconds += took
    return outcome(row, totals, seconds)


def run_rows(
    rows: Sequence[Row[Any]], rounds_of: Callable[[Row[Any]], int], processes: int = 1
) -> Iterator[Outcome]:
    """Every row, as soon as its last block is done.

    Raises:
        RuntimeError: after all other rows, with the errors of those that broke.
    """
    blocks = [
        (row.key, number, size) for row in rows for number, size in enumerate(row.blocks(rounds_of(row)))
    ]
    if processes <= 1:
        yield from _collected(rows, blocks, map(_named_block, blocks))
        return
    # Each worker starts afresh, so that its linear algebra library sees the one thread it is given.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from _collected(rows, blocks, pool.imap_unordered(_named_block, blocks))


def _named_block(block: Block) -> tuple[Block, list[Tally] | str, float]:
    """Tallies, or the error as text: one broken row must not end a long run."""
    from calibration.rows import row_of

    key, number, size = block
    try:
        return block, *run_block(row_of(key), number, size)
    except Exception:
        return block, traceback.format_exc(), 0.0


def _collected(
    rows: Sequence[Row[Any]], blocks: Sequence[Block], done: Iterable[tuple[Block, list[Tally] | str, float]]
) -> Iterator[Outcome]:
    by_key = {row.key: row for row in rows}
    left = {key: sum(each[0] == key for each in blocks) for key in by_key}
    totals = {key: [Tally() for _ in row.methods] for key, row in by_key.items()}
    seconds = dict.fromkeys(by_key, 0.0)
    broken: dict[str, str] = {}
    for (key, _, _), tallies, took in done:
        if isinstance(tallies, str):
            broken[key] = tallies
            continue
        totals[key] = [one + other for one, other in zip(totals[key], tallies, strict=True)]
        seconds[key] += took
        left[key] -= 1
        if not left[key]:
            yield outcome(by_key[key], totals[key], seconds[key])
    if broken:
        raise RuntimeError("\n".join(f"row {key}: {error}" for key, error in broken.items()))
