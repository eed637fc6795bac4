"""``python -m calibration [--rows PATTERN …] [--quick | --runs N] [--out FILE] [--write]``.

Runs the calibration of the evidence. Results are added to FILE row by row; ``--write`` puts the table of all
results in FILE into docs/statistics.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "calibration" / "results.json"
PAGE = ROOT / "docs" / "statistics.md"


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 when a row misses its band."""
    # Linear algebra in threads of its own would fight with the worker processes for the same cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from calibration import table
    from calibration.record import SIGMAS
    from calibration.rows import ROWS, SUBJECTS
    from calibration.running import run_rows

    parser = argparse.ArgumentParser(prog="python -m calibration", description=__doc__)
    parser.add_argument("--rows", nargs="+", default=["*"], metavar="KEY", help="keys, with * (default all)")
    parser.add_argument("--runs", type=int, help="rounds of each row, instead of its own number")
    parser.add_argument("--quick", action="store_true", help="the rounds of the quick tier")
    parser.add_argument("--processes", type=int, default=2, help="(default %(default)s)")
    parser.add_argument("--out", type=Path, default=None, metavar="FILE", help="keep results there")
    parser.add_argument("--write", action="store_true", help="write the table into docs/statistics.md")
    parser.add_argument("--list", action="store_true", help="list the keys and do nothing")
    chosen = parser.parse_args(arguments)
    rows = [row for row in ROWS if any(fnmatch(row.key, pattern) for pattern in chosen.rows)]
    if chosen.quick:
        rows = [row for row in rows if row.quick]
    if not rows:
        parser.error(f"no row is called {' '.join(chosen.rows)}; --list shows those there are")
    if chosen.runs is not None and chosen.runs < 1:
        parser.error("--runs must be at least 1")
    if chosen.list:
        print("\n".join(f"{row.key:28s} {row.claim} ({row.world.name})" for row in rows))
        return 0

    def rounds(row: Any) -> int:
        own = row.quick if chosen.quick else row.full
        return int(own if chosen.runs is None or row.exact else chosen.runs)

    whole = chosen.runs is None and not chosen.quick
    out = chosen.out or (OUT if whole else None)
    kept = table.read(out, ROWS) if out else {}
    missed, begun = [], time.perf_counter()
    for done, found in enumerate(run_rows(rows, rounds, chosen.processes), start=1):
        kept[found.key] = found
        if out:
            table.keep(out, kept, ROWS)
        print(f"[{done}/{len(rows)} {time.perf_counter() - begun:5.0f} s] {table.line(found)}", flush=True)
        if found.passes(0.0 if whole else SIGMAS) is False:
            missed.append(found.key)
    if chosen.write:
        table.write(PAGE, kept, SUBJECTS)
    outside = f"; outside: {', '.join(missed)}" if missed else ""
    print(f"{len(rows) - len(missed)} of {len(rows)} rows keep their word{outside}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
