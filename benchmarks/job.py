"""A measurement in a process of its own: ``python -m benchmarks.job NAME FILE ROUNDS [PAGE]`` prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NAMES = ("import-kpi", "import-pandas", "queries", "keep", "reruns", "keep-desk", "pages", "trends", "scan")


def measure(name: str, path: Path, rounds: int, names: Sequence[str] = ()) -> dict[str, Any]:
    """What the measurement of that name found; imports only what it needs, so that memory is its own."""
    if name in ("keep", "reruns"):
        from benchmarks import reruns

        return reruns.keep(path) if name == "keep" else reruns.reruns(rounds)
    if name in ("keep-desk", "pages"):
        from benchmarks import pages

        return pages.keep_desk(path) if name == "keep-desk" else pages.pages(rounds, names)
    if name in ("trends", "scan"):
        from benchmarks import evidence

        return evidence.trends(rounds) if name == "trends" else evidence.scanning(path, rounds)
    if name == "queries":
        from benchmarks.queries import queries

        return queries(path, rounds)
    if name == "import-pandas":
        from benchmarks.peer import by_pandas

        return by_pandas(path)
    from benchmarks.reading import by_kpi

    return by_kpi(path)


if __name__ == "__main__":
    wanted, file, count, *opened = sys.argv[1:]
    if wanted not in NAMES:
        raise SystemExit(f"unknown measurement '{wanted}'; known: {', '.join(NAMES)}")
    print(json.dumps(measure(wanted, Path(file), int(count), opened)))
