"""Reading one file: our import, and the facts made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.memory import peak_bytes
from benchmarks.timing import timed
from kpi.compare import compare
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files
from kpi.ingest.reading import Limits
from kpi.model import Period
from kpi.periods.kinds import as_date

ZONE = "Europe/Berlin"
LIMITS = Limits(file_bytes=2 * 2**30, unpacked_bytes=4 * 2**30)
"""A million tickets are a little larger than the app takes."""
DAYS = 90


def read_import(path: Path) -> Import:
    """The import of the file, its times in the zone of the sample data."""
    return import_files([("tickets.csv", path)], {"timezone": ZONE}, limits=LIMITS)


def facts_of(imported: Import) -> Facts:
    """Facts with days cut in the zone of the sample data."""
    return build_facts(imported.tables, Definitions(timezone=ZONE))


def two_periods(facts: Facts) -> tuple[Period, Period]:
    """The newest 90 days and the 90 before."""
    end = facts.last_day
    now = Period(as_date(end - DAYS + 1), as_date(end))
    return now, Period(as_date(end - 2 * DAYS + 1), as_date(end - DAYS))


def by_kpi(path: Path) -> dict[str, Any]:
    """Seconds and peak memory of the import; then of facts and of one comparison."""
    at_start = peak_bytes()
    seconds, imported = timed(lambda: read_import(path))
    after_import = peak_bytes()
    account = imported.files[0]
    rows = {"read": account.rows_read, "kept": account.rows_kept}
    made, facts = timed(lambda: facts_of(imported))
    compare(facts, *two_periods(facts))
    return {
        "seconds": seconds,
        "facts_seconds": made,
        "peak_at_start": at_start,
        "peak_after_import": after_import,
        "peak_at_end": peak_bytes(),
        "rows": rows,
    }
