"""Every page of the app on a whole desk (tickets, surveys, calls, agent days, customers) beside an empty one.

Runs are in process and without a browser. *First view* is the first time that the page is opened in a process
that has already opened the data set on Summary: everything that the page alone works out is still to be done.
*Again* is the same page run once more with nothing changed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from benchmarks.reading import LIMITS, ZONE
from benchmarks.reruns import APP, EMPTY, LABEL, PATIENCE, sound
from benchmarks.timing import timed_twice
from kpi.definitions import Definitions
from kpi.ingest import import_files
from kpi.workspace import Workspace
from ui.places import PAGES

Page = dict[str, list[float]]
"""Runs of a page (``first``, ``again``) and of an empty one beside it, by the clock and, ``_cpu``, of the
processor; seconds."""
DESK = ("tickets", "surveys", "calls", "agent_days", "customers")


def keep_desk(tickets: Path) -> dict[str, Any]:
    """Put the ticket file and those beside it into the workspace that ``$KPI_WORKSPACE`` names."""
    paths = [tickets.with_name(f"{name}.csv") for name in DESK]
    imported = import_files([(path.name, path) for path in paths], {"timezone": ZONE}, limits=LIMITS)
    workspace = Workspace.open()
    workspace.keep_definitions(Definitions(timezone=ZONE))
    with tickets.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = workspace.save(LABEL, imported, digest)
    return {"bytes": kept.size, "rows": {account.name: account.rows_kept for account in imported.files}}


def pages(rounds: int, names: Sequence[str] = ()) -> dict[str, Any]:
    """Seconds of each page's first view and of ``rounds`` runs again, and of an empty page beside them.

    ``names`` are the pages to open; without any all of them.

    Raises:
        RuntimeError: when a page shows an error or does not speak of the data set.
    """
    empty = AppTest.from_string(EMPTY, default_timeout=PATIENCE).run()
    opened = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    opened.query_params["data"] = LABEL
    sound(opened.run(), "summary")
    found: dict[str, Page] = {}
    for name in names or PAGES:
        visit = AppTest.from_file(str(APP), default_timeout=PATIENCE)
        visit.query_params["data"] = LABEL
        visit.run()
        visit.switch_page(f"pages/{name}.py")
        runs: Page = {key: [] for key in ("first", "empty_first", "again", "empty")}
        runs |= {f"{key}_cpu": [] for key in tuple(runs)}
        _run(runs, "first", visit)
        sound(visit, name)
        _run(runs, "empty_first", empty)
        for _ in range(rounds):
            _run(runs, "empty", empty)
            _run(runs, "again", visit)
        sound(visit, name)
        print(f"{name}: {runs['first'][0]:.2f} s, processor {runs['first_cpu'][0]:.2f} s", file=sys.stderr)
        found[name] = runs
    return {"pages": found}


def _run(runs: Page, key: str, visit: AppTest) -> None:
    """Run a page and note what it took."""
    wall, processor, _ = timed_twice(visit.run)
    runs[key].append(wall)
    runs[f"{key}_cpu"].append(processor)
