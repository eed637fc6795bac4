"""docs/statistics.md has a row for every name that can be called, and no row for one that cannot."""

from __future__ import annotations

import re
from inspect import signature
from pathlib import Path

import kpi.stats as stats

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "statistics.md"
KEPT = Path(__file__).resolve().parent


def rows() -> list[str]:
    text = PAGE.read_text(encoding="utf-8").split("## Calibration")[0]
    return [line for line in text.splitlines() if line.startswith("| `")]


def named(row: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", row.split("|")[1]))


def test_every_name_has_a_row() -> None:
    shown = set().union(*(named(row) for row in rows()))
    assert set(stats.__all__) - shown == set(), "add a row to docs/statistics.md"
    assert shown - set(stats.__all__) == set(), "no such name in kpi.stats"


def test_parameters_shown_with_a_default_exist() -> None:
    for row in rows():
        cells = row.split("|")
        for name, inside in re.findall(r"`(\w+)\(([^`]*?)\)`", cells[2] if len(cells) > 5 else ""):
            shown = {part.split("=")[0].strip() for part in inside.split(",") if "=" in part}
            assert shown <= set(signature(getattr(stats, name)).parameters), row


def test_the_tests_it_names_are_there() -> None:
    for row in rows():
        for name in re.findall(r"`(test_\w+\.py)`", row):
            assert (KEPT / name).exists(), row
