"""``python -m kpi trend``: the shape that other programs read, the table, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi.cli import main

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
ARGUMENTS = [
    "trend",
    str(FILES / "tickets.csv"),
    str(FILES / "surveys.csv"),
    "--metric",
    "csat",
    "--where",
    "channel=chat",
    "--set",
    "timezone=Europe/Berlin",
]


def test_json_has_the_named_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ARGUMENTS, "--event", "2026-06-15=new scripts", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {
        "metric",
        "grain",
        "points",
        "limits",
        "slope",
        "change_points",
        "events",
        "projection",
        "refused",
    } <= set(found)
    assert (found["metric"], found["grain"], found["refused"]) == ("csat", "week", None)
    point = found["points"][0]
    assert {"date", "value", "n", "low", "high", "signal", "provisional"} <= set(point)
    assert point["low"] <= point["value"] <= point["high"]
    assert {"change", "low", "high", "p", "method"} <= set(found["slope"])
    (step,) = found["change_points"]
    assert step["low"] <= "2026-06-15" <= step["high"]
    assert step["size"] < 0
    assert found["events"][0]["name"] == "new scripts"
    assert {"from", "to", "low", "centre", "high"} <= set(found["limits"][0])
    assert found["projection"]["label"] == "October 2026"
    assert 0 < found["projection"]["chance"] < 1


def test_a_short_period_is_refused_in_words_and_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ARGUMENTS, "--period", "2026-09", "--grain", "day", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "a trend needs at least 56" in found["refused"]
    assert found["slope"]["change"] is None
    assert found["projection"]["value"] is None
    assert len(found["points"]) == 30


def test_the_table_begins_with_the_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ARGUMENTS, "--format", "table", "--event", "2026-06-15..2026-06-20=slow"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Customer satisfaction (CSAT) for chat fell by ")
    assert any(line.startswith("event: During 15–20 June 2026 (slow): ") for line in lines)
    assert any(line.startswith("step: ") for line in lines)
    assert any(line.startswith("outlook: October 2026 is expected to end at ") for line in lines)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--metric", "csatt"], "unknown metric 'csatt'"),
        (["--event", "15.06.2026=x", "--event", "2026-02-30"], "'15.06.2026=x' does not begin with a date"),
        (["--event", "2026-06-20..2026-06-15"], "ends before it begins"),
        (["--where", "chanel=chat"], "unknown field 'chanel'"),
        (["--period", "next-year"], "next-year"),
    ],
)
def test_what_cannot_be_read_is_said(extra: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["trend", str(FILES / "surveys.csv"), "--metric", "csat"]
    assert main([*small, *extra]) == 2
    assert said in capsys.readouterr().err
