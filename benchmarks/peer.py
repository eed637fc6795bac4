"""The peer of the import: ``pandas.read_csv``, which reads and parses and knows nothing of help desks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.memory import peak_bytes
from benchmarks.timing import timed

DATES = ["Created at", "Updated at", "Assigned at", "Initially assigned at", "Solved at", "Due date"]


def by_pandas(path: Path) -> dict[str, Any]:
    """Seconds and peak memory of ``pandas.read_csv`` with the date columns parsed.

    Raises:
        ValueError: when a column was left as text, which would be less work.
    """
    at_start = peak_bytes()
    seconds, tickets = timed(lambda: pd.read_csv(path, parse_dates=DATES))
    wrong = [name for name in DATES if tickets[name].dtype.kind != "M"]
    if wrong:
        raise ValueError(f"pandas did not parse {', '.join(wrong)} as dates")
    return {
        "seconds": seconds,
        "peak_at_start": at_start,
        "peak_after_import": peak_bytes(),
        "rows": {"read": len(tickets)},
    }
