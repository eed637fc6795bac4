"""Runs of the Summary page beside runs of an empty page, both in process and without a browser."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from benchmarks.memory import peak_bytes
from benchmarks.reading import read_import
from benchmarks.timing import timed
from kpi.workspace import Workspace

LABEL = "benchmark"
PATIENCE = 3600
EMPTY = "import streamlit as st\nst.title('Empty')\n"
APP = Path(__file__).resolve().parent.parent / "app.py"


def keep(path: Path) -> dict[str, Any]:
    """Put the file into the workspace that ``$KPI_WORKSPACE`` names, as an upload does."""
    imported = read_import(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    seconds, kept = timed(lambda: Workspace.open().save(LABEL, imported, digest))
    return {"seconds": seconds, "bytes": kept.size}


def reruns(rounds: int) -> dict[str, Any]:
    """Seconds of the first opening, of reruns of the same page, and of reruns with another period.

    Raises:
        RuntimeError: when the page shows an error or does not speak of the data set.
    """
    empty = AppTest.from_string(EMPTY, default_timeout=PATIENCE).run()
    at_start = peak_bytes()
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    page.query_params["data"] = LABEL
    first, _ = timed(page.run)
    sound(page)
    offered = page.selectbox(key="period").options
    same: list[float] = []
    other: list[float] = []
    blank: list[float] = []
    # The last two are all data and own dates: nothing before the one, one more widget with the other.
    for choice in _in_turn(offered[:-2], rounds):
        blank.append(timed(empty.run)[0])
        same.append(timed(page.run)[0])
        period = page.selectbox(key="period").set_value(choice)
        other.append(timed(period.run)[0])
        sound(page)
    return {
        "first": first,
        "same": same,
        "other_period": other,
        "empty": blank,
        "peak_at_start": at_start,
        "peak_at_end": peak_bytes(),
        "cards": len(page.metric),
    }


def _in_turn(offered: list[str], rounds: int) -> list[str]:
    """Periods that no earlier round has shown, as far as there are enough."""
    later = offered[1:] or offered
    return [later[round_ % len(later)] for round_ in range(rounds)]


def sound(page: AppTest, name: str = "summary") -> None:
    """Raises RuntimeError when the page of this name says that something went wrong."""
    wrong = [str(each.value) for each in (*page.exception, *page.error)]
    if wrong or page.query_params.get("data") not in (LABEL, [LABEL]):
        raise RuntimeError(
            f"the page {name} of '{LABEL}' did not run: {'; '.join(wrong) or 'another data set'}"
        )
