"""The benchmark runs and says everything it promises; how fast is for people to judge, never for a test."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import queries, reading
from benchmarks.by_hand import by_hand, frame_of
from benchmarks.lines import Line, table
from kpi.engine import aggregate
from kpi.model import Basis, Grain
from ui.places import PAGES

ROOT = Path(__file__).resolve().parents[2]
LINES = {
    "import": ("import", "facts", "keep"),
    "aggregation": ("aggregate", "aggregate_cold", "aggregate_totals", "compare"),
    "scan": ("scan",),
    "page": ("rerun", "rerun_period", "first_opening"),
    "memory": ("peak_import", "added_import", "added_all", "import_to_pandas", "peak_page", "added_page"),
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "pages", [("summary", "issues"), pytest.param(tuple(PAGES), marks=pytest.mark.full)], ids=["two", "all"]
)
def test_every_line_is_printed_and_written(tmp_path: Path, pages: tuple[str, ...]) -> None:
    written = str(tmp_path / "found.json")
    done = bench("--sizes", "2000", "--rounds", "1", "--json", written, "--pages", *pages)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert "cores" in done.stdout
    assert "compared before timing: equal" in done.stdout
    assert [line["key"] for line in found["trends"]] == [
        "slopes",
        "slopes_glsar",
        "slopes_alone",
        "trend_page",
    ]
    assert all(line["ratios"] for line in found["trends"])
    (size,) = found["sizes"]
    assert size["tickets"] == 2000
    assert size["checked"] > 10_000
    assert size["rows"]["read"] >= size["rows"]["kept"] > 1_700
    lines = {
        **LINES,
        "pages, first view": [f"first_{name}" for name in pages],
        "pages, again": [f"again_{name}" for name in pages],
    }
    for group, keys in lines.items():
        assert [line["key"] for line in size[group]] == list(keys)
        assert f"\n{group}\n" in done.stdout
        for line in size[group]:
            assert any(
                row.startswith(line["what"]) and line["peer"] in row for row in done.stdout.splitlines()
            )
            assert min(line["ours"]) >= 0
            assert min(line["theirs"]) >= 0
    assert len(size["aggregation"][0]["ours"]) == 3
    assert all(line["ratios"] for group in ("import", "aggregation", "page") for line in size[group])


@pytest.mark.parametrize("arguments", [("--sizes", "100"), ("--rounds", "0"), ("--sizes", "many")])
def test_wrong_arguments_are_refused(arguments: tuple[str, str]) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_ratios_pair_the_rounds() -> None:
    line = Line("key", "ours", (1.0, 4.0, 9.0), "peer", (2.0, 2.0, 3.0))
    assert line.ratios == (0.5, 2.0, 3.0)
    assert line.cells() == ("ours", "1.0 / 4.0 / 9.0 s", "peer", "2.0 / 2.0 / 3.0 s", "0.50 / 2.0 / 3.0 x")
    assert replace(line, ours=(2e6,), theirs=(1e6,), bytes=True).cells()[1:] == (
        "2.0 MB",
        "peer",
        "1.0 MB",
        "2.0 x",
    )


def test_columns_stand_below_each_other() -> None:
    head, rule, one, two = table(
        [Line("a", "short", (1.0,), "peer", (1.0,)), Line("b", "a longer name", (0.002,), "peer", (0.5,))]
    ).splitlines()
    assert head.index("peer") == one.index("peer") == two.index("peer")
    assert set(rule) == {"-", " "}


def test_sums_that_differ_stop_the_benchmark() -> None:
    """The check before timing notices that a ticket was counted twice."""
    path = ROOT / "sample_data" / "files" / "tickets.csv"
    facts = reading.facts_of(reading.read_import(path))
    tickets = facts.tables[Grain.TICKETS]
    measures = queries.measures_of(facts, tickets)[Basis.CREATED]
    now = reading.two_periods(facts)[0]
    mine = aggregate(tickets, measures, basis=Basis.CREATED, period=now, by=queries.BY)
    frame = frame_of(tickets, Basis.CREATED)
    theirs = by_hand(frame, measures, Basis.CREATED, now, queries.BY)
    assert queries.compared(mine, theirs, queries.BY) > 10_000
    twice = by_hand(frame.assign(ticket=np.uint8(2)), measures, Basis.CREATED, now, queries.BY)
    with pytest.raises(ValueError, match="engine and pandas differ in volume of"):
        queries.compared(mine, twice, queries.BY)
